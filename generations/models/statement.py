from datetime import timedelta

from django.db import models, transaction
from django.db.models import F, Sum
from django.utils import timezone

from generations.models.entry import ZERO, Entry, exact
from generations.models.revision import Revision
from generations.models.states import Spent, Status
from generations.models.task import Task

AT_MODELLIX = (Status.SUBMITTING, Status.PENDING, Status.PROCESSING)
STALE = timedelta(minutes=1)  # Modellix may tell a balance that is a moment old
MOST_TOLD, MOST_SUSPECTS = 20, 50


class Statement(models.Model):
    """What Modellix took from our credit over a time, beside what the ledger says of the same time. In USD.

    Both ends are moments in which nothing of ours was at Modellix, so both should be the same. Times that follow each
    other and agree are one row. The first row of a key takes nothing: from there on we can tell.
    """

    since = models.DateTimeField()
    until = models.DateTimeField()
    balance = models.DecimalField(max_digits=14, decimal_places=4)  # in the end
    taken = models.DecimalField(max_digits=14, decimal_places=4)  # below zero when credit was added
    booked = models.DecimalField(max_digits=14, decimal_places=4)
    up_to = models.PositiveBigIntegerField()  # the last line of the ledger that is in it; 0 before the first
    key_fingerprint = models.CharField(max_length=16)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.taken} taken, {self.booked} in the ledger"

    @property
    def unexplained(self):
        """How much more Modellix took than we know of; below zero when it took less, or credit was added."""
        return self.taken - self.booked

    @property
    def difference(self):
        return abs(self.unexplained)

    @property
    def added(self):
        """The credit that came in, as far as it can be told: what was taken meanwhile is not in it."""
        return max(-self.taken, ZERO)

    @property
    def is_right(self):
        return not self.unexplained

    @classmethod
    def latest(cls, fingerprint):
        return cls.objects.filter(key_fingerprint=fingerprint).first()

    @classmethod
    def draw(cls, balance, up_to, fingerprint):
        """Write down a balance that was asked for while quiet() said `up_to`. Nothing when that is over by now."""
        with transaction.atomic():
            Revision.next()
            if quiet() != up_to:
                return
            before, now = cls.latest(fingerprint), timezone.now()
            taken, booked = ZERO, ZERO
            if before:
                new = Entry.objects.filter(pk__gt=before.up_to, pk__lte=up_to)
                taken, booked = before.balance - balance, exact(new.aggregate(sum=Sum("spent"))["sum"])
                if before.is_right and taken == booked:
                    before.go_on(now, balance, booked, up_to)
                    return
            cls.objects.create(
                since=before.until if before else now,
                until=now,
                balance=balance,
                taken=taken,
                booked=booked,
                up_to=up_to,
                key_fingerprint=fingerprint,
            )

    def go_on(self, until, balance, amount, up_to):
        """It was right until later, too; `amount` more was taken."""
        self.until, self.balance, self.up_to = until, balance, up_to
        self.taken, self.booked = self.taken + amount, self.booked + amount
        self.save()


def quiet():
    """The last line of the ledger; None while something of ours is at Modellix, or was until just now."""
    pk, at = Entry.objects.order_by("-pk").values_list("pk", "at").first() or (0, None)
    if at and timezone.now() - at < STALE:
        return None
    return None if Task.objects.filter(status__in=AT_MODELLIX).exists() else pk


def differing():
    """The newest statements that are not right, each with `suspects`.

    These are the orders sent in its time of which nobody knows whether they were charged.
    """
    found = list(Statement.objects.exclude(taken=F("booked"))[:MOST_TOLD])
    if found:
        unclear = Task.objects.filter(spent=Spent.UNKNOWN, claimed_at__gt=found[-1].since).select_related("author")
        tasks = list(unclear.order_by("-claimed_at")[:MOST_SUSPECTS])
        for each in found:
            each.suspects = [task for task in tasks if each.since < task.claimed_at <= each.until]
    return found
