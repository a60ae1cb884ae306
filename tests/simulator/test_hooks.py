"""Webhooks: told when a task ends, told again to who did not listen, and every way in which that may go wrong."""

import json
import queue
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from generations.simulator.hooks import HOOKS

from .conftest import SMALL, UNKNOWN, Caller


class Receiver(ThreadingHTTPServer):
    """Keeps what it is told: `calls` of (path, headers, document); answers with the statuses given, then 204."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls, self.statuses = queue.Queue(), []
        self.url = f"http://127.0.0.1:{self.server_port}/hooks/1?a=b"

    def told(self, number=1, seconds=3):
        return [self.calls.get(timeout=seconds) for _ in range(number)]

    def is_silent(self, seconds=0.1):
        time.sleep(seconds)
        return self.calls.empty()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.put((self.path, self.headers, document))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def order(caller, receiver, token=""):
    words = f"A bay [[sim:{token}]]" if token else "A bay"
    reply = caller.submit(SMALL | {"prompt": words}, path=UNKNOWN, X_Webhook_URL=receiver.url)
    assert reply.status == 200, reply.body
    return reply.data["task_id"]


def test_the_end_is_told_with_the_documented_headers_and_the_answer_of_a_read(caller, receiver):
    identifier = order(caller, receiver)
    [(path, headers, document)] = receiver.told()
    assert path == "/hooks/1?a=b"
    assert headers["X-Modellix-Event"] == "prediction.task.succeeded"
    assert headers["X-Modellix-Task-ID"] == identifier
    assert headers["X-Modellix-Delivery-ID"].startswith("dlv-")
    assert headers["X-Modellix-Retry-Count"] == "0"
    assert headers["Content-Type"] == "application/json"
    assert "Authorization" not in headers
    assert document == caller.task(identifier).json
    assert document["data"]["billing"]["amount"] > 0


@pytest.mark.parametrize(
    ("token", "event"),
    [("fail=moderation", "failed"), ("status=error-upper", "failed"), ("status=cancelled", "canceled")],
)
def test_other_ends_have_other_events(caller, receiver, token, event):
    order(caller, receiver, token)
    [(_, headers, _)] = receiver.told()
    assert headers["X-Modellix-Event"] == f"prediction.task.{event}"


def test_nothing_is_told_without_the_header_before_the_end_or_of_a_stuck_task(start, receiver):
    slow = Caller(start(speed=1).url)
    slow.bought({"prompt": "A bay"})
    order(slow, receiver)
    order(slow, receiver, "stuck")
    assert receiver.is_silent()


def test_trouble_is_tried_again_with_the_same_number_and_growing_pauses(start, receiver):
    caller = Caller(start(speed=50).url)
    receiver.statuses = [500, 429, 503]
    order(caller, receiver)
    calls = receiver.told(4)
    assert len({headers["X-Modellix-Delivery-ID"] for _, headers, _ in calls}) == 1
    assert [headers["X-Modellix-Retry-Count"] for _, headers, _ in calls] == ["0", "1", "2", "3"]
    assert receiver.is_silent()


@pytest.mark.parametrize("status", [200, 204, 301, 400, 404, 410])
def test_any_other_answer_ends_it(simulator, caller, receiver, status):
    receiver.statuses = [status]
    order(caller, receiver)
    receiver.told()
    assert receiver.is_silent()
    assert [(row["status"], row["due"]) for row in simulator.deliveries()] == [(status, None)]


def test_a_receiver_that_is_away_is_tried_six_times(simulator, caller, receiver):
    receiver.server_close()
    order(caller, receiver)
    deadline = time.monotonic() + 3
    while not (rows := [row for row in simulator.deliveries() if row["due"] is None]) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [(row["status"], row["retry"]) for row in rows] == [(0, 5)]


def test_a_call_that_is_due_outlives_a_restart(start, receiver):
    first = start(speed=4)
    identifier = order(Caller(first.url), receiver)
    first.close()
    assert receiver.is_silent(0.3)
    start()
    assert receiver.told()[0][1]["X-Modellix-Task-ID"] == identifier


def test_a_task_whose_answer_was_lost_is_told_all_the_same(simulator, caller, receiver):
    words = SMALL | {"prompt": "A bay [[sim:post=500-created]]"}
    assert caller.submit(words, path=UNKNOWN, X_Webhook_URL=receiver.url).status == 500
    assert receiver.told()[0][1]["X-Modellix-Task-ID"] == simulator.ledger()[0]["task_id"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "https://localhost/hook",
        "https://127.0.0.1/hook",
        "https://10.0.0.1/hook",
        "https://[::1]/hook",
        "https://user:secret@example.com/",
        "https://",
        "https://[",
        "ftp://example.com/",
        "hook",
    ],
)
def test_an_address_that_is_not_public_https_is_refused_and_buys_nothing(simulator, caller, url):
    reply = caller.submit({"prompt": "A bay"}, X_Webhook_URL=url)
    assert (reply.status, reply.message) == (400, "Invalid parameters: X-Webhook-URL must be a public https address")
    assert simulator.ledger() == []


def test_public_https_and_this_machine_are_accepted(start, receiver):
    simulator = start(speed=1)
    for url in ("https://studio.example.com/hooks/1/", "http://127.0.0.1:9/hook", "http://localhost/hook"):
        assert Caller(simulator.url).submit({"prompt": "A bay"}, X_Webhook_URL=url).status == 200


# ---------------------------------------------------------------- faults


def test_a_call_comes_twice_with_one_number(caller, receiver):
    order(caller, receiver, "hook=duplicate")
    first, second = receiver.told(2)
    assert first[1]["X-Modellix-Delivery-ID"] == second[1]["X-Modellix-Delivery-ID"]
    assert first[2] == second[2]
    assert receiver.is_silent()


def test_older_news_come_after_newer(start, receiver):
    order(Caller(start(speed=5).url), receiver, "hook=out-of-order")
    first, second = receiver.told(2)
    assert [call[1]["X-Modellix-Retry-Count"] for call in (first, second)] == ["1", "0"]
    assert [call[2]["data"]["status"] for call in (first, second)] == ["success", "processing"]


def test_a_call_never_comes(caller, receiver):
    caller.finished(order(caller, receiver, "hook=never"))
    assert receiver.is_silent()


def test_a_call_comes_late(start, receiver):
    caller = Caller(start(speed=100).url)
    identifier = order(caller, receiver, "hook=late")
    caller.finished(identifier)
    assert receiver.is_silent()
    assert receiver.told()[0][1]["X-Modellix-Task-ID"] == identifier


def test_every_hook_fault_has_a_test_here():
    assert set(HOOKS) == {"hook=duplicate", "hook=out-of-order", "hook=never", "hook=late"}


def test_a_forged_call_is_sent_on_demand(caller, receiver):
    wanted = {"url": receiver.url, "task_id": "task-of-nobody"}
    assert caller.call("POST", "/simulator/forged-webhooks", wanted).json == {"status": 204}
    [(_, headers, document)] = receiver.told()
    assert headers["X-Modellix-Task-ID"] == document["data"]["task_id"] == "task-of-nobody"
    assert document["data"]["status"] == "success"
    assert caller.call("POST", "/simulator/forged-webhooks", wanted | {"url": "http://10.0.0.1/"}).status == 400


@pytest.mark.parametrize("path", ["/simulator/faults", "/simulator/forged-webhooks"])
def test_the_desk_takes_no_orders_from_pages_of_foreign_sites(caller, receiver, path):
    reply = caller.call("POST", path, {"url": receiver.url, "task_id": "x"}, Content_Type="text/plain")
    assert reply.status == 415
    assert receiver.is_silent(0.02)


def test_the_desk_lists_the_calls(caller, receiver):
    identifier = order(caller, receiver)
    receiver.told()
    time.sleep(0.05)
    [row] = caller.get("/simulator/webhooks").json
    assert (row["task"], row["url"], row["status"], row["due"]) == (identifier, receiver.url, 204, None)
