"""Where a file came from: the card of a picture that somebody has on their desk, or was sent."""

from typing import NamedTuple

from django import forms
from django.conf import settings

from generations.forms.uploads import MEGABYTE, digest
from generations.media.marks import found_in
from generations.models import Output, Upload


class Origin(NamedTuple):
    """What a file is of ours: an Output, or an Upload that somebody gave as input. how: what we know it by."""

    found: Output | Upload
    how: str

    @property
    def is_output(self):
        return isinstance(self.found, Output)


def origin(file, outputs, uploads):
    """The Origin of an open file among these (querysets), or None.

    By its hash when it is as it was saved; else by our mark in it, of which we only know that it was once ours.
    """
    sha256 = digest(file)
    if output := outputs.saved().filter(sha256=sha256).order_by("-pk").first():
        return Origin(output, "It is the original, byte for byte.")
    if upload := uploads.filter(sha256=sha256).order_by("-pk").first():
        return Origin(upload, "Somebody of the team gave it as an input.")
    if not (mark := found_in(file)):
        return None
    task, position = mark
    output = outputs.saved().filter(task__provider_task_id=task, position=position).first()
    return output and Origin(output, "Found by the mark in it, which is all that we know it by.")


class OriginForm(forms.Form):
    """A file, to be looked at and not kept."""

    file = forms.FileField(
        error_messages={"required": "Choose a file first.", "empty": "This file is empty."},
        widget=forms.FileInput(attrs={"class": "input"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(f"At most {settings.UPLOAD_MAX_BYTES // MEGABYTE} MB can be looked at here.")
        return file

    def origin(self, user):
        """The Origin among what this person may see, or None."""
        return origin(self.cleaned_data["file"], Output.objects.visible_to(user), Upload.objects.visible_to(user))
