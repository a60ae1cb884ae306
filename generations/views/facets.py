"""The lists behind the buttons of the toolbar: the values of each filter, and how many tasks each would find."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count
from django.utils.formats import date_format

from generations.forms.feed import STATUSES, is_pk
from generations.modellix import catalogue
from generations.models import Collection, Tag, Tagging, Task, User

MOST_STARS = 5
MOST_COUNTED = 1000  # of the tasks found, the newest: a list has to come at once, however much there is
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
    """One value of a filter, with how many tasks it would find beside the other filters; None where nobody counted."""

    value: str
    label: str
    count: int | None
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


@dataclass(frozen=True)
class Group:
    """The values of one filter: its name, heading, Options; is_whole: whether all that is found was counted."""

    name: str
    heading: str
    options: list
    is_whole: bool = True


FACETS = {
    facet.name: facet
    for facet in (
        Facet("type", "Type", {"kind": "What it makes", "type": "From what"}),
        Facet("model", "Model", {"provider": "Provider", "model": "Model"}),
        Facet("person", "Person", {"person": "Asked for by"}),
        Facet("status", "Status", {"status": "State"}),
        Facet("tag", "Tag", {"tag": "Tag"}),
        Facet("collection", "Collection", {"collection": "Collection"}),
        Facet("more", "More", {"since": "From", "until": "Until", "rating": "Stars", "visibility": "Who sees it"}),
    )
}


def pairs(filters):
    """(name, value) of all that is in use, but for what the toolbar shows by itself."""
    for name, values in filters.asked.items():
        for value in values if isinstance(values, list) else [values]:
            if name not in ("q", "favourite"):
                yield name, value


def named(user, found):
    """{(name, value): label} of those of these filters whose values are numbers of rows."""
    rows = {"person": User.objects, "collection": Collection.objects.visible_to(user)}
    return {
        (name, str(row.pk)): str(row)
        for name, known in rows.items()
        if (pks := [value for each, value in found if each == name and is_pk(value)])
        for row in known.filter(pk__in=pks)
    }


def label(name, value, names=None):
    """A value in words; `names` as of named()."""
    return (names or {}).get((name, value)) or LABELS[name](value)


LABELS = {
    "kind": KINDS.get,
    "type": lambda value: value.replace("-", " ").capitalize(),
    "provider": catalogue.provider_name,
    "model": lambda slug: model.name if (model := catalogue.find(slug)) else slug,
    "person": lambda value: "Me" if value == "me" else "Somebody",
    "status": STATES.get,
    "tag": lambda name: f"#{name}",
    "collection": lambda value: "A collection that is gone",
    "visibility": lambda value: "Private ones",
    "rating": lambda stars: f"{stars} stars or more" if stars < MOST_STARS else "5 stars",
    "since": lambda day: f"From {date_format(day, DAY)}",
    "until": lambda day: f"Until {date_format(day, DAY)}",
}


def groups(facet, user, filters):
    """A Group for each filter of a facet that has options."""
    if facet.name not in COUNTS:
        return []
    tasks = filters.filtered(Task.objects.visible_to(user), user, but_for=facet.filters)
    newest = list(tasks.order_by("-pk").values_list("pk", flat=True)[:MOST_COUNTED])  # (as a subquery it may run twice)
    found = COUNTS[facet.name](Task.objects.filter(pk__in=newest).order_by(), user)
    is_whole = len(newest) < MOST_COUNTED
    if not is_whole:
        for name, values in known(facet, user).items():
            for value, words in values:
                found[name].setdefault(value, (words, None))
    asked = facet.asked(filters)
    names = named(user, asked)
    for name, value in asked:
        found[name].setdefault(value, (label(name, value, names), 0 if is_whole else None))
    return [
        Group(name, facet.filters[name], listed(options, filters.asked.get(name, [])), is_whole)
        for name, options in found.items()
    ]


def listed(options, asked):
    return [Option(value, label, count, value in asked) for value, (label, count) in options.items()]


# Each of these asks one grouped query: name of the filter → value → (label, count), the most frequent first


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


def of_tag(tasks, user):
    counts = Tagging.objects.filter(task__in=tasks).values_list("tag__name")
    rows = counts.annotate(count=Count("task", distinct=True)).order_by("-count", "tag__name")
    return {"tag": {name: (label("tag", name), count) for name, count in rows}}


def of_collection(tasks, user):
    rows = (
        Collection.objects.visible_to(user)
        .filter(items__output__task__in=tasks)
        .annotate(count=Count("items__output__task", distinct=True))
        .order_by("-count", "name")
    )
    return {"collection": {str(row.pk): (row.name, row.count) for row in rows}}


def add(options, value, label, count):
    """One name may have had several labels; the count is of all."""
    label, before = options.get(value, (label, 0))
    options[value] = label, before + count


COUNTS = {
    "type": of_type,
    "model": of_model,
    "person": of_person,
    "status": of_status,
    "tag": of_tag,
    "collection": of_collection,
}


def known(facet, user):
    """{name of the filter: (value, label) of all there may be}, for the values that were not among those counted."""
    models = [model for model in catalogue.models() if model.slug]  # (some are only written about)
    everything = {
        "type": lambda: {"kind": KINDS.items(), "type": each("type", {model.type for model in models})},
        "model": lambda: {
            "provider": each("provider", {model.slug.partition("/")[0] for model in models}),
            "model": sorted(((model.slug, model.name) for model in models), key=lambda pair: pair[1]),
        },
        "person": lambda: {"person": [(str(other.pk), str(other)) for other in User.objects.exclude(pk=user.pk)]},
        "status": dict,
        "tag": lambda: {"tag": each("tag", Tag.objects.visible_to(user).values_list("name", flat=True))},
        "collection": lambda: {
            "collection": [(str(row.pk), row.name) for row in Collection.objects.visible_to(user).order_by("name")]
        },
    }
    return everything[facet.name]()


def each(name, values):
    return sorted(((value, label(name, value)) for value in values), key=lambda pair: pair[1].casefold())
