"""All that a visitor can reach. Of the product it knows the models and how a file is sent; it changes one counter.

Each request asks anew whether the link is live. Pages are rendered without the request, so that nothing of a session
can get onto them.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.humanize.templatetags.humanize import apnumber
from django.http import Http404
from django.shortcuts import render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_safe

from generations.models import ShareLink, Upload
from generations.views import files

NOUNS = {"image": "picture", "video": "video", "audio": "recording", "text": "text", "file": "file"}


def unlisted(view):
    """Tell search engines to stay away, browsers to keep nothing, and other sites nothing of the address."""

    @wraps(view)
    def discreet(*args, **kwargs):
        response = view(*args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return discreet


@login_not_required
@require_safe
@unlisted
def share(request, token):
    """The shared generation, for anyone who has the address."""
    link = live_link(token)
    if link is None:
        return closed(token)
    if request.method == "GET" and not request.user.is_authenticated:
        link.count_opening()
    outputs = list(shared(link))
    context = {"link": link, "outputs": outputs, "title": title(outputs), "layout": layout(outputs)}
    return render(None, "public/share.html", context)


@login_not_required
@require_safe
@unlisted
def share_media(request, token, output_pk, variant):
    """One of its files, original or thumbnail, under a name that tells nothing."""
    link = live_link(token)
    output = shared(link).filter(pk=output_pk).first() if link else None
    if output is None:
        return closed(token)
    name = f"{NOUNS[output.kind]}-{output.position + 1}"
    try:
        return files.answer(request, output, variant, name, download="download" in request.GET)
    except Http404:
        return closed(token)


@login_not_required
@require_safe
@unlisted
def given(request, token, name):
    """An input, for Modellix to fetch while its address lasts. The name is for those who go by endings."""
    upload = Upload.signed(token)
    if upload is None:
        raise Http404
    return files.answer(request, upload, "original", name.partition(".")[0])


def live_link(token):
    return ShareLink.objects.live().select_related("creator").filter(token=token).first()


def shared(link):
    return link.shown()


def title(outputs):
    """What it is, without a word of the prompt: "Four pictures"."""
    kinds = {output.kind for output in outputs}
    noun = NOUNS[kinds.pop()] if len(kinds) == 1 else "file"
    return f"{apnumber(len(outputs))} {noun}{pluralize(outputs)}".capitalize()


def layout(outputs):
    """How the pictures hang (the classes of .exhibit): in justified rows when they are many, else by their shape."""
    if len(outputs) > 4 or not outputs:
        return "many"
    task = outputs[0].task
    if task.ratio_height == task.ratio_width:
        return "square"
    return "tall" if task.ratio_height > task.ratio_width else "wide"


def closed(token):
    """Unknown, expired and revoked look alike; only the status differs."""
    link = ShareLink.objects.filter(token=token).first()
    status = 410 if link and not link.is_live else 404
    return render(None, "public/closed.html", status=status)
