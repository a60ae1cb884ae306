"""Everything of a studio in one zip file: each table as JSON lines, each file of the media storage as it is, and
`contents.json`, which tells what all of it must be.

It is made while the studio runs. The tables are read in one transaction, as they are at one moment; files are only
ever added, so that all that the tables name is there, unless the bin was emptied meanwhile.
"""

import hashlib
import io
import json
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import serializers
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from generations.models import Guess, Heartbeat, Output, Upload

FORMAT = 1  # of the file; whoever changes it changes this
CONTENTS = "contents.json"
LEFT_OUT = (Guess, Heartbeat)  # of this moment alone
CHUNK = 1 << 20  # bytes
VARIANTS = ("original", "medium", "small")


@dataclass
class Report:
    """Counts of rows and files, and the names of files that are not there, or not what they were."""

    rows: int = 0
    files: int = 0
    missing: list = field(default_factory=list)
    changed: list = field(default_factory=list)


def tables():
    """The models whose rows are kept."""
    own = apps.get_app_config("generations").get_models()
    return [*(model for model in own if model not in LEFT_OUT), EmailAddress, Authenticator]


def applied():
    """The names of the migrations of these tables, which have to be the same where they are read."""
    found = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in found if app in ("generations", "account", "mfa"))


def write(path):
    """Write the backup to `path`, which only its owner may read: a Report. Raises FileExistsError and OSError."""
    partial = path.with_name(f".{path.name}.part")
    with suppress(FileNotFoundError):
        partial.unlink()  # of one that was cut off
    if path.exists():
        raise FileExistsError(path)
    with open(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        with ZipFile(file, "w", allowZip64=True) as archive:
            report = fill(archive)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    return report


def fill(archive):
    report, contents = Report(), {"format": FORMAT, "made_at": timezone.now().isoformat(), "tables": {}, "files": {}}
    with one_moment():
        contents["migrations"] = applied()
        for model in tables():
            contents["tables"][model._meta.label_lower] = write_rows(archive, model)
        names = media()
    for name, sha256 in names.items():
        try:
            told = contents["files"][name] = write_file(archive, name)
        except FileNotFoundError:
            report.missing.append(name)
            continue
        if sha256 and told["sha256"] != sha256:
            report.changed.append(name)
    archive.writestr(CONTENTS, json.dumps(contents, indent=1), ZIP_DEFLATED)
    report.rows = sum(told["rows"] for told in contents["tables"].values())
    report.files = len(contents["files"])
    return report


@contextmanager
def one_moment():
    """All that is read is of the same moment; nobody waits for it."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.transaction_mode = "DEFERRED"  # ours takes the right to write at once, which would hold up the rest
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def media():
    """Name in the storage → its SHA-256 where we know it, else "": of all that the tables name."""
    names = {}
    for model in (Output, Upload):
        for *stored, sha256 in model.objects.order_by("pk").values_list(*VARIANTS, "sha256").iterator():
            names |= {name: sha256 if place == 0 else "" for place, name in enumerate(stored) if name}
    return names


def write_rows(archive, model):
    """Put a table's rows into the archive: what contents.json tells of them."""
    rows = model._base_manager.order_by("pk")
    with writing(archive, f"tables/{model._meta.label_lower}.jsonl", ZIP_DEFLATED) as hashed:
        stream = io.TextIOWrapper(hashed, "utf-8", write_through=True)
        serializers.serialize("jsonl", rows.iterator(), stream=stream, cls=Exact)
        return {"rows": rows.count(), "sha256": hashed.sha256.hexdigest()}


def write_file(archive, name):
    with default_storage.open(name) as file, writing(archive, f"media/{name}", ZIP_STORED) as hashed:
        shutil.copyfileobj(file, hashed, CHUNK)
        return {"size": hashed.size, "sha256": hashed.sha256.hexdigest()}


@contextmanager
def writing(archive, name, compression):
    """A new entry of the archive, written through a Hashed."""
    archive.compression = compression
    with archive.open(name, "w", force_zip64=True) as entry:
        yield Hashed(entry)


class Exact(DjangoJSONEncoder):
    """Django's own leaves out what is shorter than a millisecond."""

    def default(self, o):
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class Hashed(io.RawIOBase):
    """Hashes and counts what is written on its way to another file."""

    def __init__(self, file):
        self.file, self.sha256, self.size = file, hashlib.sha256(), 0

    def writable(self):
        return True

    def write(self, data):
        self.sha256.update(data)
        self.size += len(data)
        return self.file.write(data)
