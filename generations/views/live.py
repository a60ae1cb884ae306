"""Refreshing in place: what a page has seen, what has changed since, and when it should look again.

Each page has one small region (templates/_live.html) that asks `changes`, with what the page has seen in its URL.
The answer is 204 when nothing is new, else a list of partials: changed cards, and last the region itself, which then
says what it has seen now. When nothing is unfinished it no longer asks by the clock.

What others have sent is put on top of a wall that shows everything and is scrolled to its top. Elsewhere it would
move what somebody looks at, so it is only counted ("5 new"), until they ask for it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, Value, When
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.timezone import now as current_time
from django_htmx.http import HttpResponseClientRefresh

from generations.accounts import present
from generations.forms.feed import FeedForm
from generations.forms.page import PageForm
from generations.forms.selection import SelectionForm
from generations.models import Attempt, Event, Task
from generations.views import feed
from generations.views.cards import deck
from generations.views.sheet import sheet

# Seconds until a state deserves a look; "approval" is a queued one that waits for an admin.
PACE = {"approval": 15, "queued": 4, "submitting": 1, "pending": 2, "processing": 2, "saving": 1}
MANY = 96  # cards in one answer; a page that is further behind is loaded anew
MANY_GONE = 1000  # cards that one answer takes away
BACK_WITHIN = timedelta(minutes=5)  # for which a page may lack the card of what is seen again
FIRST_LOOK = 1000  # milliseconds; most orders are sent by then
SENT_WITHIN = 500  # milliseconds from the moment an order may be sent
REMEASURED = 48  # waiting cards whose place in line is told again


@dataclass(frozen=True)
class Live:
    """What a page knows: the revision it has seen, its day, whether a worker was alive, its task if it shows one.

    filters: the query of the feed's filters; displayed: the revision up to which others' new cards are on the wall;
    away: whether the wall is scrolled away from its top.
    """

    seen: int
    day: date
    worker: bool
    task: int | None = None
    filters: str = ""
    displayed: int | None = None  # as far as `seen`
    away: bool = False
    unfinished: int = 0  # without what waits for an admin, which may take days
    pace: int | None = None  # seconds; None when nothing is unfinished
    first_look: int = FIRST_LOOK  # milliseconds until one more look, at what is about to be sent

    @classmethod
    def told_by(cls, data):
        """What the page says that it knows, or None when that makes no sense."""
        form = PageForm(data)
        return cls(**form.cleaned_data) if form.is_valid() else None

    @classmethod
    def now(cls, request, task=None, **kept):
        """The present state. Read it before the cards: a change in between comes twice, never not at all."""
        seen, worker = present(request)
        tasks = Task.objects.visible_to(request.user)
        if task:
            tasks = tasks.filter(pk=task)
        held = Min("not_before", filter=Q(hold=Task.Hold.UNDO, not_before__gt=current_time()))
        asks = When(hold=Task.Hold.APPROVAL, then=Value("approval"))
        found = tasks.unfinished().order_by().values_list(Case(asks, default="status"))
        found = found.annotate(count=Count("pk"), held_until=held)
        counts = {state: count for state, count, _ in found}
        pace = min((PACE[state] for state in counts), default=None)
        first_look = look_after(min(filter(None, (until for *_, until in found)), default=None))
        if pace is None and task and Attempt.objects.hinted().filter(task__in=tasks).exists():
            pace = PACE["pending"]  # an unclear order is being looked for
        state = {"unfinished": sum(counts.values()) - counts.get("approval", 0), "pace": pace, "first_look": first_look}
        return cls(seen, localdate(), worker, task, **state, **kept)

    @property
    def url(self):
        known = {"seen": self.seen, "day": self.day.isoformat(), "worker": self.worker}
        known |= {
            name: getattr(self, name)
            for name in ("task", "filters", "displayed")
            if getattr(self, name) not in (None, "")
        }
        return f"{reverse('changes')}?{urlencode(known | {'pace': self.pace or 0})}"

    @property
    def form(self):
        return FeedForm(QueryDict(self.filters))

    @property
    def holds(self):
        """Whether others' new cards are only counted."""
        return self.away or bool(self.filters)

    @property
    def displayed_until(self):
        return self.seen if self.displayed is None else min(self.displayed, self.seen)

    def is_current(self, request):
        """Whether the page has nothing to learn. No query: the person came with the answer."""
        return (self.seen, self.worker, self.day) == (*present(request), localdate())

    @property
    def context(self):
        """For the templates; the banners need not ask again whether a worker is alive."""
        return {"live": self, "worker_alive": self.worker}


def look_after(moment):
    """Milliseconds until the order that is held until `moment` will have been sent."""
    if moment is None:
        return FIRST_LOOK
    return round((moment - current_time()).total_seconds() * 1000) + SENT_WITHIN


