from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import models
from django.db.models import Q
from django.urls import reverse

from generations.models.output import Output


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What this person may see and use: their own, and what the team has seen. Admins see all."""
        if not user.is_active:
            return self.none()
        return self if user.is_admin else self.filter(Q(owner=user) | Q(is_shown=True))

    def show(self):
        """Let the team see them: they went into an order, or into a preset for the team."""
        self.filter(is_shown=False).update(is_shown=True)

    def hide(self):
        """Show them to their owners and admins alone: all that used them is private by now."""
        self.filter(is_shown=True).update(is_shown=False)


class Upload(models.Model):
    """A picture, film or sound that a person gave as input: checked where it came in (forms/uploads.py), then kept.

    The same file given twice is one Upload of that person.
    """

    OPEN_FOR = timedelta(hours=6)  # how long the provider may fetch it from our own address

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads")
    name = models.CharField(max_length=255)  # what its owner calls it
    saved_at = models.DateTimeField(auto_now_add=True)
    is_shown = models.BooleanField("seen by the team", default=False)  # until then it only lies in a composer

    # What it is, and names in the default storage
    kind = models.CharField(max_length=8, choices=Output.Kind)
    mime = models.CharField(max_length=64)
    original = models.CharField(max_length=255)
    medium = models.CharField(max_length=255, blank=True)  # 1024 px on the longer side, WebP
    small = models.CharField(max_length=255, blank=True)  # 384 px
    color = models.CharField(max_length=7, blank=True)  # main colour, #rrggbb
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    duration = models.FloatField(null=True, blank=True)  # seconds
    frame_rate = models.FloatField(null=True, blank=True)  # frames a second
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["owner", "sha256"], name="one_upload_per_person_and_file")]

    def __str__(self):
        return self.name

    @property
    def extension(self):
        return self.original.rpartition(".")[2]

    @staticmethod
    def are_reachable():
        """Whether the provider can fetch uploads from our own address."""
        return settings.PUBLIC_URL.startswith("https://")

    def public_url(self):
        """An address for anybody who holds it, for OPEN_FOR from now on. ASCII, with the right ending."""
        name = f"{self.sha256[:12]}.{self.extension}"
        return settings.PUBLIC_URL + reverse("input", args=[signer().sign(self.pk), name])

    @classmethod
    def signed(cls, token):
        """The Upload of a public address; None when that is over, or was never ours."""
        try:
            pk = signer().unsign(token, max_age=cls.OPEN_FOR)
        except BadSignature:
            return None
        return cls.objects.filter(pk=pk).first()


def signer():
    return TimestampSigner(salt="upload")
