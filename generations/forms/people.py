from django import forms

from generations.models import Invitation, User


class InviteForm(forms.ModelForm):
    """Whom to invite, as what."""

    class Meta:
        model = Invitation
        fields = ["email", "role"]
        widgets = {"email": forms.EmailInput({"class": "input", "autocomplete": "off"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].widget.attrs["class"] = "input"

    def clean_email(self):
        email = User.objects.normalize_email(self.cleaned_data["email"]).lower()
        if email and User.objects.filter(email=email).exists():
            raise forms.ValidationError("Somebody with this email is already in the team.")
        return email


class PersonForm(forms.ModelForm):
    """What an admin decides for one person."""

    class Meta:
        model = User
        fields = ["role", "budget"]

    def __init__(self, *args, is_own=False, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        self.fields["role"].help_text = ""
        self.fields["role"].disabled = is_own  # nobody locks themselves out
