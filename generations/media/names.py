"""What files are called where people keep them: telling, and safe on every system that may unpack them."""

import re
import unicodedata
from textwrap import shorten

from django.utils.text import slugify

MOST_BYTES = 200  # of a name; file systems take 255, and people add to it
UNSAFE = re.compile(r'[<>:"/\\|?*]')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # Windows devices


def telling(output):
    """The prompt's first words, the model, the numbers of task and file: "paper-boats-at-dawn-seedream-45-12-1"."""
    text = output.task.prompt.text
    words = slugify(shorten(text, 48, placeholder="") or text[:48], allow_unicode=True)
    model = slugify(output.task.model_name)
    return "-".join(filter(None, [words, model, str(output.task_id), str(output.position + 1)]))


def safe(name):
    """This name where it is safe already, else one that is: a file in the folder at hand, whatever the system.

    No folders, no characters that do not print or turn the direction of reading, no end in a dot, not too long.
    """
    name = "".join(c for c in unicodedata.normalize("NFC", UNSAFE.sub("-", name)) if c.isprintable())
    stem, dot, ending = name.strip(" .").rpartition(".")
    if not stem or len(ending) > 8:
        stem, dot, ending = stem + dot + ending, "", ""
    stem = cut(stem, MOST_BYTES - len(f"{dot}{ending}".encode())).strip(" .") or "file"
    return f"_{stem}{dot}{ending}" if RESERVED.match(stem) else stem + dot + ending


def cut(text, size):
    """As much of it as takes so many bytes. The end stays, for there are the numbers that tell it from others."""
    data = text.encode()
    if len(data) <= size:
        return text
    end = text[-20:]
    return data[: size - len(end.encode())].decode(errors="ignore") + end


def numbered(name, taken):
    """This name, or one with a number, which is not in `taken` (a set of names without case); it is put in there."""
    stem, dot, ending = name.rpartition(".")
    tried, number = name, 1
    while tried.casefold() in taken:
        number += 1
        tried = f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
    taken.add(tried.casefold())
    return tried
