import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone


def new_token():
    """32 characters, 192 bits: not to be guessed."""
    return secrets.token_urlsafe(24)


class AttemptQuerySet(models.QuerySet):
    def unclear(self):
        """Those that may have bought something that we do not know of."""
        open_outcomes = [Attempt.Outcome.SENDING, Attempt.Outcome.UNKNOWN]
        return self.filter(outcome__in=open_outcomes, provider_task_id=None)

    def hinted(self):
        return self.unclear().exclude(hinted_id="")


class Attempt(models.Model):
    """One POST of one task: written before it, closed after it. Without a person's word at most one of them is paid."""

    ID_LENGTH = 512  # characters of a provider's task id, at most

    class Outcome(models.TextChoices):
        SENDING = "sending", "Under way"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        THROTTLED = "throttled", "Told to wait"
        NOT_SENT = "not_sent", "Not sent"
        WITHDRAWN = "withdrawn", "Withdrawn before sending"
        UNKNOWN = "unknown", "Outcome unknown"

    task = models.ForeignKey("Task", models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    epoch = models.PositiveBigIntegerField()
    form = models.CharField(max_length=8)  # of the path: plain, async or typed
    sent = models.JSONField(null=True, blank=True)  # the body with its inputs; null: the task's own, which has none
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.SENDING)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    provider_task_id = models.CharField(max_length=ID_LENGTH, null=True, blank=True, unique=True)
    hook_token = models.CharField(max_length=64, unique=True, null=True, editable=False)  # of its webhook
    hinted_id = models.CharField(
        max_length=ID_LENGTH, blank=True
    )  # said to be its id, by a webhook or a person; unproved
    hinted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)  # what went wrong, in words
    answer = models.TextField(blank=True)  # raw

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["task", "number"]
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="one_attempt_per_number")]

    def __str__(self):
        return f"attempt {self.number} of {self.task}"

    def hint(self, provider_task_id, actor=None):
        """Somebody says that this is its id; the engine asks before it believes. False when its id is known."""
        unclear = Attempt.objects.filter(pk=self.pk, provider_task_id=None)
        unclear = unclear.filter(outcome__in=[self.Outcome.SENDING, self.Outcome.UNKNOWN])
        return unclear.update(hinted_id=provider_task_id, hinted_by=actor) == 1

    def drop_hint(self):
        """It was not its id."""
        Attempt.objects.filter(pk=self.pk).update(hinted_id="", hinted_by=None)

    def close(self, outcome, text="", **fields):
        """Write down how it went. A provider's task id once known is never lost."""
        fields |= {"outcome": outcome, "text": text, "ended_at": timezone.now()}
        Attempt.objects.filter(pk=self.pk).exclude(outcome=self.Outcome.ACCEPTED).update(**fields)
        self.outcome = outcome


class Delivery(models.Model):
    """One webhook that arrived for an attempt. Only a hint to look; kept so that a repeated one is known as such."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="deliveries")
    delivery_id = models.CharField(max_length=128)
    event = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "delivery_id"], name="one_row_per_delivery")]

    def __str__(self):
        return f"{self.event} for {self.attempt}"
