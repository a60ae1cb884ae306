"""The feed: the tasks that are looked for, newest first, grouped by the day on which they were asked for."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils.formats import date_format
from django.utils.timezone import localdate

from generations.forms.feed import start
from generations.models import Task
from generations.views.cards import deck

PAGE = 24  # cards
FIRST_ROW = 4  # of them, on a wide screen
MOST_PAGES = 40  # in one answer; whoever loads more goes on from the last card


@dataclass
class Day:
    """One day of the feed: its cards on this page, and the count and spend (USD) of the whole day.

    spent is None while nothing is known to have been charged.
    """

    date: date
    cards: list = field(default_factory=list)
    count: int = 0
    spent: Decimal | None = None

    @property
    def is_today(self):
        return self.date == localdate()

    @property
    def title(self):
        today = localdate()
        if self.date in (today, today - timedelta(days=1)):
            return "Today" if self.date == today else "Yesterday"
        return date_format(self.date, "l j F" if self.date.year == today.year else "l j F Y")


@dataclass(frozen=True)
class Feed:
    """Some days of the feed, newest first.

    more is the pk of the last card's task when older ones follow, else None; continued is the date of the day that
    the page before this one ended in.
    """

    days: list
    more: int | None
    continued: date | None = None

    @property
    def is_empty(self):
        return not any(day.cards for day in self.days)


def pages(user, filters, count):
    """The first `count` pages. Today is always there, even when it is still empty: new cards need a place."""
    size = PAGE * min(count, MOST_PAGES)
    feed = _feed(user, filters, _looked_for(user, filters), size, near=FIRST_ROW)
    if not feed.days or not feed.days[0].is_today:
        feed.days.insert(0, Day(localdate()))
    return feed


def older(user, filters, pk):
    """The page of what was asked for before that task."""
    asked = Task.objects.filter(pk=pk).values_list("created_at", flat=True).first()
    before = _looked_for(user, filters).filter(pk__lt=pk)
    return replace(_feed(user, filters, before, PAGE), continued=asked and localdate(asked))


def heads(user, filters, dates):
    """These days with their count and spend, without cards."""
    days = {date: Day(date) for date in dates}
    _count(user, filters, days)
    return list(days.values())


def neighbour(user, filters, task, absent):
    """Where a card belongs: beside which task's card of the same day, and on which side; None when it is alone.

    `absent` are the pks of cards that are not there either.
    """
    day = Q(created_at__gte=start(date := localdate(task.created_at)), created_at__lt=start(date + timedelta(days=1)))
    others = _looked_for(user, filters).filter(day).exclude(pk__in=absent).values_list("pk", flat=True)
    if older := others.filter(pk__lt=task.pk).first():
        return older, "beforebegin"
    newer = others.filter(pk__gt=task.pk).last()
    return newer and (newer, "afterend")


def _looked_for(user, filters):
    return filters.filtered(Task.objects.visible_to(user), user)


def _feed(user, filters, tasks, size, near=0):
    found = list(tasks.for_cards(user)[: size + 1])
    days = {}
    for card in deck(user, found[:size], query=filters.query, near=near):
        asked = localdate(card.task.created_at)
        days.setdefault(asked, Day(asked)).cards.append(card)
    if days:
        _count(user, filters, days)
    return Feed(list(days.values()), more=found[size - 1].pk if len(found) > size else None)


def _count(user, filters, days):
    """Fill in count and spend of these days."""
    first, after = min(days), max(days) + timedelta(days=1)
    # Found by their time alone first: SQLite would rather read all of a kind than the few of some days
    of_these_days = Task.objects.filter(created_at__gte=start(first), created_at__lt=start(after)).order_by()
    within = filters.filtered(Task.objects.filter(pk__in=of_these_days.values("pk")).visible_to(user), user)
    totals = within.annotate(day=TruncDate("created_at")).values("day").order_by("day")
    for total in totals.annotate(count=Count("pk"), spent=Sum("price_charged")):
        if total["day"] in days:
            days[total["day"]].count, days[total["day"]].spent = total["count"], total["spent"]
