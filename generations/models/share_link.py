import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from generations.models.event import Event
from generations.models.output import Output


def new_token():
    """22 characters, 128 bits: not to be guessed."""
    return secrets.token_urlsafe(16)


class ShareLinkQuerySet(models.QuerySet):
    def live(self):
        """Those that open: neither over nor revoked, their maker still of the team, their task not in the bin."""
        lasting = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(lasting, revoked_at=None, task__binned_at=None, creator__is_active=True)

    def changeable_by(self, user):
        """Their maker's own, what opens this person's generations or collections, admins all."""
        if user.is_viewer:
            return self.none()
        if user.is_admin:
            return self
        return self.filter(Q(creator=user) | Q(task__author=user) | Q(collection__owner=user))


class ShareLink(models.Model):
    """A door for outsiders, open until it expires or is revoked: to one generation, a collection, or a selection.

    A collection is kept in sync, unless the link is frozen: then, as for a selection, its `items` say what is shown.
    What its maker may no longer see is no longer shown.
    """

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
        """Open a door for `days` days; None leaves it open until revoked."""
        with transaction.atomic():
            expires_at = timezone.now() + timedelta(days=days) if days else None
            link = cls.objects.create(task=task, creator=creator, expires_at=expires_at)
            Event.objects.create(kind=Event.Kind.SHARED, task=task, actor=creator, text=f"link {link.pk}")
        return link

    @property
    def is_expired(self):
        return bool(self.expires_at) and self.expires_at <= timezone.now()

    @property
    def is_live(self):
        in_bin = self.task is not None and self.task.binned_at is not None
        return not self.is_expired and self.revoked_at is None and not in_bin and self.creator.is_active

    def shown(self):
        """What it shows at this moment, in order: each use asks anew."""
        seen = Output.objects.visible_to(self.creator).saved().select_related("task")
        if self.task_id:
            return seen.filter(task=self.task_id).order_by("position")
        if self.collection_id and not self.is_frozen:
            return seen.filter(items__collection=self.collection_id).order_by("items__position", "items__pk")
        return seen.filter(share_items__link=self).order_by("share_items__position")

    def revoke(self, actor):
        """Close the door at once. May be called twice."""
        with transaction.atomic():
            if ShareLink.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now()):
                Event.objects.create(kind=Event.Kind.UNSHARED, task=self.task, actor=actor, text=f"link {self.pk}")
        self.refresh_from_db(fields=["revoked_at"])

    def count_opening(self):
        ShareLink.objects.filter(pk=self.pk).update(opened=F("opened") + 1, last_opened_at=timezone.now())


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
