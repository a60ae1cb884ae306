from django import forms

from generations.models import User

LONGEST_UNDO = 10  # seconds


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

    class Meta:
        model = User
        fields = ["name", "undo_seconds", "has_shortcuts"]
        widgets = {"name": forms.TextInput({"autocomplete": "name", "class": "input"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["undo_seconds"].widget.attrs["class"] = "input"
        if self.instance.is_viewer:
            del self.fields["undo_seconds"]  # they order nothing
        self.fields["has_shortcuts"].widget.attrs["role"] = "switch"
