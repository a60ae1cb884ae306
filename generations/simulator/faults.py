"""Faults on demand: what goes wrong when a prompt says `[[sim:post=hang]]` or a scenario row says so.

A fault is `stage=name`, optionally with `xN`: N times, then all is well; without it, for good. Those of KNOWN change
one answer as it is given; ENDINGS and HOOKS are decided once, when a task is accepted. To add a fault, add a row to
one of the three.
"""

import re
import threading
from collections import Counter
from dataclasses import dataclass, replace

from . import effects, plan
from .effects import Effect, data, error
from .endings import ENDINGS
from .envelope import Answer, Refusal, Request
from .hooks import HOOKS
from .store import Task

TOKEN = re.compile(r"\[\[sim:([^\]]*)\]\]")
FORM = re.compile(r"(?P<name>[a-z]+(?:=[a-z0-9_-]+?)?)(?:x(?P<times>\d{1,4}))?")
PATHS = {"get": "/api/v1/tasks/"}  # stage → where it strikes when a scenario row names no path; others: anywhere
PLANNED = ("stuck", "fail", "result", "expires", "status", "hook")  # stages decided when a task is accepted
GENERAL = ("models", "balance", "validate", "clock")  # stages that concern no task, so no prompt can ask for them


@dataclass(frozen=True)
class Fault:
    """What happens to an answer. For `post`: `creates` tells whether the task is made and charged first. For
    `get`: `midlife` spares reads of a task that is still pending."""

    effect: Effect
    creates: bool = False
    midlife: bool = False


_REFUSED = (400, 401, 402, 403, 404, 405, 413, 415, 422)
_UNCLEAR: dict[str, Effect] = {str(status): error(status) for status in (500, 502, 503, 504, 408, 409, 425, 301)} | {
    "hang": effects.on_wire("hang"),
    "200-nojson": effects.html(200),
    "200-empty": effects.empty,
    "200-no-id": data(task_id=None, get_result=None),
    "200-bad-id": data(task_id="task 1\n<b>", get_result=None),
    "200-code400": effects.code_400,
    "200-huge": effects.huge,
}
KNOWN: dict[str, Fault] = (
    {f"post={status}": Fault(error(status)) for status in (*_REFUSED, 429)}
    | {"post=429-bare": Fault(effects.bare_429), "post=429-html": Fault(effects.html(429))}
    | {f"post={name}": Fault(effect) for name, effect in _UNCLEAR.items()}
    | {f"post={name}-created": Fault(effect, creates=True) for name, effect in _UNCLEAR.items()}
    | {
        "post=drop-before": Fault(effects.on_wire("drop")),
        "post=drop-after-create": Fault(effects.on_wire("drop"), creates=True),
    }
    | {f"get={status}": Fault(error(status)) for status in (429, 500, 502, 503, 504)}
    | {f"get={status}": Fault(error(status), midlife=True) for status in (401, 404)}
    | {
        "get=wrong-id": Fault(data(task_id="task-of-somebody-else")),
        "get=not-json": Fault(effects.html(200)),
        "get=no-status": Fault(data(status=None)),
        "get=flap": Fault(effects.flap),
    }
    | {f"file={status}": Fault(error(status)) for status in (403, 404, 410)}
    | {
        "file=slow": Fault(effects.on_wire("trickle")),
        "file=short": Fault(effects.short),
        "file=longer-than-declared": Fault(effects.long),
        "file=wrong-magic": Fault(effects.wrong_magic),
        "file=redirect": Fault(effects.redirect("?hop={}")),
        "file=redirect-private": Fault(effects.redirect("http://10.0.0.1/private.png")),
    }
    | {
        "models=wrapped": Fault(effects.listing(lambda rows: {"data": {"models": rows}})),
        "models=missing": Fault(effects.listing(lambda rows: {})),
        "models=duplicate": Fault(effects.listing(lambda rows: {"models": rows + rows})),
        "models=withdrawn": Fault(effects.listing(lambda rows: {"models": rows[1:]})),
        "models=new-field": Fault(effects.listing(effects.with_new_fields)),
        "balance=string": Fault(data(balance="12.3456")),
        "balance=negative": Fault(data(balance=-0.5)),
        "balance=zero": Fault(data(balance=0)),
        "validate=false": Fault(data(is_valid=False)),
        "clock=skew": Fault(effects.skewed(effects.SKEW)),
        "clock=skew-back": Fault(effects.skewed(-effects.SKEW)),
    }
)
NAMES = (*KNOWN, *ENDINGS, *HOOKS)

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
    """The faults a prompt asks for; one that it cannot have is refused with the list of those there are."""
    found = TOKEN.findall(text)
    for token in found:
        if stage_of(parse(token)[0]) in GENERAL:
            raise Refusal(400, "Invalid parameters", f"{token} concerns no task; set it at /simulator/faults")
    return found


