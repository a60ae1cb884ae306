"""Telling people by mail: what happened to their work is noted once, and each note is sent at most once."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from generations.models.event import Event
from generations.models.revision import Revision
from generations.models.task import Task

READY = (Event.Kind.SAVED,)
FAILED = (Event.Kind.FAILED, Event.Kind.REFUSED, Event.Kind.EXPIRED)
UNCLEAR = (Event.Kind.LOST_TRACK,)
DENIED = (Event.Kind.DENIED,)
OF_TASKS = (*READY, *FAILED, *UNCLEAR, *DENIED)
BUDGETS = (Event.Kind.BUDGET_NEAR, Event.Kind.BUDGET_USED)
MOST_READ = 1000  # events at a time


class Bookmark(models.Model):
    """How far the history was read to tell people of it: one row, which begins where the history ends."""

    event = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"up to event {self.event}"

    @classmethod
    def turn(cls):
        """The events since the last time that are worth telling, each of them once and never again.

        Call it in the transaction that tells. Tasks move with the counter of revisions locked; who holds that lock has
        seen all events up to the newest.
        """
        Revision.objects.select_for_update().filter(pk=1).first()
        latest = Event.objects.values_list("pk", flat=True).first() or 0
        mark, _ = cls.objects.select_for_update().get_or_create(pk=1, defaults={"event": latest})
        new = Event.objects.filter(pk__gt=mark.event).order_by("pk")
        new = list(new.select_related("task__author", "task__prompt", "alarm__person")[:MOST_READ])
        if new:
            cls.objects.filter(pk=1).update(event=new[-1].pk)
        return [event for event in new if event.kind in BUDGETS or (event.task and event.kind in OF_TASKS)]


class Notice(models.Model):
    """One event that a person wishes to read of by mail. Taken before the mail is sent."""

    PATIENCE = timedelta(hours=1)  # for the rest of a batch

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.ForeignKey("Event", models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["person", "event"], name="one_notice_per_person_and_event")]
        indexes = [models.Index(fields=["sent_at", "made_at"], name="notice_waiting")]

    def __str__(self):
        return f"{self.event} for {self.person}"

    @classmethod
    def due(cls):
        """Waiting, and of a press of Generate of which nothing is unfinished, so that a batch becomes one mail."""
        unfinished = Task.objects.under_way().values("prompt")
        over = ~Q(event__task__prompt__in=unfinished) | Q(made_at__lt=timezone.now() - cls.PATIENCE)
        return cls.objects.filter(over, sent_at=None)

    @classmethod
    def take(cls, person):
        """Those that are due for this person; whoever takes them sends them, nobody else does."""
        with transaction.atomic():
            found = cls.due().filter(person=person).select_for_update(of=["self"])
            taken = list(found.select_related("event__task__prompt", "event__alarm__person"))
            cls.objects.filter(pk__in=[notice.pk for notice in taken]).update(sent_at=timezone.now())
        return taken

    @classmethod
    def forget(cls, before):
        cls.objects.filter(made_at__lt=before).delete()

    @property
    def word(self):
        """What happened, as the mail says it of one generation."""
        if self.event.kind in READY:
            return "Ready"
        if self.event.kind in DENIED:
            return "Not approved"
        return "Failed" if self.event.kind in FAILED else "Needs a decision"
