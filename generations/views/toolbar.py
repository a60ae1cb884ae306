"""The toolbar over the feed: what is looked for, and what else there is to look for, counted."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from generations.forms.feed import FeedForm
from generations.views.facets import FACETS, MOST_COUNTED, groups, label, named, pairs


@require_safe
def find(request):
    """All filters on one page, for who has no script; the form leads to the feed."""
    filters = FeedForm(request.GET)
    lists = [(facet, groups(facet, request.user, filters)) for facet in FACETS.values()]
    context = {"filters": filters, "facets": lists, "most_counted": MOST_COUNTED}
    return render(request, "toolbar/find.html", context)


@require_safe
def facet(request, name):
    """What one button of the toolbar offers, counted under the other filters."""
    if name not in FACETS:
        raise Http404
    found, filters = FACETS[name], FeedForm(request.GET)
    lists = groups(found, request.user, filters)
    context = {"facet": found, "groups": lists, "filters": filters, "most_counted": MOST_COUNTED}
    return render(request, "toolbar/_facet.html", context)


def toolbar(user, filters):
    """What templates/toolbar needs: the buttons, what is in use, and whose work is shown."""
    people = filters.asked.get("person", [])
    return {
        "filters": filters,
        "facets": [(facet, facet.asked(filters)) for facet in FACETS.values()],
        "active": active(user, filters),
        "scope": "mine" if people == ["me"] else "" if people else "team",
        "to_team": address(filters.without("person")),
        "to_mine": address(filters.having("person", ["me"])),
    }


def address(query):
    """Of the feed with these filters."""
    return reverse("studio") + (f"?{query}" if query else "")


def active(user, filters):
    """(name, value, label, address without it) of each filter in use that the toolbar does not show by itself."""
    found = [pair for pair in pairs(filters) if pair != ("person", "me")]
    names = named(user, found)
    return [(*pair, label(*pair, names), address(filters.without(*pair))) for pair in found]
