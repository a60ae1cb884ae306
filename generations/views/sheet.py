"""All that the page of one generation tells."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils.timezone import now

from generations.modellix import catalogue, labels, sizes
from generations.modellix.inputs import inputs
from generations.modellix.pricing import Estimate
from generations.models import Attempt, Event, Upload
from generations.templatetags.studio import span
from generations.views.cards import deck
from generations.views.links import box

TOLD_ELSEWHERE = (Event.Kind.SHARED, Event.Kind.UNSHARED, Event.Kind.FILE_SAVED)
WORDLESS = (Event.Kind.ACCEPTED, Event.Kind.SAVED)  # their text is the task's id, the number of files


@dataclass(frozen=True)
class Moment:
    """One line of the timeline: when, what, and what else there is to say."""

    at: datetime
    title: str
    detail: str


def sheet(request, task, number=1):
    """The context of tasks/task.html, with the `number`th saved file (from 1) on the stage."""
    (card,) = deck(request.user, [task])
    files = card.files
    number = min(max(number, 1), len(files) or 1)
    return (box(request, task) if card.may_change else {}) | {
        "task": task,
        "card": card,
        "files": files,
        "file": files[number - 1] if files else None,
        "number": number,
        "parameters": parameters(task),
        "given": given(task),
        "timeline": timeline(task),
        "setbacks": task.attempts.exclude(outcome__in=[Attempt.Outcome.ACCEPTED, Attempt.Outcome.SENDING]),
        "checked": task.events.filter(kind=Event.Kind.CHECKED).first(),
        "seconds_to_decision": seconds_to_decision(task),
        "estimate": task.price_maximum and Estimate(task.price_minimum, task.price_maximum),
        "double_price": task.price_maximum and task.price_maximum * 2,
    }


def parameters(task):
    """(label, value) of what was ordered, in plain words; the prompt has its own place."""
    provider = catalogue.provider_name(task.model_slug.partition("/")[0])
    sent = [(labels.label(name, task.kind), plain(value)) for name, value in task.body.items() if name != "prompt"]
    return [("Model", task.model_name), ("Provider", provider), *sent]


def given(task):
    """(label, uploads) for each parameter that took files."""
    model, uploads = catalogue.find(task.model_slug), Upload.objects.in_bulk(task.upload_pks) if task.inputs else {}
    known = {taken.name: taken.label for taken in inputs(model)} if model else {}
    pks = {name: value if isinstance(value, list) else [value] for name, value in task.inputs.items()}
    return [(known.get(name, name), [uploads[pk] for pk in found]) for name, found in pks.items()]


def plain(value):
    """A parameter's value as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    size = sizes.parse(value)
    return f"{size[0]} × {size[1]}" if size else str(value)  # noqa: RUF001


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
