from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from generations.models.event import Event


class Provider(models.Model):
    """What we know of Modellix at this installation: one row, written by the dispatcher."""

    class Pause(models.TextChoices):
        NONE = "", "Sending"
        KEY_MISSING = "key_missing", "No key is set"
        KEY_REFUSED = "key_refused", "Modellix refused our key"
        NO_CREDIT = "no_credit", "Modellix is out of credit"

    NEARLY_EMPTY = 1  # dollars
    SILENCE = timedelta(seconds=15)  # before people are told

    pause = models.CharField(max_length=16, choices=Pause, blank=True, default=Pause.NONE)
    pause_text = models.TextField(blank=True)  # the provider's words
    paused_at = models.DateTimeField(null=True, blank=True)
    key_fingerprint = models.CharField(max_length=16, blank=True)
    unreachable_since = models.DateTimeField(null=True, blank=True)
    submit_form = models.CharField(max_length=8, blank=True)  # the path form that last worked
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True)  # as its answers tell
    balance = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    balance_at = models.DateTimeField(null=True, blank=True)  # when it was told

    def __str__(self):
        return self.get_pause_display()

    @classmethod
    def current(cls):
        return cls.objects.get_or_create(pk=1)[0]

    @property
    def is_paused(self):
        return bool(self.pause)

    @property
    def is_unreachable(self):
        """Whether it has been silent long enough to tell people."""
        return bool(self.unreachable_since) and timezone.now() - self.unreachable_since > self.SILENCE

    @property
    def is_nearly_empty(self):
        """Whether its credit, as far as it has told, is about to run out."""
        return self.balance is not None and self.balance < self.NEARLY_EMPTY

    def stop(self, pause, text, fingerprint):
        """Hold all submissions; one Event and one banner instead of one failure per task."""
        with transaction.atomic():
            fields = {
                "pause": pause,
                "pause_text": text,
                "paused_at": timezone.now(),
                "key_fingerprint": fingerprint,
            }
            if Provider.objects.filter(pk=1).exclude(pause=pause).update(**fields):
                Event.objects.create(kind=Event.Kind.PAUSED, text=text)

    def resume(self):
        with transaction.atomic():
            if Provider.objects.filter(pk=1).exclude(pause="").update(pause="", pause_text="", paused_at=None):
                Event.objects.create(kind=Event.Kind.RESUMED)

    def hear(self):
        """It answered."""
        Provider.objects.filter(pk=1, unreachable_since__isnull=False).update(unreachable_since=None)

    def miss(self):
        """It did not answer."""
        Provider.objects.filter(pk=1, unreachable_since=None).update(unreachable_since=timezone.now())

    def learn(self, **fields):
        """Note what an answer told of it: submit_form, balance with balance_at."""
        Provider.objects.filter(pk=1).update(**fields)
