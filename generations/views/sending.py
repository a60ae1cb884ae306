"""The seconds before an order is sent, in which its author may take it back or hurry it.

One press is one thing: both act on all that it ordered, and on nothing that another press did.
"""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from generations.engine.jobs import dispatch_later
from generations.forms.presets import recalled
from generations.models import Task
from generations.views import live
from generations.views.live import Live
from generations.views.picker import composing


@require_POST
def undo(request, pk):
    """Take back what is not sent yet; what it asked for returns to the composer, where nothing else is written."""
    found = own(request, pk)
    prompt, taken = found.prompt, found.pressed.undo(request.user)
    is_whole = not found.pressed.exclude(error_code="undone").exists()
    context = {"prompt": prompt, "taken": taken, "is_whole": is_whole}
    if taken and not request.POST.get("prompt", "").strip():
        context |= composing(recalled(prompt, request.user))
    back = f"{reverse('studio')}?{urlencode({'undone': prompt.pk} if taken else {})}"
    return told(request, back, "studio/on_undo.html", **context)


@require_POST
def send_now(request, pk):
    """Send without waiting for second thoughts."""
    found = own(request, pk)
    found.pressed.send_now()
    dispatch_later()
    return told(request, reverse("studio"), "studio/on_send_now.html", prompt=found.prompt)


def own(request, pk):
    """Their own order, also when it is undone already: two buttons may have said so at once."""
    return get_object_or_404(Task.objects.filter(author=request.user).select_related("prompt"), pk=pk)


def told(request, back, template, **context):
    """What is new on the wall; any other page leads back to it."""
    seen = Live.told_by(request.POST)
    if not request.htmx or seen is None or seen.task:
        return redirect(back)
    return live.answer(request, seen, template, **context)
