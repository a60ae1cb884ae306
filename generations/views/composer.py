"""What is written and chosen in the composer: answered while it changes, ordered when it is sent."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from generations.engine.jobs import dispatch_later
from generations.forms.composer import ComposerForm, inputs_of
from generations.forms.inputs import receive
from generations.forms.offer import chosen, listed
from generations.models import Draft, OverBudget, Task
from generations.views import live
from generations.views.approvals import ask
from generations.views.beginnings import begun
from generations.views.live import Live
from generations.views.numbers import whole
from generations.views.picker import composing
from generations.views.studio import page

ANSWERS = {  # target on the page → what changes there
    "div#estimate": "studio/on_estimate.html",
    "div#settings": "studio/on_model.html",
    "div#inputs": "studio/on_inputs.html",
    "div#desk": "studio/on_desk.html",
    "div#model-list": "studio/on_list.html",
}


@require_POST
def create(request):
    """Order what the composer says. Sent twice, it buys once; what was ordered a moment ago is asked about."""
    data, problems = received(request)
    form = ComposerForm(data, author=request.user, problems=problems)
    if form.models and form.models != chosen(data, "shown"):
        messages.warning(request, f"Now these are the settings of {form.names}. Nothing was sent yet.")
        form = ComposerForm.adapted(data, request.user, problems)
    elif form.is_valid() and not form.twin:
        try:
            return sent(request, ordered(request, form), is_new=not form.ordered)
        except OverBudget as error:
            form.add_error(None, str(error))
    if request.htmx:
        return render(request, "studio/on_invalid.html", composing(form), status=422)
    return page(request, form, status=422)


def ordered(request, form):
    """The tasks that this becomes: all of them, or none. Raises OverBudget."""
    with transaction.atomic():
        tasks = form.order(request.user)
        Draft.drop(request.user, whole(form.data.get("draft")) or 0)
        dispatch_later()
    return tasks


@require_http_methods(["GET", "POST"])
def composer(request):
    """The composer for other settings than before: what they cost, the fields of another model, the files it holds."""
    data, problems = received(request)
    form = begun(request, ComposerForm.adapted(data, request.user, problems))
    if not request.htmx:
        return page(request, form)
    replaced = data.get("prompt", "").strip() and form.text != ComposerForm(data).text
    context = composing(form) | {"before": list(request.POST.lists()) if replaced else []}
    return render(request, ANSWERS.get(request.htmx.target, "studio/_composer.html"), context)


def received(request):
    """What the page's form holds, with the files that it brought kept, and what is wrong with others."""
    data = (request.POST or request.GET).copy()
    if gone := data.get("without"):
        data.setlist("model", [slug for slug in listed(data, "model") if slug != gone])
    return receive(data, request.FILES, inputs_of(chosen(data, "shown")), request.user)


def sent(request, tasks, is_new):
    """A fresh composer over what is new; without script, the feed."""
    asks = tasks[0].hold == Task.Hold.APPROVAL
    seen, seconds = Live.told_by(request.POST), request.user.undo_seconds if is_new and not asks else 0
    if not is_new:
        messages.info(request, "This was ordered before, so nothing was sent again.")
    elif asks:
        ask(request, tasks[0])
    elif not request.htmx or seen is None or not seconds:
        messages.success(request, f"Sending in {seconds} s." if seconds else "Sent.")
    if not request.htmx:
        return redirect("studio")
    if seen is None:  # the page was cut off from the feed, for example by signing out
        return HttpResponseClientRefresh()
    context = {"task": tasks[0], "seconds": seconds} | composing(ComposerForm.fresh(request.user))
    return live.answer(request, seen, "studio/on_create.html", **context)
