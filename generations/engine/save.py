"""Saving a result: from the provider's file host into the team's own storage, before the provider deletes it.

save()       claim the row, keep the file
settle()     record how it went, the file and its task together
keep()       download (fetch.py) into a folder of this try alone, on the disk of the media
store()      what it is by its bytes, thumbnails, all into storage; the original last, by a rename where there are disks
give_back()  the next try, or a question for a fresh address (renew.py), or the end
"""

import logging
import shutil
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from generations.engine import provider
from generations.engine.fetch import FetchError, Gone, TooLarge, fetch
from generations.engine.hold import held
from generations.media.kinds import HEAD, UNKNOWN, kind_of
from generations.media.pictures import NotAPicture, make_thumbnails
from generations.media.recordings import examine
from generations.models import Collection, Event, Output, Revision

logger = logging.getLogger(__name__)

SECONDS = {"image": 180, "video": 800, "audio": 300, "text": 60}  # for one download, by what the model makes
TRIES_FOR_DAMAGED = 3  # after which it is kept as it is, for download
LEFT_OVER_AFTER = timedelta(days=1)


class StorageError(Exception):
    """Our own disk or storage did not take it."""

    def __str__(self):
        (error,) = self.args
        return f"Storage isn't answering ({getattr(error, 'strerror', None) or error.__class__.__name__})."


def save(output):
    """One try at one file. May arrive twice, or late: only who claims the row does anything."""
    if not output.claim():
        return
    with held(output):
        try:
            record = partial(write_down, output, keep(output))
        except (FetchError, StorageError) as error:
            logger.warning("%s could not be saved: %s", output, error, exc_info=error.__cause__)
            record = partial(give_back, output, error)
        settle(output, record)


def settle(output, record):
    """Record what became of the file, and of its task with it: a saver that dies in between leaves both or neither.

    A database that is locked is waited for, since what was fetched would be fetched again.
    """
    for pause in (1, 5, 15, None):
        try:
            with transaction.atomic():
                Revision.next()  # first, as everywhere, so that locks are taken in one order
                record()
                if not output.task.settle_files():
                    output.task.touch()
            return
        except OperationalError:
            if pause is None:
                raise
            connection.close()
            time.sleep(pause)


def write_down(output, kept):
    """It is safe."""
    if output.store(**kept):
        Event.objects.create(kind=Event.Kind.FILE_SAVED, task=output.task, text=f"file {output.position + 1}")
        collect(output)


def collect(output):
    """Put it into the collection that was chosen when it was asked for. Whatever stands in the way, it stays saved."""
    author, chosen = output.task.author, output.task.prompt.collection_id
    try:
        with transaction.atomic():
            for collection in Collection.objects.visible_to(author).filter(pk=chosen):
                collection.add(Output.objects.filter(pk=output.pk), author)
    except (DataError, IntegrityError):
        logger.exception("%s could not be put into collection %s; it is saved all the same.", output, chosen)


def keep(output):
    """Download it, look at it, store it: the fields of Output that tell what is kept.

    Raises FetchError and StorageError.
    """
    limits = {"limit": room_for(output), "seconds": SECONDS[output.task.kind], "local": provider.is_local()}
    try:
        with folder_for(output) as folder:
            return store(output, fetch(output.url, folder / "original", **limits), folder)
    except OSError as error:
        raise StorageError(error) from error


@contextmanager
def folder_for(output):
    """A folder for this try alone, on the disk of the media. What a killed try of this file left is cleared away."""
    incoming = Path(settings.MEDIA_ROOT) / ".incoming"
    folder = incoming / f"{output.pk}-{output.tries}"
    for left_over in incoming.glob(f"{output.pk}-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_left_overs():
    """Throw away what killed tries left of files that were never tried again."""
    oldest = (timezone.now() - LEFT_OVER_AFTER).timestamp()
    for folder in (Path(settings.MEDIA_ROOT) / ".incoming").glob("*"):
        with suppress(FileNotFoundError):  # its own try has just cleared it away
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)


def room_for(output):
    """Bytes that this file may have: the limit of its kind, and what is left of the task's. Raises TooLarge."""
    limit = settings.SAVE_MAX_IMAGE_BYTES if output.task.kind == "image" else settings.SAVE_MAX_FILE_BYTES
    used = output.task.outputs.aggregate(total=Sum("size"))["total"] or 0
    if used >= settings.SAVE_MAX_TASK_BYTES:
        raise TooLarge(f"The task's other files fill the {settings.SAVE_MAX_TASK_BYTES:,} bytes allowed.")
    return min(limit, settings.SAVE_MAX_TASK_BYTES - used)


def store(output, fetched, folder):
    """Decide what it is by its bytes, make thumbnails, and move all into storage, the original last."""
    with fetched.path.open("rb") as file:
        kind, mime, extension = kind_of(file.read(HEAD))
    thumbnails, seen = {"medium": folder / "medium", "small": folder / "small"}, {}
    if kind == Output.Kind.IMAGE:
        try:
            seen = vars(make_thumbnails(fetched.path, *thumbnails.values()))
        except NotAPicture:
            kind, mime, extension = UNKNOWN
    elif kind in (Output.Kind.VIDEO, Output.Kind.AUDIO):
        seen = vars(examine(fetched.path, *thumbnails.values()))
    if kind == Output.Kind.FILE and output.tries < TRIES_FOR_DAMAGED:
        raise FetchError("What arrived is damaged, or nothing that we know.")
    name = f"{output.task.created_at:g/%Y/%m}/{output.task_id}/{output.position + 1}-{fetched.sha256[:12]}"
    made = {size: put(path, f"{name}-{size}.webp") for size, path in thumbnails.items() if seen.get("color")}
    original = put(fetched.path, f"{name}.{extension}")
    kept = {"kind": kind, "mime": mime, "original": original, "size": fetched.size, "sha256": fetched.sha256}
    return kept | seen | made


def put(path, name):
    """Move a finished file into storage under just this name; an equal file that is there already is adopted."""
    try:
        if default_storage.exists(name):
            if default_storage.size(name) == path.stat().st_size:
                return name
            default_storage.delete(name)
        with path.open("rb") as file:
            return default_storage.save(name, Finished(file, path))
    except Exception as error:  # each kind of storage has errors of its own
        raise StorageError(error) from error


class Finished(File):
    """A file on disk that a storage may take over by renaming it, and so never stands half written under its name."""

    def __init__(self, file, path):
        self.path = path
        super().__init__(file, path.name)

    def temporary_file_path(self):
        return str(self.path)


def give_back(output, error):
    """Wait for the next try; ask for a fresh address when the host refuses this one; give it up when its time is over.

    A storage that does not answer never costs a file: it is tried again for as long as that takes.
    """
    text, kind = str(error), Event.Kind.FILE_FAILED
    if isinstance(error, Gone):
        settled = output.refuse(text)
    elif isinstance(error, FetchError) and output.is_overdue:
        settled, kind = output.lose(text), Event.Kind.FILE_LOST
    else:
        settled = output.postpone(text)
    if settled:
        Event.objects.create(kind=kind, task=output.task, text=f"file {output.position + 1}: {text}")
