from django.contrib import messages
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_http_methods

from generations.forms.team import TeamForm
from generations.models import ShareLink, Team
from generations.views.admins import admins_only


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def settings(request):
    """What the admins decide for the whole team. It holds at once, for links that are open, too."""
    form, before = TeamForm(request.POST or None, instance=Team.current()), ShareLink.objects.live().count()
    if form.is_valid():
        form.save()
        messages.success(request, saved(before, ShareLink.objects.live().count()))
        return redirect("team-settings")
    context = {"form": form, "open_links": before}
    return render(request, "team/settings.html", context, status=422 if form.is_bound else 200)


def saved(before, after):
    """What to say, with how many links opened before and open now."""
    number = abs(after - before)
    links = f"{number} link{pluralize(number)}"
    if after < before:
        return f"Saved. {links} no longer open{pluralize(number, 's,')}."
    return f"Saved. {links} open{pluralize(number, 's,')} again." if after > before else "Saved."
