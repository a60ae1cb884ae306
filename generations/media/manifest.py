"""What is told of saved files beside them: as a table for people, as JSON for programs. Made row by row."""

import csv
import io
import json

from django.utils import timezone

COLUMNS = (
    *("file", "missing", "kind", "mime", "width", "height", "duration_seconds", "size", "sha256"),
    *("task", "position", "provider_task_id", "prompt", "model", "model_slug", "settings"),
    *("ordered_by", "ordered_at", "made_at", "saved_at", "task_charged_usd"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for the beginning of one


def row(output, name, missing=False):
    """{column: value} of a saved file, kept as `name`. Size and hash are the untouched original's:
    in a zip the file itself may carry the team's marks, and differ.

    `task_charged_usd` is what the whole task was charged, in US dollars; None where that is not known.
    """
    task = output.task
    return {
        "file": name,
        "missing": missing,
        "kind": output.kind,
        "mime": output.mime,
        "width": output.width,
        "height": output.height,
        "duration_seconds": output.duration,
        "size": output.size,
        "sha256": output.sha256,
        "task": task.pk,
        "position": output.position + 1,
        "provider_task_id": task.provider_task_id,
        "prompt": task.prompt.text,
        "model": task.model_name,
        "model_slug": task.model_slug,
        "settings": task.body,
        "ordered_by": str(task.author),
        "ordered_at": moment(task.created_at),
        "made_at": moment(task.finished_at),
        "saved_at": moment(output.saved_at),
        "task_charged_usd": None if task.price_charged is None else str(task.price_charged),
    }


def moment(at):
    """With the zone's offset, to the second."""
    return at and timezone.localtime(at).isoformat(timespec="seconds")


def as_csv(rows):
    """Chunks of bytes: UTF-8 with the mark that tells spreadsheets so, and nothing that they would compute."""
    yield "\ufeff".encode() + line(COLUMNS)
    for each in rows:
        yield line(cell(each[column]) for column in COLUMNS)


def line(cells):
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def cell(value):
    if isinstance(value, bool):
        return "yes" if value else ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text


def as_json(rows):
    """Chunks of bytes: {"files": [a row, …]}."""
    before = '{"files": [\n'
    for each in rows:
        yield (before + json.dumps(each, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]}\n" if before == ",\n" else b'{"files": []}\n'
