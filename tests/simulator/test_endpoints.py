"""Account, models, and the three submit paths."""

import pytest

from .conftest import PICTURE, SMALL, UNKNOWN, Caller

TYPED = "/api/v1/text-to-image/alibaba/qwen-image/async"
WRONG_KEYS = [None, "", "sk-other", "mk-", "mk-with\tcontrol", "mk-" + "x" * 16384]


@pytest.mark.parametrize("key", WRONG_KEYS)
def test_a_wrong_key_is_told_by_validate_and_refused_elsewhere(simulator, key):
    caller = Caller(simulator.url, key)
    reply = caller.get("/api/v1/apikey/validate")
    assert (reply.status, reply.data) == (200, {"is_valid": False})
    refused = caller.get("/api/v1/team/balance")
    assert (refused.status, refused.message.partition(":")[0]) == (401, "Authentication failed")


@pytest.mark.parametrize("key", ["mk-demo", "mk-!~", "mk-" + "x" * 16381])
def test_a_key_that_follows_the_rule_is_valid(simulator, key):
    assert Caller(simulator.url, key).get("/api/v1/apikey/validate").data == {"is_valid": True}


def test_the_balance_is_a_number_and_falls_by_what_was_bought(caller):
    assert b'"balance":100.0}' in caller.get("/api/v1/team/balance").body
    caller.bought({"prompt": "A bay"})
    assert b'"balance":99.9793}' in caller.get("/api/v1/team/balance").body


def test_each_key_has_its_own_purse(simulator, caller):
    caller.bought({"prompt": "A bay"})
    assert Caller(simulator.url, "mk-other").get("/api/v1/team/balance").data["balance"] == 100


def test_the_models_are_an_array_at_the_top(caller):
    models = caller.get("/api/v1/models").json["models"]
    assert len(models) > 150
    assert len({model["slug"] for model in models}) == len(models)
    for model in models:
        provider, _, name = model["slug"].partition("/")
        assert provider
        assert name
        assert len(model["slug"]) <= 256
        assert model["type"].count("-to-") == 1
        assert isinstance(model["docs_url"], str)
        assert isinstance(model["description"], str)


def test_featured_models_are_some_of_them(caller):
    every = {model["slug"] for model in caller.get("/api/v1/models").json["models"]}
    featured = {model["slug"] for model in caller.get("/api/v1/models?featured=true").json["models"]}
    assert featured
    assert featured < every


@pytest.mark.parametrize("path", [PICTURE, f"{PICTURE}/async", TYPED])
def test_every_submit_path_buys_one_task(simulator, caller, path):
    reply = caller.submit({"prompt": "A bay"}, path=path)
    assert reply.status == 200
    assert reply.data["status"] == "pending"
    assert [row["task_id"] for row in simulator.ledger()] == [reply.data["task_id"]]


def test_the_oldest_path_answers_in_its_own_way(caller):
    data = caller.submit({"prompt": "A bay"}, path=TYPED).data
    assert isinstance(data["duration"], int)
    assert "get_result" not in data


def test_the_oldest_path_refuses_another_type(simulator, caller):
    reply = caller.submit({"prompt": "A bay"}, path="/api/v1/text-to-video/alibaba/qwen-image/async")
    assert (reply.status, reply.message) == (404, "Resource not found: model alibaba/qwen-image is not text-to-video")
    assert simulator.ledger() == []


@pytest.mark.parametrize(("form", "path"), [("plain", PICTURE), ("async", f"{PICTURE}/async"), ("typed", TYPED)])
def test_a_submit_path_can_be_switched_off(start, form, path):
    simulator = start(forms=[other for other in ("plain", "async", "typed") if other != form])
    reply = Caller(simulator.url).submit({"prompt": "A bay"}, path=path)
    assert (reply.status, reply.message) == (404, f"Resource not found: no route POST {path}")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", PICTURE, 405),
        ("POST", "/api/v1/models", 405),
        ("DELETE", "/api/v1/tasks/task-1", 405),
        ("POST", "/api/v1/tasks/task-1", 405),
        ("PUT", "/api/v1/media/files", 405),
        ("GET", "/api/v1/media/files/file-1", 405),
        ("DELETE", "/api/v1/media/files/file-1", 404),
        ("GET", "/api/v1/media", 404),
        ("POST", "/in/file-1.png", 405),
        ("GET", "/in/file-1.png", 404),
        ("POST", "/api/v1/models/x", 404),
        ("GET", "/api/v1/tasks/", 404),
        ("GET", "/api/v1", 404),
        ("POST", "/api/v1/onlyone", 404),
        ("GET", "/favicon.ico", 404),
    ],
)
def test_wrong_methods_and_unknown_routes(caller, method, path, status):
    assert caller.call(method, path).status == status


def test_the_desk_says_what_this_is_and_lists_the_faults(caller):
    page = caller.get("/")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"Modellix simulator" in page.body
    assert "post=hang" in caller.get("/simulator/faults").json["known"]


def test_the_ledger_tells_who_was_charged_for_what(simulator, caller):
    identifier = caller.bought({"prompt": "A bay", "seed": 7})
    [row] = caller.get("/simulator/ledger").json
    assert row.pop("at") > 1_700_000_000
    assert len(row.pop("body_hash")) == 64
    assert row == {
        "task_id": identifier,
        "key": simulator.requests()[0]["key"],
        "model": "alibaba/qwen-image",
        "body": {"prompt": "A bay", "seed": 7},
        "amount": 0.0207,
    }


def test_the_request_log_never_holds_a_key(simulator, caller):
    caller.get("/api/v1/team/balance")
    caller.submit({"prompt": "A bay"})
    log = caller.get("/simulator/requests")
    assert b"mk-demo" not in log.body
    rows = log.json[:2]
    assert [(row["method"], row["path"], row["status"]) for row in rows] == [
        ("GET", "/api/v1/team/balance", 200),
        ("POST", PICTURE, 200),
    ]
    assert rows[0]["headers"]["authorization"] == f"fingerprint {rows[0]['key']}"
    assert simulator.requests()[:2] == rows


def test_a_key_sent_to_a_file_address_is_on_record(simulator, caller):
    [resource] = caller.results(SMALL, UNKNOWN)
    caller.file(resource)
    assert [row["violation"] for row in simulator.requests() if row["violation"]] == []
    caller.get(resource["url"].removeprefix(simulator.url))
    assert simulator.requests()[-1]["violation"] == "key sent to a file address"
