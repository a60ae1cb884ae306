"""Where a person is signed in, and signing out there.

allauth notes each browser as somebody signs in with it, and asks nothing more while they are.
"""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_POST

from generations import browsers


def signed_in_on(request):
    """What _sessions.html needs: this browser, and `others`, the newest first: pairs of a session and its browser."""
    running = UserSession.objects.purge_and_list(request.user)
    others = [each for each in running if each.session_key != request.session.session_key]
    others.sort(key=lambda each: each.created_at, reverse=True)
    here = shown(request.headers.get("User-Agent", ""))
    return {"here": here, "others": [(each, shown(each.user_agent)) for each in others]}


def shown(words):
    return {"name": browsers.named(words), "icon": "smartphone" if browsers.is_handheld(words) else "monitor"}


@require_POST
def end(request, pk):
    """Sign out in another browser, which learns it with its next request."""
    elsewhere = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    session = get_object_or_404(elsewhere, pk=pk)
    session.end()
    messages.success(request, f"Signed out: {browsers.named(session.user_agent)}.")
    return redirect("profile")


@require_POST
def end_others(request):
    """Sign out in every other browser, those too that were never noted."""
    ended = request.user.end_sessions(but=request.session.session_key)
    messages.success(request, f"Signed out in {ended} other browser{pluralize(ended)}.")
    return redirect("profile")
