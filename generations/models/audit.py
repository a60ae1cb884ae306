"""Whether the ledger is right: whether its lines add up, for each order, to what the order says itself.

Each line is of one order, so that sums of all are right when those of each are.
"""

from django.db import transaction
from django.db.models import F

from generations.models.entry import Entry
from generations.models.revision import Revision
from generations.models.task import Task

BATCH = 2000


def mistakes():
    """A list of sentences, one for each thing that is wrong. People may go on ordering meanwhile."""
    suspects = [task.pk for task in Task.objects.with_money().order_by("pk").iterator(BATCH) if not is_right(task)]
    found = []
    if suspects:
        with transaction.atomic():
            Revision.next()  # what moved while it was read is right when it is read again: now nothing moves
            again = Task.objects.with_money().filter(pk__in=suspects).order_by("pk")
            found = [told(task) for task in again if not is_right(task)]
    strange = Entry.objects.exclude(person=F("task__author")).values_list("pk", flat=True)
    return found + [f"Line {pk} of the ledger is on another person than the one who ordered." for pk in strange]


def is_right(task):
    due, booked = task.due_money, task.booked_money
    return (due.reserved, due.spent) == (booked.reserved, booked.spent)


def told(task):
    due, booked = task.due_money, task.booked_money
    return (
        f"Task {task.pk} holds back {due.reserved} and cost {due.spent}; "
        f"the ledger says {booked.reserved} and {booked.spent}."
    )
