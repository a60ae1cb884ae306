from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe
from django.views.decorators.vary import vary_on_headers

from generations.forms.composer import ComposerForm, offer
from generations.models import Prompt
from generations.views import feed, live
from generations.views.live import Live
from generations.views.numbers import whole


@require_safe
@vary_on_headers("HX-Request")
def studio(request):
    """The composer over the feed. `?page=N` shows the first N pages.

    `?prompt=` starts with that text, `?undone=` with what a Prompt asked for that was taken back, `?use=` with a model.
    """
    before = whole(request.GET.get("before"))
    if request.htmx and before:
        return render(request, "studio/on_more.html", {"feed": feed.older(request.user, before), **paging(request)})
    undone = Prompt.objects.filter(author=request.user, pk=whole(request.GET.get("undone")) or 0).first()
    text = undone.text if undone else request.GET.get("prompt", "")
    return page(request, ComposerForm.fresh(request.user, text, request.GET.get("use")))


@require_GET
def changes(request):
    """What is new since the page last looked; 204 when nothing is."""
    seen = Live.told_by(request.GET)
    if seen is None:
        return HttpResponseBadRequest()
    return HttpResponse(status=204) if seen.is_current() else live.answer(request, seen)


def page(request, form, status=200):
    """The whole page around a composer."""
    now = Live.now(request.user)
    pages = feed.pages(request.user, whole(request.GET.get("page")) or 1)
    context = {"live": now, "feed": pages, **paging(request), **composing(form)}
    context["is_open"] = form.is_bound or bool(form["prompt"].value()) or "use" in request.GET
    return render(request, "studio/studio.html", context, status=status)


def composing(form):
    """What the composer's templates need."""
    return {"form": form, "models": offer()}


def paging(request):
    return {"next_page": (whole(request.GET.get("page")) or 1) + 1}
