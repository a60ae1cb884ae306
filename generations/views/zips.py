"""Zip files: what is picked, as one download."""

from functools import partial
from pathlib import PurePath
from threading import BoundedSemaphore
from weakref import finalize

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from generations.forms.selection import SelectionForm
from generations.media import manifest, names, zips
from generations.media.zips import Entry
from generations.models import Collection, Output, Team
from generations.views import files
from generations.views.returning import back

AT_ONCE = 3  # of the eight threads of a process (modellix_site/gunicorn.py)
OF_VISITORS = 2  # more of them, so that strangers never take the places of the team; the others are for pages
BATCH = 200  # rows read at a time: no query stays open for as long as the download takes
room, visitors_room = BoundedSemaphore(AT_ONCE), BoundedSemaphore(OF_VISITORS)


@require_http_methods(["GET", "POST"])
def download(request):
    """All saved files of what is picked, with the team's marks and two manifests."""
    outputs = SelectionForm(request.POST or request.GET).outputs(request.user)
    pks = list(outputs.order_by("task_id", "position").values_list("pk", flat=True))
    if not pks:
        messages.warning(request, "There is no saved file among what is picked.")
        return back(request)
    return packed(request.user, pks)


@require_safe
def collection(request, pk):
    """All files of a collection that this person may see, in its order."""
    found = get_object_or_404(Collection.objects.visible_to(request.user), pk=pk)
    seen = Output.objects.visible_to(request.user).saved().filter(items__collection=found)
    pks = list(seen.order_by("items__position", "items__pk").values_list("pk", flat=True))
    if not pks:
        raise Http404
    return packed(request.user, pks, found.name)


def packed(user, pks, name=""):
    picked = Picked(user, pks)
    telling = (
        names.telling(picked.first) if len(pks) == 1 else f"studio-{timezone.localdate():%Y-%m-%d}-{len(pks)}-files"
    )
    return answer(name or telling, picked.entries(), picked.manifests)


class Picked:
    """Files for their way into a zip. Each is looked up again when its turn comes: it may have been binned by then."""

    def __init__(self, user, pks):
        self.user, self.pks, self.team = user, pks, Team.current()

    @property
    def first(self):
        return next(self.rows())

    def rows(self):
        """The Outputs in order, without those that this person may not see any more."""
        seen = Output.objects.visible_to(self.user).saved().select_related("task__prompt", "task__author")
        for start in range(0, len(self.pks), BATCH):
            found = seen.in_bulk(self.pks[start : start + BATCH])
            yield from (found[pk] for pk in self.pks[start : start + BATCH] if pk in found)

    def entries(self):
        for output in self.rows():
            yield Entry(named(output), partial(opened, output, self.team), output.saved_at)

    def manifests(self, missing):
        """A table and JSON; files that were no longer there are marked in both."""
        gone = set(missing)
        for name, write in (("manifest.csv", manifest.as_csv), ("manifest.json", manifest.as_json)):
            yield name, write(manifest.row(each, named(each), named(each) in gone) for each in self.rows())


def named(output):
    return names.safe(names.telling(output) + PurePath(output.original).suffix)


def opened(output, team):
    """The original, with the team's marks. Raises FileNotFoundError."""
    return files.marking(output, team).apply(default_storage.open(output.original))


def answer(name, entries, closing=lambda missing: (), room=room):
    """The zip of these entries (media/zips.py) as a download under this name; 503 while its room is full."""
    zipped = zips.stream(entries, closing)
    if not room.acquire(blocking=False):
        zipped.close()
        return HttpResponse(render_to_string("zips/busy.html"), status=503, headers={"Retry-After": "60"})
    response = Download(zipped, room, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, names.safe(f"{name}.zip"))
    response["Cache-Control"] = files.CACHING
    response["X-Content-Type-Options"] = "nosniff"
    if zipped.length is not None:
        response["Content-Length"] = zipped.length
    return response


class Download(StreamingHttpResponse):
    """Has its place in a room until it is closed, read or not, or forgotten."""

    def __init__(self, zipped, room, **kwargs):
        super().__init__(zipped, **kwargs)
        self.leave = finalize(self, room.release)

    def close(self):
        super().close()
        self.leave()
