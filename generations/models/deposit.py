from datetime import timedelta

from django.db import models
from django.utils import timezone


class DepositQuerySet(models.QuerySet):
    def usable(self, key_fingerprint):
        """Those that lie there, as far as we know, for the holder of this key."""
        return self.filter(key_fingerprint=key_fingerprint, expires_at__gt=timezone.now())


class Deposit(models.Model):
    """A copy of an upload in one of the provider's few places for files. Only the dispatcher makes and removes them."""

    LIFETIME = timedelta(days=6)  # the provider keeps a file for about seven

    upload = models.ForeignKey("Upload", models.CASCADE, related_name="deposits")
    file_id = models.CharField(max_length=512, unique=True)  # the provider's
    url = models.TextField()  # may carry a signature: never logged, never shown
    key_fingerprint = models.CharField(max_length=16)
    expires_at = models.DateTimeField()

    objects = DepositQuerySet.as_manager()

    def __str__(self):
        return f"{self.upload} at the provider"

    @classmethod
    def note(cls, upload_pk, key_fingerprint, file):
        """Remember where a StoredFile of this upload lies. Called again, it renews the address."""
        expires_at = (file.created_at or timezone.now()) + cls.LIFETIME
        told = {"url": file.url, "key_fingerprint": key_fingerprint, "expires_at": expires_at}
        cls.objects.update_or_create(file_id=file.file_id, defaults=told | {"upload_id": upload_pk})
