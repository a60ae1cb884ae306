from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone

from generations.models.states import Spent

ZERO = Decimal("0.0000")


def exact(amount):
    """A sum of the database as money: SQLite adds in binary, so that a sum of cents may miss the last of its digits."""
    return (amount or ZERO).quantize(ZERO)


def month_of(moment):
    """The first day of the calendar month in which the team has this moment."""
    return timezone.localdate(moment, timezone.get_default_timezone()).replace(day=1)


@dataclass(frozen=True)
class Money:
    """What an order holds back and what it cost, in USD."""

    reserved: Decimal
    spent: Decimal
    is_estimate: bool = False  # the provider did not tell what it took

    @classmethod
    def of(cls, task, doubts):
        """What a task's fields say. `doubts` is how many of its attempts may have been bought without our knowing.

        While nobody knows what an order cost, its highest estimate is held, for each time that it may be bought; until
        a person says that it was not sent.
        """
        highest, told = task.price_maximum or ZERO, task.price_charged
        if task.is_dismissed:  # a late answer to it would make a task of its own, which holds its own
            return cls(ZERO, ZERO)
        if task.spent == Spent.NOTHING_YET or (task.spent == Spent.UNKNOWN and task.provider_task_id):
            doubts += 1
        elif task.spent == Spent.UNKNOWN:
            doubts = max(doubts, 1)
        if task.spent == Spent.YES:
            return cls(highest * doubts, highest if told is None else told, told is None)
        return cls(highest * doubts, ZERO)


class Entry(models.Model):
    """One line of the ledger: how much more, or less, an order holds back and cost since the line before.

    Rows are only ever added. What is held back counts for the month in which somebody ordered it, or sent it again, and
    what becomes of that for the same month, so that a month which is over does not take from the next.
    """

    class Kind(models.TextChoices):
        RESERVE = "reserve", "Held back"
        CHARGE = "charge", "Charged"
        RELEASE = "release", "Released"
        ADJUST = "adjust", "Corrected"

    task = models.ForeignKey("Task", models.PROTECT, related_name="entries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    reserved = models.DecimalField(max_digits=14, decimal_places=4)
    spent = models.DecimalField(max_digits=14, decimal_places=4)
    is_estimate = models.BooleanField(default=False)
    month = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "entries"
        # All that a budget asks for, so that the rows themselves are not read
        indexes = [models.Index(fields=["month", "person", "reserved", "spent"], name="entry_budget")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.reserved:+} held, {self.spent:+} spent"

    @classmethod
    def settle(cls, task):
        """Write down what changed; whether more of a budget is used now. `task` is of Task.objects.with_money().

        Call where the Revision is held.
        """
        due, booked = task.due_money, task.booked_money
        reserved, spent = due.reserved - booked.reserved, due.spent - booked.spent
        if not (reserved or spent):
            return False
        is_more = reserved + spent > 0
        for month, share in cls._months(task, reserved):
            cls.objects.create(
                task=task,
                person_id=task.author_id,
                kind=cls._kind(reserved, spent, booked),
                reserved=share,
                spent=spent,
                is_estimate=bool(spent) and due.is_estimate,
                month=month,
            )
            spent = ZERO  # of the last month alone
        return is_more

    @classmethod
    def _months(cls, task, reserved):
        """[(month, how much of it)]: what is given back goes to the months that hold it, the last one first."""
        if reserved > 0:
            return [(month_of(timezone.now()), reserved)]
        found = []
        months = cls.objects.filter(task=task).order_by("-month").values_list("month")
        for month, held in months.annotate(models.Sum("reserved")):
            share = min(exact(held), -reserved)
            if share > 0:
                found.append((month, -share))
                reserved += share
        return found or [(month_of(task.created_at), reserved)]

    @classmethod
    def _kind(cls, reserved, spent, booked):
        if spent:
            return cls.Kind.ADJUST if booked.spent else cls.Kind.CHARGE
        return cls.Kind.RESERVE if reserved > 0 else cls.Kind.RELEASE
