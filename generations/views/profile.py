from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from generations.forms.profile import EmailForm, ProfileForm
from generations.models import User
from generations.views.sessions import signed_in_on


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """A person's own name and habits. The form has its own copy of them: the frame shows what is saved."""
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("profile")
    context = {"form": form, **signed_in_on(request)}
    return render(request, "account/profile.html", context, status=422 if form.is_bound else 200)


@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def email(request):
    """Another address to sign in with, for who has just given the password. The one they had is told of it."""
    person = User.objects.get(pk=request.user.pk)
    before, form = person.email, EmailForm(request.POST or None, instance=person)
    if form.is_valid():
        form.save()
        get_adapter().send_mail("account/email/email_changed", before, {"user": person})
        messages.success(request, f"Saved. From now on, sign in with {person.email}.")
        return redirect("profile")
    return render(request, "account/email.html", {"form": form}, status=422 if form.is_bound else 200)
