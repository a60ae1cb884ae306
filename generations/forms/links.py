from django import forms
from django.conf import settings

from generations.models import Output, ShareLink


class LinkForm(forms.Form):
    """How long a new link to `task` stays open. The empty choice means until it is revoked."""

    LIFETIMES = ((1, "1 day"), (7, "7 days"), (30, "30 days"), (90, "90 days"), ("", "Until you revoke it"))

    days = forms.TypedChoiceField(
        label="Open for",
        choices=LIFETIMES,
        coerce=int,
        empty_value=None,
        required=False,
        initial=settings.SHARE_DAYS,
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, task, data=None):
        self.task = task
        super().__init__(data)

    def clean(self):
        if not self.task.outputs.filter(status=Output.Status.SAVED).exists():
            raise forms.ValidationError("Nothing of it is saved yet, so there is nothing to share.")

    def save(self, creator):
        return ShareLink.make(self.task, creator, self.cleaned_data["days"])
