"""What waits for an admin to agree, and the admins' yes or no. One press is one thing, decided once."""

from django.contrib import messages
from django.core.mail import EmailMessage
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import pluralize
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from generations import mail
from generations.engine.jobs import dispatch_later
from generations.forms.approvals import ApproveForm, Ask, DenyForm
from generations.models import Event, OverBudget, Task, User
from generations.views.admins import admins_only

MOST = 50  # presses on the page
DECISIONS = {
    Event.Kind.APPROVED: "approved it",
    Event.Kind.DENIED: "did not approve it",
    Event.Kind.CANCELLED: "took it back",
}
MOVED = "Nothing was sent: a price moved, or an order was taken back, since you saw it. Look again."
DEARER = "Nothing was sent: it costs more than when it was asked for, and the budget has no room for that."


@require_safe
@admins_only
def approvals(request):
    """What waits, the oldest first, at the price of now."""
    asks = Ask.of(Task.objects.all())
    return render(request, "approvals/approvals.html", {"asks": asks[:MOST], "more": len(asks[MOST:])})


@require_POST
@admins_only
def approve(request, pk):
    """Let the press of this task be sent, at the price that the page showed."""
    task, form = get_object_or_404(Task, pk=pk), ApproveForm(request.POST)
    try:
        count = form.save(request.user, task) if form.is_valid() else None
    except OverBudget:
        messages.error(request, DEARER)
        return redirect("approvals")
    if count:
        dispatch_later()
        messages.success(request, f"Approved. {count} order{pluralize(count, ' is,s are')} on the way.")
    else:
        messages.warning(request, MOVED if count is None else decided(task))
    return redirect("approvals")


@require_POST
@admins_only
def deny(request, pk):
    """Send nothing of the press of this task."""
    task, form = get_object_or_404(Task, pk=pk), DenyForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0])
    elif form.save(request.user, task):
        messages.success(request, f"Not approved. {task.author} reads it on the card. Nothing was sent.")
    else:
        messages.warning(request, decided(task))
    return redirect("approvals")


def decided(task):
    """Who was quicker, in words."""
    found = Event.objects.filter(task__in=task.pressed, kind__in=DECISIONS).select_related("actor").first()
    if found is None:
        return "Nothing of it waits."
    return f"{found.actor or 'Nobody'} {DECISIONS[found.kind]} in the meantime. You changed nothing."


def ask(request, task):
    """Tell who pressed, and all admins by mail, of an order that waits for one of them; of any other nothing."""
    if task.hold != Task.Hold.APPROVAL:
        return
    messages.info(request, "An admin is asked. Nothing is sent before they agree, and cancelling is free.")
    others = Task.objects.awaiting_approval().filter(author=task.author).exclude(pk__in=task.pressed)
    if mail.is_set_up() and not others.exists():  # else an earlier mail leads to the same page
        tell_admins(request, Ask.of(task.pressed)[0])


def tell_admins(request, asked):
    admins = list(User.objects.admins().values_list("email", flat=True))
    address = request.build_absolute_uri(reverse("approvals"))
    context = {"ask": asked, "address": address, "days": Task.DECIDED_WITHIN.days}
    body = render_to_string("approvals/ask_mail.txt", context)
    subject = f"{asked.first.author} asks for approval".replace("\n", " ")
    mail.deliver_apart(EmailMessage(subject, body, bcc=admins))
