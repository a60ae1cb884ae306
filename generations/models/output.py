from datetime import timedelta

from django.db import models, transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q
from django.utils import timezone

from generations.models.event import Event


class OutputQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The files of what this person may see: as Task.visible_to."""
        if not user.is_active:
            return self.none()
        kept = self.filter(task__binned_at=None)
        return kept if user.is_admin else kept.filter(Q(task__is_private=False) | Q(task__author=user))

    def saved(self):
        return self.filter(status=Output.Status.SAVED)

    def marked_for(self, user):
        """Each with `is_liked`: whether this person likes it."""
        return self.annotate(is_liked=Exists(Output.objects.filter(pk=OuterRef("pk"), favourites__person=user)))

    def unsaved(self):
        return self.filter(status__in=Output.UNSAVED)

    def free(self):
        """Waiting for a save, or left behind by a saver that died."""
        free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
        return self.unsaved().filter(free).exclude(status=Output.Status.REFUSED)

    def savable(self):
        """Those to be saved now; nearest deadline first."""
        return self.free().filter(not_before__lte=timezone.now()).order_by("deadline", "pk")

    def being_saved(self):
        """Claimed by a saver that is alive, as far as we know."""
        return self.filter(status=Output.Status.SAVING, lease_until__gte=timezone.now())

    def refused(self):
        """Those whose fresh address may be asked for now."""
        return self.unsaved().filter(status=Output.Status.REFUSED, not_before__lte=timezone.now())

    def outlived(self):
        """Saved files of what lies in the bin for too long to be restored, and was not being restored just then."""
        over = timezone.now() - Output.BINNED_FOR - Output.GRACE
        return self.saved().filter(task__binned_at__lte=over)

    def purged(self):
        """Those whose files are to be removed, and are not known to be gone."""
        return self.filter(status=Output.Status.PURGED).exclude(original="", medium="", small="")

    def safety(self, user):
        """What is not saved yet, in one query, as a dict.

        `count` files, the nearest deadline is `until`; of those that people have been warned of, this person is to
        worry about `risky` files, `risky_until`, with `used` percent of the time over: their own, admins about all.
        """
        risky = Q(warned__gt=0) if user.is_admin else Q(warned__gt=0, task__author=user)
        return (
            self.visible_to(user)
            .unsaved()
            .aggregate(
                count=Count("pk"),
                until=Min("deadline"),
                risky=Count("pk", filter=risky),
                risky_until=Min("deadline", filter=risky),
                used=Max("warned", filter=risky),
            )
        )


class Output(models.Model):
    """One resulting file: where it lies at the provider, until when, and what we keep of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Not saved yet"
        SAVING = "saving", "Being saved"
        REFUSED = "refused", "Its address is refused"  # until the dispatcher has asked for a fresh one
        SAVED = "saved", "Saved"
        LOST = "lost", "Lost"
        PURGED = "purged", "Removed from the bin"  # its names stay until its files are gone

    class Kind(models.TextChoices):
        IMAGE = "image", "Image"
        VIDEO = "video", "Video"
        AUDIO = "audio", "Audio"
        TEXT = "text", "Text"
        FILE = "file", "File"

    UNSAVED = (Status.WAITING, Status.SAVING, Status.REFUSED)
    BINNED_FOR = timedelta(days=30)  # as long as its task can be restored
    GRACE = timedelta(hours=1)  # for what began in time and waits for the database
    LEASE = timedelta(seconds=60)  # for which a saver that says nothing is believed to be at work
    DELAYS = (5, 20, 60, 300, 1800)  # seconds before the next try; the last one repeats until the deadline

    is_liked = False  # unless marked_for() has looked

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
    refusals = models.PositiveSmallIntegerField(default=0)  # how often the file host said that it is not there
    warned = models.PositiveSmallIntegerField(default=0)  # percent of its time that were over when people were told
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
    frame_rate = models.FloatField(null=True, blank=True)  # frames a second
    size = models.PositiveBigIntegerField(null=True, blank=True)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)

    objects = OutputQuerySet.as_manager()

    class Meta:
        ordering = ["task", "position"]
        constraints = [models.UniqueConstraint(fields=["task", "position"], name="one_output_per_position")]
        indexes = [
            # Of all rows, not of the unsaved alone: SQLite uses no partial index for "status IN (?, ?, ?)".
            models.Index(fields=["status", "deadline"], name="output_status"),
            models.Index(fields=["sha256"], name="output_sha256"),
        ]

    def __str__(self):
        return f"output {self.position + 1} of task {self.task_id}"

    @property
    def is_saved(self):
        return self.status == self.Status.SAVED

    @property
    def is_overdue(self):
        """Whether the provider may have thrown it away by now."""
        return timezone.now() > self.deadline

    @property
    def time_used(self):
        """Percent of the time between the finished task and the deadline, 0 to 100."""
        whole, left = self.deadline - self.task.finished_at, self.deadline - timezone.now()
        return min(max(100 * (1 - left / whole), 0), 100) if whole > timedelta() else 100

    # Verbs. Each changes the row only as this object knows it: nobody else has moved it since.

    def claim(self):
        """Take it for one try at saving; False when somebody else has it or it is settled."""
        taken = {
            "status": self.Status.SAVING,
            "tries": F("tries") + 1,
            "lease_until": timezone.now() + self.LEASE,
        }
        if not Output.objects.free().filter(pk=self.pk).update(**taken):
            return False
        self.refresh_from_db()
        return True

    def hold(self):
        """Still at work on it; False when it has passed to somebody else."""
        return self._settle({"lease_until": timezone.now() + self.LEASE})

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

    def refuse(self, error):
        """The file host says that it is not there: the provider is asked for a fresh address."""
        back = {"lease_until": None, "error": error, "not_before": timezone.now()}
        return self._settle({"status": self.Status.REFUSED, "refusals": F("refusals") + 1} | back)

    def readdress(self, url):
        """The provider names another address."""
        return self._settle({"status": self.Status.WAITING, "url": url, "not_before": timezone.now()})

    def lose(self, error):
        """It is gone for good."""
        return self._settle({"status": self.Status.LOST, "lease_until": None, "error": error})

    def retry(self, actor):
        """A person has mended what was in the way: its next try is due now. False when it is, or is under way."""
        now = timezone.now()
        later = Output.objects.free().filter(pk=self.pk, not_before__gt=now)
        if not later.exists():  # each number sends all open pages to look
            return False
        with transaction.atomic():
            self.task.touch()  # its page tells when the next try is
            if not later.update(not_before=now):
                return False
            text = f"file {self.position + 1}: to be saved now"
            Event.objects.create(kind=Event.Kind.RESUMED, task=self.task, actor=actor, text=text)
        return True

    def warn(self, percent):
        """So much of its time is over, and people are told; False when they know."""
        return Output.objects.unsaved().filter(pk=self.pk, warned__lt=percent).update(warned=percent) == 1

    def forget_files(self):
        """Its files are removed."""
        nameless = {"original": "", "medium": "", "small": ""}
        return Output.objects.filter(pk=self.pk, status=self.Status.PURGED).update(**nameless) == 1

    def _settle(self, fields):
        known = Output.objects.filter(pk=self.pk, status=self.status, tries=self.tries)
        return known.update(**fields) == 1
