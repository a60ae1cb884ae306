"""Watching an order: ask for its state, write down what is new."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from generations.engine import provider
from generations.modellix.errors import KeyRefused, ModellixError, NotFound, SlowDown
from generations.models import Task

logger = logging.getLogger(__name__)

INTERVAL = timedelta(seconds=2)
PATIENCE = timedelta(seconds=10)  # after a read that failed
VISIBLE_AFTER = timedelta(minutes=5)  # a fresh order may be unknown to a slow replica for so long
FAILURE_WORDS = "Modellix reports a failure without saying why."


def read(provider_task_id):
    """Ask once, in a pool thread: a TaskState, or the error."""
    try:
        return provider.client().task(provider_task_id)
    except ModellixError as error:
        return error


def record(task, answer, office):
    """Write down what the read told."""
    match answer:
        case SlowDown():
            task.look_again(timezone.now() + timedelta(seconds=office.refused(answer)))
        case KeyRefused():
            office.paused(answer)
            task.look_again(timezone.now() + PATIENCE)
        case NotFound():
            record_missing(task, answer)
        case ModellixError():
            office.missed()
            task.look_again(timezone.now() + PATIENCE)
        case _:
            office.heard()
            record_state(task, answer)


def record_state(task, state):
    match state.status:
        case "succeeded" if state.resources:
            files = [{"url": file.url, "described": file.raw} for file in state.resources[: settings.SAVE_MAX_FILES]]
            task.finish(files, state.ended_at, state.expires_at, state.charged, state.raw)
        case "succeeded":
            task.fail("Modellix calls it finished but gave no file.", "empty", state.charged, state.raw)
        case "failed":
            task.fail(state.error or FAILURE_WORDS, "provider", state.charged, state.raw)
        case "cancelled":
            task.be_cancelled(state.error or "Modellix cancelled it.", state.charged, state.raw)
        case _:
            if state.status == "processing":
                task.start(state.word)
            task.look_again(timezone.now() + INTERVAL)


def record_missing(task, answer):
    """404: too early to be seen, made with another key, or gone."""
    if task.key_fingerprint and task.key_fingerprint != provider.fingerprint():
        task.look_again(timezone.now() + VISIBLE_AFTER)  # only the old key can read it
    elif task.last_poll_at is None and timezone.now() - task.accepted_at < VISIBLE_AFTER:
        Task.objects.filter(pk=task.pk).update(next_poll_at=timezone.now() + PATIENCE)
    else:
        task.expire(answer.message)
