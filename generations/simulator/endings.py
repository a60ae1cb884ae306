"""How tasks end when a fault has its say: in other words, without a result, with an odd one.

Which endings a task has is decided when it is accepted and kept with it, so that every read and every webhook tells the
same. An ending takes the honest `data` of an answer and gives what is told instead.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from .store import Task

HOUR = 3600
MANY = 1000  # resources of `result=1000-items`; the official client takes no more
Tell = Callable[[dict], dict]


@dataclass(frozen=True)
class Ending:
    """`free`: the task is not charged. `stuck`: it never ends."""

    tell: Tell = dict
    free: bool = False
    stuck: bool = False


def as_planned(said: dict, names: list[str]) -> dict:
    """What is told in place of the honest `said` by a task with these faults."""
    for name, ending in ENDINGS.items():
        if name in names:
            said = ending.tell(said)
    return said


def with_endings(task: Task, names: list[str]) -> Task:
    """The task with these faults, and with what its endings change in its plan."""
    endings = [ENDINGS[name] for name in names if name in ENDINGS]
    task = replace(task, faults=names, amount=0 if any(ending.free for ending in endings) else task.amount)
    if any(ending.stuck for ending in endings):
        return replace(task, done=math.inf, expires=task.created + task.expires - task.done)
    return task


# ---------------------------------------------------------------- words for states


def instead_of(documented: str, word: str) -> Tell:
    return lambda said: said | {"status": word} if said["status"] == documented else said


def without_result(word: str) -> Tell:
    """It ends with that word, and with nothing else."""
    return lambda said: _bare(said) | {"status": word} if said["status"] == "success" else said


def _bare(said: dict) -> dict:
    return {name: said[name] for name in ("status", "task_id", "model_id")}


_WORDS: dict[str, Callable[[str], Tell]] = {
    "queued": lambda word: instead_of("pending", word),
    "created": lambda word: instead_of("pending", word),
    "running": lambda word: instead_of("processing", word),
    "in_progress": lambda word: instead_of("processing", word),
    "weird": lambda word: instead_of("processing", word),
    "success": lambda word: instead_of("success", word),
    "succeeded": lambda word: instead_of("success", word),
    "completed": lambda word: instead_of("success", word),
    "done": lambda word: instead_of("success", word),
    "canceled": without_result,
    "cancelled": without_result,
    "failed": without_result,
    "error": without_result,
}

# ---------------------------------------------------------------- failures


@dataclass(frozen=True)
class Reason:
    """Why a task failed; whether it is charged, and whether the answer tells so."""

    words: str
    shape: str
    charged: bool
    told: bool


_REASONS = {
    "moderation": Reason("The prompt was refused by the content filter.", "string", charged=True, told=True),
    "upstream": Reason("The model's provider reported an internal error.", "object", charged=False, told=True),
    "input-fetch": Reason("An input file could not be fetched.", "message", charged=False, told=False),
    "timeout": Reason("The model's provider took too long.", "none", charged=True, told=False),
}
_SHAPES: dict[str, Callable[[str, str], dict]] = {  # what has been seen; the documents do not say
    "string": lambda reason, words: {"error": words},
    "object": lambda reason, words: {"error": {"code": reason, "message": words, "type": "task_error"}},
    "message": lambda reason, words: {"message": words},
    "none": lambda reason, words: {},
}


def failing(name: str, reason: Reason, shape: str) -> Ending:
    def tell(said: dict) -> dict:
        if said["status"] != "success":
            return said
        billing = {"billing": said["billing"]} if reason.told else {}
        return _bare(said) | {"status": "failed"} | _SHAPES[shape](name, reason.words) | billing

    return Ending(tell, free=not reason.charged)


# ---------------------------------------------------------------- results


def resources(change: Callable[[list[dict]], list]) -> Tell:
    """The files, told in another way."""

    def tell(said: dict) -> dict:
        if "result" not in said:
            return said
        return said | {"result": said["result"] | {"resources": change(said["result"]["resources"])}}

    return tell


def at_the_top(said: dict) -> dict:
    """The files beside the status, where the official client looks too."""
    if "result" not in said:
        return said
    rest = {name: value for name, value in said["result"].items() if name != "resources"}
    return said | {"resources": said["result"]["resources"], "result": rest}


def _without_dimensions(items: list[dict]) -> list[dict]:
    return [{name: value for name, value in item.items() if name not in ("width", "height")} for item in items]


def _many(items: list[dict]) -> list[dict]:
    return (items * MANY)[:MANY]


def _same_names(items: list[dict]) -> list[dict]:
    """Each file a second time, under an address that ends in the same name."""
    return items + [item | {"url": "/again/".join(item["url"].rsplit("/", 1))} for item in items]


# ---------------------------------------------------------------- expiry


def expiring(form: Callable[[int], int | str | None]) -> Tell:
    """`result_expires_at` in another form, given the honest one in milliseconds; None leaves it out."""

    def tell(said: dict) -> dict:
        if "result_expires_at" not in said:
            return said
        changed = said | {"result_expires_at": form(said["result_expires_at"])}
        return {name: value for name, value in changed.items() if value is not None}

    return tell


def _iso(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


def _past(milliseconds: int) -> int:
    """An hour ago, whatever is true."""
    return round((datetime.now(UTC).timestamp() - HOUR) * 1000)


# ---------------------------------------------------------------- the table, in the order in which they apply

ENDINGS: dict[str, Ending] = (
    {"stuck": Ending(stuck=True)}
    | {f"fail={name}": failing(name, reason, reason.shape) for name, reason in _REASONS.items()}
    | {f"fail={name}-{shape}": failing(name, reason, shape) for name, reason in _REASONS.items() for shape in _SHAPES}
    | {
        "result=empty": Ending(resources(lambda items: [])),
        "result=string-items": Ending(resources(lambda items: [item["url"] for item in items])),
        "result=top-level": Ending(at_the_top),
        "result=no-dimensions": Ending(resources(_without_dimensions)),
        "result=unknown-type": Ending(resources(lambda items: [item | {"type": "hologram"} for item in items])),
        "result=1000-items": Ending(resources(_many)),
        "result=duplicate-names": Ending(resources(_same_names)),
        "expires=seconds": Ending(expiring(lambda milliseconds: milliseconds // 1000)),
        "expires=ms": Ending(expiring(lambda milliseconds: milliseconds)),
        "expires=iso": Ending(expiring(_iso)),
        "expires=missing": Ending(expiring(lambda milliseconds: None)),
        "expires=past": Ending(expiring(_past)),
    }
    | {f"status={word}": Ending(tell(word)) for word, tell in _WORDS.items()}
    | {f"status={word}-upper": Ending(tell(word.upper())) for word, tell in _WORDS.items()}
)
