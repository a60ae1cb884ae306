from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class OutputQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The files of what this person may see."""
        return self if user.is_active else self.none()

    def unsaved(self):
        return self.filter(status__in=[Output.Status.WAITING, Output.Status.SAVING])

    def savable(self):
        """Waiting for a save, or left behind by a saver that died; nearest deadline first."""
        now = timezone.now()
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.unsaved().filter(free, not_before__lte=now).order_by("deadline", "pk")


class Output(models.Model):
    """One resulting file: where it lies at the provider, until when, and what we keep of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Not saved yet"
        SAVING = "saving", "Being saved"
        SAVED = "saved", "Saved"
        LOST = "lost", "Lost"

    class Kind(models.TextChoices):
        IMAGE = "image", "Image"
        VIDEO = "video", "Video"
        AUDIO = "audio", "Audio"
        TEXT = "text", "Text"
        FILE = "file", "File"

    LEASE = timedelta(minutes=15)  # for one try at saving
    DELAYS = (5, 20, 60, 300, 1800)  # seconds before the next try; the last one repeats until the deadline

    task = models.ForeignKey("Task", models.CASCADE, related_name="outputs")
    position = models.PositiveSmallIntegerField()

    # At the provider
    url = models.TextField()  # may carry a signature: never logged, never shown
    deadline = models.DateTimeField()
    described = models.JSONField(default=dict, blank=True)  # its entry in the answer, raw

    # The saving
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)

    # What we keep: names in the default storage
    kind = models.CharField(max_length=8, choices=Kind, blank=True)
    mime = models.CharField(max_length=64, blank=True)
    original = models.CharField(max_length=255, blank=True)
    medium = models.CharField(max_length=255, blank=True)  # 1024 px on the longer side, WebP
    small = models.CharField(max_length=255, blank=True)  # 384 px
    color = models.CharField(max_length=7, blank=True)  # main colour, #rrggbb
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    duration = models.FloatField(null=True, blank=True)  # seconds
    size = models.PositiveBigIntegerField(null=True, blank=True)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)

    objects = OutputQuerySet.as_manager()

    class Meta:
        ordering = ["task", "position"]
        constraints = [models.UniqueConstraint(fields=["task", "position"], name="one_output_per_position")]
        indexes = [
            models.Index(fields=["deadline"], name="output_unsaved", condition=Q(status__in=["waiting", "saving"])),
            models.Index(fields=["sha256"], name="output_sha256"),
        ]

    def __str__(self):
        return f"output {self.position + 1} of task {self.task_id}"

    @property
    def is_saved(self):
        return self.status == self.Status.SAVED

    def claim(self):
        """Take it for one try at saving; False when somebody else has it or it is settled."""
        now = timezone.now()
        free = Output.objects.unsaved().filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=self.pk)
        taken = {"status": self.Status.SAVING, "tries": F("tries") + 1, "lease_until": now + self.LEASE}
        if not free.update(**taken):
            return False
        self.refresh_from_db()
        return True

    def store(self, **fields):
        """It is safe: names, kind, size and hash of what was kept."""
        fields |= {"status": self.Status.SAVED, "saved_at": timezone.now(), "lease_until": None, "error": ""}
        return self._settle(fields)

    def postpone(self, error):
        """This try failed; another follows after the next delay."""
        delay = self.DELAYS[min(self.tries, len(self.DELAYS)) - 1]
        not_before = timezone.now() + timedelta(seconds=delay)
        return self._settle(
            {"status": self.Status.WAITING, "lease_until": None, "error": error, "not_before": not_before}
        )

    def lose(self, error):
        """It is gone for good."""
        return self._settle({"status": self.Status.LOST, "lease_until": None, "error": error})

    def _settle(self, fields):
        mine = Output.objects.filter(pk=self.pk, status=self.Status.SAVING, tries=self.tries)
        return mine.update(**fields) == 1
