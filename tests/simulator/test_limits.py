"""The request limit and the running cap, per key."""

import time
from concurrent.futures import ThreadPoolExecutor

from .conftest import Caller


def test_the_headers_count_down_and_tell_when_the_window_opens(start):
    caller = Caller(start(rpm=3).url)
    replies = [caller.get("/api/v1/team/balance") for _ in range(3)]
    assert [reply.headers["X-RateLimit-Remaining"] for reply in replies] == ["2", "1", "0"]
    assert {reply.headers["X-RateLimit-Limit"] for reply in replies} == {"3"}
    assert int(replies[-1].headers["X-RateLimit-Reset"]) - time.time() <= 61


def test_one_request_too_many_is_refused_with_a_hint(start):
    caller = Caller(start(rpm=1).url)
    caller.get("/api/v1/team/balance")
    reply = caller.get("/api/v1/team/balance")
    assert (reply.status, reply.message) == (429, "Rate limit exceeded: 1 requests per minute")
    assert reply.headers["X-RateLimit-Remaining"] == "0"
    assert 50 <= int(reply.headers["Retry-After"]) <= 60


def test_the_window_is_per_key_and_outlives_a_restart(start):
    first = start(rpm=1)
    Caller(first.url).get("/api/v1/models")
    assert Caller(first.url, "mk-other").get("/api/v1/models").status == 200
    first.close()
    assert Caller(start(rpm=1).url).get("/api/v1/models").status == 429


def test_validate_answers_whatever_the_limit(start):
    caller = Caller(start(rpm=1).url)
    assert [caller.get("/api/v1/apikey/validate").status for _ in range(3)] == [200, 200, 200]


def test_files_and_the_desk_do_not_count(start):
    caller = Caller(start(rpm=1).url)
    assert [caller.get(path).status for path in ("/", "/simulator/ledger", "/api/v1/models")] == [200, 200, 200]


def test_finished_tasks_make_room_under_the_running_cap(start):
    simulator = start(speed=100, running_cap=2)
    caller, other = Caller(simulator.url), Caller(simulator.url, "mk-other")
    held = [caller.bought({"prompt": f"picture {number}"}) for number in range(2)]
    refused = caller.submit({"prompt": "one more"})
    assert (refused.status, refused.message) == (429, "Concurrent limit exceeded: 2 tasks are already running")
    assert other.submit({"prompt": "A bay"}).status == 200
    for identifier in held:
        caller.finished(identifier)
    assert caller.submit({"prompt": "one more"}).status == 200


def test_no_limit_is_overrun_by_asking_all_at_once(start):
    simulator = start(speed=1, rpm=30, running_cap=5)
    caller = Caller(simulator.url)
    with ThreadPoolExecutor(20) as crowd:
        replies = list(crowd.map(lambda number: caller.submit({"prompt": f"picture {number}"}), range(40)))
    assert sorted(reply.status for reply in replies) == [200] * 5 + [429] * 35
    assert sum("Rate limit" in reply.message for reply in replies) == 10
    assert len(simulator.ledger()) == 5
