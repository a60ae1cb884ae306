"""Faults on demand: what goes wrong when a prompt says `[[sim:post=hang]]` or a scenario row says so.

A fault is `stage=name`, optionally with `xN`: N times, then all is well; without it, for good. To add a
fault, add a row to KNOWN. An effect gets the honest answer and how often this fault has struck before, and
returns the answer to send.
"""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from . import plan
from .envelope import Answer, Refusal, Request, json_answer, refused
from .store import Task

TOKEN = re.compile(r"\[\[sim:([^\]]*)\]\]")
FORM = re.compile(r"(?P<name>[a-z]+=[a-z0-9-]+?)(?:x(?P<times>\d{1,4}))?")
STAGES = {"post": ("POST", "/api/v1/"), "get": ("GET", "/api/v1/tasks/"), "file": ("GET", "/files/")}
RETRY_AFTER = 2  # seconds, the hint of a 429 on demand
HUGE = 17 * 1024 * 1024  # bytes; the official client reads 16 MiB
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


@dataclass(frozen=True)
class Fault:
    """What happens to an answer. For `post`: `creates` tells whether the task is made and charged first. For
    `get`: `midlife` spares reads of a task that is still pending."""

    effect: Effect
    creates: bool = False
    midlife: bool = False


# ---------------------------------------------------------------- effects


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


# ---------------------------------------------------------------- the table

_REFUSED = (400, 401, 402, 403, 404, 405, 413, 415, 422)
_UNCLEAR: dict[str, Effect] = {str(status): error(status) for status in (500, 502, 503, 504, 408, 409, 425, 301)} | {
    "hang": on_wire("hang"),
    "200-nojson": html(200),
    "200-empty": empty,
    "200-no-id": data(task_id=None, get_result=None),
    "200-bad-id": data(task_id="task 1\n<b>", get_result=None),
    "200-code400": code_400,
    "200-huge": huge,
}
KNOWN: dict[str, Fault] = (
    {f"post={status}": Fault(error(status)) for status in (*_REFUSED, 429)}
    | {"post=429-bare": Fault(bare_429), "post=429-html": Fault(html(429))}
    | {f"post={name}": Fault(effect) for name, effect in _UNCLEAR.items()}
    | {f"post={name}-created": Fault(effect, creates=True) for name, effect in _UNCLEAR.items()}
    | {
        "post=drop-before": Fault(on_wire("drop")),
        "post=drop-after-create": Fault(on_wire("drop"), creates=True),
    }
    | {f"get={status}": Fault(error(status)) for status in (429, 500, 502, 503, 504)}
    | {f"get={status}": Fault(error(status), midlife=True) for status in (401, 404)}
    | {
        "get=wrong-id": Fault(data(task_id="task-of-somebody-else")),
        "get=not-json": Fault(html(200)),
        "get=no-status": Fault(data(status=None)),
        "get=flap": Fault(flap),
    }
    | {f"file={status}": Fault(error(status)) for status in (403, 404, 410)}
    | {
        "file=slow": Fault(on_wire("trickle")),
        "file=short": Fault(short),
        "file=longer-than-declared": Fault(long),
        "file=wrong-magic": Fault(wrong_magic),
        "file=redirect": Fault(redirect("?hop={}")),
        "file=redirect-private": Fault(redirect("http://10.0.0.1/private.png")),
    }
)

# ---------------------------------------------------------------- choosing


@dataclass(frozen=True)
class Occasion:
    """What is happening: where a fault might strike. `tokens` are the faults the prompt asks for, `subject`
    is what their strikes are counted by, `status` the task's state when it is read."""

    method: str
    path: str
    key: str | None = None
    model: str = ""
    prompt: str = ""
    tokens: tuple[str, ...] = ()
    subject: str = ""
    status: str = ""

    @classmethod
    def about(cls, task: Task, request: Request, *, subject: str, status: str = "") -> "Occasion":
        """A request that concerns a task."""
        words, wanted = plan.prompt(task.body), tuple(task.faults)
        return cls(request.method, request.path, task.key, task.model, words, wanted, subject, status)


def tokens(text: str) -> list[str]:
    """The faults a prompt asks for; an unknown one is refused with the list of those there are."""
    found = TOKEN.findall(text)
    for token in found:
        parse(token)
    return found


def parse(token: str) -> tuple[str, int | None]:
    """`get=503x3` → ("get=503", 3); without a number, None: for good."""
    match = FORM.fullmatch(token)
    if match is None or match["name"] not in KNOWN:
        known = ", ".join(KNOWN)
        raise Refusal(400, "Invalid parameters", f"unknown simulator fault {token}; known: {known}")
    return match["name"], int(match["times"]) if match["times"] else None


class Faults:
    """The faults in force. Scenario rows are dicts: `fault` (as in a token), and to narrow it any of `method`,
    `path`, `model`, `prompt` (all substrings), `key` (fingerprint), `count` (strikes, then off).
    """

    def __init__(self, scenario=()):
        self._lock = threading.Lock()
        self.replace(scenario)

    def replace(self, scenario) -> None:
        """Put these rows in force and forget all strikes; refuses rows it does not understand."""
        for row in scenario:
            _check_row(row)
        with self._lock:
            self.scenario = list(scenario)
            self._struck = Counter()

    def strike(self, stage: str, occasion: Occasion) -> Fault | None:
        """The fault that hits now, or None. It counts as a strike; its effect needs the answer alone."""
        fault, struck = self._choose(stage, occasion)
        return fault and replace(fault, effect=lambda answer, _=0: fault.effect(answer, struck))

    def bend(self, stage: str, occasion: Occasion, answer: Answer) -> Answer:
        """The honest answer, or what a fault makes of it."""
        fault = self.strike(stage, occasion)
        return fault.effect(answer) if fault else answer

    def _choose(self, stage: str, occasion: Occasion):
        with self._lock:
            for counter, name, times in self._candidates(stage, occasion):
                fault, struck = KNOWN[name], self._struck[counter]
                if (times is not None and struck >= times) or (fault.midlife and occasion.status == "pending"):
                    continue
                self._struck[counter] += 1
                return fault, struck
        return None, 0

    def _candidates(self, stage: str, occasion: Occasion):
        for index, row in enumerate(self.scenario):
            name, times = parse(row["fault"])
            if name.startswith(f"{stage}=") and _matches(row, stage, occasion):
                yield index, name, row.get("count", times)
        for token in occasion.tokens:
            name, times = parse(token)
            if name.startswith(f"{stage}="):
                yield (occasion.subject, token), name, times


def _check_row(row) -> None:
    wanted = {"fault", "method", "path", "model", "prompt", "key", "count"}
    if not isinstance(row, dict) or "fault" not in row or not row.keys() <= wanted:
        raise Refusal(400, "Invalid parameters", f"a scenario row is an object with fault and any of {sorted(wanted)}")
    parse(str(row["fault"]))


def _matches(row: dict, stage: str, occasion: Occasion) -> bool:
    method, path = STAGES[stage]
    return (
        row.get("method", method) == occasion.method
        and row.get("path", path) in occasion.path
        and row.get("model", "") in occasion.model
        and row.get("prompt", "") in occasion.prompt
        and row.get("key", occasion.key) == occasion.key
    )