def parse(token: str) -> tuple[str, int | None]:
    """`get=503x3` → ("get=503", 3); without a number, None: for good."""
    match = FORM.fullmatch(token)
    if match is None or match["name"] not in NAMES:
        known = ", ".join(NAMES)
        raise Refusal(400, "Invalid parameters", f"unknown simulator fault {token}; known: {known}")
    return match["name"], int(match["times"]) if match["times"] else None


def stage_of(name: str) -> str:
    return name.partition("=")[0]


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
        name, struck = self._choose(stage, occasion)
        if name is None:
            return None
        fault = KNOWN[name]
        return replace(fault, effect=lambda answer, _=0: fault.effect(answer, struck))

    def bend(self, stage: str, occasion: Occasion, answer: Answer) -> Answer:
        """The honest answer, or what a fault makes of it."""
        fault = self.strike(stage, occasion)
        return fault.effect(answer) if fault else answer

    def planned(self, occasion: Occasion) -> list[str]:
        """The faults that a new task keeps: the endings and the hook fault it is to have (each counts as a strike),
        and what its prompt wants of other occasions."""
        chosen = [self._choose(stage, occasion)[0] for stage in PLANNED]
        later = [token for token in occasion.tokens if stage_of(parse(token)[0]) not in PLANNED]
        return [name for name in chosen if name] + later

    def _choose(self, stage: str, occasion: Occasion) -> tuple[str | None, int]:
        """The name of the fault that hits, and how often it has struck before."""
        with self._lock:
            for counter, name, times in self._candidates(stage, occasion):
                struck = self._struck[counter]
                if (times is None or struck < times) and not _is_spared(name, occasion):
                    self._struck[counter] += 1
                    return name, struck
        return None, 0

    def _candidates(self, stage: str, occasion: Occasion):
        for index, row in enumerate(self.scenario):
            name, times = parse(row["fault"])
            if stage_of(name) == stage and _matches(row, stage, occasion):
                yield index, name, row.get("count", times)
        for token in occasion.tokens:
            name, times = parse(token)
            if stage_of(name) == stage:
                yield (occasion.subject, token), name, times


def _is_spared(name: str, occasion: Occasion) -> bool:
    return name in KNOWN and KNOWN[name].midlife and occasion.status == "pending"


def _check_row(row) -> None:
    wanted = {"fault", "method", "path", "model", "prompt", "key", "count"}
    if not isinstance(row, dict) or "fault" not in row or not row.keys() <= wanted:
        raise Refusal(400, "Invalid parameters", f"a scenario row is an object with fault and any of {sorted(wanted)}")
    parse(str(row["fault"]))


def _matches(row: dict, stage: str, occasion: Occasion) -> bool:
    return (
        row.get("method", occasion.method) == occasion.method
        and row.get("path", PATHS.get(stage, "")) in occasion.path
        and row.get("model", "") in occasion.model
        and row.get("prompt", "") in occasion.prompt
        and row.get("key", occasion.key) == occasion.key
    )
