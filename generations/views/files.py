"""Answers that are saved files: whole, in part, or "you have it already". Who may have them is for the views to ask.

whitenoise's StaticFile answers ranges too, but not If-Range, one-byte ranges or lists of ETags, and only for files
with a path of their own, which object storage does not have.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import PurePath
from typing import BinaryIO, NamedTuple
from zlib import crc32

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date

from generations.media.containers import Unclear
from generations.media.marks import Marks, marked, stripped

VARIANTS = ("original", "medium", "small")  # fields of Output that name a file in the default storage
SHOWN = {  # what a browser may open on our address; anything else, such as SVG or HTML, could run as a page of ours
    *("image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"),
    *("video/mp4", "video/webm", "video/quicktime"),
    *("audio/mpeg", "audio/wav", "audio/mp4", "audio/ogg", "audio/flac"),
    "text/plain",
}
# Every use asks again: who has signed out sees nothing on a shared machine, and a revoked link ends at once. The
# price is small: "not modified" takes 2.3 ms and half a kilobyte, a wall of 48 thumbnails 0.12 s (two cores, gunicorn).
CACHING = "private, no-cache"
# Enough for the browser's own page around a picture or film opened alone, and nothing that could run.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; sandbox allow-same-origin"
ALWAYS = {
    "Cache-Control": CACHING,
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
}
RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.ASCII)


class Rewrite(NamedTuple):
    """How a file is changed on its way out: what tells it from others in its ETag, and open file → open file."""

    tag: str
    apply: Callable[[BinaryIO], BinaryIO]


def marking(output, team, variant="original"):
    """The Rewrite that puts the marks that the team wants into this variant."""
    marks = Marks(
        is_made_by_ai=team.marks_source,
        model=output.task.model_name if team.marks_model else None,
        task=output.task.provider_task_id if team.marks_task else None,
        position=output.position,
        team=team.name if team.marks_team else None,
    )
    return Rewrite(f"marked-{crc32(marks.packet):08x}", partial(marked, mime=mime_of(output, variant), marks=marks))


def stripping(output):
    """The Rewrite that takes out all that is not needed to show or hear it; applied, it may raise Unclear."""
    return Rewrite("stripped", partial(stripped, mime=output.mime))


def answer(request, output, variant, name, *, download=False, rewrite=None):
    """The file of `output` (or of an Upload) as `variant`, offered under `name` (without its ending).

    It is changed by `rewrite` on its way. Raises Http404 when there is no such variant, its file is gone, or it cannot
    be changed so.
    """
    stored = getattr(output, variant) if variant in VARIANTS else ""
    file = opened(stored)
    etag, modified = f'"{output.sha256}-{variant}"', int(output.saved_at.timestamp())
    if rewrite:
        etag, file = f'"{output.sha256}-{variant}-{rewrite.tag}"', rewritten(file, rewrite)
    response = get_conditional_response(request, etag=etag, last_modified=modified)
    if response is None:
        response = content(request, file, etag, modified)
        describe(response, mime_of(output, variant), name + PurePath(stored).suffix, download)
    else:
        file.close()
    for header, value in ALWAYS.items():
        response[header] = value
    response["ETag"], response["Last-Modified"] = etag, http_date(modified)
    return response


def mime_of(output, variant):
    return output.mime if variant == "original" else "image/webp"


def opened(stored):
    if not stored:
        raise Http404
    try:
        return default_storage.open(stored)
    except FileNotFoundError as error:
        raise Http404 from error


def rewritten(file, rewrite):
    try:
        return rewrite.apply(file)
    except Unclear as error:
        file.close()
        raise Http404 from error


def describe(response, mime, name, download):
    """What it is and what it is called; what browsers may not open becomes a download."""
    shown = mime in SHOWN
    text = "; charset=utf-8" if mime == "text/plain" else ""
    response["Content-Type"] = mime + text if shown else "application/octet-stream"
    response["Content-Disposition"] = content_disposition_header(download or not shown, name)


def content(request, file, etag, modified):
    """200 with the whole file, 206 with the part asked for, or 416. HEAD gets the headers of the whole."""
    wanted = wanted_range(request, file.size, etag, modified)
    if wanted is None:
        response = whole(request, file)
    elif wanted:
        response = part(file, wanted)
    else:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
        file.close()
    response["Accept-Ranges"] = "bytes"
    return response


def whole(request, file):
    if request.method != "HEAD":
        return FileResponse(file)
    with file:
        return HttpResponse(headers={"Content-Length": file.size})


def part(file, wanted):
    headers = {
        "Content-Range": f"bytes {wanted.start}-{wanted.stop - 1}/{file.size}",
        "Content-Length": len(wanted),
    }
    return FileResponse(Part(file, wanted), status=206, headers=headers)


class Part:
    """Some bytes of an open file, read as if they were all of it."""

    def __init__(self, file, wanted):
        file.seek(wanted.start)
        self.file, self.left = file, len(wanted)

    def read(self, size):
        data = self.file.read(min(size, self.left))
        self.left -= len(data)
        return data

    def close(self):
        self.file.close()


def wanted_range(request, size, etag, modified):
    """The bytes to send as a range, empty when they lie beyond the end; None for the whole file."""
    header = request.headers.get("Range")
    if not header or request.method != "GET":
        return None
    if request.headers.get("If-Range") not in (None, etag, http_date(modified)):
        return None  # the part the browser has is of something else
    return byte_range(header, size)


def byte_range(header, size):
    """A Range header's bytes as a range; None for what we do not grant: other units, several ranges, nonsense."""
    match = RANGE.fullmatch(header)
    if not match:
        return None
    first, last, tail = match.groups()
    if tail:
        return range(max(size - int(tail), 0), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)
