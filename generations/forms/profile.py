from functools import cache
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.timezone import localdate

from generations import mail
from generations.forms.accounts import dress
from generations.models import User

LONGEST_UNDO = 10  # seconds
CONTINENTS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)


@cache
def time_zones():
    """Those that are named for places, as choices."""
    names = sorted(name for name in available_timezones() if name.split("/")[0] in CONTINENTS)
    studio = f"As the studio: {settings.TIME_ZONE}"
    return [("", studio), ("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


MAIL = ("mail", "Mail")
CHANNELS = [("browser", "Browser"), ("sound", "Sound"), MAIL]
WISHES = ("ready", "failed", "budget", "weekly")


def wishes(label, channels=CHANNELS):
    return forms.MultipleChoiceField(label=label, choices=channels, required=False, widget=forms.CheckboxSelectMultiple)


class EmailForm(forms.ModelForm):
    """The address with which a person signs in."""

    class Meta:
        model = User
        fields = ["email"]
        widgets = {"email": forms.EmailInput({"autocomplete": "email"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"email": "Email"})

    def save(self, commit=True):
        """allauth's notes of older addresses go: with those, one could sign in as well."""
        self.instance.emailaddress_set.all().delete()
        return super().save(commit)


class ProfileForm(forms.ModelForm):
    """What a person may change about themselves."""

    undo_seconds = forms.TypedChoiceField(
        coerce=int,
        choices=[
            (0, "Nothing: send at once"),
            (1, "1 second"),
            *[(seconds, f"{seconds} seconds") for seconds in range(2, LONGEST_UNDO + 1)],
        ],
        error_messages={"invalid_choice": f"Choose from 0 to {LONGEST_UNDO} seconds."},
    )

    theme = forms.ChoiceField(choices=User.Theme, required=False, widget=forms.RadioSelect)
    time_zone = forms.ChoiceField(choices=time_zones, required=False)
    ready = wishes("My generation is ready")
    failed = wishes("My generation failed or needs me")
    budget = wishes("My budget runs out", [MAIL])
    weekly = wishes("What the team made, each Monday", [MAIL])

    class Meta:
        model = User
        fields = ["name", "undo_seconds", "has_shortcuts", "theme", "time_zone"]
        widgets = {"name": forms.TextInput({"autocomplete": "name", "class": "input"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("undo_seconds", "time_zone"):
            self.fields[name].widget.attrs["class"] = "input"
        if self.instance.is_viewer:
            del self.fields["undo_seconds"]  # they order nothing
        self.fields["has_shortcuts"].widget.attrs["role"] = "switch"
        self._ask_for_wishes()

    def _ask_for_wishes(self):
        """Viewers order nothing, so there is nothing of theirs to tell; without a mail server there is no mail."""
        if self.instance.is_admin:
            self.fields["budget"].label = "A budget runs out, mine or another"
        for name in WISHES:
            field = self.fields[name]
            field.initial = [way for way, _ in field.choices if self.instance.wishes_for(name, way)]
            if not mail.is_set_up():
                field.choices = [choice for choice in field.choices if choice != MAIL]
            if not field.choices or (self.instance.is_viewer and name != "weekly"):
                del self.fields[name]

    @property
    def wishes(self):
        """The fields that ask what to be told of."""
        return [self[name] for name in WISHES if name in self.fields]

    def save(self, commit=True):
        """What is not asked stays as it is. The first weekly mail comes when a week is over."""
        asked = {f"{name}:{way}" for name in WISHES if name in self.fields for way, _ in self.fields[name].choices}
        kept = [wish for wish in self.instance.wishes if wish not in asked]
        chosen = [f"{name}:{way}" for name in WISHES for way in self.cleaned_data.get(name, [])]
        if "weekly:mail" in chosen and not self.instance.wishes_for("weekly", "mail"):
            self.instance.digest_of = localdate()
        self.instance.wishes = kept + chosen
        return super().save(commit)
