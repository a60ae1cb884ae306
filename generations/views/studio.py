from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe
from django.views.decorators.vary import vary_on_headers

from generations.forms.composer import ComposerForm
from generations.forms.drafts import as_data
from generations.forms.feed import FeedForm
from generations.models import Draft
from generations.views import feed, live, toolbar
from generations.views.beginnings import begun
from generations.views.live import Live
from generations.views.numbers import whole
from generations.views.picker import composing

FILES = {"input", "upload"}
BEGINNINGS = FILES | {"prompt", "undone", "use", "remix", "preset", "into"}  # what an address may want in the composer


@require_safe
@vary_on_headers("HX-Request", "HX-Source")
def studio(request):
    """The composer over the feed of what the address looks for. `?page=N` shows the first N pages.

    The composer starts with what views/beginnings.py tells, or with the model of `?use=`; `?pick` opens the models,
    on a phone `?compose` the composer with its draft.
    """
    if not request.htmx:
        return begin(request)
    filters, before = FeedForm(request.GET), whole(request.GET.get("before"))
    if before:
        older = feed.older(request.user, filters, before)
        return render(request, "studio/on_more.html", {"feed": older} | paging(request, filters))
    return found(request, filters)


def begin(request):
    """The page with what its address wants in the composer, else with the draft. A viewer has no composer."""
    if request.user.is_viewer:
        return render(request, "studio/studio.html", wall(request, FeedForm(request.GET)))
    draft = Draft.of(request.user)
    if draft.fields and not BEGINNINGS.intersection(request.GET):
        return page(request, drafted(draft), draft=draft)
    if draft.fields and {"only", "into"}.intersection(request.GET):  # these are for what is being written
        return page(request, begun(request, drafted(draft)), draft=draft)
    fresh = ComposerForm.fresh(request.user, slug=request.GET.get("use"))
    return page(request, begun(request, fresh), kept=draft)


@require_GET
def changes(request):
    """What is new since the page last looked; 204 when nothing is."""
    seen = Live.told_by(request.GET)
    if seen is None:
        return HttpResponseBadRequest()
    return HttpResponse(status=204) if seen.is_current(request) else live.answer(request, seen)


def found(request, filters):
    """The feed for other filters than before. What was typed or ticked stays; a link brings the filters anew."""
    template = "studio/on_search.html" if request.htmx.source == "form#filters" else "studio/on_filter.html"
    response = render(request, template, wall(request, filters))
    response["HX-Replace-Url"] = toolbar.address(filters.query)
    return response


def page(request, form, status=200, draft=None, kept=None):
    """The whole page around a composer."""
    filters = FeedForm({} if FILES.intersection(request.GET) else request.GET)  # `kind` is what to make of the file
    context = wall(request, filters) | composing(form, draft, kept, has_list=request.method == "POST")
    wanted = (BEGINNINGS | {"compose"}).intersection(request.GET)
    context["is_open"] = form.is_bound or bool(wanted or (form.text and not draft))
    return render(request, "studio/studio.html", context, status=status)


def wall(request, filters):
    """What the templates of the feed and its toolbar need."""
    now = Live.now(request, filters=filters.query)
    pages = feed.pages(request.user, filters, whole(request.GET.get("page")) or 1)
    return {**now.context, "feed": pages, **paging(request, filters), **toolbar.toolbar(request.user, filters)}


def drafted(draft):
    """The composer as it was left."""
    return ComposerForm.adapted(as_data(draft.fields), draft.person)


def paging(request, filters):
    """Where the next page is, as parts of an address."""
    number = (whole(request.GET.get("page")) or 1) + 1
    return {"filters": filters, "next_page": f"{filters.query}&page={number}".removeprefix("&")}
