"""Asking the admins for more than a budget allows."""

from datetime import timedelta

from django.contrib import messages
from django.core.mail import EmailMessage
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from generations import mail
from generations.forms.budgets import AskForm
from generations.models import Event, Purse, User

AGAIN_AFTER = timedelta(hours=1)  # one mail is enough


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    """A note to all admins, in the history and by mail."""
    form, purse = AskForm(request.POST or None), Purse.of(request.user)
    if request.method == "POST" and form.is_valid():
        told = tell(request, form.cleaned_data["note"], purse)
        messages.success(request, "The admins were told." if told else "You asked less than an hour ago. They know.")
        return redirect("studio")
    return render(request, "budgets/ask.html", {"form": form, "purse": purse}, status=422 if form.errors else 200)


def tell(request, note, purse):
    """Whether the admins were told now: not when this person asked a moment ago."""
    recent = Event.objects.filter(kind=Event.Kind.ASKED_MORE, actor=request.user, at__gt=timezone.now() - AGAIN_AFTER)
    if recent.exists():
        return False
    Event.objects.create(kind=Event.Kind.ASKED_MORE, actor=request.user, text=note)
    admins = list(User.objects.admins().values_list("email", flat=True))
    address = request.build_absolute_uri(reverse("team-settings"))
    context = {"person": request.user, "note": note, "purse": purse, "address": address}
    body = render_to_string("budgets/ask_mail.txt", context)
    message = EmailMessage(f"{request.user} asks for more budget".replace("\n", " "), body, bcc=admins)
    mail.deliver_apart(message)
    return True
