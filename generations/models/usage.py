"""What was ordered in a span of days: how much, at what cost, with what success, and how long people waited.

An order counts for the day on which it was asked for, and once Modellix took it. What it cost is what the ledger says:
the provider's charge, or the highest estimate where that does not tell. What lies in the bin was paid for and counts.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Case, Count, DateField, Q, Sum, When
from django.db.models.functions import Coalesce, Trunc
from django.utils.timezone import get_default_timezone, make_aware

from generations.models.entry import ZERO, exact
from generations.models.figures import RESULTLESS
from generations.models.states import Spent

COST = Case(When(spent=Spent.YES, then=Coalesce("price_charged", "price_maximum")))
SAMPLE = 5000  # of the newest results tell how long people waited
DAILY = 100  # days; longer spans are told by months
SHARES = (0.5, 0.9, 0.99)
TELLING = 0.05  # change of a median that is more than chance


@dataclass(frozen=True)
class Span:
    """Whole days of the team's calendar, both ends counted."""

    first: date
    last: date

    @property
    def days(self):
        return (self.last - self.first).days + 1

    @property
    def unit(self):
        return "month" if self.days > DAILY else "day"

    @property
    def parts(self):
        """The days, or the first days of the months."""
        days = [self.first + timedelta(days=number) for number in range(self.days)]
        return list(dict.fromkeys(day.replace(day=1) for day in days)) if self.unit == "month" else days

    @property
    def before(self):
        """The span of the same length that ends the day before."""
        return Span(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def of(self, tasks):
        """Those of the tasks that were asked for in it."""
        after = self.last + timedelta(days=1)
        return tasks.filter(created_at__gte=midnight(self.first), created_at__lt=midnight(after))


def midnight(day):
    return make_aware(datetime.combine(day, time()), get_default_timezone())


@dataclass
class Tally:
    """`runs` are the orders that Modellix took, `made` and `failed` those of them that ended; `spent` is in USD."""

    runs: int = 0
    made: int = 0
    failed: int = 0
    spent: Decimal = ZERO

    def add(self, row):
        self.runs += row["runs"]
        self.made += row["made"]
        self.failed += row["failed"]
        self.spent += exact(row["cost"])

    @property
    def success(self):
        """Percent of those that ended, or None before one has."""
        ended = self.made + self.failed
        return 100 * self.made / ended if ended else None


TALLIED = {
    "runs": Count("accepted_at"),
    "made": Count("finished_at"),
    "failed": Count("pk", filter=RESULTLESS),
    "cost": Sum(COST),
}


class Usage:
    """Of these tasks in this span. Each property asks the database once, and for no more than it tells."""

    def __init__(self, tasks, span):
        self.span = span
        self.tasks = span.of(tasks).order_by()
        self.earlier_tasks = span.before.of(tasks).order_by()

    @cached_property
    def rows(self):
        part = Trunc("created_at", self.span.unit, output_field=DateField(), tzinfo=get_default_timezone())
        by = self.tasks.values("kind", "model_slug", "model_name", "author", part=part)
        return list(by.annotate(**TALLIED))

    @cached_property
    def total(self):
        return self.by(lambda row: None).get(None, Tally())

    @cached_property
    def earlier(self):
        """The Tally of the span before."""
        found = Tally()
        found.add(self.earlier_tasks.aggregate(**TALLIED))
        return found

    def by(self, key):
        """{key(row): Tally}, whatever has the most spent first."""
        found = defaultdict(Tally)
        for row in self.rows:
            found[key(row)].add(row)
        return dict(sorted(found.items(), key=lambda item: (-item[1].spent, -item[1].runs)))

    @cached_property
    def waits(self):
        """{model name: seconds that people waited for each result, ascending}, of the newest results."""
        return waits(self.tasks)

    @cached_property
    def earlier_median(self):
        return percentiles(merged(waits(self.earlier_tasks)))[0]

    @cached_property
    def median(self):
        return percentiles(merged(self.waits))[0]

    @property
    def pace(self):
        """How people wait compared to before: "slower", "quicker", or "" when it is about the same or not known."""
        if not (self.median and self.earlier_median):
            return ""
        change = self.median / self.earlier_median
        return "slower" if change > 1 + TELLING else "quicker" if change < 1 - TELLING else ""

    @cached_property
    def liked(self):
        """How many of the files are a favourite of somebody."""
        found = self.tasks.filter(outputs__favourites__isnull=False)
        return found.aggregate(number=Count("outputs__favourites__output", distinct=True))["number"]

    @property
    def cost_per_favourite(self):
        return self.total.spent / self.liked if self.liked and self.total.spent else None

    @cached_property
    def failures(self):
        """[(status, code of the error, how many)], the most frequent first; refusals before Modellix took it, too."""
        ended = self.tasks.filter(RESULTLESS | Q(status="failed", accepted_at=None))
        found = ended.values_list("status", "error_code").annotate(number=Count("pk"))
        return sorted(found, key=lambda row: -row[2])

    def newest(self, number):
        """The newest orders that cost something, each with `cost`."""
        paid = self.tasks.filter(spent=Spent.YES).annotate(cost=COST)
        return paid.select_related("author").order_by("-created_at")[:number]


def waits(tasks):
    ended = tasks.filter(finished_at__isnull=False).order_by("-created_at")
    found = defaultdict(list)
    for name, asked, finished in ended.values_list("model_name", "created_at", "finished_at")[:SAMPLE]:
        found[name].append(max((finished - asked).total_seconds(), 0))
    return {name: sorted(seconds) for name, seconds in found.items()}


def merged(found):
    return sorted(second for seconds in found.values() for second in seconds)


def percentiles(ascending):
    """The values within which 50, 90 and 99 percent lie; None each when there are none."""
    last = len(ascending) - 1
    return tuple(ascending[round(share * last)] if ascending else None for share in SHARES)
