"""Every fault does what its name says, by prompt token or by scenario, and is told by the ledger."""

import http.client
import json
import time

import pytest

from generations.simulator.faults import KNOWN

from .conftest import SMALL, UNKNOWN, Caller

REFUSED = [400, 401, 402, 403, 404, 405, 413, 415, 422, 429]
UNCLEAR = [500, 502, 503, 504, 408, 409, 425, 301]
ODD = ["200-nojson", "200-empty", "200-no-id", "200-bad-id", "200-code400", "200-huge"]


def prompt(*tokens):
    return {"prompt": "A bay " + " ".join(f"[[sim:{token}]]" for token in tokens)}


def no_answer(caller, body, timeout=5):
    """How a call without an answer ends: the client's exception."""
    with pytest.raises((http.client.HTTPException, OSError)) as caught:
        caller.submit(body, timeout=timeout)
    return caught.type


# ---------------------------------------------------------------- submits


@pytest.mark.parametrize("status", REFUSED)
def test_a_refusal_creates_nothing(simulator, caller, status):
    reply = caller.submit(prompt(f"post={status}"))
    assert (reply.status, reply.json["code"]) == (status, status)
    assert simulator.ledger() == []


def test_429_comes_with_hints_without_or_as_a_page(caller):
    hinted = caller.submit(prompt("post=429"))
    assert hinted.headers["Retry-After"] == "2"
    assert abs(int(hinted.headers["X-RateLimit-Reset"]) - time.time() - 2) < 2
    bare = caller.submit(prompt("post=429-bare"))
    assert bare.json["code"] == 429
    assert bare.headers["Retry-After"] is bare.headers["X-RateLimit-Reset"] is None
    page = caller.submit(prompt("post=429-html"))
    assert (page.status, page.headers["Content-Type"]) == (429, "text/html")


@pytest.mark.parametrize("created", [False, True])
@pytest.mark.parametrize("status", UNCLEAR)
def test_an_unclear_status_hides_whether_a_task_was_created(simulator, caller, status, created):
    reply = caller.submit(prompt(f"post={status}-created" if created else f"post={status}"))
    assert (reply.status, reply.json["code"]) == (status, status)
    assert (reply.headers["Location"] is not None) == (status == 301)
    assert len(simulator.ledger()) == created


@pytest.mark.parametrize("created", [False, True])
@pytest.mark.parametrize("name", ODD)
def test_an_odd_200_hides_whether_a_task_was_created(simulator, caller, name, created):
    reply = caller.submit(prompt(f"post={name}-created" if created else f"post={name}"))
    assert reply.status == 200
    assert len(simulator.ledger()) == created
    if name in ("200-nojson", "200-empty"):
        with pytest.raises(ValueError, match="Expecting value"):
            json.loads(reply.body)
    if name in ("200-no-id", "200-code400"):
        assert "task_id" not in reply.json.get("data", {})
    if name == "200-bad-id":
        assert " " in reply.data["task_id"]
    if name == "200-huge":
        assert len(reply.body) > 16 * 1024 * 1024
    assert reply.headers["Content-Length"] == str(len(reply.body))


@pytest.mark.parametrize(("name", "created"), [("drop-before", 0), ("drop-after-create", 1)])
def test_a_drop_gives_no_byte(simulator, caller, name, created):
    assert no_answer(caller, prompt(f"post={name}")) is http.client.RemoteDisconnected
    assert len(simulator.ledger()) == created
    assert simulator.requests()[-1]["status"] == 0


@pytest.mark.parametrize(("name", "created"), [("hang", 0), ("hang-created", 1)])
def test_a_hang_outlasts_the_client(simulator, caller, name, created):
    assert no_answer(caller, prompt(f"post={name}"), timeout=0.2) is TimeoutError
    assert len(simulator.ledger()) == created


def test_a_hang_does_not_hold_up_closing(start):
    simulator = start()
    no_answer(Caller(simulator.url), prompt("post=hang"), timeout=0.1)
    began = time.monotonic()
    simulator.close()
    assert time.monotonic() - began < 1


def test_a_task_created_behind_a_fault_lives_on(simulator, caller):
    caller.submit(prompt("post=500-created"))
    assert caller.finished(simulator.ledger()[0]["task_id"])["result"]["resources"]


def test_a_counted_fault_ends(simulator, caller):
    body = prompt("post=503x2")
    assert [caller.submit(body).status for _ in range(3)] == [503, 503, 200]
    assert len(simulator.ledger()) == 1


@pytest.mark.parametrize("token", ["post=huang", "nothing", "get=503x", "", "fail=everything"])
def test_an_unknown_token_is_refused_with_the_list_of_those_there_are(simulator, caller, token):
    reply = caller.submit(prompt(token))
    assert reply.status == 400
    assert reply.message.startswith(f"Invalid parameters: unknown simulator fault {token}; known: post=400, ")
    assert "post=hang" in reply.message
    assert simulator.ledger() == []


