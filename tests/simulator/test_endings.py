"""Endings on demand: other words for states, failures, odd results, odd expiry; the same at every read."""

import time
from datetime import UTC, datetime

import pytest

from generations.simulator import catalogue, plan
from generations.simulator.endings import ENDINGS

from .conftest import SMALL, UNKNOWN, Caller

SHAPES = {
    "string": lambda words: {"error": words},
    "object": lambda words: {"error": words},
    "message": lambda words: {"message": words},
    "none": lambda words: {},
}
REASONS = {"moderation": "string", "upstream": "object", "input-fetch": "message", "timeout": "none"}
BILLING = {"moderation": 0.0207, "upstream": 0, "input-fetch": None, "timeout": None}
CHARGED = {"moderation": 0.0207, "upstream": 0, "input-fetch": 0, "timeout": 0.0207}


def order(caller, *tokens, body=None, path="/api/v1/alibaba/qwen-image"):
    words = "A bay " + " ".join(f"[[sim:{token}]]" for token in tokens)
    return caller.bought((body or {}) | {"prompt": words}, path)


def ended(caller, identifier):
    """The data of a task once it is over."""
    time.sleep(0.15)  # the longest takes 0.12 s at speed 1000
    return caller.task(identifier).data


def words(caller, identifier, seconds):
    """The states that a task goes through until it succeeds, as told."""
    until, seen = time.monotonic() + seconds, []
    while time.monotonic() < until and seen[-1:] != ["success"]:
        seen.append(caller.task(identifier).data["status"])
        time.sleep(0.005)
    return list(dict.fromkeys(seen))


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("word", ["success", "succeeded", "completed", "done"])
def test_success_has_other_words(caller, word, upper):
    data = ended(caller, order(caller, f"status={word}-upper" if upper else f"status={word}"))
    assert data["status"] == (word.upper() if upper else word)
    assert data["result"]["resources"]


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("word", ["canceled", "cancelled", "failed", "error"])
def test_a_task_ends_with_a_word_and_nothing_else(caller, word, upper):
    data = ended(caller, order(caller, f"status={word}-upper" if upper else f"status={word}"))
    assert data.keys() == {"status", "task_id", "model_id"}
    assert data["status"] == (word.upper() if upper else word)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("queued", ["queued", "processing", "success"]),
        ("created", ["created", "processing", "success"]),
        ("running", ["pending", "running", "success"]),
        ("in_progress", ["pending", "in_progress", "success"]),
        ("weird", ["pending", "weird", "success"]),
        ("queued-upper", ["QUEUED", "processing", "success"]),
        ("created-upper", ["CREATED", "processing", "success"]),
        ("running-upper", ["pending", "RUNNING", "success"]),
        ("in_progress-upper", ["pending", "IN_PROGRESS", "success"]),
        ("weird-upper", ["pending", "WEIRD", "success"]),
    ],
)
def test_waiting_and_working_have_other_words(start, name, seen):
    caller = Caller(start(speed=20).url)
    identifier = caller.bought(slow_to_start(f"A bay [[sim:status={name}]]"))
    assert words(caller, identifier, 2) == seen


def slow_to_start(text):
    """A body with these words whose task is pending for a while, 75 ms at this speed, so that it can be seen."""
    model = catalogue.models()["alibaba/qwen-image"]
    bodies = ({"prompt": text, "seed": number} for number in range(1000))
    return next(body for body in bodies if plan.times(model, body, 0)[0] > 1.5)


def test_a_stuck_task_never_ends_but_is_forgotten_in_time(start):
    caller = Caller(start(speed=1000, retention_hours=0.3 / 3600).url)
    identifier = order(caller, "stuck", "status=weird")
    assert words(caller, identifier, 0.2) in (["pending", "weird"], ["weird"])
    time.sleep(0.2)
    assert caller.task(identifier).status == 404


def test_a_stuck_task_keeps_its_place_among_the_running(start):
    caller = Caller(start(running_cap=1).url)
    order(caller, "stuck")
    time.sleep(0.05)
    assert caller.submit({"prompt": "A bay"}).message.startswith("Concurrent limit exceeded")


# ---------------------------------------------------------------- failures


