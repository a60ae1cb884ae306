"""The toolbar over the feed: what is looked for, and what else there is to look for, counted."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from generations.forms.feed import STATUSES, FeedForm, is_pk
from generations.modellix import catalogue
from generations.models import Task, User

MOST_STARS = 5
DAY = "j F Y"
KINDS = {"image": "Pictures", "video": "Videos", "audio": "Recordings", "text": "Texts"}
STATES = {
    "open": "In progress",
    "done": "Saved",
    "unknown": "Needs a decision",
    "failed": "Failed",
    "expired": "Expired",
    "cancelled": "Cancelled",
}


class Option(NamedTuple):
    """One value of a filter, with how many tasks it would find beside the other filters."""

    value: str
    label: str
    count: int
    is_asked: bool


@dataclass(frozen=True)
class Facet:
    """One button of the toolbar and the filters behind it: name of the filter → heading in its list."""

    name: str
    label: str
    filters: dict

    def asked(self, filters):
        """(name, value) of each of its filters that is in use."""
        return [pair for pair in pairs(filters) if pair[0] in self.filters]


FACETS = {
    facet.name: facet
    for facet in (
        Facet("type", "Type", {"kind": "What it makes", "type": "From what"}),
        Facet("model", "Model", {"provider": "Provider", "model": "Model"}),
        Facet("person", "Person", {"person": "Asked for by"}),
        Facet("status", "Status", {"status": "State"}),
        Facet("more", "More", {"since": "From", "until": "Until", "rating": "Stars"}),
    )
}


@require_safe
def find(request):
    """All filters on one page, for who has no script; the form leads to the feed."""
    filters = FeedForm(request.GET)
    lists = [(facet, groups(facet, request.user, filters)) for facet in FACETS.values()]
    return render(request, "toolbar/find.html", {"filters": filters, "facets": lists})


@require_safe
def facet(request, name):
    """What one button of the toolbar offers, counted under the other filters."""
    if name not in FACETS:
        raise Http404
    found, filters = FACETS[name], FeedForm(request.GET)
    context = {"facet": found, "groups": groups(found, request.user, filters), "filters": filters}
    return render(request, "toolbar/_facet.html", context)


def toolbar(user, filters):
    """What templates/toolbar needs: the buttons, what is in use, and whose work is shown."""
    people = filters.asked.get("person", [])
    return {
        "filters": filters,
        "facets": [(facet, facet.asked(filters)) for facet in FACETS.values()],
        "active": active(filters),
        "scope": "mine" if people == ["me"] else "" if people else "team",
        "to_team": address(filters.without("person")),
        "to_mine": address(filters.having("person", ["me"])),
    }


def address(query):
    """Of the feed with these filters."""
    return reverse("studio") + (f"?{query}" if query else "")


def pairs(filters):
    """(name, value) of all that is in use, but for what the toolbar shows by itself."""
    for name, values in filters.asked.items():
        for value in values if isinstance(values, list) else [values]:
            if name not in ("q", "favourite"):
                yield name, value


def active(filters):
    """(name, value, label, address without it) of each filter in use that the toolbar does not show by itself."""
    found = [pair for pair in pairs(filters) if pair != ("person", "me")]
    people = [int(value) for name, value in found if name == "person" and is_pk(value)]
    names = {str(user.pk): str(user) for user in User.objects.filter(pk__in=people)} if people else {}
    return [(name, value, label(name, value, names), address(filters.without(name, value))) for name, value in found]


def label(name, value, people=None):
    """A value in words; `people` maps pks, as text, to names."""
    return LABELS[name](value) if name != "person" else "Me" if value == "me" else (people or {}).get(value, "Somebody")


LABELS = {
    "kind": KINDS.get,
    "type": lambda value: value.replace("-", " ").capitalize(),
    "provider": catalogue.provider_name,
    "model": lambda slug: model.name if (model := catalogue.find(slug)) else slug,
    "status": STATES.get,
    "rating": lambda stars: f"{stars} stars or more" if stars < MOST_STARS else "5 stars",
    "since": lambda day: f"From {date_format(day, DAY)}",
    "until": lambda day: f"Until {date_format(day, DAY)}",
}


def groups(facet, user, filters):
    """(name of the filter, heading, its options) for each filter of a facet that has options."""
    tasks = filters.filtered(Task.objects.visible_to(user), user, but_for=facet.filters).order_by()
    make = {"type": of_type, "model": of_model, "person": of_person, "status": of_status}.get(facet.name)
    found = make(tasks, user) if make else {}
    for name, value in facet.asked(filters):
        found.get(name, {}).setdefault(value, (label(name, value), 0))
    return [
        (name, facet.filters[name], listed(options, filters.asked.get(name, []))) for name, options in found.items()
    ]


def listed(options, asked):
    return [Option(value, label, count, value in asked) for value, (label, count) in options.items()]


# Each of these asks one grouped query: name of the filter → value → (label, count)


def of_type(tasks, user):
    rows = tasks.values_list("kind", "model_type").annotate(count=Count("pk")).order_by("-count")
    kinds, types = {}, {}
    for kind, type, count in rows:
        add(kinds, kind, KINDS[kind], count)
        add(types, type, label("type", type), count)
    return {"kind": kinds, "type": types}


def of_model(tasks, user):
    rows = tasks.values_list("model_slug", "model_name").annotate(count=Count("pk")).order_by("-count", "model_name")
    providers, models = {}, {}
    for slug, name, count in rows:
        add(providers, house := slug.partition("/")[0], catalogue.provider_name(house), count)
        add(models, slug, name, count)
    return {"provider": providers, "model": models}


def of_person(tasks, user):
    rows = tasks.values_list("author", "author__name", "author__email").annotate(count=Count("pk")).order_by("-count")
    people = {"me": ("Me", 0)}
    for pk, name, email, count in rows:
        add(people, *(("me", "Me") if pk == user.pk else (str(pk), name or email)), count)
    return {"person": people}


def of_status(tasks, user):
    counts = dict(tasks.values_list("status").annotate(count=Count("pk")))
    return {
        "status": {
            word: (STATES[word], sum(counts.get(status, 0) for status in statuses))
            for word, statuses in STATUSES.items()
        }
    }


def add(options, value, label, count):
    """One name may have had several labels; the count is of all."""
    label, before = options.get(value, (label, 0))
    options[value] = label, before + count
