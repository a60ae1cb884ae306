"""What people think of files: favourites and stars. Everybody who sees a file may have an opinion of it."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from generations.forms.opinions import RatingForm
from generations.forms.selection import SelectionForm
from generations.models import Favourite, Output, Rating, Task
from generations.views.cards import deck
from generations.views.live import MANY
from generations.views.returning import back


@require_POST
def favourite(request):
    """Like all files that are picked."""
    form = SelectionForm(request.POST)
    count = counted(request, form)
    Favourite.mark(request.user, form.outputs(request.user))
    return told(request, form, count, "now a favourite", "now favourites")


@require_POST
def unfavourite(request):
    """Like them no longer."""
    form = SelectionForm(request.POST)
    count = counted(request, form)
    Favourite.unmark(request.user, form.outputs(request.user))
    return told(request, form, count, "no longer a favourite", "no longer favourites")


@require_POST
def rate(request):
    """Give all files that are picked so many stars."""
    form = RatingForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    count, stars = counted(request, form), form.cleaned_data["stars"]
    Rating.give(request.user, form.outputs(request.user), stars)
    said = f"rated with {stars} star{pluralize(stars)}" if stars else "no longer rated"
    return told(request, form, count, said, said)


@require_safe
def menu(request, pk):
    """All that one card offers, for its button with the three dots."""
    task = get_object_or_404(Task.objects.visible_to(request.user).for_cards(request.user), pk=pk)
    (card,) = deck(request.user, [task])
    return render(request, "tasks/_menu.html", {"card": card, "stars": lowest(request.user, card.files)})


def counted(request, form):
    """How many files are picked; 404 when there are none."""
    count = form.outputs(request.user).count()
    if not count:
        raise Http404
    return count


def told(request, form, count, one, many):
    """Every place where the page shows what this person thinks of the files; how many they are, in words."""
    said = f"{count:,} files are {many}." if count > 1 else f"1 file is {one}."
    if not request.htmx or len(form.shown) > MANY:
        messages.success(request, said)
        return HttpResponseClientRefresh() if request.htmx else back(request)
    at_once = form.is_of_all or len({*form.shown, *form.cleaned_data["file"]}) > 1
    context = shown(request.user, form) | {"said": said if at_once else ""}
    return render(request, "opinions/on_change.html", context)


def shown(user, form):
    """`files`, and `tasks` that they belong to: (pk, whether this person likes it, its stars) of each on the page."""
    single, saved = set(form.cleaned_data["file"]), Output.objects.visible_to(user).saved()
    of_single = Output.objects.filter(pk__in=single).order_by().values("task")
    all_files = list(saved.filter(Q(task__in=form.shown) | Q(task__in=of_single)))
    likes, stars = Favourite.of(user, all_files), Rating.of(user, all_files)
    tasks = {}
    for file in all_files:
        tasks.setdefault(file.task_id, []).append(file.pk)
    picked = [file.pk for file in all_files if file.pk in single or file.task_id in form.shown]
    return {
        "files": [(pk, pk in likes, stars.get(pk, 0)) for pk in picked],
        "tasks": [(pk, bool(likes & set(pks)), min(stars.get(each, 0) for each in pks)) for pk, pks in tasks.items()],
    }


def lowest(user, files):
    """The stars that a card shows: as many as each of its files has at least."""
    stars = Rating.of(user, files)
    return min((stars.get(file.pk, 0) for file in files), default=0)
