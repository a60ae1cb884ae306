"""What chat programs and networks are told of a gallery whose address is posted: its name, and one picture."""

import hashlib
from urllib.parse import urljoin

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response

from generations.media import previews
from generations.views import files


def card(request, link, has_picture):
    """The addresses of the gallery and its picture, in full; None for what is behind a password: it has no preview."""
    if link.password:
        return None
    here = settings.PUBLIC_URL or request.build_absolute_uri("/")
    return {
        "url": urljoin(here, link.get_absolute_url()),
        "picture": urljoin(here, reverse("share-preview", args=[link.token])) if has_picture else "",
        "width": previews.WIDTH,
        "height": previews.HEIGHT,
    }


def answer(request, visit):
    """The picture, drawn once for these files. Raises Http404 where there is nothing to be drawn."""
    shown = [] if visit.link.password else pictures(visit)
    if not shown:
        raise Http404
    key = hashlib.sha256("".join(output.sha256 for output in shown).encode()).hexdigest()
    response = get_conditional_response(request, etag=f'"{key}"')
    if response is None:
        response = HttpResponse(drawn(key, shown), content_type="image/jpeg")
    for header, value in files.ALWAYS.items():
        response[header] = value
    response["ETag"] = f'"{key}"'
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # chat programs show it in pages of theirs
    return response


def pictures(visit):
    return list(visit.outputs.exclude(medium="")[: previews.MOST])


def drawn(key, outputs):
    return caches["previews"].get_or_set(key, lambda: draw(outputs))


def draw(outputs):
    opened = [files.opened(output.medium) for output in outputs]
    try:
        return previews.draw(opened)
    finally:
        for file in opened:
            file.close()
