import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.db.models import Case, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.urls import reverse
from django.utils import timezone

from generations.models.collection import Collection
from generations.models.event import Event
from generations.models.output import Output
from generations.models.team import Team


def new_token():
    """22 characters, 128 bits: not to be guessed."""
    return secrets.token_urlsafe(16)


def moment(expression):
    return ExpressionWrapper(expression, output_field=models.DateTimeField())


class State(models.TextChoices):
    """What a link is at this moment. It is asked of the database each time, and nowhere else."""

    OPEN = "open", "Open"
    ENDING = "ending", "Ends soon"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"
    SHUT = "shut", "Closed"  # by a rule of the team, or because what it opens or its maker is gone


class ShareLinkQuerySet(models.QuerySet):
    NOTICE = timedelta(days=3)  # or a tenth of its life, if that is less: so long before its end a link ends soon

    def with_state(self, team=None):
        """Each with its `state`; `ends_at`, when it closes by itself; and `latest_at`, how long the team's rules let it
        be open. None: without end. `team` is for who knows the rules already.
        """
        team, now = team or Team.current(), timezone.now()
        latest = moment(team.latest_end(F("created_at")) or Value(None))
        ends_at = Least(Coalesce("expires_at", "latest_at"), "latest_at") if team.link_longest_days else F("expires_at")
        tenfold = ExpressionWrapper((F("ends_at") - Value(now)) * 10, output_field=models.DurationField())
        gone = Q(task__binned_at__isnull=False) | Q(collection__binned_at__isnull=False) | Q(creator__is_active=False)
        state = Case(
            When(revoked_at__isnull=False, then=Value(State.REVOKED)),
            When(ends_at__lte=now, then=Value(State.EXPIRED)),
            When(gone | team.forbidden_links, then=Value(State.SHUT)),
            When(ends_at__lte=now + self.NOTICE, left_tenfold__lte=F("life"), then=Value(State.ENDING)),
            default=Value(State.OPEN),
        )
        dated = self.annotate(latest_at=latest).annotate(ends_at=ends_at)
        return dated.alias(left_tenfold=tenfold, life=F("ends_at") - F("created_at")).annotate(state=state)

    def in_state(self, *states, team=None):
        return self.with_state(team).filter(state__in=states)

    def live(self, team=None):
        """Those that open: neither over nor revoked nor against the team's rules; their maker still of the team, their
        task or collection not in the bin.
        """
        return self.in_state(State.OPEN, State.ENDING, team=team)

    def changeable_by(self, user):
        """Their maker's own, what opens this person's generations or collections, admins all."""
        if user.is_viewer:
            return self.none()
        if user.is_admin:
            return self
        return self.filter(Q(creator=user) | Q(task__author=user) | Q(collection__owner=user))

    def with_face(self):
        """Each with `face`: the pk of the first picture that it shows, whoever may see that."""
        seen = Output.objects.saved().exclude(small="")
        of_task = seen.filter(task=OuterRef("task")).order_by("position")
        kept = seen.filter(share_items__link=OuterRef("pk")).order_by("share_items__position")
        of_collection = seen.filter(items__collection=OuterRef("collection")).order_by("items__position")
        places = [Subquery(files.values("pk")[:1]) for files in (of_task, kept, of_collection)]
        return self.annotate(face=Coalesce(*places))


