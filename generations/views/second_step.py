"""Two-step sign-in where allauth leaves something open."""

from functools import wraps

from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render


def readable(view):
    """A page that needs the recovery codes says so when they cannot be read, and how to get new ones."""

    @wraps(view)
    def look(request):
        try:
            return view(request)
        except ValidationError:
            return render(request, "mfa/recovery_codes/unreadable.html")

    return look


class SignInByPasskey(LoginWebAuthnView):
    """For as long as is wished, as with a password."""

    def form_valid(self, form):
        answer = super().form_valid(form)
        if "remember" not in self.request.POST:
            self.request.session.set_expiry(0)  # until the browser is closed
        return answer


class ConfirmByPasskey(ReauthenticateWebAuthnView):
    """Where allauth would give up, it can be tried again."""

    def form_invalid(self, form):
        messages.error(self.request, form.errors["credential"][0])
        return redirect(self.request.get_full_path())
