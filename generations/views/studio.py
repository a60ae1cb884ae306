from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from generations.engine.jobs import dispatch_later
from generations.forms.composer import ComposerForm, offer, on_offer
from generations.forms.inputs import receive
from generations.views import feed, live
from generations.views.live import Live
from generations.views.numbers import whole

ANSWERS = {  # target on the page → what changes there
    "div#estimate": "studio/on_estimate.html",
    "div#settings": "studio/on_model.html",
    "div#inputs": "studio/_inputs.html",
}


@require_safe
@vary_on_headers("HX-Request")
def studio(request):
    """The composer over the feed. `?page=N` shows the first N pages, `?prompt=` starts with that text."""
    before = whole(request.GET.get("before"))
    if request.htmx and before:
        return render(request, "studio/on_more.html", {"feed": feed.older(request.user, before), **paging(request)})
    return page(request, ComposerForm.fresh(request.user, request.GET.get("prompt", "")))


@require_POST
def create(request):
    """Order what the composer says. Sent twice, it buys once."""
    data, problems = received(request)
    form = ComposerForm(data, author=request.user, problems=problems)
    if data.get("shown") != form.chosen.slug:
        messages.warning(request, f"Now these are the settings of {form.chosen.name}. Nothing was sent yet.")
        form = ComposerForm.adapted(data, request.user, problems)
    elif form.is_valid():
        with transaction.atomic():
            form.order(request.user)
            dispatch_later()
        messages.success(request, "Sent.")
        return sent(request)
    if request.htmx:
        return render(request, "studio/on_invalid.html", composing(form), status=422)
    return page(request, form, status=422)


@require_http_methods(["GET", "POST"])
def composer(request):
    """The composer for other settings than before: what they cost, the fields of another model, the files it holds."""
    data, problems = received(request)
    form = ComposerForm.adapted(data, request.user, problems)
    if not request.htmx:
        return page(request, form)
    return render(request, ANSWERS.get(request.htmx.target, "studio/_composer.html"), composing(form))


def received(request):
    """What the page's form holds, with the files that it brought kept, and what is wrong with others."""
    data = request.POST or request.GET
    return receive(data, request.FILES, on_offer(data.get("shown")), request.user)


@require_GET
def changes(request):
    """What is new since the page last looked; 204 when nothing is."""
    seen = Live.told_by(request.GET)
    if seen is None:
        return HttpResponseBadRequest()
    return HttpResponse(status=204) if seen.is_current() else live.answer(request, seen)


def page(request, form, status=200):
    now = Live.now(request.user)
    pages = feed.pages(request.user, whole(request.GET.get("page")) or 1)
    context = {"live": now, "feed": pages, **paging(request), **composing(form)}
    context["is_open"] = form.is_bound or bool(form["prompt"].value())
    return render(request, "studio/studio.html", context, status=status)


def sent(request):
    """A fresh composer over what is new; without script, the feed."""
    if not request.htmx:
        return redirect("studio")
    seen = Live.told_by(request.POST)
    if seen is None:  # the page was cut off from the feed, for example by signing out
        return HttpResponseClientRefresh()
    return live.answer(request, seen, "studio/on_create.html", **composing(ComposerForm.fresh(request.user)))


def composing(form):
    return {"form": form, "models": offer()}


def paging(request):
    return {"next_page": (whole(request.GET.get("page")) or 1) + 1}
