"""Files that go into collections and out of them, and their order in one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from generations.forms.collections import CollectionForm, MoveForm, UndoForm
from generations.forms.selection import SelectionForm
from generations.models import Collection, CollectionItem, Output
from generations.views.collections import Item, changeable
from generations.views.numbers import whole
from generations.views.returning import back
from generations.views.words import words

ROWS = 50  # of the chooser; words find the others
MOST = 10_000  # files that go into a collection at once: a second's work, for which others' writing waits
OWN_FIELDS = ("csrfmiddlewaretoken", "words")  # of the chooser's form, not of what is picked


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request):
    """Where what is picked is to go: collections by their last use, each with how much of it is there already; of
    everything that matches that is not told. A POST reads as well: what is picked may be longer than an address.
    """
    if request.user.is_viewer:
        raise PermissionDenied
    data = request.POST or request.GET
    picked = SelectionForm(data)
    files = picked.outputs(request.user)
    looked_for, total = words(request).strip(), files.count()
    found = Collection.objects.visible_to(request.user).with_words(looked_for).select_related("owner")
    context = {
        "rows": rows(found[:ROWS], files.none() if picked.is_of_all else files, total),
        "total": total,
        "words": looked_for,
        "may_start": looked_for and not found.filter(name__iexact=looked_for).exists(),
        "picked": [(name, text) for name, texts in data.lists() if name not in OWN_FIELDS for text in texts],
    }
    return render(request, "collections/_choose.html" if request.htmx else "collections/choose.html", context)


def rows(collections, files, total):
    """Each collection, how much of these files it has ("all", "some", ""), and the way that a press goes."""
    held = CollectionItem.objects.filter(collection__in=[each.pk for each in collections], output__in=files.order_by())
    counts = dict(held.order_by().values_list("collection").annotate(number=Count("pk")))
    has = {pk: "all" if number == total else "some" for pk, number in counts.items()}
    ways = {"all": "collection-remove"}
    return [
        {"collection": each, "has": has.get(each.pk, ""), "way": ways.get(has.get(each.pk), "collection-add")}
        for each in collections
    ]


@require_safe
def targets(request):
    """The collections that the composer may save to, by their last use. `?words=` looks for some."""
    looked_for = words(request)
    found = Collection.objects.visible_to(request.user).with_words(looked_for).select_related("owner")
    return render(request, "collections/_targets.html", {"collections": found[:ROWS], "words": looked_for})


@require_POST
def start(request):
    """A new collection of what is picked, called by the words in the chooser."""
    form = CollectionForm({"name": request.POST.get("words", "")}, owner=request.user)
    made = form.save() if form.is_valid() else None
    if made is None:
        messages.error(request, next(iter(form.errors.values()))[0])
        return render(request, "collections/on_collect.html") if request.htmx else back(request)
    return put(request, made)


@require_POST
def add(request, pk):
    """Put what is picked at its end."""
    return put(request, visible(request, pk))


def put(request, found):
    files = SelectionForm(request.POST).outputs(request.user)
    if (count := files.count()) > MOST:
        said = f"Nothing added: {count:,} files; {MOST:,} at once are the most"
        return told(request, found, files.none(), said, tone="ask")
    new = found.add(files, request.user)
    said = f"Added to {found}" if len(new) == 1 else f"{len(new)} added to {found}" if new else f"Already in {found}"
    if not request.htmx:  # from the page of the chooser, which is done with
        messages.success(request, f"{said}.")
        return redirect(found)
    return told(request, found, files, said, moment=new[0].added_at.isoformat() if new else "")


@require_POST
def remove(request, pk):
    """Take out what is picked, as far as this person may."""
    found, files = visible(request, pk), SelectionForm(request.POST).outputs(request.user)
    gone = found.remove(files, request.user)
    if not gone:
        is_in = found.items.filter(output__in=files.order_by()).exists()
        said = f"Not removed: others put it into {found}" if is_in else f"No longer in {found}"
        return told(request, found, files, said, tone="ask")
    said = f"Removed from {found}" if len(gone) == 1 else f"{len(gone)} removed from {found}"
    return told(request, found, files, said, gone=gone, undo=UndoForm.token(found, gone))


@require_POST
def undo(request, pk):
    """Take out again what this person put in at a moment, or have again what was taken out."""
    found = visible(request, pk)
    form = UndoForm(found, request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    files = form.outputs(request.user)
    if form.cleaned_data["moment"]:
        files = Output.objects.filter(pk__in=[output.pk for output in files])  # those, also once they are out of it
        return told(request, found, files, f"Removed from {found}", gone=found.remove(files, request.user))
    found.put_back(form.cleaned_data["gone"])
    return told(request, found, files, f"Back in {found}", is_back=True)


@require_POST
def move(request, pk):
    """Give a file another place."""
    found, form = changeable(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    if not form.move(found, request.user):
        messages.warning(request, "Not moved: it, or what was beside it, is no longer here.")
        return render(request, "collections/on_collect.html", status=409) if request.htmx else back(request)
    if not request.htmx:
        return back(request)
    files = found.files(request.user).select_related("task__prompt", "task__author").marked_for(request.user)
    moved = get_object_or_404(files, pk=form.cleaned_data["file"])
    ahead = files.filter(Q(place__lt=moved.place) | Q(place=moved.place, item__lt=moved.item))
    context = {
        "collection": found,
        "item": Item(moved, found, may_remove=True),
        "before": ahead.last(),
        "number": ahead.count() + 1,
        "total": files.count(),
        "is_shown": "shown" in request.POST,
    }
    return render(request, "collections/on_move.html", context)


@require_POST
def cover(request, pk):
    """The file that stands for it on the shelf."""
    found = changeable(request, pk)
    file = get_object_or_404(found.files(request.user).exclude(small=""), pk=whole(request.POST.get("file")) or 0)
    found.cover_with(file)
    return told(request, found, Output.objects.none(), f"The cover of {found} is changed.")


@require_safe
def item(request, pk, output_pk):
    """All that one file of a collection offers: a menu, and without script a page."""
    found = visible(request, pk)
    file = get_object_or_404(found.files(request.user).select_related("task__prompt", "task__author"), pk=output_pk)
    may_change = found.is_changeable_by(request.user)
    context = {
        "collection": found,
        "item": Item(file, found, may_change or file.adder == request.user.pk),
        "may_change": may_change,
        "is_first": found.files(request.user).first() == file,
        "is_last": found.files(request.user).last() == file,
    }
    return render(request, "collections/_item_menu.html" if request.htmx else "collections/item.html", context)


def visible(request, pk):
    return get_object_or_404(Collection.objects.visible_to(request.user), pk=pk)


def told(request, found, files, said, tone="", **context):
    """What was done, with a way to undo it; where a page shows one of the files, in which collections it is now."""
    if not request.htmx:
        messages.add_message(request, messages.WARNING if tone else messages.SUCCESS, f"{said}.")
        return back(request)
    if context.get("is_back") and request.htmx.current_url_abs_path == found.get_absolute_url():
        return HttpResponseClientRefresh()
    [file, *others] = list(files[:2]) or [None]
    context |= {"collection": found, "said": said, "tone": tone, "total": found.files(request.user).count()}
    if file and not others:
        context |= {"file": file, "holders": holders(request.user, file)}
    return render(request, "collections/on_collect.html", context)


def holders(user, file):
    """(collection, whether they may take it out) for those that this file is in, as far as this person sees them."""
    items = CollectionItem.objects.filter(output=file, collection__in=Collection.objects.visible_to(user))
    return [
        (item.collection, item.is_removable_by(user))
        for item in items.select_related("collection").order_by("collection__name")
    ]
