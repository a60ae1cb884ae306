"""All that the page of one generation tells."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.http import QueryDict
from django.utils.timezone import now

from generations.forms.compare import MOST
from generations.forms.feed import FeedForm, is_pk
from generations.modellix import catalogue
from generations.modellix.inputs import inputs
from generations.modellix.pricing import Estimate
from generations.models import Attempt, Collection, Event, Favourite, Rating, Task, Upload
from generations.templatetags.studio import span
from generations.views.cards import deck
from generations.views.collecting import holders
from generations.views.filmstrip import strip, within
from generations.views.lineage import family
from generations.views.link_box import box
from generations.views.numbers import whole
from generations.views.parameters import parameters, provider
from generations.views.recipe import Recipe
from generations.views.transcript import transcript

TOLD_ELSEWHERE = (Event.Kind.SHARED, Event.Kind.RESHARED, Event.Kind.UNSHARED, Event.Kind.FILE_SAVED)
WORDLESS = (Event.Kind.ACCEPTED, Event.Kind.SAVED)  # their text is the task's id, the number of files


@dataclass(frozen=True)
class Moment:
    """One line of the timeline: when, what, and what else there is to say."""

    at: datetime
    title: str
    detail: str


def sheet(request, task, page=None):
    """The context of tasks/task.html. `page` is the query of its address: which file, among which tasks.

    Without it htmx tells which page it is that changes.
    """
    page = addressed(request) if page is None else page
    (card,) = deck(request.user, [task])
    files = task.files
    number = min(max(whole(page.get("file")) or 1, 1), len(files) or 1)
    found, feed, relatives = given(task), FeedForm(page), family(request.user, task)
    around = opened_from(request.user, feed, files[number - 1] if files else None)
    around = around or strip(
        task, number, feed.filtered(Task.objects.visible_to(request.user), request.user), feed.query
    )
    return ({} if request.user.is_viewer else box(request, task=task)) | {
        "task": task,
        "card": card,
        "files": files,
        "file": files[number - 1] if files else None,
        "number": number,
        "strip": around,
        "feed_query": feed.query,
        "sought": feed.asked.get("q", ""),
        "opinion": opinion(request.user, files[number - 1]) if files else None,
        "tags": files[number - 1].tags.all() if files else [],
        "holders": holders(request.user, files[number - 1]) if files else [],
        "address": urljoin(
            settings.PUBLIC_URL or request.build_absolute_uri("/"),
            around.own[-1 if around.collection else number - 1].url,
        ),
        "transcript": transcript(files[number - 1]) if files else None,
        "provider_name": provider(task),
        "parameters": parameters(task),
        "given": [(label, uploads) for _, label, uploads in found],
        "recipe": Recipe(task, [(name, uploads) for name, _, uploads in found]),
        "family": relatives,
        "peers": peers(files, number, relatives)[: MOST - 1],
        "timeline": timeline(task),
        "setbacks": task.attempts.exclude(outcome__in=[Attempt.Outcome.ACCEPTED, Attempt.Outcome.SENDING]),
        "checked": task.events.filter(kind=Event.Kind.CHECKED).first(),
        "seconds_to_decision": seconds_to_decision(task),
        "estimate": estimate(task.price_minimum, task.price_maximum),
        "price_again": estimate(task.price_now["price_minimum"], task.price_now["price_maximum"]),
        "double_price": task.price_maximum and task.price_maximum * 2,
    }


def estimate(minimum, maximum):
    return maximum and Estimate(minimum, maximum)


def opened_from(user, feed, file):
    """The Strip of the one collection that the address names and nothing beside it; None for any other address."""
    pks = feed.asked.get("collection", ())
    found = (
        Collection.objects.visible_to(user).filter(pk__in=filter(is_pk, pks)).first() if len(feed.asked) == 1 else None
    )
    return within(found, file, user) if found and file and len(pks) == 1 else None


def opinion(user, file):
    """(whether they like it, their stars): what one person thinks of a file."""
    return bool(Favourite.of(user, [file])), Rating.of(user, [file]).get(file.pk, 0)


def peers(files, number, relatives):
    """The files to compare the `number`th with: those of the same press by other models, else its own siblings."""
    others = [each.files[0] for each in relatives.siblings if each.files]
    return others or [file for each, file in enumerate(files, 1) if each != number]


def addressed(request):
    """The query of the page that asks, as a QueryDict; empty when it does not say."""
    return QueryDict(urlsplit(request.htmx.current_url or "").query)


def given(task):
    """(name, label, uploads) for each parameter that took files."""
    model, uploads = catalogue.find(task.model_slug), Upload.objects.in_bulk(task.upload_pks) if task.inputs else {}
    known = {taken.name: taken.label for taken in inputs(model)} if model else {}
    pks = {name: value if isinstance(value, list) else [value] for name, value in task.inputs.items()}
    return [(name, known.get(name, name), [uploads[pk] for pk in found]) for name, found in pks.items()]


def timeline(task):
    """What happened to the task, in order, each with the time since the moment before."""
    events = [event for event in task.events.select_related("actor").order_by("pk") if event.kind not in TOLD_ELSEWHERE]
    first = [Moment(event.at, event.get_kind_display(), detail(event)) for event in events[:1]]
    return first + [
        Moment(event.at, event.get_kind_display(), detail(event, (event.at - before.at).total_seconds()))
        for before, event in pairwise(events)
    ]


def detail(event, seconds=None):
    """How long after the moment before, who did it, and what was said."""
    after = "" if seconds is None else f"After {span(seconds)}" if seconds >= 1 else "At once"
    actor = f"By {event.actor}" if event.actor else ""
    text = "" if event.kind in WORDLESS else event.text
    return ". ".join(filter(None, [after, actor, text]))


def seconds_to_decision(task):
    """How long until an unclear order may be sent again; None for any other task."""
    if task.status != task.Status.UNKNOWN:
        return None
    return max(round((task.may_be_sent_again_at - now()).total_seconds()), 0)
