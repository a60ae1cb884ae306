"""In which states an order can be, why it waits, and what became of the money."""

from django.db import models


class Status(models.TextChoices):
    QUEUED = "queued", "Waiting"
    SUBMITTING = "submitting", "Sending"
    PENDING = "pending", "In line"
    PROCESSING = "processing", "Being made"
    SAVING = "saving", "Saving"
    DONE = "done", "Saved"
    PARTIAL = "partial", "Partly saved"
    UNKNOWN = "unknown", "Outcome unknown"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Expired"
    CANCELLED = "cancelled", "Cancelled"


class Hold(models.TextChoices):
    NONE = "", "Its turn has not come"
    UNDO = "undo", "It can still be undone"
    RATE = "rate", "Modellix allows so many requests a minute"
    RUNNING = "running", "Modellix allows so many at once"
    PAUSED = "paused", "Sending is paused"
    UNREACHABLE = "unreachable", "Modellix cannot be reached"
    ROUTE = "route", "Trying the other address form"
    INPUTS = "inputs", "Its files are not at Modellix yet"
    APPROVAL = "approval", "An admin has to agree"


class Spent(models.TextChoices):
    NOTHING_YET = "", "Nothing yet"
    NO = "no", "Not charged"
    YES = "yes", "Charged"
    UNKNOWN = "unknown", "Not known"


UNFINISHED = (Status.QUEUED, Status.SUBMITTING, Status.PENDING, Status.PROCESSING, Status.SAVING)
CLOSED = (Status.DONE, Status.PARTIAL, Status.FAILED, Status.EXPIRED, Status.CANCELLED)
CLAIMABLE = tuple(hold for hold in Hold if hold != Hold.APPROVAL)  # what is sent once its time has come
WATCHED = (Status.PENDING, Status.PROCESSING, Status.FAILED)  # where next_poll_at says when, if at all
