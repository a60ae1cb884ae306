"""Whether the ledger is right: whether its lines add up to what the orders say, for each order and for all."""

from django.db.models import F, Sum

from generations.models.entry import ZERO, Entry, exact
from generations.models.task import Task

BATCH = 2000


def mistakes():
    """A sentence for each thing that is wrong. Nothing may be ordered meanwhile: hold the Revision."""
    reserved = spent = ZERO
    for task in Task.objects.with_money().order_by("pk").iterator(BATCH):
        due, booked = task.due_money, task.booked_money
        reserved, spent = reserved + due.reserved, spent + due.spent
        if (due.reserved, due.spent) != (booked.reserved, booked.spent):
            yield (
                f"Task {task.pk} holds back {due.reserved} and cost {due.spent}; "
                f"the ledger says {booked.reserved} and {booked.spent}."
            )
    total = Entry.objects.aggregate(reserved=Sum("reserved"), spent=Sum("spent"))
    if (reserved, spent) != (exact(total["reserved"]), exact(total["spent"])):
        yield (
            f"All orders hold back {reserved} and cost {spent}; "
            f"the ledger says {exact(total['reserved'])} and {exact(total['spent'])}."
        )
    for pk in Entry.objects.exclude(person=F("task__author")).values_list("pk", flat=True):
        yield f"Line {pk} of the ledger is on another person than the one who ordered."
