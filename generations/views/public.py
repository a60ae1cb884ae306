"""All that a visitor can reach. It changes nothing but counters: of openings, and of passwords tried in vain.

Who may see what is for the gate to say. Pages are rendered without the request, so that nothing of a session can get
onto them.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from generations.models import Output, Upload
from generations.views import exhibit, files, gate, previews, takeaway


@gate.page
def share(request, visit):
    """What a link shows, for anyone who has the address."""
    if request.method == "GET" and not request.user.is_authenticated:
        visit.link.count_opening()
    context = exhibit.wall(visit, request.GET.get("page"))
    card = previews.card(request, visit.link, any(piece.is_seen for piece in context["pieces"]))
    return render(None, "public/share.html", context | {"card": card})


@gate.page
def share_item(request, visit, output_pk):
    """One of its files, large, with the way to its neighbours."""
    return render(None, "public/item.html", exhibit.item(visit, visit.output(output_pk)))


@gate.file
def share_media(request, visit, output_pk, variant):
    """One of its files, original or thumbnail, under a name that tells nothing; `?download` offers it."""
    output, download = visit.output(output_pk), "download" in request.GET
    if not (visit.takes_home(output) == variant if download else visit.looks_at(output, variant)):
        raise Http404
    name = exhibit.name(output, visit.places[output.pk], len(visit.places)) if download else exhibit.name(output)
    try:
        rewrite = visit.rewrite(output, variant)
        return files.answer(request, output, variant, name, download=download, rewrite=rewrite)
    except Http404:
        if output.kind == Output.Kind.IMAGE and variant == "original":  # not in order, so not to be stripped
            return files.answer(request, output, "medium", name, download=download)
        raise


@gate.file
def share_zip(request, visit):
    """All of them that may be taken home."""
    if not visit.takes_any_home or not visit.places:
        raise Http404
    return takeaway.answer(visit)


@gate.file
def share_preview(request, visit):
    """The picture for chat programs and networks."""
    return previews.answer(request, visit)


@login_not_required
@require_safe
@gate.unlisted
def given(request, token, name):
    """An input, for Modellix to fetch while its address lasts. The name is for those who go by endings."""
    upload = Upload.signed(token)
    if upload is None:
        raise Http404
    return files.answer(request, upload, "original", name.partition(".")[0])
