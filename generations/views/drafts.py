"""What is in the composer and not sent yet: kept as one types, restored on any device."""

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from generations.forms.drafts import DraftForm
from generations.models import Draft
from generations.views.picker import composing
from generations.views.studio import drafted


@require_http_methods(["GET", "POST"])
def draft(request):
    """Save what a page holds: 200, or 409 when another page has saved since; both with the version there is now.

    Asked for, it is the composer with what was saved last.
    """
    if request.method == "POST":
        return keep(request)
    if not request.htmx:
        return redirect("studio")
    found = Draft.of(request.user)
    return render(request, "studio/_desk.html", composing(drafted(found), found))


def keep(request):
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    kept = Draft.keep(request.user, form.held, form.cleaned_data["draft"])
    return HttpResponse(Draft.of(request.user).version, status=200 if kept else 409, content_type="text/plain")
