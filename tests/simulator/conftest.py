"""A simulator on a free port, and a client that speaks plain HTTP: neither side's code but the socket."""

import http.client
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from generations.simulator.server import serve

PICTURE = "/api/v1/alibaba/qwen-image"
UNKNOWN = "/api/v1/alibaba/qwen-image-plus"  # its parameters are not known, so it takes any
SMALL = {"prompt": "A bay", "size": "240*160"}  # quick to paint
TEXT_IN_MOTION = "/api/v1/bytedance/seedance-1.0-pro-fast-t2v"


@dataclass
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def data(self) -> dict:
        return self.json["data"]

    @property
    def message(self) -> str:
        return self.json["message"]


@dataclass
class Caller:
    """Calls the simulator with one key, each call on a connection of its own."""

    url: str
    key: str | None = "mk-demo"
    headers: dict = field(default_factory=dict)

    def call(self, method, path, body=None, timeout=10, **headers) -> Reply:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=timeout)
        try:
            connection.request(method, path, _encoded(body), self._headers(headers))
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def _headers(self, more) -> dict:
        bearer = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Content-Type": "application/json"} | bearer | self.headers | named

    def get(self, path, **headers) -> Reply:
        return self.call("GET", path, **headers)

    def submit(self, body, path=PICTURE, **options) -> Reply:
        return self.call("POST", path, body, **options)

    def bought(self, body, path=PICTURE) -> str:
        """The id of a task that was accepted."""
        reply = self.submit(body, path)
        assert reply.status == 200, reply.body
        return reply.data["task_id"]

    def task(self, identifier) -> Reply:
        return self.get(f"/api/v1/tasks/{identifier}")

    def finished(self, identifier) -> dict:
        """The data of a task once it has succeeded."""
        for _ in range(500):
            data = self.task(identifier).data
            if data["status"] == "success":
                return data
            time.sleep(0.01)
        raise AssertionError(f"{identifier} never finished: {data}")

    def results(self, body, path=PICTURE) -> list[dict]:
        """The resources of a task bought with that body."""
        return self.finished(self.bought(body, path))["result"]["resources"]

    def file(self, resource, **headers) -> Reply:
        """A result file, asked for as one should: without the key."""
        stranger = Caller(self.url, key=None)
        return stranger.get(urlsplit(resource["url"]).path, **headers)


def _encoded(body):
    return json.dumps(body).encode() if isinstance(body, (dict, list)) else body


@pytest.fixture
def start(tmp_path):
    """start(speed=1000, rpm=100000, **settings) gives a running simulator; all are closed at the end."""
    running = []

    def begin(**settings):
        defaults = {"data": tmp_path / "simulator", "speed": 1000, "rpm": 100_000, "running_cap": 1000}
        running.append(serve(**defaults | settings))
        return running[-1]

    yield begin
    for simulator in running:
        simulator.close()


@pytest.fixture
def simulator(start):
    """A simulator whose tasks take milliseconds."""
    return start()


@pytest.fixture
def caller(simulator):
    return Caller(simulator.url)