def answer(request, page, template="studio/on_change.html", moved=None, has_to_show=False, **context):
    """What has changed since `page`, as partials. A wall that is of yesterday, or far behind, is loaded anew.

    `moved` tells of a change that the page has made itself (models.Moved): of everything that matched it learns about
    what it shows, which is ticked on it. `has_to_show` is said by who brings cards back: without a place for one the
    page is loaded anew, too.
    """
    if page.task:
        return of_one(request, page)
    since = page.seen if page.holds else page.displayed_until
    now = Live.now(request, filters=page.filters, displayed=page.displayed_until if page.holds else None)
    visible, news = Task.objects.visible_to(request.user), Task.objects.changed_since(since)
    picked = SelectionForm(request.POST)
    if moved and picked.is_of_all:
        news = news.exclude(Q(revision=moved.revision) & ~Q(pk__in=picked.shown))
    gone = list(news.hidden_from(request.user).only("created_at")[: MANY_GONE + 1])
    shown = news.visible_to(request.user).for_cards(request.user).annotate(is_back=is_back(request.user))
    changed = list(shown[: MANY + 1])
    if page.day != now.day or len(changed) > MANY or len(gone) > MANY_GONE:
        return HttpResponseClientRefresh()
    waiting = visible.filter(status=Task.Status.QUEUED, revision__lte=since).for_cards(request.user)[:REMEASURED]
    cards = deck(request.user, [*changed, *waiting], page.seen, page.form.query)
    back = {task.pk for task in changed if task.is_back}
    placed = places(request.user, page, [card for card in cards if card.task.pk in back])
    if placed.pop(None, None) and has_to_show:
        return HttpResponseClientRefresh()
    days = {now.day, *(localdate(task.created_at) for task in [*gone, *changed] if task in gone or task.pk in back)}
    context |= sort(request, page, [card for card in cards if card.task.pk not in back], since) | now.context
    context |= {"gone": gone, "places": placed, "held": held(request.user, page), "filters": page.form}
    return render(request, template, context | {"days": feed.heads(request.user, page.form, days)})


def is_back(user):
    """An annotation: whether this person sees a task again since a moment ago, so that a page may lack its card."""
    seen_again = Q(kind=Event.Kind.RESTORED)
    if not user.is_admin:
        seen_again |= Q(kind=Event.Kind.SHOWN) & ~Q(task__author=user)
    lately = current_time() - BACK_WITHIN
    return Exists(Event.objects.filter(seen_again, task=OuterRef("pk"), at__gt=lately))


def places(user, page, cards):
    """(id of what they belong beside or in, where) → cards, newest first. None for those alone on an earlier day."""
    pks, found = [card.task.pk for card in cards], {}
    for card in looked_for(user, page, cards):
        place = feed.neighbour(user, page.form, card.task, absent=pks)
        today = ("grid", "afterbegin") if localdate(card.task.created_at) == localdate() else None
        found.setdefault((f"task-{place[0]}", place[1]) if place else today, []).append(card)
    return found


def of_one(request, page):
    """What has changed on the page of one task. If it is out of sight by now, the page is loaded anew."""
    now = Live.now(request, page.task)
    changed = Task.objects.changed_since(page.seen).filter(pk=page.task)
    if changed.hidden_from(request.user).exists():
        return HttpResponseClientRefresh()
    task = changed.visible_to(request.user).for_cards(request.user).with_lately_charged().first()
    return render(request, "tasks/on_change.html", now.context | (sheet(request, task) if task else {}))


def sort(request, page, cards, since):
    """The cards by what a page does with them: put at the top, change, move up in line."""

    def is_known(card):
        return card.task.first_revision <= (page.seen if card.task.author == request.user else page.displayed_until)

    changed = [card for card in cards if card.task.revision > since]
    return {
        "new": top(request, page, [card for card in changed if not is_known(card)]),
        "changed": [card for card in changed if is_known(card)],
        "waiting": [card for card in cards if card.task.revision <= since],
    }


def top(request, page, cards):
    """Those of the new cards that are shown at once: all, or one's own that are looked for or were sent just now."""
    if not page.holds:
        return cards
    own = [card for card in cards if card.task.author == request.user]
    return own if request.method == "POST" else looked_for(request.user, page, own)


def looked_for(user, page, cards):
    """Those of the cards that the page's filters find."""
    if not page.filters or not cards:
        return cards
    found = page.form.filtered(Task.objects.filter(pk__in=[card.task.pk for card in cards]), user)
    pks = set(found.values_list("pk", flat=True))
    return [card for card in cards if card.task.pk in pks]


def held(user, page):
    """How many new cards of others wait to be shown."""
    if not page.holds:
        return 0
    others = Task.objects.visible_to(user).exclude(author=user).changed_since(page.displayed_until)
    return page.form.filtered(others.filter(first_revision__gt=page.displayed_until), user).count()
