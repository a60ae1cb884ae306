"""Watching an order: when to ask for its state, and what the answer means."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from generations.engine import provider
from generations.engine.learned import learn
from generations.modellix.errors import KeyRefused, ModellixError, NotFound, SlowDown

logger = logging.getLogger(__name__)

WORTH_A_LOOK = 0.1  # seconds, at the least, that a result has been waiting unseen, in expectation
SOONEST = 0.5  # seconds after the last look
LIKELY = 0.5  # probability of being ready from which a look goes before a submission
PATIENCE = timedelta(seconds=10)  # after a read that failed
VISIBLE_AFTER = timedelta(minutes=5)  # a fresh order may be unknown to a slow replica for so long
FAILURE_WORDS = "Modellix reports a failure without saying why."


def first_look(durations, worth):
    """Seconds after the acceptance; `worth` as pace.worth_a_look gives it."""
    return max(durations.next_look(0, max(worth, WORTH_A_LOOK)), SOONEST)


def next_look(task, durations, now, worth):
    """The moment of the next look at a task just seen unfinished."""
    age = max((now - task.accepted_at).total_seconds(), 0.0)
    return now + timedelta(seconds=max(durations.next_look(age, max(worth, WORTH_A_LOOK)) - age, SOONEST))


def rank(tasks, learned, now):
    """Those due, with the longest expected wait first: [(task, probability of being ready)]."""
    return [(task, ready) for _, ready, task in sorted((weigh(task, learned, now) for task in tasks), key=by_wait)]


def by_wait(weighed):
    return -weighed[0]


def weigh(task, learned, now):
    durations = learned.of(task)
    age = max((now - task.accepted_at).total_seconds(), 0.0)
    seen = min(max((task.last_poll_at - task.accepted_at).total_seconds(), 0.0), age) if task.last_poll_at else 0.0
    return durations.unseen(seen, age), durations.ready(seen, age), task


def read(provider_task_id):
    """Ask once, in a pool thread: a TaskState, or the error."""
    try:
        return provider.client().task(provider_task_id)
    except ModellixError as error:
        return error


def record(task, answer, office):
    """Write down what the read told."""
    now = timezone.now()
    match answer:
        case SlowDown():
            task.look_again(now + timedelta(seconds=office.refused(answer)))
        case NotFound() | KeyRefused() if made_with_another_key(task):
            task.look_again(now + VISIBLE_AFTER)  # only the old key can read it
        case NotFound() if not task.word and now - task.accepted_at < VISIBLE_AFTER:
            task.look_again(now + PATIENCE)
        case NotFound():
            task.expire(answer.message)
        case KeyRefused():
            office.paused(answer)
            task.look_again(now + PATIENCE)
        case ModellixError():
            if answer.status is None:
                office.missed()
            task.look_again(now + PATIENCE)
        case _:
            office.heard(answer.limits)
            record_state(task, answer, office, now)


def record_state(task, state, office, now):
    match state.status:
        case "succeeded" if state.resources:
            files = [{"url": file.url, "described": file.raw} for file in state.resources[: settings.SAVE_MAX_FILES]]
            if task.finish(files, state.ended_at, state.expires_at, state.charged, state.raw):
                learn(task, seconds_taken(task, state, now))
        case "succeeded":
            task.fail("Modellix calls it finished but gave no file.", "empty", state.charged, state.raw)
        case "failed":
            task.fail(state.error or FAILURE_WORDS, "provider", state.charged, state.raw)
        case "cancelled":
            task.be_cancelled(state.error or "Modellix cancelled it.", state.charged, state.raw)
        case _:
            if state.status == "processing":
                task.start(state.word)
            elif state.status == "unrecognised" and state.word != task.word:
                task.touch()  # its card shows the word
            task.look_again(next_look(task, office.learned.of(task), now, office.worth), state.word)


def seconds_taken(task, state, now):
    """By the provider's own clock; else to the middle between the last look that found it unfinished and this one."""
    if state.submitted_at and state.ended_at:
        return (state.ended_at - state.submitted_at).total_seconds()
    middle = now - (now - (task.last_poll_at or task.accepted_at)) / 2
    return (middle - task.accepted_at).total_seconds()


def made_with_another_key(task):
    return bool(task.key_fingerprint) and task.key_fingerprint != provider.fingerprint()
