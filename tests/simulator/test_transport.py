"""How requests and answers travel."""

import http.client
import json
import socket
import time
from urllib.parse import urlsplit

from .conftest import PICTURE, Caller


def connection(simulator):
    return http.client.HTTPConnection(urlsplit(simulator.url).netloc, timeout=5)


def raw(simulator, text: bytes) -> bytes:
    """What comes back for these bytes, until the server closes."""
    with socket.create_connection((urlsplit(simulator.url).hostname, urlsplit(simulator.url).port), 5) as line:
        line.sendall(text)
        return b"".join(iter(lambda: line.recv(65536), b""))


def test_it_listens_on_a_loopback_address_at_the_root(simulator):
    assert simulator.url.startswith("http://127.0.0.1:")
    assert Caller(simulator.url).get("/").status == 200


def test_a_client_without_user_agent_and_accept_is_served(simulator):
    answer = raw(
        simulator,
        b"GET /api/v1/apikey/validate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer mk-demo\r\n"
        b"Connection: close\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["data"] == {"is_valid": True}


def test_one_connection_carries_many_calls_quickly(simulator):
    line = connection(simulator)
    began = time.monotonic()
    for _ in range(50):
        line.request("GET", "/api/v1/team/balance", headers={"Authorization": "Bearer mk-demo"})
        answer = line.getresponse()
        assert len(answer.read()) == int(answer.headers["Content-Length"])
    assert time.monotonic() - began < 2  # a delayed acknowledgement would cost 40 ms on each
    line.close()


def test_every_api_answer_is_json_with_code_and_message_and_limits(caller):
    calls = [
        ("GET", "/api/v1/models", None),
        ("GET", "/api/v1/tasks/task-unknown", None),
        ("GET", "/api/v1/nowhere", None),
        ("DELETE", "/api/v1/models", None),
        ("GET", PICTURE, None),
        ("POST", PICTURE, {"prompt": "A bay"}),
        ("POST", PICTURE, b"{"),
        ("GET", "/api/v1/media/files", None),
    ]
    for method, path, body in calls:
        reply = caller.call(method, path, body)
        assert reply.headers["Content-Type"] == "application/json"
        assert isinstance(reply.json["code"], int)
        assert reply.json["message"]
        assert reply.json["code"] == (0 if reply.status == 200 else reply.status)
        for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"):
            assert reply.headers[name].isdigit()


def test_something_that_is_not_http_gets_an_envelope_too(simulator):
    answer = raw(simulator, b"GET / HTTP/9.0\r\n\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == 505


def test_the_slug_and_the_task_id_may_be_percent_encoded(caller):
    reply = caller.submit({}, path="/api/v1/a%20b/c%2Bd")
    assert (reply.status, reply.message) == (404, "Resource not found: model a b/c+d does not exist")
    assert caller.submit({"prompt": "A bay"}, path="/api/v1/alibaba/qwen%2Dimage").status == 200
    odd = caller.task("task%2F1%2B2%40x%3D%3A~")
    assert odd.message == "Resource not found: task task/1+2@x=:~ does not exist or has expired"


def test_closing_is_prompt_and_final_even_with_open_connections(start):
    simulator = start()
    line = connection(simulator)
    line.request("GET", "/api/v1/apikey/validate")
    line.getresponse().read()
    began = time.monotonic()
    simulator.close()
    simulator.close()
    assert time.monotonic() - began < 1
    assert line.sock.recv(1) == b""


def test_addresses_it_gives_are_those_the_client_used(simulator):
    caller = Caller(simulator.url, headers={"Host": "localhost:1234"})
    reply = caller.submit({"prompt": "A bay"})
    assert reply.data["get_result"]["url"] == f"http://localhost:1234/api/v1/tasks/{reply.data['task_id']}"
    [resource] = caller.finished(reply.data["task_id"])["result"]["resources"]
    assert resource["url"].startswith("http://localhost:1234/files/")
