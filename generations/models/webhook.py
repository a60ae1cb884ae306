"""The studio tells another program what happened: where to, and each call that was or is to be made."""

import base64
import secrets
from datetime import timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from generations.models.event import Event

SECRET_BYTES = 24


def new_secret():
    """As the Standard Webhooks write it: a prefix and random bytes in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


class Webhook(models.Model):
    """What the admins decided: one row, or none."""

    class Event(models.TextChoices):
        READY = "generation.ready", "A generation is ready"
        FAILED = "generation.failed", "A generation failed"
        UNCLEAR = "generation.unclear", "A generation needs a decision"
        BUDGET_NEAR = "budget.near", "Four fifths of a budget are used"
        BUDGET_USED = "budget.used_up", "A budget is used up"

    TEST = "test"  # sent by hand

    address = models.URLField(max_length=500)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    events = models.JSONField(default=list, blank=True)
    is_on = models.BooleanField("call it", default=True)

    def __str__(self):
        return "the webhook"

    @classmethod
    def current(cls):
        return cls.objects.filter(pk=1).first()

    def rotate(self, actor):
        """A new secret; what the old one signed was sent already."""
        self.secret = new_secret()
        with transaction.atomic():
            self.save(update_fields=["secret"])
            Event.objects.create(kind=Event.Kind.WEBHOOK, actor=actor, text="new secret")

    @property
    def key(self):
        return base64.b64decode(self.secret.removeprefix("whsec_"))


class CallQuerySet(models.QuerySet):
    def due(self):
        return self.filter(due_at__lte=timezone.now()).filter(Q(webhook__is_on=True) | Q(event=Webhook.TEST))


class Call(models.Model):
    """One message and what became of it. It may arrive twice, by the same id; it is given up after a day."""

    WAITS = (1, 5, 30, 120, 360, 900)  # minutes before each further try
    ANSWER_LENGTH = 500  # characters that are kept

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls")
    event = models.CharField(max_length=32)
    body = models.TextField()  # JSON, exactly as it is sent
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True, blank=True, default=timezone.now, db_index=True)  # none: no further try
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)  # of the newest answer
    text = models.TextField(blank=True)  # how that answer began, or what went wrong
    arrived_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"msg_{self.pk}"

    @property
    def state(self):
        """Such as "Arrived", "Trying again", "Given up"."""
        if self.arrived_at:
            return "Arrived"
        if self.due_at is None:
            return "Given up"
        return "Trying again" if self.tries else "Waiting"

    def claim(self):
        """Take the next try; False when it was taken already. Should this process die, the one after it still comes."""
        now = timezone.now()
        wait = self.WAITS[self.tries] if self.tries < len(self.WAITS) else None
        later = {"due_at": None if wait is None else now + timedelta(minutes=wait)}
        mine = Call.objects.due().filter(pk=self.pk, tries=self.tries)
        return mine.update(tries=F("tries") + 1, tried_at=now, **later) == 1

    def arrive(self, http_status, text):
        now = timezone.now()
        Call.objects.filter(pk=self.pk).update(arrived_at=now, due_at=None, http_status=http_status, text=text)

    def miss(self, text, http_status=None):
        """This try did not arrive; the next is due as the claim said."""
        Call.objects.filter(pk=self.pk, arrived_at=None).update(http_status=http_status, text=text)

    def send_again(self):
        """A person's wish: from the beginning, with the same id."""
        Call.objects.filter(pk=self.pk).update(due_at=timezone.now(), tries=0, arrived_at=None)

    @classmethod
    def forget(cls, before):
        cls.objects.filter(made_at__lt=before).delete()
