from urllib.parse import urlsplit

from django import forms
from django.conf import settings

from generations.engine import addresses  # the same rules when it is saved as when it is called
from generations.models import Webhook


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
