import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from generations.models.user import User


def hashed(token):
    """What is kept of a token: who reads the database cannot join."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def waiting(self):
        """Nobody came yet, and nobody took them back; those that are over by now included."""
        return self.filter(used_at=None, revoked_at=None).select_related("made_by").order_by("-pk")

    def opened_by(self, token):
        """The open one that this token belongs to, or None."""
        return self.open().filter(token_hash=hashed(token)).first()


class Invitation(models.Model):
    """A door for one person to join the team, in the role that is written on it. It works once and not for long."""

    LIFETIME = timedelta(days=7)

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(blank=True)  # whom it is for; empty: whoever has the link
    role = models.CharField(max_length=8, choices=User.Role, default=User.Role.MEMBER)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    def __str__(self):
        return f"Invitation {self.pk}"

    @property
    def is_over(self):
        return self.expires_at <= timezone.now()

    @classmethod
    def make(cls, made_by, role, email=""):
        """(a new one, its token). The token is told here and never again."""
        token = secrets.token_urlsafe(24)
        fields = {"made_by": made_by, "role": role, "email": email, "expires_at": timezone.now() + cls.LIFETIME}
        return cls.objects.create(token_hash=hashed(token), **fields), token

    def renew(self):
        """A new token for seven more days, when nobody used it yet; the old one opens nothing. None when it is late."""
        token = secrets.token_urlsafe(24)
        fresh = {"token_hash": hashed(token), "expires_at": timezone.now() + self.LIFETIME}
        return token if self._waiting().update(**fresh) else None

    def revoke(self):
        return bool(self._waiting().update(revoked_at=timezone.now()))

    def accept(self, **fields):
        """The new person; None when somebody else came in by it a moment before, or it was taken back."""
        with transaction.atomic():
            now = timezone.now()
            if not Invitation.objects.open().filter(pk=self.pk, token_hash=self.token_hash).update(used_at=now):
                return None
            person = User.objects.create_user(role=self.role, **fields)
            Invitation.objects.filter(pk=self.pk).update(used_by=person)
        return person

    def _waiting(self):
        return Invitation.objects.filter(pk=self.pk, used_at=None, revoked_at=None)
