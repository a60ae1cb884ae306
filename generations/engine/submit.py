"""Sending an order: claim first, call second, record third. No machine ever sends an order twice.

claim()    the row becomes `submitting`, an Attempt is written, both committed      (loop thread)
post()     inputs in their places, fence, POST once, journal                       (pool thread, no database)
record()   the outcome becomes the row's next state                                (loop thread)
recover()  what a dead predecessor left in `submitting` becomes `pending` by the journal, else `unknown`
recall()   the same for `unknown`, each minute and on each machine: a journal lies on the disk of one
"""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from generations.engine import inputs, journal, provider, trace
from generations.engine.poll import first_look
from generations.modellix.answers import Accepted
from generations.modellix.client import forms_to_try
from generations.modellix.errors import (
    KeyRefused,
    ModellixError,
    NoCredit,
    NotSent,
    Refused,
    RouteUnknown,
    SlowDown,
)
from generations.models import Attempt, Provider, Task

logger = logging.getLogger(__name__)

USUAL = (0.1, 0.5, 0.9)  # percentiles that people are told
OLDEST_CLAIM = 10  # seconds after which a claim is not acted upon any more
LONGEST_POST = timedelta(seconds=120)  # after which no POST of ours can be under way
UNREADABLE_WAIT = 60  # seconds before trying again, when our storage does not give out an input
CONCURRENCY_WAIT = 3  # seconds before asking again, when the provider has no room for another task


@dataclass(frozen=True)
class Order:
    """All that a pool thread needs to send one attempt."""

    task_pk: int
    attempt: int
    slug: str
    type: str
    body: dict
    parts: dict  # what to put into the body for its inputs
    form: str
    webhook_url: str | None
    claimed: float  # by the monotonic clock


class Withdrawn(ModellixError):
    """The fence was closed: nothing was sent."""


class Unprepared(ModellixError):
    """An input could not be put into its place: nothing was sent."""


def claim(task, epoch):
    """Take the task for its next attempt: (Attempt, Order), or None when it is no longer waiting."""
    parts = inputs.parts(task)
    attempt = task.claim(epoch, next_form(task), sent=inputs.told(task.body, parts))
    if attempt is None:
        return None
    order = Order(
        task.pk,
        attempt.number,
        task.model_slug,
        task.model_type,
        task.body,
        parts,
        attempt.form,
        webhook_url(attempt),
        time.monotonic(),
    )
    return attempt, order


def webhook_url(attempt):
    """Where Modellix may tell of the end; it calls public https addresses only, and a simulator this machine."""
    if settings.PUBLIC_URL.startswith("https://") or (settings.PUBLIC_URL and provider.is_local()):
        return settings.PUBLIC_URL + reverse("hook", args=[attempt.hook_token])
    return None


def next_form(task):
    """The path form to try: the first that this task has not yet seen refused."""
    forms = forms_to_try(settings.MODELLIX_SUBMIT_PATH, Provider.current().submit_form, task.model_type)
    return next((form for form in forms if form not in refused_forms(task)), "plain")


def refused_forms(task):
    return set(
        task.attempts.filter(outcome=Attempt.Outcome.REFUSED, http_status__in=[404, 405]).values_list("form", flat=True)
    )


def post(order, term):
    """Send it, once: Accepted, or the error that tells what became of it. The id is on disk before this returns."""
    try:
        body = inputs.filled(order.body, order.parts)
    except inputs.Unreadable as error:
        return Unprepared(str(error))
    if not term.may_send or time.monotonic() - order.claimed > OLDEST_CLAIM:
        return Withdrawn("The lease was no longer certain.")
    try:
        how = {"form": order.form, "type": order.type, "webhook_url": order.webhook_url}
        accepted = provider.client().submit(order.slug, body, **how)
    except ModellixError as error:
        return error
    except ValueError as error:  # not a request that could be sent at all
        return Refused(str(error))
    try:
        journal.write(order.task_pk, order.attempt, accepted.task_id)
    except OSError:
        logger.critical("The journal cannot be written. Task %s was accepted as %s.", order.task_pk, accepted.task_id)
    return accepted


