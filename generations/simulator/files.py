"""Result files under `/files`: made when first asked for, kept on disk, served until they expire."""

import hashlib
import re
import shutil
import threading
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from . import makers
from .envelope import Answer, Refusal, Request
from .faults import Faults, Occasion
from .store import Store, Task

CONTENT_TYPES = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "wav": "audio/wav",
    "txt": "text/plain; charset=utf-8",
}
ADDRESS = re.compile(r"/files/(?P<token>[\w-]+)/(?:again/)?(?P<index>\d{1,4})\.(?P<format>\w+)")
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Files:
    """Everything under `/files`."""

    def __init__(self, store: Store, faults: Faults, folder: Path):
        self.store = store
        self.faults = faults
        self.folder = folder
        self._making = defaultdict(threading.Lock)  # by file: two who ask at once wait for the same making
        self._sweep()

    def _sweep(self) -> None:
        for token in self.store.expired_tokens(time.time()):
            shutil.rmtree(self.folder / token, ignore_errors=True)

    def answer(self, request: Request) -> Answer:
        try:
            return self._answer(request)
        except Refusal as refusal:
            return refusal.answer()

    def _answer(self, request: Request) -> Answer:
        if request.method not in ("GET", "HEAD"):
            raise Refusal(405, "Method not allowed", "use GET for files", Allow="GET, HEAD")
        task, index = self._find(request.path)
        content = self._content(task, index)
        whole = Answer(200, content, {"Content-Type": CONTENT_TYPES[task.outputs[index]["format"]]})
        occasion = Occasion.about(task, request, subject=request.path)
        return self.faults.bend("file", occasion, ranged(whole, request.headers))

    def _find(self, path: str) -> tuple[Task, int]:
        match = ADDRESS.fullmatch(path)
        task = self.store.task_of_file(match["token"]) if match else None
        now = time.time()
        if task is None or now < task.done or int(match["index"]) >= len(task.outputs):
            raise Refusal(404, "Resource not found", "there is no such file")
        if now >= task.expires:
            raise Refusal(410, "Gone", "the file has expired")
        return task, int(match["index"])

    def _content(self, task: Task, index: int) -> bytes:
        path = self.folder / task.token / f"{index}.{task.outputs[index]['format']}"
        with self._making[path]:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                unfinished = path.with_suffix(".part")
                makers.make(task, index, unfinished)
                unfinished.replace(path)
        return path.read_bytes()


def ranged(whole: Answer, headers: dict[str, str]) -> Answer:
    """The part of the file that Range asks for; all of it without Range, with several ranges, or when
    If-Range names another version."""
    etag = f'"{hashlib.sha256(whole.body).hexdigest()[:32]}"'
    whole = whole.with_headers(ETag=etag, Accept_Ranges="bytes")
    match = RANGE.fullmatch(headers.get("range", "").strip())
    if match is None or match.groups() == ("", "") or headers.get("if-range", etag) != etag:
        return whole
    size = len(whole.body)
    first, last = _bounds(match[1], match[2], size)
    if first > last or first >= size:
        return replace(whole, status=416, body=b"").with_headers(Content_Range=f"bytes */{size}")
    part = replace(whole, status=206, body=whole.body[first : last + 1])
    return part.with_headers(Content_Range=f"bytes {first}-{last}/{size}")


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
