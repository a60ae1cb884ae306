"""Whether all that was saved is still there and still the same; thumbnails that are gone are made again."""

import shutil
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage

from generations.keeping.restore import digest
from generations.media.pictures import NotAPicture, make_thumbnails
from generations.media.recordings import examine
from generations.models import Output, Upload

SIZES = ("medium", "small")


def verify():
    """Look at every saved file: yields (its name in the storage, what is wrong or was repaired, whether it is well)."""
    for kept in everything():
        if problem := trouble(kept):
            yield kept.original, problem, False
        elif missing := [size for size in SIZES if getattr(kept, size) and not is_stored(getattr(kept, size))]:
            yield repair(kept, missing)


def everything():
    yield from Output.objects.saved().order_by("pk").iterator()
    yield from Upload.objects.order_by("pk").iterator()


def is_stored(name):
    return default_storage.exists(name)


def trouble(kept):
    """What is wrong with an original, or nothing."""
    try:
        with default_storage.open(kept.original) as file:
            if file.size != kept.size:
                return f"has {file.size} bytes instead of {kept.size}"
            return "" if digest(file) == kept.sha256 else "is not what it was: its hash is another"
    except FileNotFoundError:
        return "is gone"
    except OSError as error:
        return f"cannot be read: {error}"


def repair(kept, missing):
    """Make both thumbnails anew from the original, and store those that are gone."""
    names = ", ".join(getattr(kept, size) for size in missing)
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        original, *made = (Path(folder) / name for name in ("original", *SIZES))
        with default_storage.open(kept.original) as file, original.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        if not draw(kept.kind, original, *made):
            return kept.original, f"{names}: gone, and could not be made again", False
        for size, path in zip(SIZES, made, strict=True):
            if size in missing:
                with path.open("rb") as file:
                    default_storage.save(getattr(kept, size), File(file))
    return kept.original, f"{names}: made again", True


def draw(kind, original, medium, small):
    """Whether there is a picture of it now."""
    if kind != Output.Kind.IMAGE:
        return bool(examine(original, medium, small).color)
    try:
        make_thumbnails(original, medium, small)
    except NotAPicture:
        return False
    return True
