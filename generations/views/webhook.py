"""The admins' page of the webhook: where to, its secret, and what became of each call."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from generations.engine import calls
from generations.engine.jobs import call_later
from generations.forms.webhook import WebhookForm
from generations.models import Event, Webhook
from generations.views.admins import admins_only

TOLD_ONCE = "webhook secret"  # the key of the session with a secret that was just made
SHOWN = 50  # calls
CHANGES = 10


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def webhook(request):
    before = Webhook.current()
    form = WebhookForm(request.POST or None, instance=before or Webhook(pk=1, events=Webhook.Event.values))
    if form.is_valid():
        saved = form.save_by(request.user)
        if not before:
            request.session[TOLD_ONCE] = saved.secret
        messages.success(request, "Saved.")
        return redirect("webhook")
    changes = Event.objects.filter(kind=Event.Kind.WEBHOOK, task=None).select_related("actor")[:CHANGES]
    context = {"form": form, "webhook": before, "calls": before.calls.all()[:SHOWN] if before else []}
    context["changes"] = changes if before else []
    if not form.is_bound:
        context["secret"] = request.session.pop(TOLD_ONCE, None)
    return render(request, "team/webhook.html", context, status=422 if form.is_bound else 200)


@require_POST
@admins_only
def rotate(request):
    found = current()
    found.rotate(request.user)
    request.session[TOLD_ONCE] = found.secret
    return redirect("webhook")


@require_POST
@admins_only
def test(request):
    calls.test(current())
    call_later()
    messages.success(request, "A test is on its way. Load this page again to see what came of it.")
    return redirect("webhook")


@require_POST
@admins_only
def again(request, pk):
    call = get_object_or_404(current().calls, pk=pk)
    call.send_again()
    call_later()
    messages.success(request, "It is sent again. Load this page again to see what came of it.")
    return redirect("webhook")


def current():
    return get_object_or_404(Webhook, pk=1)
