from django.conf import settings
from django.db import models


class Event(models.Model):
    """One line of history: who or what changed what, and when. Rows are only ever added."""

    class Kind(models.TextChoices):
        ASKED = "asked", "Asked for"
        CLAIMED = "claimed", "Sending"
        WITHDRAWN = "withdrawn", "Not sent after all"
        ACCEPTED = "accepted", "Accepted by Modellix"
        HELD = "held", "Sent back to the queue"
        LOST_TRACK = "lost_track", "Outcome unknown"
        REFUSED = "refused", "Refused by Modellix"
        STARTED = "started", "Being made"
        SILENT = "silent", "No answer for long"
        GIVEN_UP = "given_up", "Stopped watching"
        FINISHED = "finished", "Finished at Modellix"
        SAVED = "saved", "Saved"
        FILE_SAVED = "file_saved", "File saved"
        FILE_FAILED = "file_failed", "File not saved yet"
        FILE_AT_RISK = "file_at_risk", "File not saved for long"
        FILE_LOST = "file_lost", "File lost"
        FAILED = "failed", "Failed at Modellix"
        EXPIRED = "expired", "Gone from Modellix"
        CANCELLED = "cancelled", "Cancelled"
        CHECKED = "checked", "Looked for at Modellix"
        SENT_AGAIN = "sent_again", "Sent again by a person"
        BINNED = "binned", "Put into the bin"
        RESTORED = "restored", "Taken out of the bin"
        HIDDEN = "hidden", "Made private"
        SHOWN = "shown", "Shown to the team"
        SHARED = "shared", "Shared"
        RESHARED = "reshared", "Link changed"
        UNSHARED = "unshared", "Link revoked"
        ASKED_APPROVAL = "asked_approval", "Waits for an admin to agree"
        APPROVED = "approved", "Approved"
        DENIED = "denied", "Not approved"
        ASKED_MORE = "asked_more", "Asked for more budget"
        BUDGET_NEAR = "budget_near", "Budget nearly used up"
        BUDGET_USED = "budget_used", "Budget used up"
        WEBHOOK = "webhook", "Webhook changed"
        PAUSED = "paused", "Sending paused"
        RESUMED = "resumed", "Sending resumed"

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=16, choices=Kind)
    task = models.ForeignKey("Task", models.CASCADE, null=True, blank=True, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["task", "id"]),
            models.Index(fields=["kind", "-id"], name="event_of_no_task", condition=models.Q(task=None)),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.text}".strip()
