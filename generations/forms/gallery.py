from datetime import timedelta
from math import ceil

from django import forms
from django.contrib.auth.hashers import check_password
from django.template.defaultfilters import pluralize

from generations.models import Guess


class PasswordForm(forms.Form):
    """The password of a link, as somebody at `address` (a keyed hash of it) tries it."""

    password = forms.CharField(
        max_length=128,  # hashing a longer one would be work for nothing
        strip=False,
        error_messages={"required": "Type the password that came with the link."},
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, link, address, data=None):
        self.link, self.address = link, address
        super().__init__(data)

    def clean_password(self):
        """Counted first, compared second: tries that come at once cannot get past the limit together."""
        password = self.cleaned_data["password"]
        left = Guess.take(self.link, self.address)
        if left is None:
            raise forms.ValidationError(f"Too many tries. Try again in {self.minutes}.", code="paused")
        if not check_password(password, self.link.password):
            raise forms.ValidationError(f"Not that one. {told(left)}")
        Guess.give_back(self.link, self.address)
        return password

    @property
    def is_paused(self):
        return self.has_error("password", "paused")

    @property
    def minutes(self):
        minutes = ceil(Guess.pause(self.link, self.address) / timedelta(minutes=1))
        return f"{minutes} minute{pluralize(minutes)}"


def told(left):
    minutes = Guess.PAUSE // timedelta(minutes=1)
    if not left:
        return f"That was the last try for {minutes} minutes."
    return f"{left} {'try' if left == 1 else 'tries'} left before a {minutes}-minute pause."
