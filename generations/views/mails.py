"""Turning a kind of mail off from the mail itself, without signing in: the signed address is the permission.

Reading the page changes nothing, since programs follow the links of a mail before its reader does. Mail programs
that know RFC 8058 post to the same address.
"""

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from generations.models import User

ABOUT = {
    "ready": "They tell you that a generation of yours is ready.",
    "failed": "They tell you that a generation of yours failed or needs a decision.",
    "budget": "They tell you that a budget is nearly used up, or used up.",
    "weekly": "They sum up each week what the team made.",
}


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, token):
    person, wish = meant(token)
    if request.method == "POST":
        person.wish_no_more(wish, "mail")
    return render(request, "mail/stop.html", {"about": ABOUT[wish], "stopped": request.method == "POST"})


def meant(token):
    """(the person, the wish) of the token."""
    try:
        pk, _, wish = Signer(salt="stop-mail").unsign(token).partition(":")
    except BadSignature as error:
        raise Http404 from error
    return get_object_or_404(User.objects.of_team(), pk=pk), wish
