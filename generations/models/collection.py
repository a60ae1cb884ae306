from django.conf import settings
from django.db import models
from django.db.models import Q


class CollectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team's, and this person's own; admins see all."""
        if not user.is_active:
            return self.none()
        return self if user.is_admin else self.filter(Q(owner=user) | Q(is_private=False))

    def changeable_by(self, user):
        """Those that this person may describe, order, share and delete. Adding to one only takes seeing it."""
        if user.is_viewer:
            return self.none()
        return self if user.is_admin else self.filter(owner=user)


class Collection(models.Model):
    """A named, ordered set of files. What one sees of it is what one may see anyway: see `Output.visible_to`."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="collections")
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True, max_length=500)
    cover = models.ForeignKey("Output", models.SET_NULL, null=True, blank=True, related_name="+")  # else the first
    is_private = models.BooleanField("only for me", default=False)
    outputs = models.ManyToManyField("Output", through="CollectionItem", related_name="collections")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_collection_per_person_and_name")]

    def __str__(self):
        return self.name


class CollectionItem(models.Model):
    """A file in a collection: its place, who put it there."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    output = models.ForeignKey("Output", models.CASCADE, related_name="items")
    position = models.IntegerField()  # ascending; places may be left out
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["collection", "output"], name="one_place_in_a_collection")]
        indexes = [models.Index(fields=["collection", "position"], name="item_position")]

    def __str__(self):
        return f"{self.output} in {self.collection}"
