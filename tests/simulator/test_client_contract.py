"""What the official command-line client sends, and what it demands of the answers: its checks, in its order.

`Client` here repeats the client's documented rules over raw HTTP; any answer that it would call broken is an
AssertionError.
"""

import json
import re
import time
from urllib.parse import quote

import pytest

from .conftest import TEXT_IN_MOTION, Caller

TASK_ID = re.compile(r"[A-Za-z0-9._~:/+@=-]{1,512}")
LIMIT = 16 * 1024 * 1024
SUCCESS, FAILURE = {"success", "succeeded", "completed"}, {"failed", "error", "canceled", "cancelled"}
REFUSED = {400, 401, 402, 403, 404, 405, 413, 415, 422, 429}
RETRIED = {429, 500, 502, 503, 504}


class Client:
    """The calls of the client, 0.0.7, with its deadlines shortened."""

    def __init__(self, url, key="mk-demo"):
        self.caller = Caller(url, key)

    def doctor(self) -> bool:
        valid = self._json(self.caller.get("/api/v1/apikey/validate"))["data"]["is_valid"]
        assert isinstance(valid, bool)
        if valid:
            balance = self._json(self.caller.get("/api/v1/team/balance"))["data"]["balance"]
            assert isinstance(balance, (int, float))
            assert not isinstance(balance, bool)
        return valid

    def models(self) -> list[dict]:
        models = self._json(self.caller.get("/api/v1/models"))["models"]
        assert all(1 <= len(model["slug"]) <= 256 and model["slug"].isprintable() for model in models)
        return models

    def run(self, slug, body) -> str:
        """ "accepted ID", "refused" or "unknown"."""
        provider, name = slug.split("/")
        path = f"/api/v1/{quote(provider, safe='')}/{quote(name, safe='')}"
        try:
            reply = self.caller.submit(body, path=path, timeout=0.5)
        except OSError:
            return "unknown"
        if reply.status in REFUSED:
            return "refused"
        return self._accepted(reply)

    def _accepted(self, reply) -> str:
        try:
            assert 200 <= reply.status < 300
            identifier = self._json(reply)["data"]["task_id"]
            assert TASK_ID.fullmatch(identifier)
        except (AssertionError, ValueError, KeyError):
            return "unknown"
        return f"accepted {identifier}"

    def get(self, identifier) -> dict:
        """The task, after at most three tries."""
        for _ in range(3):
            reply = self.caller.get(f"/api/v1/tasks/{quote(identifier, safe='')}")
            if reply.status not in RETRIED:
                break
        data = self._json(reply)["data"]
        assert data["task_id"] == identifier
        assert 1 <= len(data["status"]) <= 64
        return data

    def wait(self, identifier) -> list[str]:
        """The addresses of what a task made."""
        while (data := self.get(identifier))["status"].lower() not in SUCCESS | FAILURE:
            time.sleep(0.01)
        assert data["status"].lower() in SUCCESS
        addresses = [resource["url"] for resource in data["result"]["resources"]]
        assert len(addresses) <= 1000
        assert all(re.match(r"https?://[^@/]+/", address) for address in addresses)
        return addresses

    def _json(self, reply):
        assert 200 <= reply.status < 300, reply.body
        assert len(reply.body) <= LIMIT
        return json.loads(reply.body)


@pytest.fixture
def client(simulator):
    return Client(simulator.url)


def test_doctor_passes_with_a_key_and_says_so_without(simulator, client):
    assert client.doctor() is True
    assert Client(simulator.url, "wrong").doctor() is False


def test_the_model_list_prints(client):
    assert {"alibaba/qwen-image", "google/nano-banana-2"} <= {model["slug"] for model in client.models()}


@pytest.mark.parametrize("slug", ["alibaba/qwen-image", "google/nano-banana-2", TEXT_IN_MOTION[8:]])
def test_run_wait_and_download(simulator, client, slug):
    word, identifier = client.run(slug, {"prompt": "A bay"}).split()
    assert word == "accepted"
    [address] = client.wait(identifier)
    assert address.startswith(f"{simulator.url}/files/")


def test_an_odd_slug_is_posted_percent_encoded(simulator, client):
    assert client.run("a b/c+d", {}) == "refused"
    assert simulator.requests()[-1]["path"] == "/api/v1/a%20b/c%2Bd"


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(f"post={status}", "refused") for status in sorted(REFUSED)]
    + [(f"post={status}", "unknown") for status in (301, 408, 409, 425, 500, 502, 503, 504)]
    + [(f"post=200-{name}", "unknown") for name in ("nojson", "empty", "no-id", "bad-id", "code400", "huge")]
    + [(f"post={name}", "unknown") for name in ("drop-before", "drop-after-create", "hang")],
)
def test_each_outcome_of_a_submit_is_read_as_documented(client, fault, outcome):
    assert client.run("alibaba/qwen-image", {"prompt": f"A bay [[sim:{fault}]]"}) == outcome


def test_two_failed_reads_are_invisible_and_three_are_not(client):
    _, twice = client.run("alibaba/qwen-image", {"prompt": "A bay [[sim:get=503x2]]"}).split()
    assert client.get(twice)["task_id"] == twice
    _, thrice = client.run("alibaba/qwen-image", {"prompt": "A bay [[sim:get=429x3]]"}).split()
    with pytest.raises(AssertionError, match="Rate limit exceeded"):
        client.get(thrice)


def test_another_id_in_the_answer_is_noticed(client):
    _, identifier = client.run("alibaba/qwen-image", {"prompt": "A bay [[sim:get=wrong-id]]"}).split()
    with pytest.raises(AssertionError):
        client.get(identifier)
