"""What a fault makes of an honest answer.

An effect gets the honest answer and how often its fault has struck before, and returns the answer to send.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace

from .envelope import Answer, json_answer, refused

RETRY_AFTER = 2  # seconds, the hint of a 429 on demand
HUGE = 17 * 1024 * 1024  # bytes; the official client reads 16 MiB
SKEW = 3600  # seconds by which a wrong clock is ahead
WORDS = {
    400: "Invalid parameters: refused on demand",
    401: "Authentication failed: refused on demand",
    402: "Payment Required: refused on demand",
    404: "Resource not found: refused on demand",
    429: "Rate limit exceeded: 100 requests per minute",
    500: "Internal server error: failed on demand",
    503: "Service unavailable: failed on demand",
}
Effect = Callable[[Answer, int], Answer]


def error(status: int) -> Effect:
    """The documented envelope with that status; 429 carries its hints."""
    return lambda answer, struck: _hinted(refused(status, WORDS.get(status, f"Error {status}: answered on demand")))


def _hinted(answer: Answer) -> Answer:
    if answer.status == 301:
        return answer.with_headers(Location="/api/v1/moved")
    if answer.status != 429:
        return answer
    reset = str(int(time.time()) + RETRY_AFTER)
    return answer.with_headers(Retry_After=str(RETRY_AFTER), X_RateLimit_Reset=reset, X_RateLimit_Remaining="0")


def bare_429(answer: Answer, struck: int) -> Answer:
    """429 in the envelope, without any hint when to come back."""
    return refused(429, WORDS[429]).with_headers(X_RateLimit_Reset=None, X_RateLimit_Remaining=None)


def html(status: int) -> Effect:
    """A gateway's page in place of the API's answer."""
    return lambda answer, struck: Answer(status, b"<html><body>gateway</body></html>", {"Content-Type": "text/html"})


def on_wire(wire: str) -> Effect:
    return lambda answer, struck: replace(answer, wire=wire)


def empty(answer: Answer, struck: int) -> Answer:
    return replace(answer, body=b"")


def huge(answer: Answer, struck: int) -> Answer:
    """The honest answer behind more white space than a careful client reads."""
    return replace(answer, body=b" " * HUGE + answer.body)


def code_400(answer: Answer, struck: int) -> Answer:
    return json_answer(200, {"code": 400, "message": WORDS[400]})


def data(**changes) -> Effect:
    """The honest JSON answer with fields of `data` replaced, or removed where the value is None."""

    def effect(answer: Answer, struck: int) -> Answer:
        content = json.loads(answer.body)
        changed = (content.get("data") or {}) | changes
        content["data"] = {name: value for name, value in changed.items() if value is not None}
        return replace(answer, body=json_answer(200, content).body)

    return effect


def flap(answer: Answer, struck: int) -> Answer:
    """Every second read of a finished task says that it is still processing."""
    if struck % 2 == 0 or json.loads(answer.body).get("data", {}).get("status") != "success":
        return answer
    return data(status="processing", result=None)(answer, struck)


def short(answer: Answer, struck: int) -> Answer:
    """The full length is declared, half of it is sent."""
    return replace(answer, body=answer.body[: len(answer.body) // 2], declared=len(answer.body))


def long(answer: Answer, struck: int) -> Answer:
    """Half of the length is declared, all of it is sent."""
    return replace(answer, declared=len(answer.body) // 2)


def wrong_magic(answer: Answer, struck: int) -> Answer:
    return replace(answer, body=b"<html><body>not a picture</body></html>")


def redirect(to: str) -> Effect:
    return lambda answer, struck: Answer(302, b"", {"Location": to.format(struck + 1)})


# ---------------------------------------------------------------- models, account and clock


def listing(change: Callable[[list[dict]], dict]) -> Effect:
    """Another document around the models; the whole of it but `code` and `message` comes from the change."""

    def effect(answer: Answer, struck: int) -> Answer:
        content = json.loads(answer.body)
        rows = content.pop("models")
        return replace(answer, body=json_answer(200, content | change(rows)).body)

    return effect


def with_new_fields(rows: list[dict]) -> dict:
    return {"models": [row | {"vintage": {"year": 2031, "notes": ["oak"]}, "retired": None} for row in rows]}


def skewed(seconds: int) -> Effect:
    """X-RateLimit-Reset by a clock that is wrong by so much."""

    def effect(answer: Answer, struck: int) -> Answer:
        reset = answer.headers.get("X-RateLimit-Reset")
        return answer.with_headers(X_RateLimit_Reset=str(int(reset) + seconds)) if reset else answer

    return effect
