"""The bin: what its author or an admin has thrown away, for thirty days."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from generations.forms.selection import SelectionForm
from generations.models import Collection, Output, Task
from generations.views import files, live
from generations.views.cards import deck
from generations.views.live import Live
from generations.views.picked import Picked, tell
from generations.views.returning import back

MOST = 240  # on the page of the bin; older ones follow once these are gone


@require_safe
def contents(request):
    """What this person may take out of it, last binned first."""
    tasks = Task.objects.restorable_by(request.user).select_related("binned_by").for_cards()[:MOST]
    collections = Collection.objects.restorable_by(request.user).select_related("owner").order_by("-binned_at")[:MOST]
    return render(request, "bin/contents.html", {"cards": deck(request.user, tasks), "collections": collections})


@require_safe
def thumbnail(request, output_pk):
    """A small picture of what lies there, for who may take it out. All other files of it are out of reach."""
    theirs = Output.objects.saved().filter(task__in=Task.objects.restorable_by(request.user).order_by())
    output = get_object_or_404(theirs, pk=output_pk)
    return files.answer(request, output, "small", f"binned-{output.task_id}")


@require_POST
def add(request):
    """Throw away what is picked."""
    picked = Picked.by(request)
    left = picked.left({"not finished yet": picked.changeable.exclude(status__in=Task.CLOSED)})
    moved = picked.changeable.bin(request.user)
    seen = Live.told_by(request.POST)
    tell(request, moved, ("Moved to the bin.", "moved to the bin"), left, undo="bin-restore")
    if request.htmx and seen and not seen.task:
        return live.answer(request, seen, moved=moved)
    gone = [reverse("task", args=[pk]) for pk in picked.form.shown]
    return redirect("studio") if seen and seen.task else back(request, gone=gone)


@require_POST
def restore(request):
    """Take out what is picked."""
    form = SelectionForm(request.POST)
    moved = form.among(Task.objects.restorable_by(request.user), request.user).restore(request.user)
    if not moved.count:
        raise Http404
    seen = Live.told_by(request.POST)
    tell(request, moved, ("Restored.", "restored"))
    on_wall = request.htmx and seen and not seen.task
    return live.answer(request, seen, has_to_show=True) if on_wall else back(request)


def missing(request, pk):
    """The answer for a task that is not to be seen: 404, with a way to the bin for who may take it out."""
    task = Task.objects.restorable_by(request.user).filter(pk=pk).select_related("prompt").first()
    if task is None:
        raise Http404
    return render(request, "bin/binned.html", {"task": task}, status=404)
