"""The bin: what its author or an admin has thrown away, for thirty days."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from generations.forms.selection import SelectionForm
from generations.models import Output, Task
from generations.views import feed, files, live
from generations.views.cards import deck
from generations.views.live import Live
from generations.views.returning import back

MOST = 240  # on the page of the bin; older ones follow once these are gone


@require_safe
def contents(request):
    """What this person may take out of it, last binned first."""
    tasks = Task.objects.restorable_by(request.user).select_related("binned_by").for_cards()[:MOST]
    return render(request, "bin/contents.html", {"cards": deck(request.user, tasks)})


@require_safe
def thumbnail(request, output_pk):
    """A small picture of what lies there, for who may take it out. All other files of it are out of reach."""
    theirs = Output.objects.saved().filter(task__in=Task.objects.restorable_by(request.user).order_by())
    output = get_object_or_404(theirs, pk=output_pk)
    return files.answer(request, output, "small", f"binned-{output.task_id}")


@require_POST
def add(request):
    """Throw away what is picked."""
    picked = selection(request, Task.objects.visible_to(request.user).changeable_by(request.user))
    with transaction.atomic():
        gone = [task for task in picked if task.bin(request.user)]
    left = len(set(request.POST.getlist("pick"))) - len(gone)
    if left:
        messages.warning(request, f"{left} stay{pluralize(left, 's,')}: not over yet, or somebody else’s.")  # noqa: RUF001
    seen = Live.told_by(request.POST)
    if request.htmx and seen and not seen.task:
        return live.answer(request, seen, "bin/on_add.html", thrown=gone)
    if gone:
        link = '{} moved to the bin. <a href="{}">Open the bin</a>'
        messages.success(request, format_html(link, counted(gone), reverse("bin")))
    return redirect("studio") if seen and seen.task else back(request, gone=[task.get_absolute_url() for task in gone])


@require_POST
def restore(request):
    """Take out what is picked."""
    picked = selection(request, Task.objects.restorable_by(request.user))
    with transaction.atomic():
        found = [task for task in picked if task.restore(request.user)]
    seen = Live.told_by(request.POST)
    if request.htmx and seen and not seen.task:
        placed = places(request.user, seen, found)
        if None in placed:  # on a day that the page may not show
            return HttpResponseClientRefresh()
        return live.answer(request, seen, "bin/on_restore.html", restored=found, places=placed)
    messages.success(request, f"{counted(found)} restored.")
    return back(request)


def missing(request, pk):
    """The answer for a task that is not to be seen: 404, with a way to the bin for who may take it out."""
    task = Task.objects.restorable_by(request.user).filter(pk=pk).select_related("prompt").first()
    if task is None:
        raise Http404
    return render(request, "bin/binned.html", {"task": task}, status=404)


def selection(request, tasks):
    """Those of the tasks that are picked; 404 when there are none."""
    picked = list(SelectionForm(request.POST).among(tasks, request.user))
    if not picked:
        raise Http404
    return picked


def places(user, seen, tasks):
    """(pk of the task beside whose card they belong, side) → cards, newest first. None for those alone on their day."""
    pks = [task.pk for task in tasks]
    found = {}
    for card in deck(user, Task.objects.filter(pk__in=pks).for_cards(user), query=seen.form.query):
        found.setdefault(feed.neighbour(user, seen.form, card.task, absent=pks), []).append(card)
    return found


def counted(tasks):
    return f"{len(tasks)} generation{pluralize(tasks)}"