class ShareLink(models.Model):
    """A door for outsiders, open until it expires or is revoked: to one generation, a collection, or a selection.

    A collection is kept in sync, unless the link is frozen: then, as for a selection, its `items` say what is shown.
    What its maker may no longer see is no longer shown.
    """

    State = State
    MOST_FILES = 1000  # of a selection, or of a collection as it is now
    LONGER = timedelta(days=30)

    class Downloads(models.TextChoices):
        NONE = "none", "No downloads"
        WEB = "web", "Web size"
        ORIGINAL = "original", "Original size"

    token = models.CharField(max_length=64, unique=True, default=new_token)
    task = models.ForeignKey("Task", models.CASCADE, null=True, blank=True, related_name="share_links")
    collection = models.ForeignKey("Collection", models.CASCADE, null=True, blank=True, related_name="share_links")
    is_frozen = models.BooleanField("stays as it is now", default=False)
    outputs = models.ManyToManyField("Output", through="ShareItem", related_name="+")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="share_links")
    created_at = models.DateTimeField(auto_now_add=True)
    title = models.CharField(max_length=120, blank=True)
    message = models.TextField(max_length=1000, blank=True)
    password = models.CharField(max_length=128, blank=True)  # hashed
    downloads = models.CharField(max_length=8, choices=Downloads, default=Downloads.ORIGINAL)
    shows_prompts = models.BooleanField("shows prompts and models", default=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"link {self.pk} to {self.task or self.collection or 'a selection'}"

    def get_absolute_url(self):
        return reverse("share", args=[self.token])

    @classmethod
    def make(cls, task, creator, days):
        """Open a door to one generation for `days` days; None leaves it open until revoked."""
        expires_at = timezone.now() + timedelta(days=days) if days else None
        return cls(task=task, creator=creator, expires_at=expires_at).open()

    # Questions

    @property
    def is_live(self):
        return ShareLink.objects.live().filter(pk=self.pk).exists()

    def name_for(self, user):
        """What this person knows it by: its title, or what it opens; nothing of what is kept from them by now."""
        opened, owner = (self.task, "author_id") if self.task_id else (self.collection, "owner_id")
        if self.title or opened is None:
            return self.title
        if user.is_admin or getattr(opened, owner) == user.pk or not (opened.is_private or opened.binned_at):
            return opened.title if self.task_id else opened.name
        return "Something private" if opened.is_private else "Something in the bin"

    def shown(self):
        """What it shows at this moment, in order: each use asks anew."""
        seen = Output.objects.visible_to(self.creator).saved().select_related("task")
        if self.task_id:
            return seen.filter(task=self.task_id).order_by("position")
        if self.collection_id and not self.is_frozen:
            return self._in_collection().select_related("task")
        return seen.filter(share_items__link=self).order_by("share_items__position")

    # Verbs

    def set_password(self, password):
        """Ask for it from now on, once the link is saved; nothing for none."""
        self.password = make_password(password) if password else ""

    def open(self, outputs=()):
        """Save a new link. To a selection it shows these files, in this order; one to a collection finds its own."""
        with transaction.atomic():
            self.save(force_insert=True)
            self._keep(self._in_collection() if self.is_frozen else outputs)
            self._tell(Event.Kind.SHARED, self.creator)
        return self

    def change(self, actor, fields):
        """Save these fields of a link that is not revoked; False when it is by now."""
        with transaction.atomic():
            values = {name: getattr(self, name) for name in fields}
            if not ShareLink.objects.filter(pk=self.pk, revoked_at=None).update(**values):
                return False
            if "is_frozen" in fields:
                self.items.all().delete()
                self._keep(self._in_collection() if self.is_frozen else ())
            self._tell(Event.Kind.RESHARED, actor, ": " + ", ".join(fields).replace("_", " "))
        return True

    def extend(self, actor):
        """Keep one that ends soon open for thirty days more, as far as the team's rules allow; False for all others."""
        link = ShareLink.objects.in_state(State.ENDING).filter(pk=self.pk).first()
        if link is None or not link.can_be_extended:
            return False
        longer = ShareLink.objects.filter(pk=self.pk, revoked_at=None, expires_at=link.expires_at)
        with transaction.atomic():
            if not longer.update(expires_at=link.extended):
                return False
            self._tell(Event.Kind.RESHARED, actor, ": expires at")
        return True

    @property
    def extended(self):
        """Thirty days after its end, or as late as the team's rules allow. Of a link that came with_state()."""
        return min(filter(None, [self.ends_at + self.LONGER, self.latest_at]))

    @property
    def can_be_extended(self):
        """Whether it ends soon and may go on."""
        return self.state == State.ENDING and self.extended > self.ends_at

    def revoke(self, actor):
        """Close the door at once. False when it was revoked before."""
        with transaction.atomic():
            changed = ShareLink.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now()) == 1
            if changed:
                self._tell(Event.Kind.UNSHARED, actor)
        self.refresh_from_db(fields=["revoked_at"])
        return changed

    def count_opening(self):
        ShareLink.objects.filter(pk=self.pk).update(opened=F("opened") + 1, last_opened_at=timezone.now())

    def _in_collection(self):
        """What its maker sees of its collection now, in order."""
        theirs = Collection.objects.visible_to(self.creator).filter(pk=self.collection_id)
        seen = Output.objects.visible_to(self.creator).saved().filter(items__collection__in=theirs)
        return seen.order_by("items__position", "items__pk")

    def _keep(self, outputs):
        pks = outputs if isinstance(outputs, (list, tuple)) else outputs.values_list("pk", flat=True)
        items = [ShareItem(link=self, output_id=pk, position=place) for place, pk in enumerate(pks)]
        ShareItem.objects.bulk_create(items)

    def _tell(self, kind, actor, detail=""):
        Event.objects.create(kind=kind, task=self.task, actor=actor, text=f"link {self.pk}{detail}")


class ShareItem(models.Model):
    """A file that a link to a selection, or to a collection as it was, shows; and its place."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="items")
    output = models.ForeignKey("Output", models.CASCADE, related_name="share_items")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["link", "output"], name="one_place_in_a_link")]

    def __str__(self):
        return f"{self.output} behind {self.link}"
