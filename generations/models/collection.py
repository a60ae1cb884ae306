from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from generations.models.output import Output

STEP = 1024  # between two places, so that a move changes one row
COVER = 3  # pictures


class CollectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team's, and this person's own; admins see all."""
        if not user.is_active:
            return self.none()
        kept = self.filter(binned_at=None)
        return kept if user.is_admin else kept.filter(Q(owner=user) | Q(is_private=False))

    def changeable_by(self, user):
        """Those that this person may describe, order, share and delete. Adding to one only takes seeing it."""
        return self.filter(binned_at=None)._of(user)

    def restorable_by(self, user):
        """Deleted ones that this person may take back."""
        return self.filter(binned_at__gt=timezone.now() - Output.BINNED_FOR)._of(user)

    def outlived(self):
        """Deleted too long ago to be taken back."""
        return self.filter(binned_at__lte=timezone.now() - Output.BINNED_FOR)

    def with_words(self, text):
        """Those whose name or description has all words of the text."""
        return self.filter(*(Q(name__icontains=word) | Q(description__icontains=word) for word in text.split()))

    def counted_for(self, user):
        """Each with `count`: how many of its files this person sees."""
        # Item by item: joined, PostgreSQL would read all files there are to find those of one collection
        seen = Output.objects.visible_to(user).saved().filter(pk=OuterRef("output")).order_by()
        items = CollectionItem.objects.filter(Exists(seen), collection=OuterRef("pk")).order_by()
        counts = items.values("collection").annotate(number=Count("pk")).values("number")
        return self.annotate(count=Coalesce(Subquery(counts), 0))

    def covered_for(self, user):
        """Each with the pks of what may be on its cover: `chosen`, if somebody chose it, `first_0`, `first_1`, …"""
        pictures = Output.objects.visible_to(user).saved().filter(items__collection=OuterRef("pk")).exclude(small="")
        in_order = pictures.order_by("items__position", "items__pk").values("pk")
        firsts = {f"first_{place}": Subquery(in_order[place : place + 1]) for place in range(COVER)}
        return self.annotate(chosen=Subquery(in_order.filter(pk=OuterRef("cover"))[:1]), **firsts)

    def _of(self, user):
        if user.is_viewer or not user.is_active:
            return self.none()
        return self if user.is_admin else self.filter(owner=user)


class Collection(models.Model):
    """A named, ordered set of files. What one sees of it is what one may see anyway: see `Output.visible_to`.

    Each verb begins with the collection's own row, so that what two people do to its places comes one after the other.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="collections")
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True, max_length=500)
    cover = models.ForeignKey("Output", models.SET_NULL, null=True, blank=True, related_name="+")  # else the first
    is_private = models.BooleanField("only for me", default=False)
    outputs = models.ManyToManyField("Output", through="CollectionItem", related_name="collections")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    binned_at = models.DateTimeField(null=True, blank=True)  # deleted, but not for good yet

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(binned_at=None), name="one_collection_per_person_and_name"
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("collection", args=[self.pk])

    def is_changeable_by(self, user):
        return not user.is_viewer and (user.is_admin or self.owner_id == user.pk)

    @property
    def bin_ends_at(self):
        """Until when it can be taken back."""
        return self.binned_at + Output.BINNED_FOR

    def files(self, user):
        """What this person sees of it, in its order, each with `place`, `item` (pk) and `adder` (pk)."""
        seen = Output.objects.visible_to(user).saved().filter(items__collection=self)
        told = {"place": F("items__position"), "item": F("items__pk"), "adder": F("items__added_by")}
        return seen.annotate(**told).order_by("place", "item")

    # Verbs

    def add(self, outputs, person):
        """Put these files (a queryset) at its end, the oldest first; those in it stay where they are.

        Returns the items that are new, all of one moment. None are when it is deleted by now.
        """
        with transaction.atomic():
            if not self._begin():
                return []
            last = self.items.aggregate(last=Max("position"))["last"] or 0
            new = outputs.exclude(items__collection=self).order_by("task_id", "position").values_list("pk", flat=True)
            told = {"collection": self, "added_by": person, "added_at": timezone.now()}
            return CollectionItem.objects.bulk_create(
                CollectionItem(output_id=pk, position=last + STEP * place, **told)
                for place, pk in enumerate(dict.fromkeys(new), 1)
            )

    def remove(self, outputs, person):
        """Take out those of these files that this person may: their own, or any if the collection is theirs.

        Returns the items that are gone.
        """
        with transaction.atomic():
            self._begin()
            items = self.items.removable_by(person).filter(output__in=outputs.order_by())
            gone = list(items)
            items.delete()
            return gone

    def put_back(self, items):
        """Have these items again, at the places that they had."""
        with transaction.atomic():
            if self._begin():
                known = Output.objects.filter(pk__in=[item.output_id for item in items]).values_list("pk", flat=True)
                kept = [item for item in items if item.output_id in set(known)]
                CollectionItem.objects.bulk_create(kept, ignore_conflicts=True)

    def move(self, output, beside, is_after=False):
        """Put a file right before another one, or after it. False when one of them is no longer there."""
        with transaction.atomic():
            self._begin()
            found = {item.output_id: item for item in self.items.filter(output__in=[output, beside])}
            if len(found) < 2:
                return False
            moved, beside = found[output.pk], found[beside.pk]
            place = self._room(self.items.exclude(pk=moved.pk), beside, is_after)
            self.items.filter(pk=moved.pk).update(position=place)
            return True

    def _room(self, others, beside, is_after):
        """A free place right before or after one of the items, for which those behind it give way if they must."""
        behind = others.filter(later(beside)).first() if is_after else beside
        ahead = beside if is_after else others.exclude(pk=beside.pk).exclude(later(beside)).last()
        if ahead is None or behind is None:
            return behind.position - STEP if behind else ahead.position + STEP
        if behind.position - ahead.position < 2:
            others.filter(Q(pk=behind.pk) | later(behind)).update(position=F("position") + STEP)
            return ahead.position + STEP // 2
        return (ahead.position + behind.position) // 2

    def cover_with(self, output):
        """Let this file stand for it."""
        return Collection.objects.filter(pk=self.pk, binned_at=None).update(cover=output) == 1

    def bin(self):
        """Delete it; for thirty days it can be taken back. Its links end at once."""
        return Collection.objects.filter(pk=self.pk, binned_at=None).update(binned_at=timezone.now()) == 1

    def restore(self):
        """Take it back. Under another name, if its own has been given away."""
        with transaction.atomic():
            others = Collection.objects.filter(owner=self.owner_id, name=self.name, binned_at=None)
            if others.exclude(pk=self.pk).exists():
                self.name = f"{self.name[:66]} (restored {self.pk})"[:80]
            return Collection.objects.filter(pk=self.pk).update(binned_at=None, name=self.name) == 1

    def _begin(self):
        """Lock its row, and note that it changes; False when it is deleted."""
        return Collection.objects.filter(pk=self.pk, binned_at=None).update(changed_at=timezone.now()) == 1


def later(item):
    """The items behind this one: of two at one place the newer."""
    return Q(position__gt=item.position) | Q(position=item.position, pk__gt=item.pk)


class CollectionItemQuerySet(models.QuerySet):
    def removable_by(self, user):
        """What this person put in, and everything in a collection of theirs; admins all."""
        if user.is_viewer:
            return self.none()
        return self if user.is_admin else self.filter(Q(added_by=user) | Q(collection__owner=user))


class CollectionItem(models.Model):
    """A file in a collection: its place, who put it there."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    output = models.ForeignKey("Output", models.CASCADE, related_name="items")
    position = models.IntegerField()  # ascending; places may be left out
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = CollectionItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["collection", "output"], name="one_place_in_a_collection")]
        indexes = [models.Index(fields=["collection", "position"], name="item_position")]

    def __str__(self):
        return f"{self.output} in {self.collection}"

    def is_removable_by(self, user):
        return self.collection.is_changeable_by(user) or (self.added_by_id == user.pk and not user.is_viewer)
