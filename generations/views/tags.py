"""The words that the team puts on files."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import render
from django.utils.text import get_text_list
from django.views.decorators.http import require_http_methods, require_POST

from generations.forms.selection import SelectionForm
from generations.forms.tags import COMMA, TagForm
from generations.models import Tag, Tagging
from generations.views.returning import back

ROWS = 50  # of the chooser; words find the others
OWN_FIELDS = ("csrfmiddlewaretoken", "names", "only")  # of the chooser's form, not of what is picked


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request):
    """The tags there are, each with how much of what is picked has it; the last of the names typed looks for some.

    A POST reads as well: what is picked may be longer than an address.
    """
    if request.user.is_viewer:
        raise PermissionDenied
    typed = (request.POST or request.GET).get("names", "")[:200].replace("\0", "")
    return render(request, "tags/_choose.html" if request.htmx else "tags/choose.html", chooser(request, typed))


def chooser(request, typed=""):
    """What the chooser shows for what is picked."""
    data = request.POST or request.GET
    files = SelectionForm(data).outputs(request.user)
    total = files.count()
    return {
        "total": total,
        "typed": typed,
        "picked": [(name, text) for name, texts in data.lists() if name not in OWN_FIELDS for text in texts],
        "rows": rows(request.user, files, total, COMMA.split(typed)[-1]),
    }


def rows(user, files, total, looked_for):
    """(tag, whether these files have it: "all", "some", "") of those whose names have what is looked for in them."""
    looked_for = looked_for.strip().removeprefix("#").casefold()
    found = [tag for tag in Tag.objects.visible_to(user) if looked_for in tag.name.casefold()][:ROWS]
    on_them = Tagging.objects.filter(tag__in=found, output__in=files.order_by())
    counts = dict(on_them.order_by().values_list("tag").annotate(count=Count("pk")))
    return [(tag, "" if tag.pk not in counts else "all" if counts[tag.pk] == total else "some") for tag in found]


@require_POST
def add(request):
    """Put the tags on all files that are picked."""
    form = TagForm(request.POST)
    if not form.is_valid():
        return told(request, next(iter(form.errors.values()))[0], tone="ask")
    files, names = picked(request, form), form.cleaned_data["names"]
    first = list(files[:2])
    Tag.put(names, files, request.user)
    stays = not form.cleaned_data["only"] and request.htmx  # who types may want to type more
    return told(request, f"Tagged {listed(names)}.", first, **(chooser(request) if stays else {}))


@require_POST
def remove(request):
    """Take them off."""
    form = TagForm(request.POST)
    if not form.is_valid():
        return told(request, next(iter(form.errors.values()))[0], tone="ask")
    files, names = picked(request, form), form.cleaned_data["names"]
    first = list(files[:2])  # before: they may be picked by this very tag
    Tag.take_off(names, files)
    return told(request, f"No longer tagged {listed(names)}.", first)


def picked(request, form):
    """The files picked; 404 when there are none."""
    files = form.outputs(request.user)
    if not files.exists():
        raise Http404
    return files


def listed(names):
    return get_text_list([f"“{name}”" for name in names], "and")


def told(request, said, files=(), tone="", **context):
    """What was done; where a page shows the only one of these files, which tags it has now."""
    if not request.htmx:
        messages.add_message(request, messages.WARNING if tone else messages.SUCCESS, said)
        return back(request)
    shown = {"file": files[0], "tags": files[0].tags.all()} if len(files) == 1 else {}
    return render(request, "tags/on_change.html", {"said": said, "tone": tone} | shown | context)
