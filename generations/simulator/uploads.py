"""The File API: pictures, films and sounds that orders may name as inputs, kept for a week under `/in`."""

import email
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

from .envelope import Answer, Refusal, Request, success
from .files import ranged
from .store import Store, Upload

KEPT = 7 * 86400  # seconds
QUOTA = 10  # files of one key
AT_ONCE = 2  # uploads of one key
LARGEST = 16 * 1024 * 1024  # bytes of one file
MOST_LISTED = 100
KINDS = (  # (offset, bytes there, content type)
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
)


@dataclass(frozen=True)
class Part:
    """The part named `file` of a form: what it is called, and its bytes."""

    filename: str
    content: bytes


class Uploads:
    """`/api/v1/media/files` for its owners, `/in` for everybody."""

    def __init__(self, store: Store, folder: Path):
        self.store = store
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def keep(self, request: Request, key: str, origin: str) -> Answer:
        """Store the file of a multipart form."""
        if request.under_way > AT_ONCE:
            raise Refusal(429, "Concurrent limit exceeded", f"{AT_ONCE} uploads are already running")
        part = _file(request)
        upload = _described(part, key)
        self.store.keep_upload(upload, quota=QUOTA)
        self._path(upload).write_bytes(part.content)
        return success(_told(upload, origin))

    def listing(self, request: Request, key: str, origin: str) -> Answer:
        """Those of the key that have not expired, the newest first."""
        limit = request.query.get("limit", str(MOST_LISTED))
        if not limit.isdigit() or not 1 <= int(limit) <= MOST_LISTED:
            raise Refusal(400, "Value out of range", f"limit must be between 1 and {MOST_LISTED}")
        uploads = self.store.uploads(time.time(), key)[: int(limit)]
        return success({"files": [_told(upload, origin) for upload in uploads]})

    def drop(self, key: str, identifier: str) -> Answer:
        """Forget one file: its address ends, its place is free."""
        upload = self.store.upload(identifier)
        if upload is None or upload.key != key or upload.expires <= time.time():
            raise Refusal(404, "Resource not found", f"file {identifier} does not exist or has expired")
        self.store.drop_upload(identifier)
        self._path(upload).unlink(missing_ok=True)
        return success(None)

    def answer(self, request: Request) -> Answer:
        """The bytes behind a public address."""
        try:
            return self._answer(request)
        except Refusal as refusal:
            return refusal.answer()

    def _answer(self, request: Request) -> Answer:
        if request.method not in ("GET", "HEAD"):
            raise Refusal(405, "Method not allowed", "use GET for files", Allow="GET, HEAD")
        upload = self.store.upload(request.path.removeprefix("/in/").partition(".")[0])
        if upload is None or upload.expires <= time.time():
            raise Refusal(404, "Resource not found", "there is no such file")
        whole = Answer(200, self._path(upload).read_bytes(), {"Content-Type": upload.content_type})
        return ranged(whole, request.headers)

    def _path(self, upload: Upload) -> Path:
        return self.folder / upload.id


def _described(part: Part, key: str) -> Upload:
    if len(part.content) > LARGEST:
        raise Refusal(413, "Request too large", f"a file has at most {LARGEST} bytes")
    now = time.time()
    return Upload(
        id=f"file-{secrets.token_hex(8)}",
        key=key,
        filename=part.filename,
        content_type=_content_type(part.content),
        size=len(part.content),
        created=now,
        expires=now + KEPT,
    )


def _content_type(content: bytes) -> str:
    for offset, mark, content_type in KINDS:
        if content.startswith(mark, offset):
            return content_type
    raise Refusal(400, "Invalid format", "the file must be PNG, JPEG, WebP, MP4, or sound")


def _told(upload: Upload, origin: str) -> dict:
    kind, _, form = upload.content_type.partition("/")
    return {
        "file_id": upload.id,
        "type": kind,
        "url": f"{origin}/in/{upload.id}.{form}",
        "filename": upload.filename,
        "size": upload.size,
        "created_at": datetime.fromtimestamp(upload.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _file(request: Request) -> Part:
    """The one part of the form, which must be named `file`."""
    if request.too_large:
        raise Refusal(413, "Request too large", f"a file has at most {LARGEST} bytes")
    found = [part for head, content in _parts(request) if (part := _named_file(head, content))]
    if len(found) != 1:
        raise Refusal(400, "Missing required parameter", "file is required, once, as multipart/form-data")
    return found[0]


def _parts(request: Request) -> list[tuple[Message, bytes]]:
    """The parts of a multipart body: their headers, their bytes. None for any other body."""
    form = _headers(f"Content-Type: {request.headers.get('content-type', '')}".encode("latin-1", "replace"))
    boundary = form.get_param("boundary")
    if form.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        return []
    pieces = (b"\r\n" + request.body).split(b"\r\n--" + boundary.encode())
    split = [piece.removeprefix(b"\r\n").partition(b"\r\n\r\n") for piece in pieces[1:-1]]
    return [(_headers(head), content) for head, _, content in split]


def _named_file(head: Message, content: bytes) -> Part | None:
    if head.get_param("name", header="content-disposition") != "file":
        return None
    return Part(head.get_filename("") or "file", content)


def _headers(raw: bytes) -> Message:
    return email.message_from_bytes(raw + b"\r\n\r\n")
