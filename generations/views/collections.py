"""Collections: the shelf, and each one's page."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from generations.forms.collections import CollectionForm, MoreForm, ShelfForm
from generations.models import Collection, Output, ShareLink, Team, User
from generations.models.collection import COVER
from generations.models.share_link import State
from generations.views.link_box import box
from generations.views.numbers import whole

BOOKS = 24  # on a page of the shelf
ITEMS = 48  # on a page of a collection
MOST_PAGES = 40  # in one answer; whoever loads more goes on from the last one


@dataclass(frozen=True)
class Book:
    """A collection on the shelf: what is on its cover, and until when people outside may look.

    ends is None unless the last of its links ends soon.
    """

    collection: Collection
    pictures: list[Output]
    is_shared: bool = False
    ends: datetime | None = None


@require_safe
@vary_on_headers("HX-Target")
def collections(request):
    """The shelf: what this person sees, changed last first. `?words=` and `?whose=` narrow it."""
    form = ShelfForm(request.GET)
    seen = Collection.objects.visible_to(request.user)
    found = form.filtered(seen, request.user).select_related("owner")
    page = form.asked.get("page", 1)
    first = BOOKS * (page - 1) if request.htmx.target == "div#more" else 0
    shown = list(found.counted_for(request.user).covered_for(request.user)[first : BOOKS * page + 1])
    more = len(shown) > BOOKS * page - first
    context = {
        "books": bound(request.user, shown[: BOOKS * page - first]),
        "more": page + 1 if more else None,
        "form": form,
        "total": seen.count(),
        "shared": seen.filter(share_links__in=ShareLink.objects.live()).distinct().count(),
        "new": CollectionForm(owner=request.user),
    }
    return render(request, template(request, "collections/collections.html"), context)


def template(request, page):
    """What of the shelf is asked for."""
    return {"div#shelf": "collections/_shelf.html", "div#more": "collections/on_more.html"}.get(
        request.htmx.target, page
    )


def bound(user, found, team=None):
    """The Books of these collections, with three queries whatever their number."""
    wanted = [[each.chosen, *(getattr(each, f"first_{place}") for place in range(COVER))] for each in found]
    pictures = Output.objects.in_bulk({pk for pks in wanted for pk in pks if pk})
    ends = link_ends(found, team)
    books = []
    for collection, pks in zip(found, wanted, strict=True):
        shown = [pictures[pk] for pk in dict.fromkeys(pks) if pk in pictures][:COVER]
        books.append(Book(collection, shown, collection.pk in ends, ends.get(collection.pk)))
    return books


def glance(collection, team):
    """The Book of one, without its pictures: what its badges need."""
    ends = link_ends([collection], team)
    return Book(collection, [], collection.pk in ends, ends.get(collection.pk))


def link_ends(found, team=None):
    """pk of a collection that is shared → when the last of its links ends, None when that is not soon."""
    ends = {}
    links = ShareLink.objects.live(team).filter(collection__in=found).order_by(F("ends_at").asc(nulls_last=True))
    for pk, state, end in links.values_list("collection", "state", "ends_at"):
        ends[pk] = end if state == State.ENDING else None
    return ends


@dataclass(frozen=True)
class Item:
    """A file in a collection, as one person sees it."""

    file: Output
    collection: Collection
    may_remove: bool

    @property
    def url(self):
        """The page of its generation, with it on the stage and what else is here as its neighbours."""
        number = self.file.task.files.index(self.file) + 1
        return f"{self.file.task.get_absolute_url()}?file={number}&collection={self.collection.pk}"


@require_safe
@vary_on_headers("HX-Target")
def collection(request, pk):
    """One collection, its files in their order."""
    seen = Collection.objects.visible_to(request.user).filter(pk=pk).select_related("owner")
    found = seen.counted_for(request.user).covered_for(request.user).first()
    if found is None:
        return missing(request, pk)
    return shown(request, found, CollectionForm(owner=found.owner, instance=found))


@require_http_methods(["GET", "HEAD", "POST"])
def make(request):
    """A new collection of one's own."""
    if request.user.is_viewer:
        raise PermissionDenied
    form = CollectionForm(request.POST or None, owner=request.user)
    made = form.save() if form.is_valid() else None
    return redirect(made) if made else asked(request, form, "collections/new.html")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Another name or description; for the team or not."""
    found = changeable(request, pk)
    form = CollectionForm(request.POST or None, owner=found.owner, instance=found)
    saved = form.save() if form.is_valid() else None
    if saved is None:
        return asked(request, form, "collections/edit.html")
    messages.success(request, "Saved.")
    return redirect(saved)


@require_POST
def delete(request, pk):
    """Off the shelf; its files stay where they are."""
    found = changeable(request, pk)
    found.bin()
    told = (found, found.get_absolute_url(), reverse("collection-restore", args=[found.pk]))
    messages.success(request, format_html('“{}” is deleted. <a href="{}" hx-post="{}">Undo</a>', *told))
    return redirect("collections")


@require_POST
def restore(request, pk):
    """Back onto the shelf, as it was."""
    found = get_object_or_404(Collection.objects.restorable_by(request.user), pk=pk)
    found.restore()
    messages.success(request, f"“{found}” is back.")
    return redirect(found)


def changeable(request, pk):
    return get_object_or_404(Collection.objects.changeable_by(request.user).select_related("owner"), pk=pk)


def asked(request, form, page):
    """The form of a collection, with what is wrong in it."""
    status = 422 if form.is_bound else 200
    name = "collections/_form.html" if request.htmx else page
    return render(request, name, {"form": form, "collection": form.instance}, status=status)


def missing(request, pk):
    """The answer for a collection that is not to be seen: 404, with a way to take it back for who may."""
    found = get_object_or_404(Collection.objects.restorable_by(request.user), pk=pk)
    return render(request, "collections/deleted.html", {"collection": found}, status=404)


def shown(request, found, form):
    """The page of a collection, or what follows on it."""
    items, more = laid_out(request, found)
    may_change = found.is_changeable_by(request.user)
    context = {"collection": found, "items": items, "more": more, "may_change": may_change}
    if request.htmx.target == "div#more":
        return render(request, "collections/on_more_items.html", context)
    team = Team.current()
    [book] = bound(request.user, [found], team)
    people = found.files(request.user).order_by().values("adder")
    contributors = User.objects.filter(pk__in=people).order_by("name")
    doors = {} if request.user.is_viewer else box(request, team, collection=found)
    return render(
        request,
        "collections/collection.html",
        context | {"book": book, "contributors": contributors, "form": form} | doors,
    )


def laid_out(request, found):
    """The Items of a page, and the query of what follows, None when nothing does."""
    page, form = min(whole(request.GET.get("page")) or 1, MOST_PAGES), MoreForm(request.GET)
    files = found.files(request.user).select_related("task__prompt", "task__author").marked_for(request.user)
    most = ITEMS * page
    if request.htmx.target == "div#more" and form.is_valid():
        files, most = form.rest(files), ITEMS
    some = list(files.prefetch_related("task__outputs")[: most + 1])
    may_remove = found.is_changeable_by(request.user)
    items = [Item(file, found, may_remove or file.adder == request.user.pk) for file in some[:most]]
    last = some[most - 1] if len(some) > most else None
    return items, last and urlencode({"page": page + 1, "place": last.place, "item": last.item})
