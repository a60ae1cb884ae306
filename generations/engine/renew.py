"""A file host that no longer gives a file out: the provider is asked for a fresh address before the file is given up.

The saver marks the file, the dispatcher reads the task once more within its budget, and the file is tried again. It is
lost when the host refused it for minutes and the provider knows no other address, never by one refusal: file hosts
are known to say "not found" of a file that is there a moment later.
"""

from datetime import timedelta

from django.utils import timezone

from generations.engine import poll
from generations.modellix.answers import TaskState
from generations.modellix.errors import KeyRefused, ModellixError, NotFound, SlowDown
from generations.models import Event, Output, Revision

REFUSALS = 5  # of a file that has no other address, before it is lost: those of the first six minutes (Output.DELAYS)


def record(task, answer, office):
    """Write down where the files of a finished task are now."""
    match answer:
        case TaskState():
            office.heard(answer.limits)
            readdress(task, [file.url for file in answer.resources])
        case NotFound():
            readdress(task, [])
        case KeyRefused() if poll.made_with_another_key(task):
            readdress(task, [])
        case KeyRefused():
            office.paused(answer)
            ask_again(task, poll.PATIENCE)
        case SlowDown():
            ask_again(task, timedelta(seconds=office.refused(answer)))
        case ModellixError():
            if answer.status is None:
                office.missed()
            ask_again(task, poll.PATIENCE)


def ask_again(task, delay):
    task.outputs.filter(status=Output.Status.REFUSED).update(not_before=timezone.now() + delay)


def readdress(task, urls):
    """The addresses as the provider knows them now, in the order of the files; few or none when it knows no more."""
    Revision.next()  # first, as everywhere, so that locks are taken in one order
    for output in task.outputs.filter(status=Output.Status.REFUSED):
        fresh = urls[output.position] if output.position < len(urls) else output.url
        if fresh != output.url:
            output.readdress(fresh)
        elif output.refusals < REFUSALS and not output.is_overdue:
            output.postpone(output.error)
        elif output.lose(output.error):
            text = f"file {output.position + 1}: {output.error}"
            Event.objects.create(kind=Event.Kind.FILE_LOST, task=task, text=text)
    if not task.settle_files():
        task.touch()
