"""Two-step sign-in where allauth leaves something open."""

from functools import wraps

from django.core.exceptions import ValidationError
from django.shortcuts import render


def readable(view):
    """A page that needs the recovery codes says so when they cannot be read, and how to get new ones."""

    @wraps(view)
    def look(request):
        try:
            return view(request)
        except ValidationError:
            return render(request, "mfa/recovery_codes/unreadable.html")

    return look