def record(task, attempt, outcome, office):
    """Write down what became of the attempt. `office` is told what the outcome means for others."""

    def put_back(hold, delay, result):
        not_before = timezone.now() + timedelta(seconds=delay)
        task.put_back(attempt, hold, not_before, result, outcome.message, **raw(outcome))

    match outcome:
        case Accepted() if Attempt.objects.filter(provider_task_id=outcome.task_id).exclude(pk=attempt.pk).exists():
            task.lose_track(attempt, "Modellix gave it the id of another task.", answer=outcome.raw)
        case Accepted():
            own, durations = office.learned.own(task), office.learned.of(task)
            usual = own and [own.quantile(share) for share in USUAL]
            answer = {"answer": outcome.raw, "http_status": outcome.http_status}
            task.accept(
                attempt, outcome.task_id, provider.fingerprint(), first_look(durations, office.worth), usual, **answer
            )
            office.heard(outcome.limits, submit_form=attempt.form)
        case Withdrawn():
            put_back(Task.Hold.NONE, 0, Attempt.Outcome.WITHDRAWN)
        case Unprepared():
            put_back(Task.Hold.INPUTS, UNREADABLE_WAIT, Attempt.Outcome.WITHDRAWN)
        case NotSent():
            put_back(Task.Hold.UNREACHABLE, office.missed(), Attempt.Outcome.NOT_SENT)
        case SlowDown():
            hold = Task.Hold.RUNNING if outcome.scope == "running" else Task.Hold.RATE
            put_back(hold, office.refused(outcome), Attempt.Outcome.THROTTLED)
        case KeyRefused() | NoCredit():
            office.paused(outcome)
            put_back(Task.Hold.PAUSED, 0, Attempt.Outcome.REFUSED)
        case RouteUnknown() if another_form(task, attempt):
            put_back(Task.Hold.ROUTE, 0, Attempt.Outcome.REFUSED)
        case Refused():
            task.refuse(attempt, outcome.message, f"http_{outcome.status or 400}", **raw(outcome))
            office.heard()
        case _:
            task.lose_track(attempt, outcome.message, **raw(outcome))


def another_form(task, attempt):
    """Whether a path form is left that this task has not yet seen refused."""
    forms = forms_to_try(settings.MODELLIX_SUBMIT_PATH, Provider.current().submit_form, task.model_type)
    return bool(set(forms) - refused_forms(task) - {attempt.form})


def raw(error):
    return {"answer": error.raw, "http_status": error.status}


def recover(epoch):
    """The first act of a new holder: settle what predecessors left between claim and record."""
    settle(Attempt.objects.unclear().exclude(outcome=Attempt.Outcome.SENDING, epoch=epoch))


def recall():
    """Settle what a dispatcher on another machine had to call unclear, because the line is in our journal."""
    settle(Attempt.objects.unclear().filter(outcome=Attempt.Outcome.UNKNOWN))


def settle(attempts):
    """By the journal it was bought; without a line we cannot tell (and an unclear one stays so)."""
    attempts = attempts.select_related("task")
    accepted = journal.read() if attempts else {}
    for attempt in attempts:
        if provider_task_id := accepted.get((attempt.task_id, attempt.number)):
            trace.attach(attempt, provider_task_id)
        elif attempt.outcome == Attempt.Outcome.SENDING:
            attempt.task.lose_track(attempt, "The worker stopped while sending.")


def give_up_lost_posts(epoch, flying):
    """Our own claims that no thread is sending any more: whatever happened, it was not recorded."""
    stale = Attempt.objects.unclear().filter(outcome=Attempt.Outcome.SENDING, epoch=epoch)
    settle(stale.filter(started_at__lt=timezone.now() - LONGEST_POST).exclude(task__in=flying))
