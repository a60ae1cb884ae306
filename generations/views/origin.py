from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from generations.forms.origin import OriginForm

UNKNOWN = "This file did not come from here, or only from what you may not see."


@require_http_methods(["GET", "HEAD", "POST"])
def origin(request):
    """From a file to its card. Nothing of the file is kept."""
    form = OriginForm(request.POST, request.FILES) if request.method == "POST" else OriginForm()
    if form.is_bound and form.is_valid():
        if came := form.origin(request.user):
            messages.success(request, came.how)
            return redirect(place(came))
        form.add_error("file", UNKNOWN)
    if form.is_bound and request.htmx:
        return render(request, "origin/on_unknown.html", {"form": form}, status=422)
    return render(request, "origin/origin.html", {"form": form}, status=422 if form.is_bound else 200)


def place(came):
    """The page of the generation that made it, or the composer with it as an input."""
    if not came.is_output:
        return f"{reverse('studio')}?upload={came.found.pk}"
    return f"{reverse('task', args=[came.found.task_id])}?file={came.found.position + 1}"
