from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from generations.forms.profile import ProfileForm
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
