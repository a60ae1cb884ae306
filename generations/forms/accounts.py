from allauth.account import forms as allauth
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from generations.accounts import has_admin
from generations.models import Revision, User

PASSWORD_HELP = f"At least {settings.PASSWORD_MIN_LENGTH} characters."


def dress(form, labels):
    """Give the fields our class, and labels by their names. A password is typed once: a button shows it.

    The first field has the focus; after an error the module invalid.js gives it to the field in question.
    """
    form.fields.pop("password2", None)
    if not form.is_bound:
        next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.widget.attrs.pop("placeholder", None)
        if not isinstance(field.widget, forms.CheckboxInput):
            field.widget.attrs["class"] = "input"
        if isinstance(field.widget, forms.PasswordInput):
            is_new = field.widget.attrs.get("autocomplete") == "new-password"
            field.help_text = PASSWORD_HELP if is_new else ""


class SignInForm(allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"remember": "Keep me signed in for 30 days"})
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["remember"].initial = True

    def add_error(self, field, error):
        """What is wrong with the pair is shown at the password."""
        super().add_error(field or "password", error)


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"oldpassword": "Current password", "password1": "New password"})


class ResetPasswordForm(allauth.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"email": "Email"})


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    """Behind the link of a reset mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"password1": "New password"})


class ConfirmForm(allauth.ReauthenticateForm):
    """Asks once more before what a stranger at an open browser must not do."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"password": "Password"})


def dress_code(form):
    """Its one field: digits, which a phone offers to fill in."""
    dress(form, {"code": "Code"})
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class CodeForm(second_step.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress_code(self)
        if not self.user.has_app:
            self.fields["code"].label = "Recovery code"


class ConfirmByCodeForm(second_step.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress_code(self)


class FirstCodeForm(totp.ActivateTOTPForm):
    """The code that shows that the app has the key."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress_code(self)


class JoinForm(forms.ModelForm):
    """Somebody who becomes one of the team."""

    password = forms.CharField(strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"}))

    class Meta:
        model = User
        fields = ["name", "email"]
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "email": forms.EmailInput({"autocomplete": "username"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"name": "Your name", "email": "Email"})

    def _post_clean(self):
        super()._post_clean()
        try:
            validate_password(self.cleaned_data.get("password", ""), self.instance)
        except forms.ValidationError as error:
            if "password" in self.cleaned_data:
                self.add_error("password", error)


class SetUpForm(JoinForm):
    """The first admin."""

    def make_admin(self):
        """The new admin; None when somebody else has become one meanwhile."""
        with transaction.atomic():
            Revision.next()  # the one lock that all writers share: who comes second finds the first
            if has_admin():
                return None
            return User.objects.create_superuser(**self.cleaned_data)


class InvitedForm(JoinForm):
    """Who was invited. Where the invitation names an email, it is that person's."""

    def __init__(self, data, invitation):
        super().__init__(data, initial={"email": invitation.email})
        self.invitation = invitation
        self.fields["email"].disabled = bool(invitation.email)

    def join(self):
        """The new person; None when the invitation was used or taken back a moment before."""
        return self.invitation.accept(**self.cleaned_data)
