"""What browsers say for a passkey. It may be made up: whatever is amiss with it is told in the same words."""

import json
from contextlib import contextmanager

from allauth.mfa.webauthn import forms as allauth
from django import forms

from generations.forms.accounts import dress

LONGEST_NAME = 80
LONGEST_ANSWER = 20_000  # characters; those of browsers have 1 to 5 thousand
NOT_TAKEN = "That passkey was not taken. Try another, or another way to sign in."


class PasskeyField(forms.Field):
    """The JSON object that a browser makes of its answer. It is of plain letters."""

    def clean(self, value):
        with plainly():
            if not value or len(value) > LONGEST_ANSWER or not value.isascii() or "\\" in value:
                raise ValueError(value)
            answer = json.loads(value)
            if not isinstance(answer, dict) or not answer:
                raise ValueError(value)
            return answer


@contextmanager
def plainly():
    """Raises ValidationError instead of all that comes of reading what was made up."""
    try:
        yield
    except forms.ValidationError as error:
        if error.code != "incorrect_code":
            raise
        raise forms.ValidationError(NOT_TAKEN) from error
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise forms.ValidationError(NOT_TAKEN) from error


class AddForm(allauth.AddWebAuthnForm):
    name = forms.CharField(required=False, max_length=LONGEST_NAME)
    credential = PasskeyField()
    passwordless = None  # each of ours signs in without a password

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"name": "Name"})

    def clean(self):
        try:
            with plainly():
                super().clean()
                if "credential" in self.cleaned_data:
                    self.cleaned_data["credential"] = needed(self.cleaned_data["credential"])
        except forms.ValidationError as error:
            self.add_error("credential", error)


def needed(answer):
    """What is read of it later: texts alone, so that nothing else that somebody made up is stored."""
    texts = {name: str(answer[name]) for name in ("id", "rawId", "type")}
    response = {name: str(answer["response"][name]) for name in ("clientDataJSON", "attestationObject")}
    return texts | {"response": response, "clientExtensionResults": {}}


class RenameForm(allauth.EditWebAuthnForm):
    name = forms.CharField(max_length=LONGEST_NAME)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self, {"name": "Name"})


class Answered(forms.Form):
    credential = PasskeyField()

    def clean_credential(self):
        with plainly():
            return super().clean_credential()


class SignInForm(Answered, allauth.LoginWebAuthnForm):
    pass


class SecondStepForm(Answered, allauth.AuthenticateWebAuthnForm):
    pass


class ConfirmForm(Answered, allauth.ReauthenticateWebAuthnForm):
    pass
