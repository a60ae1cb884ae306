"""A moment of a film that somebody wants to go on from, as a picture."""

from django import forms

from generations.forms.uploads import take
from generations.modellix.inputs import Input

FIRST_FRAME = Input(  # what it is to become; how much a model takes, the composer asks once it knows the model
    name="frame",
    role="first_frame",
    label="First frame",
    help="",
    kind="image",
    many=False,
    maximum=1,
    max_bytes=None,
    by_address=True,
    embedded="data-uri",
    required=True,
)


class FrameForm(forms.Form):
    """A picture, kept for `owner`."""

    frame = forms.FileField(error_messages=dict.fromkeys(("required", "empty"), "The frame did not arrive. Try again."))

    def __init__(self, *args, owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean_frame(self):
        """The Upload that it becomes."""
        return take(self.owner, self.cleaned_data["frame"], FIRST_FRAME)
