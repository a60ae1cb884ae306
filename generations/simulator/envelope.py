"""What the simulator hears and says: a request, an answer, a refusal, and the API's JSON envelope."""

import json
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Request:
    """One HTTP request as it came off the wire. `path` is still percent-encoded and has no query."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes = b""
    too_large: bool = False  # the body was longer than the server reads; it was left unread
    under_way: int = 1  # requests of this sender to this address that are being received or answered, with this one


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. `declared` overrides Content-Length with a lie; `wire` says how the bytes travel:
    "send", "drop" (close without a byte), "hang" (never answer) or "trickle" (slowly)."""

    status: int
    body: bytes = b""
    headers: dict[str, str | None] = field(default_factory=dict)  # None: not sent, not even by default
    declared: int | None = None
    wire: str = "send"

    def with_headers(self, **headers: str) -> "Answer":
        """The same answer with more headers; `Retry_After` stands for `Retry-After`."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers=self.headers | more)

    def with_defaults(self, headers: dict[str, str]) -> "Answer":
        """The same answer with those of the headers that it does not have yet."""
        return replace(self, headers=headers | self.headers)


class Refusal(Exception):
    """A request the API refuses: the HTTP status, and the documented message, `Category: detail`."""

    def __init__(self, status: int, category: str, detail: str, **headers: str):
        super().__init__(f"{category}: {detail}")
        self.status = status
        self.headers = headers

    def answer(self) -> Answer:
        return refused(self.status, str(self)).with_headers(**self.headers)


def json_answer(status: int, content) -> Answer:
    body = json.dumps(content, separators=(",", ":")).encode()
    return Answer(status, body, {"Content-Type": "application/json"})


def success(data) -> Answer:
    return json_answer(200, {"code": 0, "message": "success", "data": data})


def refused(status: int, message: str) -> Answer:
    return json_answer(status, {"code": status, "message": message})