# ---------------------------------------------------------------- reads


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_reads_fail_a_number_of_times_and_then_go_on(caller, status):
    identifier = caller.bought(prompt(f"get={status}x2"))
    replies = [caller.task(identifier) for _ in range(3)]
    assert [reply.status for reply in replies] == [status, status, 200]
    assert replies[0].json["code"] == status
    assert (replies[0].headers["Retry-After"] == "2") == (status == 429)


@pytest.mark.parametrize("status", [401, 404])
def test_a_task_is_lost_in_mid_life(start, status):
    caller = Caller(start(speed=20).url)
    identifier = caller.bought(prompt(f"get={status}"))
    assert caller.task(identifier).data["status"] == "pending"
    time.sleep(0.15)
    assert [caller.task(identifier).status for _ in range(2)] == [status, status]


def test_a_read_answers_with_another_id_or_without_state_or_without_json(caller):
    wrong = caller.bought(prompt("get=wrong-idx1"))
    assert caller.task(wrong).data["task_id"] == "task-of-somebody-else"
    assert caller.task(wrong).data["task_id"] == wrong
    stateless = caller.bought(prompt("get=no-statusx1"))
    assert "status" not in caller.task(stateless).data
    assert caller.task(stateless).data["status"]
    page = caller.bought(prompt("get=not-jsonx1"))
    assert caller.task(page).headers["Content-Type"] == "text/html"
    assert caller.task(page).status == 200


def test_a_flapping_task_goes_back_to_processing(simulator, caller):
    identifier = caller.bought(prompt("get=flap"))
    time.sleep(0.1)
    replies = [caller.task(identifier).data for _ in range(4)]
    assert [data["status"] for data in replies] == ["success", "processing", "success", "processing"]
    assert "result" not in replies[1]


def test_one_prompt_may_ask_for_several_faults(simulator, caller):
    body = prompt("post=502-created", "get=503x1")
    assert caller.submit(body).status == 502
    identifier = simulator.ledger()[0]["task_id"]
    assert [caller.task(identifier).status for _ in range(2)] == [503, 200]


# ---------------------------------------------------------------- scenarios


def test_a_scenario_strikes_what_it_names_and_ends(simulator, caller):
    simulator.set_faults([{"fault": "post=500", "model": "qwen-image", "prompt": "storm", "count": 1}])
    assert caller.submit({"prompt": "A bay"}).status == 200
    assert caller.submit({"prompt": "A storm"}, path="/api/v1/kling/kling-v3-t2i").status == 200
    assert [caller.submit({"prompt": "A storm"}).status for _ in range(2)] == [500, 200]


def test_a_scenario_may_name_a_key(simulator, caller):
    caller.get("/api/v1/models")
    simulator.set_faults([{"fault": "post=401", "key": simulator.requests()[-1]["key"]}])
    assert caller.submit({"prompt": "A bay"}).status == 401
    assert Caller(simulator.url, "mk-other").submit({"prompt": "A bay"}).status == 200


@pytest.mark.parametrize("path", ["/api/v1/models", "/api/v1/team/balance", "/api/v1/apikey/validate"])
def test_a_scenario_reaches_other_reads_when_it_names_them(simulator, caller, path):
    simulator.set_faults([{"fault": "get=503", "count": 1}, {"fault": "get=500", "path": path, "count": 1}])
    assert [caller.get(path).status for _ in range(2)] == [500, 200]


def test_scenarios_are_set_over_http_and_from_the_start(start):
    simulator = start(scenario=[{"fault": "post=503"}])
    caller = Caller(simulator.url)
    assert caller.submit({"prompt": "A bay"}).status == 503
    reply = caller.call("POST", "/simulator/faults", [])
    assert reply.json == {"scenario": []}
    assert caller.submit({"prompt": "A bay"}).status == 200


@pytest.mark.parametrize("rows", [b"{", {}, [1], [{}], [{"fault": "post=x"}], [{"fault": "post=500", "colour": 1}]])
def test_a_scenario_it_does_not_understand_is_refused_and_changes_nothing(simulator, caller, rows):
    simulator.set_faults([{"fault": "post=503"}])
    assert caller.call("POST", "/simulator/faults", rows).status == 400
    assert caller.submit({"prompt": "A bay"}).status == 503


# ---------------------------------------------------------------- files


@pytest.fixture
def fetch(caller):
    """fetch("file=403") gives the file of a task whose prompt has that token, as a function to call."""

    def buy(token):
        [resource] = caller.results(SMALL | prompt(token), UNKNOWN)
        return lambda **headers: caller.file(resource, **headers)

    return buy


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_file_is_refused_a_number_of_times(fetch, status):
    get = fetch(f"file={status}x1")
    assert [get().status for _ in range(2)] == [status, 200]


