from datetime import timedelta

from django.db import models
from django.db.models import ExpressionWrapper, F
from django.db.models.functions import Now


def from_now(**span):
    """The database's own clock plus a span, so that clocks of several machines do not matter."""
    return ExpressionWrapper(Now() + timedelta(**span), output_field=models.DateTimeField())


class Lease(models.Model):
    """The right to talk to the provider: one row, one holder at a time, a higher epoch with each new holder."""

    TTL = 15  # seconds
    WAITING = 2  # seconds for which a waiting successor is believed
    ON_ITS_WAY = 5  # seconds for which a dispatcher that was called is waited for, before another is

    holder = models.CharField(max_length=255, blank=True)
    epoch = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    sent = models.JSONField(default=list, blank=True)  # moments of the last minute's requests, Unix seconds
    waiting_since = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)  # a dispatcher, since the last one took office

    def __str__(self):
        return f"epoch {self.epoch} held by {self.holder or 'nobody'}"

    @classmethod
    def acquire(cls, holder):
        """The lease as it was before, when it was free or over; else None. The new epoch is one higher."""
        lease, _ = cls.objects.get_or_create(pk=1)
        free = cls.objects.filter(pk=1, epoch=lease.epoch).filter(
            models.Q(expires_at=None) | models.Q(expires_at__lt=Now())
        )
        if not free.update(
            holder=holder,
            epoch=F("epoch") + 1,
            expires_at=from_now(seconds=cls.TTL),
            waiting_since=None,
            called_at=None,
        ):
            return None
        return lease

    @classmethod
    def renew(cls, holder, epoch):
        """False when the lease has passed to somebody else."""
        own = cls.objects.filter(pk=1, holder=holder, epoch=epoch)
        return own.update(expires_at=from_now(seconds=cls.TTL)) == 1

    @classmethod
    def note(cls, holder, epoch, sent):
        """Write down when the last minute's requests were sent, for a successor."""
        cls.objects.filter(pk=1, holder=holder, epoch=epoch).update(sent=sent)

    @classmethod
    def release(cls, holder, epoch):
        cls.objects.filter(pk=1, holder=holder, epoch=epoch).update(expires_at=None)

    @property
    def was_released(self):
        """Whether the last holder let go of it, and so had noted all that it sent."""
        return self.expires_at is None

    @classmethod
    def call(cls):
        """Note that a dispatcher is called; False when one is on its way, as far as we know."""
        cls.objects.get_or_create(pk=1)
        long_ago = models.Q(called_at=None) | models.Q(called_at__lt=from_now(seconds=-cls.ON_ITS_WAY))
        return cls.objects.filter(long_ago, pk=1).update(called_at=Now()) == 1

    @classmethod
    def wait(cls):
        """Say that a successor stands by."""
        cls.objects.filter(pk=1).update(waiting_since=Now())

    @classmethod
    def is_held(cls):
        return cls.objects.filter(pk=1, expires_at__gte=Now()).exists()

    @classmethod
    def is_awaited(cls):
        """Whether a successor said within the last two seconds that it stands by."""
        return cls.objects.filter(pk=1, waiting_since__gte=from_now(seconds=-cls.WAITING)).exists()
