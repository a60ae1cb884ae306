from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.db import transaction

from generations.engine import addresses  # the same rules when it is saved as when it is called
from generations.models import Event, Webhook


class WebhookForm(forms.ModelForm):
    """Where to call, and about what."""

    address = forms.URLField(max_length=500, assume_scheme="https")
    events = forms.MultipleChoiceField(
        choices=Webhook.Event.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Webhook
        fields = ["address", "events", "is_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["address"].widget.attrs |= {"class": "input", "placeholder": "https://"}
        self.fields["is_on"].widget.attrs["role"] = "switch"

    def clean_address(self):
        address = self.cleaned_data["address"]
        try:
            addresses.check_url(address, local=settings.DEBUG)
            parts = urlsplit(address)
            addresses.checked_address(parts.hostname, parts.port or 443, local=settings.DEBUG)
        except addresses.Unsafe as error:
            raise forms.ValidationError("Only https addresses of the public internet are called.") from error
        except addresses.FetchError as error:
            raise forms.ValidationError("No machine of this name can be found.") from error
        return address

    def save_by(self, actor):
        """Save it, with a line of history where something changed."""
        is_first = self.instance._state.adding
        with transaction.atomic():
            saved = self.save()
            if is_first or self.changed_data:
                text = "; ".join(self._changes(["address", "events", "is_on"] if is_first else self.changed_data))
                Event.objects.create(kind=Event.Kind.WEBHOOK, actor=actor, text=text)
        return saved

    def _changes(self, names):
        """What is new, in words. Of the address the host alone: its path may be a secret of somebody else's."""
        kept = self.cleaned_data
        words = {
            "address": f"address at {urlsplit(kept['address']).hostname}",
            "events": f"calls for {', '.join(kept['events']) or 'nothing'}",
            "is_on": "switched on" if kept["is_on"] else "switched off",
        }
        return [words[name] for name in names]
