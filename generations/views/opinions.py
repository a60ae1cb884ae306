"""What people think of files: favourites and stars. Everybody who sees a file may have an opinion of it."""

from django.contrib import messages
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_POST

from generations.forms.opinions import RatingForm, SelectionForm
from generations.models import Favourite, Rating
from generations.views.returning import back


@require_POST
def favourite(request):
    """Like all files that are picked."""
    files = picked(request, SelectionForm(request.POST))
    Favourite.mark(request.user, files)
    return told(request, files, "now a favourite", "now favourites")


@require_POST
def unfavourite(request):
    """Like them no longer."""
    files = picked(request, SelectionForm(request.POST))
    Favourite.unmark(request.user, files)
    return told(request, files, "no longer a favourite", "no longer favourites")


@require_POST
def rate(request):
    """Give all files that are picked so many stars."""
    form = RatingForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    files, stars = picked(request, form), form.cleaned_data["stars"]
    Rating.give(request.user, files, stars)
    said = f"rated with {stars} star{pluralize(stars)}" if stars else "no longer rated"
    return told(request, files, said, said)


def picked(request, form):
    """The files picked; 404 when there are none."""
    files = form.outputs(request.user) if form.is_valid() else None
    if not files:
        raise Http404
    return files


def told(request, files, one, many):
    """Every place where a page shows what this person thinks of the files; how many they are, in words."""
    said = f"{len(files)} files are {many}." if len(files) > 1 else f"1 file is {one}."
    if not request.htmx:
        messages.success(request, said)
        return back(request)
    likes, stars = Favourite.of(request.user, files), Rating.of(request.user, files)
    context = {
        "files": [(file.pk, file.pk in likes, stars.get(file.pk, 0)) for file in files],
        "tasks": liked(request.user, {file.task_id for file in files}),
        "said": said if len(files) > 1 else "",
    }
    return render(request, "opinions/on_change.html", context)


def liked(user, pks):
    """(pk of a task, whether this person likes any of its files) for each."""
    likes = set(Favourite.objects.filter(person=user, output__task__in=pks).values_list("output__task", flat=True))
    return [(pk, pk in likes) for pk in pks]
