"""A provider on a real socket that does exactly what a test tells it to."""

import json
import socket
import socketserver
import struct
import threading
from collections import deque
from dataclasses import dataclass

import pytest

from generations.modellix.client import Client

KEY = "mk-test-4f9c1d22"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict
    body: bytes
    connection: int


def packet(body=b"", status=200, **headers):
    """One HTTP answer as bytes. The body may be JSON; a header name has _ for -."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content_Type": "application/json", "Content_Length": len(body)} | headers
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name.replace('_', '-')}: {v}" for name, v in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Plays one play for each request. A play is bytes to answer with, or a function of the open connection."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.plays = deque()
        self.requests = []
        self.connections = 0
        self.over = threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address):
        """A client that hangs up is no error of ours; anything else fails the test by its silence."""

    def answers(self, body, status=200, **headers):
        self.plays.append(packet(body, status, **headers))

    def plays_dead(self):
        self.plays.append(lambda connection: self.over.wait(5))

    def resets(self, after=b""):
        self.plays.append(lambda connection: reset(connection, after))

    def closes(self, after=b""):
        """Ends the connection in good order, too early."""
        self.plays.append(lambda connection: connection.sendall(after))

    def trickles(self, start, pause):
        """Starts an answer and goes on for ever, a blank at a time."""

        def play(connection):
            connection.sendall(start)
            while not self.over.wait(pause):
                connection.sendall(b" ")

        self.plays.append(play)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        self.number = self.server.connections
        while request := self.read_request():
            self.server.requests.append(request)
            play = self.server.plays.popleft()
            if not isinstance(play, bytes):
                return play(self.connection)
            self.connection.sendall(play)

    def read_request(self):
        first = self.rfile.readline().decode()
        if not first:
            return None
        headers = {}
        while line := self.rfile.readline().decode().strip():
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        method, path, _ = first.split()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        return Request(method, path, headers, body, self.number)


def reset(connection, after):
    connection.sendall(after)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.fixture
def modellix():
    with ScriptedServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.002}, daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


@pytest.fixture
def api(modellix):
    """Our client, less patient than in life."""
    client = Client(modellix.url, KEY)
    client.submit_timeout = client.read_timeout = (0.3, 0.3)
    return client
