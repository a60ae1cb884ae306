from contextlib import contextmanager

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from generations.engine.jobs import dispatch_later
from generations.forms.checks import CheckForm
from generations.models import OverBudget, Task
from generations.views import bin, live
from generations.views.approvals import ask
from generations.views.live import Live
from generations.views.sheet import sheet


@require_safe
def task(request, pk):
    """One generation. `?file=N` puts its Nth file on the stage."""
    now = Live.now(request, pk)
    found = Task.objects.visible_to(request.user).for_cards().with_lately_charged().filter(pk=pk).first()
    if found is None:
        return bin.missing(request, pk)
    return render(request, "tasks/task.html", {"live": now} | sheet(request, found, request.GET))


@require_POST
def cancel(request, pk):
    """Take an order back before it is sent."""
    found = changeable(request, pk)
    if not found.cancel(request.user):
        messages.warning(request, "Too late to cancel: it is no longer waiting.")
    return told(request, found)


@require_POST
def send_again(request, pk):
    """Send an unclear order once more, perhaps to be paid twice."""
    found = changeable(request, pk)
    with allowed(request), transaction.atomic():
        if found.send_again(request.user):
            dispatch_later()
            ask(request, found)
        else:
            messages.warning(request, "Not sent again: its outcome is known by now, or it may still be on its way.")
    return told(request, found)


@require_POST
def check(request, pk):
    """Look for an unclear order at Modellix by the id that a person found there."""
    found, form = changeable(request, pk), CheckForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["provider_task_id"][0])
        return told(request, found)
    with transaction.atomic():
        if found.hint(form.cleaned_data["provider_task_id"], request.user):
            dispatch_later()
            messages.info(request, "Asking Modellix about that id.")
        else:
            messages.warning(request, "Nothing to look for: its outcome is known by now.")
    return told(request, found)


@require_POST
def dismiss(request, pk):
    """Settle an unclear order by the word that it was never sent."""
    found = changeable(request, pk)
    if not found.dismiss(request.user):
        messages.warning(request, "Nothing changed: its outcome is known by now.")
    return told(request, found)


@require_POST
def stop_watching(request, pk):
    """Wait no longer for an order that never ends."""
    found = changeable(request, pk)
    if not found.stop_watching(request.user):
        messages.warning(request, "Still watched: it has ended by now, or is not overdue.")
    return told(request, found)


@require_POST
def order_again(request, pk):
    """The same order anew, for one that is over. One press is one order: while it runs again, a second does nothing."""
    found, new = changeable(request, pk), None
    with allowed(request), transaction.atomic():
        new = found.order_again(request.user)
        if new:
            dispatch_later()
            ask(request, new)
        else:
            messages.warning(request, "Nothing was sent: it is not over, or its last repeat is not.")
    return told(request, new or found)


@contextmanager
def allowed(request):
    """Around what orders something: tells why a budget did not allow it."""
    try:
        yield
    except OverBudget as error:
        messages.error(request, f"Nothing was sent. {error}")


def changeable(request, pk):
    return get_object_or_404(Task.objects.visible_to(request.user).changeable_by(request.user), pk=pk)


def told(request, found):
    """What is new since the page last looked, or the page of the task."""
    seen = Live.told_by(request.POST)
    if not request.htmx or seen is None or seen.task not in (None, found.pk):
        return redirect(found)
    return live.answer(request, seen)
