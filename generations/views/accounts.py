from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from generations.accounts import opens_set_up
from generations.forms.accounts import InvitedForm, SetUpForm
from generations.models import Invitation


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@sensitive_post_parameters("password")
def set_up(request, token):
    """Make the first admin and sign them in. A 404 as soon as there is one."""
    if not opens_set_up(token):
        raise Http404
    form = SetUpForm(request.POST or None)
    if not form.is_valid():
        return render(request, "account/set_up.html", {"form": form})
    admin = form.make_admin()
    if admin is None:
        raise Http404
    get_adapter().login(request, admin)
    return redirect("studio")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@sensitive_post_parameters("password")
def invited(request, token):
    """Join the team. What was used, withdrawn or is over looks like what never was."""
    invitation = Invitation.objects.opened_by(token)
    if invitation is None:
        return render(request, "account/not_invited.html", status=404)
    form = InvitedForm(request.POST or None, invitation)
    if not form.is_valid():
        return render(request, "account/invited.html", {"form": form, "invitation": invitation})
    person = form.join()
    if person is None:
        return render(request, "account/not_invited.html", status=404)
    get_adapter().login(request, person)
    return redirect("studio")