@pytest.mark.parametrize("shape", ["", *SHAPES])
@pytest.mark.parametrize("reason", REASONS)
def test_a_task_fails_for_a_reason_told_in_some_shape(simulator, caller, reason, shape):
    data = ended(caller, order(caller, f"fail={reason}-{shape}" if shape else f"fail={reason}"))
    assert data.pop("status") == "failed"
    assert data.pop("billing", {}).get("amount") == BILLING[reason]
    assert data.keys() - {"task_id", "model_id"} == SHAPES[shape or REASONS[reason]]("").keys()
    error = data.get("error", "")
    assert isinstance(error, dict) == ((shape or REASONS[reason]) == "object")
    assert [row["amount"] for row in simulator.ledger()] == [CHARGED[reason]]
    assert caller.get("/api/v1/team/balance").data["balance"] == pytest.approx(100 - CHARGED[reason])


# ---------------------------------------------------------------- results


def test_a_result_is_empty(caller):
    assert ended(caller, order(caller, "result=empty"))["result"]["resources"] == []


def test_a_result_is_bare_addresses(caller):
    [url] = ended(caller, order(caller, "result=string-items"))["result"]["resources"]
    assert url.endswith("/0.png")


def test_a_result_stands_beside_the_state(caller):
    data = ended(caller, order(caller, "result=top-level"))
    assert data["resources"][0]["format"] == "png"
    assert "resources" not in data["result"]


def test_a_result_has_no_dimensions_or_an_unknown_type(caller):
    [bare] = ended(caller, order(caller, "result=no-dimensions"))["result"]["resources"]
    assert bare.keys() == {"url", "type", "format", "role"}
    [odd] = ended(caller, order(caller, "result=unknown-type"))["result"]["resources"]
    assert odd["type"] == "hologram"


def test_a_result_has_a_thousand_items(caller):
    items = ended(caller, order(caller, "result=1000-items", body=SMALL, path=UNKNOWN))["result"]["resources"]
    assert len(items) == 1000
    assert caller.file(items[999]).status == 200


def test_a_result_has_names_twice(caller):
    first, second = ended(caller, order(caller, "result=duplicate-names", body=SMALL, path=UNKNOWN))["result"][
        "resources"
    ]
    assert first["url"] != second["url"]
    assert first["url"].rpartition("/")[2] == second["url"].rpartition("/")[2]
    assert caller.file(first).body == caller.file(second).body


# ---------------------------------------------------------------- expiry


def test_expiry_is_told_in_several_forms(caller):
    due = time.time() + 86400
    told = {
        name: ended(caller, order(caller, f"expires={name}")) for name in ("seconds", "ms", "iso", "missing", "past")
    }
    assert told["seconds"]["result_expires_at"] == pytest.approx(due, abs=5)
    assert told["ms"]["result_expires_at"] == pytest.approx(due * 1000, abs=5000)
    assert datetime.fromisoformat(told["iso"]["result_expires_at"]).timestamp() == pytest.approx(due, abs=5)
    assert "result_expires_at" not in told["missing"]
    assert told["past"]["result_expires_at"] < datetime.now(UTC).timestamp() * 1000


# ---------------------------------------------------------------- for good


def test_an_ending_is_decided_at_acceptance_and_outlives_all(start):
    first = start(scenario=[{"fault": "status=done", "count": 1}])
    odd, honest = (order(Caller(first.url)) for _ in range(2))
    first.set_faults([])
    first.close()
    second = Caller(start().url)
    assert [ended(second, identifier)["status"] for identifier in (odd, honest)] == ["done", "success"]


def test_endings_join(caller):
    data = ended(caller, order(caller, "result=string-items", "expires=missing", "status=completed-upper"))
    assert data["status"] == "COMPLETED"
    assert isinstance(data["result"]["resources"][0], str)
    assert "result_expires_at" not in data


def test_every_ending_has_a_test_here():
    waiting = {"queued", "created", "running", "in_progress", "weird"}
    states = {"success", "succeeded", "completed", "done", "canceled", "cancelled", "failed", "error"} | waiting
    tested = {"stuck"} | {f"status={word}{end}" for word in states for end in ("", "-upper")}
    tested |= {f"fail={reason}{end}" for reason in REASONS for end in ("", *(f"-{shape}" for shape in SHAPES))}
    tested |= {f"result={name}" for name in ("empty", "string-items", "top-level", "no-dimensions", "unknown-type")}
    tested |= {"result=1000-items", "result=duplicate-names"}
    tested |= {f"expires={name}" for name in ("seconds", "ms", "iso", "missing", "past")}
    assert tested == set(ENDINGS)
