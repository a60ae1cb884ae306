"""Zip files that are made while they are sent: nothing is written anywhere, and a chunk at a time is in memory.

Files are stored as they are, since pictures and films do not get smaller. One that is no longer there when its turn
comes is left out, and what closes the zip is told so. Whoever stops reading closes what is open.
"""

import io
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import BinaryIO

from django.utils import timezone
from zipstream import ZipStream

from generations.media.names import numbered, safe

CHUNK = 256 * 1024  # bytes
PATIENCE = 0.3  # seconds for finding out how long it will be, before the first byte is sent
IN_HEADER, IN_DIRECTORY = 10, 12  # bytes of what the library says of a file, before its time; it knows no time but now


@dataclass(frozen=True)
class Entry:
    """A file to be: what it is called, which is made safe and unique; what gives it, open to be read; its time.

    `open` may raise FileNotFoundError: it is missing then.
    """

    name: str
    open: Callable[[], BinaryIO]
    modified: datetime


def stream(entries: Iterable[Entry], closing=lambda missing: ()):
    """The bytes of a zip, in chunks: a Zip, whose `length` may be known. Iterate it once, and close it.

    closing(names of what is missing) gives what comes last, as (name, bytes or chunks of bytes).
    """
    return Zip(entries, closing)


class Zip:
    """`length` is in bytes; None when it takes too long to tell: each file is opened for it, far away and many or not.

    Where it is told it is kept, or reading ends in a FileNotFoundError.
    """

    def __init__(self, entries, closing):
        self.entries, self.closing, self.length = named(entries), closing, None
        self.measure()
        self.chunks = self.made()

    def __iter__(self):
        return self.chunks

    def close(self):
        self.chunks.close()

    def measure(self):
        """Find out the length, if there is time for it."""
        deadline, seen, there, missing = time.monotonic() + PATIENCE, [], [], []
        dummy = ZipStream(sized=True)
        for entry in self.entries:
            seen.append(entry)
            if time.monotonic() > deadline:
                self.entries = chain(seen, self.entries)
                return
            try:
                with entry.open() as file:
                    dummy.add((), entry.name, size=size_of(file))
                there.append(entry)
            except FileNotFoundError:
                missing.append(entry.name)
        last = [(name, b"".join(chunks(content))) for name, content in self.closing(missing)]
        for name, content in last:
            dummy.add((), name, size=len(content))
        self.entries, self.closing, self.length = there, lambda _: last, len(dummy)

    def made(self):
        zipped, times, missing = ZipStream(), [], []
        for entry in self.entries:
            try:
                file = entry.open()
            except FileNotFoundError:
                if self.length is not None:
                    raise
                missing.append(entry.name)
                continue
            with file:
                zipped.add(iter(partial(file.read, CHUNK), b""), entry.name, size=size_of(file))
                times.append(dos_time(entry.modified))
                yield from dated(zipped.file(), times[-1:], IN_HEADER)
        for name, content in self.closing(missing):
            zipped.add(chunks(content), name, size=len(content) if isinstance(content, bytes) else None)
            times.append(dos_time(timezone.now()))
            yield from dated(zipped.file(), times[-1:], IN_HEADER)
        yield from dated(zipped.footer(), times, IN_DIRECTORY)


def named(entries):
    """The same with names that are safe and unique."""
    taken = set()
    for entry in entries:
        yield replace(entry, name=numbered(safe(entry.name), taken))


def size_of(file):
    """Bytes of an open file, which is at its beginning again."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def chunks(content):
    return iter([content] if isinstance(content, bytes) else content)


def dos_time(moment):
    """As a zip holds it: local time, in steps of two seconds, from 1980 on."""
    at = timezone.localtime(moment)
    day = max(at.year - 1980, 0) << 9 | at.month << 5 | at.day
    return struct.pack("<HH", at.hour << 11 | at.minute << 5 | at.second // 2, day)


def dated(parts, times, at):
    """The same with these times in the first ones, so many bytes from their beginning."""
    moments = iter(times)
    for part in parts:
        moment = next(moments, None)
        yield part if moment is None else part[:at] + moment + part[at + 4 :]
