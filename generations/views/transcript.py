"""A result that is text, to be read on the page."""

from typing import NamedTuple

from django.core.files.storage import default_storage

MOST = 64 * 1024  # bytes shown


class Transcript(NamedTuple):
    """The text, and whether it is only the beginning of it."""

    text: str
    is_cut: bool


def transcript(output):
    """The Transcript of a saved text file; None for other files, and where our storage does not give it out."""
    if output.kind != output.Kind.TEXT:
        return None
    try:
        with default_storage.open(output.original) as file:
            content = file.read(MOST + 1)
    except FileNotFoundError:
        return None
    return Transcript(content[:MOST].decode(errors="replace"), len(content) > MOST)
