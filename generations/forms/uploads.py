"""Files that come in with a form: each is checked here once, and then kept as an Upload."""

import hashlib
import logging
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.forms import ValidationError

from generations.media.kinds import HEAD, kind_of
from generations.media.pictures import MAX_PIXELS, NotAPicture, is_animated, make_thumbnails
from generations.media.recordings import Recording, examine
from generations.modellix.file_limits import listed
from generations.modellix.inputs import largest
from generations.models import Upload

logger = logging.getLogger(__name__)

MEGABYTE = 1_000_000  # bytes, as people and schemas count them
NOUNS = {"image": "a picture", "video": "a video", "audio": "a recording", "text": "a text", "file": "a file"}
FORMATS = {"image": "PNG, JPEG or WebP", "video": "MP4, MOV or WebM", "audio": "MP3, WAV or M4A"}
FORMATS["any"] = "Pictures, videos or recordings"
DAMAGED = f"This picture cannot be opened: it is damaged, or has more than {MAX_PIXELS // 1_000_000} megapixels."
MOVING = "This picture moves: a still one is needed here."
UNREADABLE = "This recording cannot be played: it is damaged, or cut off."
NOT_KEPT = "The file could not be kept: our storage does not take it. Try again in a minute."


def take(owner, file, taken):
    """The Upload of an UploadedFile, given for a modellix.inputs.Input. Raises ValidationError, in words for people.

    The same file given twice is kept once.
    """
    check_size(file.size, taken)
    kind, mime, extension = kind_of(file.read(HEAD))
    if not taken.takes(kind):
        raise ValidationError(f"{misfit(kind)} Give {NOUNS.get(taken.kind, 'one')}: {formats(taken)}.")
    sha256 = digest(file)
    known = Upload.objects.filter(owner=owner, sha256=sha256).first()
    if known:
        check_limits(known, taken)
        return known
    facts = {"owner": owner, "sha256": sha256, "kind": kind, "mime": mime, "name": file.name[-255:], "size": file.size}
    return keep(file, facts, extension, taken)


def formats(taken):
    """What a file for this Input may be: "JPEG or PNG"."""
    return listed(taken.limits.formats) if taken.limits.formats else FORMATS[taken.kind]


def copy_of(output, owner):
    """The Upload of `owner` that holds what a saved Output holds. It stays when the result is thrown away.

    Raises ValidationError when our storage does not give the file out.
    """
    known = Upload.objects.filter(owner=owner, sha256=output.sha256).first()
    if known:
        return known
    seen = {name: getattr(output, name) for name in ("color", "width", "height", "duration", "mime", "kind", "size")}
    stem = f"u/{owner.pk}/{output.sha256[:32]}"
    stored = {
        variant: copied(name, f"{stem}{'' if variant == 'original' else f'-{variant}'}.{name.rpartition('.')[2]}")
        for variant in ("original", "medium", "small")
        if (name := getattr(output, variant))
    }
    made = seen | stored | {"name": f"result-{output.task_id}-{output.position + 1}"}
    return Upload.objects.get_or_create(owner=owner, sha256=output.sha256, defaults=made)[0]


def limit(taken):
    """The most bytes that a file for this Input may have."""
    sendable = largest(taken, Upload.are_reachable())
    return min(filter(None, (sendable, settings.UPLOAD_MAX_BYTES)))


def check_size(size, taken):
    most = limit(taken)
    if not size:
        raise ValidationError("This file is empty.")
    if size > most:
        raise ValidationError(f"At most {megabytes(most)}; this has {size / MEGABYTE:.3g} MB.")


def check_limits(upload, taken):
    """Raises ValidationError for what it is like, such as too long or too small."""
    if problem := taken.limits.problem(upload):
        raise ValidationError(problem)


def megabytes(most):
    """A limit as people read it, rather too low than too high: "16 MB", "0.5 MB"."""
    return f"{most // MEGABYTE} MB" if most >= MEGABYTE else f"{most / MEGABYTE:.1g} MB"


def misfit(kind):
    return "This file is none of those we know." if kind == "file" else f"This is {NOUNS[kind]}."


def digest(file):
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def keep(file, facts, extension, taken):
    """Look into it, put it and its thumbnails into storage, and write the row. `facts`: fields of the Upload."""
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        paths = {name: Path(folder) / name for name in ("original", "medium", "small")}
        with paths["original"].open("wb") as copy:
            copy.writelines(file.chunks())
        seen = look(facts["kind"], paths)
        check_limits(Upload(**facts, **seen), taken)
        stem = f"u/{facts['owner'].pk}/{facts['sha256'][:32]}"
        names = {"original": f"{stem}.{extension}"}
        if seen.get("color"):
            names |= {"medium": f"{stem}-medium.webp", "small": f"{stem}-small.webp"}
        stored = {variant: put(paths[variant], name) for variant, name in names.items()}
    made = facts | seen | stored
    return Upload.objects.get_or_create(owner=facts["owner"], sha256=facts["sha256"], defaults=made)[0]


def look(kind, paths):
    """What is to be seen in it, as fields of Upload; the thumbnails are written where there is a picture to show."""
    if kind != "image":
        return vars(heard(examine(*paths.values())))
    try:
        if is_animated(paths["original"]):
            raise ValidationError(MOVING)
        return vars(make_thumbnails(*paths.values()))
    except NotAPicture as error:
        raise ValidationError(DAMAGED) from error


def copied(name, other):
    try:
        with default_storage.open(name) as file:
            return default_storage.save(other, file)
    except Exception as error:  # each kind of storage has errors of its own
        logger.exception("A result could not be copied.")
        raise ValidationError(NOT_KEPT) from error


def heard(recording):
    """The Recording, when anything could be read of it."""
    if recording == Recording():
        raise ValidationError(UNREADABLE)
    return recording


def put(path, name):
    try:
        with path.open("rb") as file:
            return default_storage.save(name, File(file))
    except Exception as error:  # each kind of storage has errors of its own
        logger.exception("An upload could not be kept.")
        raise ValidationError(NOT_KEPT) from error
