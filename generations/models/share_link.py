import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from generations.models.event import Event


def new_token():
    """22 characters, 128 bits: not to be guessed."""
    return secrets.token_urlsafe(16)


class ShareLinkQuerySet(models.QuerySet):
    def live(self):
        """Those that open: neither over nor revoked, and their task not in the bin."""
        lasting = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(lasting, revoked_at=None, task__binned_at=None)

    def changeable_by(self, user):
        return self if user.is_admin else self.filter(Q(creator=user) | Q(task__author=user))


class ShareLink(models.Model):
    """A door for outsiders to one generation, open until it expires or is revoked."""

    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    task = models.ForeignKey("Task", models.CASCADE, related_name="share_links")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="share_links")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"link {self.pk} to {self.task}"

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
        return not self.is_expired and self.revoked_at is None and self.task.binned_at is None

    def revoke(self, actor):
        """Close the door at once. May be called twice."""
        with transaction.atomic():
            if ShareLink.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now()):
                Event.objects.create(kind=Event.Kind.UNSHARED, task=self.task, actor=actor, text=f"link {self.pk}")
        self.refresh_from_db(fields=["revoked_at"])

    def count_opening(self):
        ShareLink.objects.filter(pk=self.pk).update(opened=F("opened") + 1, last_opened_at=timezone.now())
