"""What the team made, in folders that need no studio to be read: originals, what is known of them, and tables.

Run again into the same folder, it adds what is new. A file is written under another name first, so that what stands
under its own name is whole.
"""

import json
import os
import shutil
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils import timezone

from generations.keeping.restore import digest
from generations.media import manifest, names
from generations.models import Collection, Output

README = """What a Modellix Studio made, exported {day}.

files/YYYY-MM/    every saved file as it came from the model, named after its prompt, model, task and number
manifest.csv      one line for each file: its prompt, model, settings, who and when, size, SHA-256, charge
manifest.json     the same for programs
collections.json  the collections: name, description, owner, and their files in order

A line of the manifest that is marked as missing tells of a file that could not be read from the media storage.
"""


def export(folder, say):
    """Write all saved files that are not in the bin into `folder` (a Path): (files written, files that were there,
    names of those missing). `say(name)` hears of each file that is written. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written, kept, missing = 0, 0, []
    for output in outputs():
        target = folder / place(output)
        if is_whole(target, output):
            kept += 1
        elif copy(output, target):
            written += 1
            say(str(target))
        else:
            missing.append(place(output))
    describe(folder, set(missing))
    return written, kept, missing


def outputs():
    rows = Output.objects.saved().filter(task__binned_at=None).select_related("task__prompt", "task__author")
    return rows.order_by("task_id", "position").iterator(chunk_size=500)


def place(output):
    """Where a file comes to lie, the same each time: "files/2026-11/paper-boats-seedream-45-12-1.png"."""
    ending = Path(output.original).suffix
    return f"files/{timezone.localtime(output.task.created_at):%Y-%m}/{names.safe(names.telling(output) + ending)}"


def is_whole(target, output):
    if not target.is_file() or target.stat().st_size != output.size:
        return False
    with target.open("rb") as file:
        return digest(file) == output.sha256


def copy(output, target):
    """Whether it could be read. What is written is on the disk before it has its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = default_storage.open(output.original)
    except FileNotFoundError:
        return False
    with file, part(target).open("wb") as copied:
        shutil.copyfileobj(file, copied, 1 << 20)
        copied.flush()
        os.fsync(copied.fileno())
    part(target).replace(target)
    return True


def part(target):
    return target.with_name(f"{target.name}.part")


def describe(folder, missing):
    """Write what is told beside the files, for all of them."""

    def rows():
        return (manifest.row(each, place(each), place(each) in missing) for each in outputs())

    write(folder / "README.txt", [README.format(day=f"{timezone.localdate():%d %B %Y}").encode()])
    write(folder / "manifest.csv", manifest.as_csv(rows()))
    write(folder / "manifest.json", manifest.as_json(rows()))
    write(folder / "collections.json", [json.dumps(collections(), ensure_ascii=False, indent=1).encode()])


def write(target, chunks):
    with part(target).open("wb") as file:
        file.writelines(chunks)
    part(target).replace(target)


def collections():
    seen = Output.objects.saved().filter(task__binned_at=None).select_related("task__prompt")
    return [
        {
            "name": each.name,
            "description": each.description,
            "owner": str(each.owner),
            "files": [place(output) for output in seen.filter(items__collection=each).order_by("items__position")],
        }
        for each in Collection.objects.filter(binned_at=None).select_related("owner").order_by("pk")
    ]
