"""A file that is made of parts of another one and of new bytes, without a copy of either."""

from dataclasses import dataclass
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase


@dataclass(frozen=True)
class Blank:
    """So many zero bytes."""

    size: int

    def __len__(self):
        return self.size


class Splice(RawIOBase):
    """Reads as the pieces one after the other: a `range` of bytes of `source`, `bytes`, or `Blank`.

    source is an open, seekable binary file; closing this closes it.
    """

    def __init__(self, source, pieces):
        self.source, self.pieces = source, merged(pieces)
        self.size = sum(map(len, self.pieces))
        self.at = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        data = b"".join(self._between(self.at, min(self.at + len(buffer), self.size)))
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)

    def _between(self, start, end):
        first = 0  # byte of the piece at hand
        for piece in self.pieces:
            wanted = piece_part(piece, max(start - first, 0), min(end - first, len(piece)))
            first += len(piece)
            if isinstance(wanted, range):
                self.source.seek(wanted.start)
                yield self.source.read(len(wanted))
            elif wanted:
                yield wanted
            if first >= end:
                return

    def seek(self, offset, whence=SEEK_SET):
        self.at = max({SEEK_SET: 0, SEEK_CUR: self.at, SEEK_END: self.size}[whence] + offset, 0)
        return self.at

    def close(self):
        self.source.close()
        super().close()


def piece_part(piece, start, stop):
    """Bytes `start` to `stop` of a piece: still a range of the source, or bytes; None when there are none."""
    if start >= stop:
        return None
    return bytes(stop - start) if isinstance(piece, Blank) else piece[start:stop]


def merged(pieces):
    """The same with ranges that follow each other made one, and without what is empty."""
    found = []
    for piece in pieces:
        if found and isinstance(piece, range) and isinstance(found[-1], range) and found[-1].stop == piece.start:
            found[-1] = range(found[-1].start, piece.stop)
        elif len(piece):
            found.append(piece)
    return found
