"""Refreshing in place: what a page has seen, what has changed since, and when it should look again.

Each page has one small region (templates/_live.html) that asks `changes`, with what the page has seen in its URL.
The answer is 204 when nothing is new, else a list of partials: changed cards, and last the region itself, which then
says what it has seen now. When nothing is unfinished it no longer asks by the clock.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.timezone import now as current_time
from django_htmx.http import HttpResponseClientRefresh

from generations.forms.page import PageForm
from generations.models import Attempt, Heartbeat, Revision, Task
from generations.views import feed
from generations.views.cards import deck
from generations.views.sheet import sheet

# Seconds until a state deserves a look.
PACE = {"queued": 4, "submitting": 1, "pending": 2, "processing": 2, "saving": 1}
MANY = 96  # cards in one answer; a page that is further behind is loaded anew
FIRST_LOOK = 1000  # milliseconds; most orders are sent by then
SENT_WITHIN = 500  # milliseconds from the moment an order may be sent
REMEASURED = 48  # waiting cards whose place in line is told again


@dataclass(frozen=True)
class Live:
    """What a page knows: the revision it has seen, its day, whether a worker was alive, its task if it shows one."""

    seen: int
    day: date
    worker: bool
    task: int | None = None
    unfinished: int = 0
    pace: int | None = None  # seconds; None when nothing is unfinished
    first_look: int = FIRST_LOOK  # milliseconds until one more look, at what is about to be sent

    @classmethod
    def told_by(cls, data):
        """What the page says that it knows, or None when that makes no sense."""
        form = PageForm(data)
        return cls(**form.cleaned_data) if form.is_valid() else None

    @classmethod
    def now(cls, user, task=None):
        """The present state. Read it before the cards: a change in between comes twice, never not at all."""
        seen, worker = Revision.latest(), Heartbeat.is_any_fresh()
        tasks = Task.objects.visible_to(user)
        if task:
            tasks = tasks.filter(pk=task)
        held = Min("not_before", filter=Q(hold=Task.Hold.UNDO, not_before__gt=current_time()))
        found = tasks.unfinished().order_by().values_list("status").annotate(count=Count("pk"), held_until=held)
        counts = {status: count for status, count, _ in found}
        pace = min((PACE[status] for status in counts), default=None)
        first_look = look_after(min(filter(None, (until for *_, until in found)), default=None))
        if pace is None and task and Attempt.objects.hinted().filter(task__in=tasks).exists():
            pace = PACE["pending"]  # an unclear order is being looked for
        return cls(seen, localdate(), worker, task, sum(counts.values()), pace, first_look)

    @property
    def url(self):
        seen = {"seen": self.seen, "day": self.day.isoformat(), "worker": self.worker}
        seen |= {"task": self.task} if self.task else {}
        return f"{reverse('changes')}?{urlencode(seen | {'pace': self.pace or 0})}"

    def is_current(self):
        """Whether the page has nothing to learn. Two queries."""
        return (self.seen, self.day, self.worker) == (Revision.latest(), localdate(), Heartbeat.is_any_fresh())


def look_after(moment):
    """Milliseconds until the order that is held until `moment` will have been sent."""
    if moment is None:
        return FIRST_LOOK
    return round((moment - current_time()).total_seconds() * 1000) + SENT_WITHIN


def answer(request, page, template="studio/on_change.html", **context):
    """What has changed since `page`, as partials. A wall that is of yesterday, or far behind, is loaded anew."""
    now = Live.now(request.user, page.task)
    visible = Task.objects.visible_to(request.user)
    if page.task:
        task = visible.changed_since(page.seen).for_cards().filter(pk=page.task).first()
        return render(request, "tasks/on_change.html", {"live": now} | (sheet(request, task) if task else {}))
    changed = list(visible.changed_since(page.seen).for_cards()[: MANY + 1])
    if page.day != now.day or len(changed) > MANY:
        return HttpResponseClientRefresh()
    waiting = visible.filter(status=Task.Status.QUEUED, revision__lte=page.seen).for_cards()[:REMEASURED]
    cards = deck(request.user, [*changed, *waiting], fresh_since=page.seen)
    context |= sort(cards, page.seen) | {"live": now, "day": feed.today(request.user)}
    return render(request, template, context)


def sort(cards, seen):
    """The cards by what a page does with them: put at the top, change, move up in line; and how many have ended how."""
    changed = [card for card in cards if card.task.revision > seen]
    states = Counter(card.state for card in changed)
    return {
        "new": [card for card in changed if card.task.first_revision > seen],
        "changed": [card for card in changed if card.task.first_revision <= seen],
        "waiting": [card for card in cards if card.task.revision <= seen],
        "ready": states["done"],
        "failed": states["failed"] + states["expired"],
        "unclear": states["unknown"],
    }
