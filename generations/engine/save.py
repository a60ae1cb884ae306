"""Saving a result: from the provider's file host into the team's own storage, before the provider deletes it."""

import logging
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from generations.engine import provider
from generations.engine.fetch import FetchError, Gone, TooLarge, fetch
from generations.media.kinds import HEAD, UNKNOWN, kind_of
from generations.media.pictures import NotAPicture, make_thumbnails
from generations.modellix.errors import ModellixError
from generations.models import Event, Output

logger = logging.getLogger(__name__)

SECONDS = {"image": 60, "video": 800, "audio": 300, "text": 60}  # for one download, by what the model makes
TRIES_FOR_DAMAGED = 3  # after which it is kept as it is, for download


def save(output):
    """One try at one file. May arrive twice, or late: only who claims the row does anything."""
    if not output.claim():
        return
    try:
        kept = keep(output)
    except (FetchError, OSError) as error:
        give_back(output, error)
    else:
        with transaction.atomic():
            if output.store(**kept):
                Event.objects.create(kind=Event.Kind.FILE_SAVED, task=output.task, text=f"file {output.position + 1}")
    if not output.task.settle_files():
        output.task.touch()


def keep(output):
    """Download it, look at it, store it: the fields of Output that tell what is kept. Raises FetchError, OSError."""
    incoming = Path(settings.MEDIA_ROOT) / ".incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=incoming, prefix=f"{output.pk}-") as folder:
        fetched = download(output, Path(folder) / "original")
        return store(output, fetched, Path(folder))


def download(output, path):
    """The file at its address, or at a fresh one when the host says that it is gone. Raises FetchError."""
    options = {"limit": room_for(output), "seconds": SECONDS[output.task.kind], "local": is_local()}
    try:
        return fetch(output.url, path, **options)
    except Gone:
        url = fresh_url(output)
        if url is None:
            raise
        return fetch(url, path, **options)


def room_for(output):
    """Bytes that this file may have: the limit of its kind, and what is left of the task's."""
    limit = settings.SAVE_MAX_IMAGE_BYTES if output.task.kind == "image" else settings.SAVE_MAX_FILE_BYTES
    used = output.task.outputs.aggregate(total=Sum("size"))["total"] or 0
    if used >= settings.SAVE_MAX_TASK_BYTES:
        raise TooLarge(f"The task's other files fill the {settings.SAVE_MAX_TASK_BYTES:,} bytes allowed.")
    return min(limit, settings.SAVE_MAX_TASK_BYTES - used)


def is_local():
    """Whether the provider runs on this machine, as the simulator does; then its files may come from there too."""
    return urlsplit(settings.MODELLIX_BASE_URL).scheme == "http"


def fresh_url(output):
    """A new address from the provider, or None when it has none."""
    try:
        resources = provider.client().task(output.task.provider_task_id).resources
        url = resources[output.position].url
    except (ModellixError, IndexError):
        return None
    if url == output.url:
        return None
    Output.objects.filter(pk=output.pk).update(url=url)
    return url


def store(output, fetched, folder):
    """Decide what it is by its bytes, make thumbnails of pictures, and move all into storage, the original last."""
    with fetched.path.open("rb") as file:
        kind, mime, extension = kind_of(file.read(HEAD))
    name = f"{output.task.created_at:g/%Y/%m}/{output.task_id}/{output.position + 1}-{fetched.sha256[:12]}"
    thumbnails = {}
    if kind == Output.Kind.IMAGE:
        try:
            thumbnails = store_thumbnails(fetched.path, name, folder)
        except NotAPicture:
            kind, mime, extension = UNKNOWN
    if kind == Output.Kind.FILE and output.tries < TRIES_FOR_DAMAGED:
        raise FetchError("What arrived is damaged, or nothing that we know.")
    original = put(fetched.path, f"{name}.{extension}")
    kept = {"kind": kind, "mime": mime, "original": original, "size": fetched.size, "sha256": fetched.sha256}
    return kept | thumbnails


def store_thumbnails(original, name, folder):
    medium, small = folder / "medium", folder / "small"
    picture = make_thumbnails(original, medium, small)
    names = {"medium": put(medium, f"{name}-medium.webp"), "small": put(small, f"{name}-small.webp")}
    return names | {"width": picture.width, "height": picture.height, "color": picture.color}


def put(path, name):
    """Move a finished file into storage under just this name; an equal file that is there already is adopted."""
    if default_storage.exists(name):
        if default_storage.size(name) == path.stat().st_size:
            return name
        default_storage.delete(name)
    with path.open("rb") as file:
        return default_storage.save(name, Finished(file, path))


class Finished(File):
    """A file on disk that a storage may take over by renaming it, and so never stands half written under its name."""

    def __init__(self, file, path):
        self.path = path
        super().__init__(file, path.name)

    def temporary_file_path(self):
        return str(self.path)


def give_back(output, error):
    """Wait for the next try, or give it up when the provider no longer has it."""
    text = str(error)
    over = timezone.now() > output.deadline
    gone = isinstance(error, Gone)
    logger.warning("%s could not be saved: %s", output, text)
    with transaction.atomic():
        if gone or over:
            settled, kind = output.lose(text), Event.Kind.FILE_LOST
        else:
            settled, kind = output.postpone(text), Event.Kind.FILE_FAILED
        if settled:
            Event.objects.create(kind=kind, task=output.task, text=f"file {output.position + 1}: {text}")
