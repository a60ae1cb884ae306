"""A line on disk for each order the provider accepted, written before the database hears of it.

A process that dies between the provider's answer and the commit leaves the paid task's id here. One JSON object a
line: {"task": 12, "attempt": 1, "id": "task-7f31c0"}. A file a day; a torn last line is skipped.
"""

import json
import os
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

KEEP = timedelta(days=30)


def folder():
    return settings.DATA_DIR / "journal"


def write(task_pk, attempt, provider_task_id):
    """Append a line and wait until it is on disk. Raises OSError when the disk does not take it."""
    folder().mkdir(parents=True, exist_ok=True)
    line = "\n" + json.dumps({"task": task_pk, "attempt": attempt, "id": provider_task_id}) + "\n"  # after a torn one
    descriptor = os.open(folder() / f"{timezone.now():%Y-%m-%d}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def read():
    """All accepted orders still on disk: {(task pk, attempt number): provider's task id}."""
    accepted = {}
    for path in sorted(folder().glob("*.jsonl")):
        for line in path.read_text(errors="replace").splitlines():
            try:
                entry = json.loads(line)
                accepted[entry["task"], entry["attempt"]] = entry["id"]
            except (ValueError, KeyError, TypeError):
                continue
    return accepted


def prune():
    """Delete the files of days long past."""
    oldest = f"{timezone.now() - KEEP:%Y-%m-%d}"
    for path in folder().glob("*.jsonl"):
        if path.stem < oldest:
            path.unlink()
