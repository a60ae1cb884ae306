"""The ledger as a page for people: who was charged for what, what was asked, what goes wrong on demand."""

import html
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from . import description, plan
from .config import Config
from .envelope import Answer
from .faults import NAMES, TOKEN, Faults
from .store import Store, Task

SKELETON = Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
ROWS = 100  # the latest of each kind that are shown
LOOKS = {"success": "good", "pending": "wait", "processing": "wait", "failed": "bad"}


def page(config: Config, store: Store, faults: Faults) -> Answer:
    now = time.time()
    text = SKELETON.substitute(
        settings=_settings(config),
        purses=_purses(config, store),
        tasks=_tasks(store, now),
        faults=_faults(faults),
        webhooks=_webhooks(store),
        uploads=_uploads(store, now),
        requests=_requests(store),
        known=" ".join(f"<code>{html.escape(name)}</code>" for name in NAMES),
    )
    return Answer(200, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _settings(config: Config) -> str:
    speed = "" if config.speed == 1 else f", {config.speed:g} times as fast as Modellix"
    limits = f"{config.running_cap} tasks at once and {config.rpm} requests a minute for each key"
    return f"{limits}; results are kept for {config.retention_hours:g} hours{speed}. Times are UTC."


def _purses(config: Config, store: Store) -> str:
    rows = (
        (_code(purse["key"]), purse["tasks"], _usd(purse["spent"]), _usd(config.opening - purse["spent"]))
        for purse in store.purses()
    )
    return _table(("Key", "Tasks", "Spent", "Left"), rows, "Nobody has bought anything.")


def _tasks(store: Store, now: float) -> str:
    names = ("At", "Task", "State", "Charged", "Model", "Prompt", "Faults")
    rows = (
        (
            _at(task.created),
            _code(task.id),
            _state(task, now),
            _charged(task),
            _code(task.model),
            _wide(TOKEN.sub("", plan.prompt(task.body))[:200]),
            _wide(", ".join(task.faults)),
        )
        for task in store.latest_tasks(ROWS)
    )
    return _table(names, rows, "No task has been accepted.")


def _state(task: Task, now: float) -> str:
    if now >= task.expires:
        return _toned("", "expired")
    word = description.told(task, "", now)["status"]
    return _toned(LOOKS.get(word.lower(), ""), word)


def _charged(task: Task) -> str:
    """The amount, and loudly whether the same was bought before."""
    again = f" {_toned('bad', f'same order bought {task.copy + 1} times')}" if task.copy else ""
    return _usd(task.amount) + again


def _faults(faults: Faults) -> str:
    rows = ((_code(row["fault"]), _wide(_where(row)), row.get("count", "for good")) for row in faults.scenario)
    return _table(("Fault", "Where", "Times"), rows, "None but those that prompts ask for.")


def _where(row: dict) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if name not in ("fault", "count")) or "everywhere"


def _webhooks(store: Store) -> str:
    rows = (
        (_code(row["task"]), _wide(row["url"]), row["retry"] + (row["status"] is not None), _heard(row))
        for row in reversed(store.deliveries()[-ROWS:])
    )
    return _table(("Task", "Address", "Tries", "Answer"), rows, "No order asked for one.")


def _heard(row: dict) -> str:
    if row["status"] is None:
        return _toned("wait", "not sent yet")
    said = str(row["status"] or "no answer")
    return said if row["due"] is None else _toned("wait", f"{said}, will be tried again")


def _uploads(store: Store, now: float) -> str:
    rows = (
        (_at(upload.created), _code(upload.id), _code(upload.key), _wide(upload.filename), f"{upload.size:,} bytes")
        for upload in store.uploads(now)[:ROWS]
    )
    return _table(("At", "File", "Key", "Name", "Size"), rows, "None is kept.")


def _requests(store: Store) -> str:
    rows = (
        (_at(row["at"]), row["method"], _wide(row["path"]), _code(row["key"] or ""), _status(row))
        for row in store.latest_requests(ROWS)
    )
    return _table(("At", "Method", "Path", "Key", "Status"), rows, "None yet.")


def _status(row: dict) -> str:
    status = {None: "under way", 0: "no answer"}.get(row["status"], row["status"])
    said = _toned("" if row["status"] and row["status"] < 400 else "wait", str(status))
    return f"{said} {_toned('bad', row['violation'])}" if row["violation"] else said


# ---------------------------------------------------------------- words and cells


def _table(names: tuple[str, ...], rows: Iterable[tuple], otherwise: str) -> str:
    """Rows of cells that are HTML already; the sentence when there are none."""
    lines = [f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows]
    if not lines:
        return f'<p class="soft">{otherwise}</p>'
    head = "".join(f"<th>{name}</th>" for name in names)
    return f'<div class="scroll" tabindex="0"><table><tr>{head}</tr>{"".join(lines)}</table></div>'


def _cell(content) -> str:
    return content if str(content).startswith("<td") else f"<td>{content}</td>"


def _wide(text: str) -> str:
    return f'<td class="wide">{html.escape(text)}</td>'


def _code(text: str) -> str:
    return f"<code>{html.escape(text)}</code>"


def _toned(look: str, text: str) -> str:
    return f'<span class="{look}">{html.escape(text)}</span>'


def _usd(amount: int) -> str:
    return f"${amount / 10_000:,.4f}"


def _at(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%d %b %H:%M:%S}"
