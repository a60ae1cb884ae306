"""The people of the team: who they are, and for admins who comes in, as what, and who leaves."""

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.mail import EmailMessage
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from generations import accounts, mail
from generations.forms.people import InviteForm, PersonForm
from generations.models import Invitation, LastAdmin, User
from generations.models.entry import month_of
from generations.models.purse import used_in
from generations.views.admins import admins_only

STAYS = "Somebody has to stay admin: make another person one first."
TOLD_ONCE = "invitation"  # the key of the session with the address of a new invitation


@require_safe
def people(request):
    """Everybody, by name. Admins see what each spent this month, who was invited, and change it here."""
    return page(request, InviteForm())


def page(request, form, status=200):
    context = {"people": User.objects.of_team().order_by("-is_active", "name")}
    if request.user.is_admin:
        used = used_in(month_of(timezone.now()), "person").filter(person=OuterRef("pk"))
        context["people"] = context["people"].annotate(used=Subquery(used))
        told = request.session.pop(TOLD_ONCE, None)
        context |= {"form": form, "invitations": Invitation.objects.waiting(), "told": told}
    return render(request, "team/people.html", context, status=status)


@require_POST
@admins_only
def invite(request):
    """A door for one more person. Its address is shown once, and sent where mail is set up."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return page(request, form, status=422)
    invitation, token = Invitation.make(request.user, form.cleaned_data["role"], form.cleaned_data["email"])
    return told(request, invitation, token)


@require_POST
@admins_only
def renew(request, pk):
    """A new address for seven more days; the one before opens nothing any more."""
    invitation = get_object_or_404(Invitation.objects.waiting(), pk=pk)
    token = invitation.renew()
    return told(request, invitation, token) if token else redirect("people")


@require_POST
@admins_only
def withdraw(request, pk):
    if get_object_or_404(Invitation, pk=pk).revoke():
        messages.success(request, "Invitation withdrawn. Its link opens nothing.")
    return redirect("people")


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def person(request, pk):
    """What one person may do and spend."""
    found = of_team(pk)
    before = found.role
    form = PersonForm(request.POST or None, instance=found, is_own=found == request.user)
    if form.is_valid():
        try:
            if form.cleaned_data["role"] != before:
                found.become(form.cleaned_data["role"])
                note(request, found, f"Made {found.get_role_display().lower()}.")
            User.objects.filter(pk=pk).update(budget=form.cleaned_data["budget"])
        except LastAdmin:
            form.add_error("role", STAYS)
        else:
            messages.success(request, f"Saved. It holds for {found} from now on.")
            return redirect("people")
    context = {"form": form, "person": of_team(pk)}
    return render(request, "team/person.html", context, status=422 if form.is_bound else 200)


@require_POST
@admins_only
def disable(request, pk):
    """Nobody comes in as this person any more; those who are in are out at once."""
    return changed(request, pk, User.disable, "Disabled.", "{} is signed out everywhere and cannot come in.")


@require_POST
@admins_only
def enable(request, pk):
    return changed(request, pk, User.enable, "Enabled.", "{} may come in again.")


@require_POST
@admins_only
def remove(request, pk):
    """Take somebody out of the team for good."""
    return changed(request, pk, User.remove, "Removed.", "{} was removed. What they made stays.")


@require_POST
@admins_only
def drop_second_step(request, pk):
    """Their password alone signs them in, until they switch it on again."""
    found = of_team(pk)
    if found == request.user:
        messages.error(request, "That is you: your profile has the switch.")  # which asks for the password first
    elif accounts.drop_second_step(found):
        note(request, found, "Two-step sign-in switched off.")
        told = ", and is told so by mail" if mail.is_set_up() else ""
        messages.success(request, f"From now on {found} signs in with the password alone{told}.")
    return redirect("person", pk)


def changed(request, pk, verb, noted, words):
    found = of_team(pk)
    name = str(found)
    if found == request.user:
        messages.error(request, "That is you: another admin has to do it.")
        return redirect("person", pk)
    try:
        verb(found)
    except LastAdmin:
        messages.error(request, STAYS)
        return redirect("person", pk)
    found.end_sessions()
    note(request, found, noted)
    messages.success(request, words.format(name))
    return redirect("people")


def of_team(pk):
    return get_object_or_404(User.objects.of_team(), pk=pk)


def note(request, found, words):
    """Into the history of the person, which the admin shows."""
    LogEntry.objects.log_actions(request.user.pk, [found], CHANGE, words, single_object=True)


def told(request, invitation, token):
    address = request.build_absolute_uri(reverse("invited", args=[token]))
    request.session[TOLD_ONCE] = address
    if invitation.email and mail.is_set_up():
        context = {"person": request.user, "address": address, "invitation": invitation}
        body = render_to_string("team/invite_mail.txt", context)
        message = EmailMessage("You are invited to Modellix Studio", body, to=[invitation.email])
        mail.deliver_apart(message)
        messages.success(request, f"The invitation is on its way to {invitation.email}.")
    return redirect("people")
