"""What is picked on the wall: everything that the filters find, and a few to be compared."""

from django.contrib import messages
from django.db.models import Count, Max
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from generations.forms.compare import MOST
from generations.forms.feed import FeedForm
from generations.forms.selection import SelectionForm
from generations.models import Task
from generations.views.returning import back


@require_safe
def everything(request):
    """The way to pick all that the filters find: how many these are by now, and the newest of them."""
    filters = FeedForm(request.GET)
    found = filters.filtered(Task.objects.visible_to(request.user), request.user).order_by()
    told = found.aggregate(count=Count("pk"), upto=Max("pk"))
    return render(request, "studio/_everything.html", {"filters": filters} | told)


@require_POST
def compare(request):
    """The page on which the first files of what is picked stand side by side."""
    picked = SelectionForm(request.POST).tasks(request.user).values_list("pk", flat=True)[: MOST + 1]
    if not 2 <= len(picked) <= MOST:
        messages.warning(request, "Pick two, three or four to compare.")
        return back(request)
    return redirect(f"{reverse('compare')}?{urlencode({'task': list(picked)}, doseq=True)}")
