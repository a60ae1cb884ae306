"""Finding out what became of an unclear order: by the journal, by a webhook, by an id that a person found.

A hint is never believed by itself. It is asked after with our key, and must fit: readable, not the id of another
attempt, and submitted when we sent. (What the provider calls the model in its answers is too unreliable to compare.)
"""

from datetime import timedelta

from generations.engine import provider
from generations.modellix.answers import TaskState
from generations.modellix.errors import KeyRefused, NotFound
from generations.models import Attempt, Event, Task

EARLIEST, LATEST = timedelta(minutes=10), timedelta(hours=1)  # of the submission around our claim: clocks differ


def attach(attempt, provider_task_id):
    """It is bought and this is its id: the task goes on with it, or a task of its own if it went on without."""
    if Task.objects.filter(provider_task_id=provider_task_id).exists():
        return
    if attempt.task.hold == Task.Hold.APPROVAL:
        attempt.task.stop_asking()
    if not attempt.task.accept(attempt, provider_task_id, provider.fingerprint()):
        Task.adopt(attempt, provider_task_id, provider.fingerprint())


def record(attempt, answer, office):
    """What the provider says of a hinted id. Anything but a clear word leaves the hint for later."""
    match answer:
        case TaskState() if fits(attempt, answer):
            attach(attempt, attempt.hinted_id)
        case TaskState():
            drop(attempt, "That id is another order's.")
        case NotFound():
            drop(attempt, "Modellix does not know that id.")
        case KeyRefused():
            drop(attempt, answer.message)


def fits(attempt, state):
    if Attempt.objects.filter(provider_task_id=state.task_id).exclude(pk=attempt.pk).exists():
        return False
    if state.submitted_at is None:
        return True
    return attempt.started_at - EARLIEST <= state.submitted_at <= attempt.started_at + LATEST


def drop(attempt, text):
    Event.objects.create(kind=Event.Kind.CHECKED, task=attempt.task, actor=attempt.hinted_by, text=text)
    attempt.drop_hint()
    attempt.task.touch()
