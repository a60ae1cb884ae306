"""Makes the folder of one installation: its key, its database, its files. All of it is made again when missing."""

import fcntl
import hashlib
import os
import secrets
import socket
from contextlib import contextmanager

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

MIGRATING = 48_015  # the number of the lock, one of ours among all programs that use the database
FOLDERS = ("cache", "journal", "media", "simulator", "static")


def make_folders():
    """Raises OSError where that is not allowed."""
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        (settings.DATA_DIR / name).mkdir(exist_ok=True)


def lock():
    """An open file: while it is open no second studio uses this folder. Raises BlockingIOError when another does."""
    file = open(settings.DATA_DIR / "lock", "w")  # noqa: SIM115 (stays open)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


def ensure_secret_key():
    """Use the key of the first start, which is now unless there was one; a SECRET_KEY in the environment wins."""
    if os.environ.get("SECRET_KEY", "").strip():
        return
    path = settings.DATA_DIR / "secret_key"
    key = path.read_text().strip() if path.exists() else ""
    if not key:  # also when the first start was cut off before it was written
        path.unlink(missing_ok=True)
        key = secrets.token_urlsafe(50)
        write_privately(path, key)
    settings.SECRET_KEY = key


def write_privately(path, text):
    """A new file that only its owner may read. Raises FileExistsError rather than write into another's."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def migrate():
    with one_machine_at_a_time():
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def one_machine_at_a_time():
    """On PostgreSQL, where several machines that start at once would make the same tables."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
    yield
    with connection.cursor() as cursor:  # a start that fails ends its connection, which lets go as well
        cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def collect_static():
    """Collect the static files, unless they are those of the last time."""
    stamp = settings.STATIC_ROOT / "stamp"
    state = fingerprint_of_static()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)


def fingerprint_of_static():
    """Changes when a static file does, by its size and time."""
    found = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    facts = ((path, os.stat(path)) for path in sorted(found))
    lines = (f"{path} {fact.st_size} {fact.st_mtime_ns}" for path, fact in facts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def simulator_port():
    """The port of the last time, where unfinished work looks for the simulator; another if it is taken by now."""
    note = settings.DATA_DIR / "simulator" / "port"
    last = note.read_text().strip() if note.exists() else ""
    port = free_port(int(last)) if last.isdecimal() else free_port(0)
    note.write_text(str(port))
    return port


def free_port(wanted):
    """This port of the loopback address, or any that is free."""
    try:
        with socket.create_server(("127.0.0.1", wanted)) as server:
            return server.getsockname()[1]
    except (OSError, OverflowError):
        return free_port(0)
