"""Filters under a name: a person's own, and those that others offer to the team."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from generations.forms.feed import FeedForm
from generations.forms.saved_views import SavedViewForm
from generations.models import SavedView
from generations.views.toolbar import address


@require_http_methods(["GET", "HEAD", "POST"])
def views(request):
    """The views there are, beside the filters of the address; a POST saves its `query` under a `name`."""
    if request.method == "POST":
        return make(request)
    filters = FeedForm(request.GET)
    return listed(request, filters.query, SavedViewForm(owner=request.user, query=filters.query))


def make(request):
    query = request.POST.get("query", "")
    form = SavedViewForm(request.POST, owner=request.user, query=query)
    saved = form.save() if form.is_valid() else None
    if saved is None:
        return listed(request, form.instance.query, form, status=422)
    messages.success(request, f"“{saved}” is saved.")
    return redirect(address(saved.query))


@require_http_methods(["GET", "HEAD", "POST"])
def view(request, pk):
    """Another name; for the team or not."""
    found = changeable(request, pk)
    form = SavedViewForm(request.POST or None, owner=found.owner, instance=found)
    saved = form.save() if form.is_valid() else None
    if saved is None:
        return render(request, "views/view.html", {"form": form, "view": found}, status=422 if form.is_bound else 200)
    messages.success(request, "Saved.")
    return redirect(address(saved.query))


@require_POST
def delete(request, pk):
    """Forget the name; what it finds stays where it is."""
    found = changeable(request, pk)
    found.delete()
    messages.success(request, f"“{found}” is deleted.")
    return redirect(address(found.query))


def changeable(request, pk):
    if request.user.is_viewer:
        raise PermissionDenied
    return get_object_or_404(SavedView.objects.changeable_by(request.user), pk=pk)


def listed(request, query, form, status=200):
    seen = SavedView.objects.visible_to(request.user).select_related("owner")
    changeable = set(SavedView.objects.changeable_by(request.user).values_list("pk", flat=True))
    rows = [
        {
            "view": each,
            "address": address(each.query),
            "is_current": each.query == query,
            "may_change": each.pk in changeable and not request.user.is_viewer,
        }
        for each in seen
    ]
    context = {"rows": rows, "query": query, "form": form}
    return render(request, "views/_list.html" if request.htmx else "views/views.html", context, status=status)
