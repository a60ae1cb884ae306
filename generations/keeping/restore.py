"""A studio from a backup (keeping/backup.py): into an empty one, all or nothing, and nothing that is not intact.

What the backup shows as waiting to be sent may have been sent after it was made. No machine may decide that: it comes
back as an order whose outcome is unknown, for a person to look for, to send again or to dismiss.
"""

import hashlib
import io
import json
import zlib
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from django.core import serializers
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from jsonschema import ValidationError, validate

from generations.keeping.backup import CHUNK, CONTENTS, FORMAT, applied, tables
from generations.models import Lease, Task, User

MAYBE_SENT = "It was waiting when the backup was made, and may have been sent since. Look for it at Modellix first."


def entries(**told):
    """The shape of an object of objects, which tell all of this."""
    return {"type": "object", "additionalProperties": {"type": "object", "required": [*told], "properties": told}}


SHAPE = {  # of contents.json
    "type": "object",
    "required": ["format", "migrations", "tables", "files"],
    "properties": {
        "migrations": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "tables": entries(sha256={"type": "string"}),
        "files": entries(sha256={"type": "string"}, size={"type": "integer"}),
    },
}


class CannotRestore(Exception):
    """Nothing was changed. Its words tell why, and what to do."""


def read(path):
    """Restore the backup at `path`: (rows, files, orders whose outcome is unknown now). Raises CannotRestore."""
    try:
        with ZipFile(path) as archive:
            contents = check(archive)
            with transaction.atomic():
                count = sum(load(archive, model) for model in tables())
                connection.check_constraints()
                unclear = settle()
                place(archive, contents["files"])
    except (BadZipFile, zlib.error, EOFError) as error:
        raise CannotRestore(f"{path} is not a backup, or is damaged: {error}.") from error
    except (IntegrityError, DataError) as error:
        raise CannotRestore(f"The backup is damaged: its tables do not fit together ({error}).") from error
    return count, len(contents["files"]), unclear


def check(archive):
    """What contents.json tells, once all of it was found to be so and there is nothing that would be overwritten."""
    try:
        contents = json.loads(archive.read(CONTENTS))
        validate(contents, SHAPE)
    except (KeyError, ValueError, RecursionError, ValidationError) as error:
        raise CannotRestore("The file is not a backup of a studio, or is cut off.") from error
    if contents["format"] != FORMAT or contents["migrations"] != applied():
        newest = contents["migrations"][-1]
        raise CannotRestore(
            f"The backup is of another version (its tables are at {newest}). Restore it with the version that made it, "
            "then update: the update brings the tables along."
        )
    if User.objects.exists() or Task.objects.exists():
        raise CannotRestore("This studio is not empty. Restore into a new DATA_DIR, or a new database and bucket.")
    check_entries(archive, contents)
    return contents


def check_entries(archive, contents):
    """Every hash. Where a file comes to lie there may be none but the same, of a restore that was cut off."""
    known = {f"tables/{table}.jsonl": told for table, told in contents["tables"].items()}
    known |= {f"media/{name}": told for name, told in contents["files"].items()}
    held = sorted(entry.filename for entry in archive.infolist())  # one that is there twice, too
    if held != sorted({*known, CONTENTS}) or {*contents["tables"]} != {model._meta.label_lower for model in tables()}:
        raise CannotRestore("The backup does not hold what it says that it holds.")
    for name, told in known.items():
        with archive.open(name) as entry:
            if digest(entry) != told["sha256"]:
                raise CannotRestore(f"The backup is damaged: {name} is not what it was.")
    for name, told in contents["files"].items():
        if not is_inside(name):
            raise CannotRestore(f"The backup names a file outside of the media folder: {name}.")
        if default_storage.exists(name) and not is_there(name, told):
            raise CannotRestore(f"The media storage is not empty: there is another {name}.")


def is_inside(name):
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def is_there(name, told):
    if default_storage.size(name) != told["size"]:
        return False
    with default_storage.open(name) as file:
        return digest(file) == told["sha256"]


def digest(file):
    sha256 = hashlib.sha256()
    while data := file.read(CHUNK):
        sha256.update(data)
    return sha256.hexdigest()


def place(archive, files):
    """Put the files into the media storage. Those that are there are the same, as was checked."""
    for name in files:
        if not default_storage.exists(name):
            with archive.open(f"media/{name}") as entry:
                default_storage.save(name, File(entry, name))


def load(archive, model):
    """Insert a table's rows: how many they are. The database checks what they refer to at the end of all."""
    count = 0
    with archive.open(f"tables/{model._meta.label_lower}.jsonl") as entry:
        model._base_manager.all().delete()  # rows that the migrations made
        for row in rows(entry, model):
            row.save(force_insert=True)
            count += 1
    for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
        with connection.cursor() as cursor:
            cursor.execute(statement)
    return count


def rows(entry, model):
    """The rows of a table, and of no other: a session, say, would open the studio to whoever made it up."""
    try:
        for row in serializers.deserialize("jsonl", io.TextIOWrapper(entry, "utf-8")):
            if type(row.object) is not model:
                raise CannotRestore(
                    f"The backup is damaged: {model._meta.label} has a row of {row.object._meta.label}."
                )
            yield row
    except (DeserializationError, UnicodeDecodeError) as error:
        raise CannotRestore(f"The backup is damaged: the rows of {model._meta.label} cannot be read.") from error


def settle():
    """Make sure that nothing is sent by itself: how many orders have no clear outcome now."""
    Lease.objects.update(holder="", epoch=F("epoch") + 1, expires_at=None, waiting_since=None, called_at=None)
    waiting = Task.objects.filter(status=Task.Status.QUEUED)
    waiting.update(not_before=timezone.now(), hold=Task.Hold.NONE)
    epoch = Lease.objects.values_list("epoch", flat=True).first() or 0
    for task in waiting:
        task.lose_track(task.claim(epoch, form="plain"), MAYBE_SENT)
    return Task.objects.filter(status__in=[Task.Status.UNKNOWN, Task.Status.SUBMITTING]).count()