def test_a_short_file_ends_before_its_declared_length(fetch):
    get = fetch("file=shortx1")
    with pytest.raises(http.client.IncompleteRead) as caught:
        get()
    whole = get()
    assert len(caught.value.partial) == len(whole.body) // 2
    assert caught.value.expected == len(whole.body) - len(whole.body) // 2


def test_a_file_sends_more_than_it_declares(fetch):
    get = fetch("file=longer-than-declaredx1")
    first, second = get(), get()
    assert len(first.body) == len(second.body) // 2
    assert first.headers["Connection"] == "close"


def test_a_file_is_something_else_than_it_says(fetch):
    get = fetch("file=wrong-magicx1")
    first, second = get(), get()
    assert first.headers["Content-Type"] == second.headers["Content-Type"] == "image/png"
    assert first.body.startswith(b"<html>")
    assert second.body.startswith(b"\x89PNG")


def test_a_file_comes_slowly_but_whole(fetch):
    get = fetch("file=slowx1")
    assert get().body == get().body


def test_a_file_redirects_a_number_of_times_to_itself(fetch):
    get = fetch("file=redirectx2")
    replies = [get() for _ in range(3)]
    assert [(reply.status, reply.headers["Location"]) for reply in replies] == [
        (302, "?hop=1"),
        (302, "?hop=2"),
        (200, None),
    ]


def test_a_file_redirects_to_a_private_address(fetch):
    reply = fetch("file=redirect-private")()
    assert (reply.status, reply.headers["Location"]) == (302, "http://10.0.0.1/private.png")


# ---------------------------------------------------------------- models, account and clock


def lenient(simulator, caller, path, fault):
    """The answer of a read while this fault is in force."""
    simulator.set_faults([{"fault": fault}])
    return caller.get(path).json


def test_the_list_of_models_comes_in_other_forms(simulator, caller):
    path = "/api/v1/models"
    honest = caller.get(path).json["models"]
    assert lenient(simulator, caller, path, "models=wrapped")["data"]["models"] == honest
    assert lenient(simulator, caller, path, "models=missing") == {"code": 0, "message": "success"}
    assert lenient(simulator, caller, path, "models=duplicate")["models"] == honest * 2
    assert lenient(simulator, caller, path, "models=withdrawn")["models"] == honest[1:]
    more = {"vintage": {"year": 2031, "notes": ["oak"]}, "retired": None}
    assert lenient(simulator, caller, path, "models=new-field")["models"] == [model | more for model in honest]


@pytest.mark.parametrize(("name", "told"), [("string", "12.3456"), ("negative", -0.5), ("zero", 0)])
def test_the_balance_is_odd(simulator, caller, name, told):
    document = lenient(simulator, caller, "/api/v1/team/balance", f"balance={name}")
    assert document["data"] == {"balance": told}


def test_a_good_key_is_called_bad(simulator, caller):
    document = lenient(simulator, caller, "/api/v1/apikey/validate", "validate=false")
    assert document["data"] == {"is_valid": False}


@pytest.mark.parametrize(("name", "ahead"), [("skew", 3600), ("skew-back", -3600)])
def test_a_clock_that_is_wrong_by_an_hour_shows_on_every_answer(start, name, ahead):
    simulator = start(rpm=1)
    caller = Caller(simulator.url)
    simulator.set_faults([{"fault": f"clock={name}"}])
    for status in (200, 429):
        reply = caller.get("/api/v1/team/balance")
        assert reply.status == status
        assert abs(int(reply.headers["X-RateLimit-Reset"]) - time.time() - 60 - ahead) < 3


@pytest.mark.parametrize("token", ["models=wrapped", "balance=zero", "validate=false", "clock=skew"])
def test_what_concerns_no_task_cannot_be_asked_for_in_a_prompt(simulator, caller, token):
    reply = caller.submit(prompt(token))
    assert reply.message == f"Invalid parameters: {token} concerns no task; set it at /simulator/faults"
    assert simulator.ledger() == []


def test_every_fault_of_single_answers_has_a_test_here():
    tested = {f"post={name}" for name in (*REFUSED, "429-bare", "429-html", "drop-before", "drop-after-create")}
    tested |= {f"post={name}{end}" for name in (*UNCLEAR, *ODD, "hang") for end in ("", "-created")}
    tested |= {f"get={name}" for name in (429, 500, 502, 503, 504, 401, 404)}
    tested |= {f"get={name}" for name in ("wrong-id", "not-json", "no-status", "flap")}
    tested |= {f"file={name}" for name in (403, 404, 410, "slow", "short", "longer-than-declared")}
    tested |= {f"file={name}" for name in ("wrong-magic", "redirect", "redirect-private")}
    tested |= {f"models={name}" for name in ("wrapped", "missing", "duplicate", "withdrawn", "new-field")}
    tested |= {"balance=string", "balance=negative", "balance=zero", "validate=false", "clock=skew", "clock=skew-back"}
    assert tested == set(KNOWN)
