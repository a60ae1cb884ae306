"""The simulator on the network: `serve()` starts it, in this process, on a loopback address."""

import logging
import socket
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from .api import Api, Call, key_of
from .config import FORMS, Config
from .desk import Desk
from .envelope import Answer, Request, refused
from .faults import Faults
from .files import Files
from .hooks import Courier
from .store import Store
from .uploads import Uploads

FILES = ("/files/", "/in/")  # where no key belongs
HANG = 120  # seconds a hanging request is kept; longer than any client waits
TRICKLE = 20  # parts in which a slow file is sent, half a second apart at speed 1
log = logging.getLogger(__name__)


def serve(
    *,
    data: Path,
    host: str = "127.0.0.1",
    port: int = 0,
    speed: float = 1.0,
    seed: int = 0,
    rpm: int = 100,
    running_cap: int = 10,
    balance: str = "100",
    retention_hours: float = 24,
    scenario=(),
    forms: tuple[str, ...] = FORMS,
) -> "RunningSimulator":
    """Start a simulator; port 0 takes a free one. Settings as in `Config`, scenario rows as in `Faults`.
    Starting again on the same `data` continues where the last one stopped. Raises OSError when the port is
    taken."""
    data = Path(data)
    data.mkdir(parents=True, exist_ok=True)
    config = Config(data, speed, seed, rpm, running_cap, str(balance), retention_hours, tuple(forms))
    return RunningSimulator(Simulator(config, scenario), host, port)


class Simulator:
    """All of the simulator but the network: takes a request, keeps its log, gives the answer."""

    def __init__(self, config: Config, scenario=()):
        self.config = config
        self.store = Store(config.data / "simulator.sqlite3")
        self.faults = Faults(scenario)
        self.uploads = Uploads(self.store, config.data / "in")
        self.courier = Courier(self.store, config.speed)
        self.api = Api(config, self.store, self.faults, self.uploads, self.courier)
        self.files = Files(self.store, self.faults, config.data / "files")
        self.desk = Desk(config, self.store, self.faults)

    def close(self) -> None:
        """End what goes on beside the answers, and close the database."""
        self.courier.stop()
        self.store.close()

    def answer(self, request: Request) -> Answer:
        """The answer to any request. The request is on record before anything is done about it."""
        number, call = self._record(request)
        answer = self._answer(request, call)
        self.store.close_request(number, answer.status if answer.wire in ("send", "trickle") else 0)
        return answer

    def _answer(self, request: Request, call: Call) -> Answer:
        try:
            if request.path.startswith("/api/v1/"):
                return self.api.answer(call)
            return self._place(request.path).answer(request)
        except Exception:  # the server must go on, and the client sees what a broken provider says
            log.exception("simulator failed on %s %s", request.method, request.path)
            return refused(500, "Internal server error: the simulator failed")

    def _place(self, path: str) -> Files | Uploads | Desk:
        first = path[1:].partition("/")[0]
        return {"files": self.files, "in": self.uploads}.get(first, self.desk)

    def _record(self, request: Request) -> tuple[int, Call]:
        key = key_of(request)
        strayed = request.path.startswith(FILES) and "authorization" in request.headers
        entry = {
            "at": time.time(),
            "method": request.method,
            "path": request.path,
            "key": key,
            "headers": _redacted(request.headers, key),
            "violation": "key sent to a file address" if strayed else None,
            "counted": key is not None and request.path.startswith("/api/v1/"),
        }
        number, left, reset = self.store.record(entry, limit=self.config.rpm)
        return number, Call(request, key, left, reset)


def _redacted(headers: dict[str, str], key: str | None) -> dict[str, str]:
    return headers | {"authorization": f"fingerprint {key}"} if "authorization" in headers else headers


class RunningSimulator:
    """A simulator that answers at `url` until it is closed. Also a context manager."""

    def __init__(self, simulator: Simulator, host: str, port: int):
        self._simulator = simulator
        self._server = Server((host, port), simulator)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_until_stopped, daemon=True)
        self._thread.start()

    def ledger(self) -> list[dict]:
        """Every charge in order: task_id, key (fingerprint), model, body_hash, body, amount (USD), at."""
        return self._simulator.store.ledger()

    def requests(self) -> list[dict]:
        """Every request in order: at, method, path, key (fingerprint or None), headers, status, violation."""
        return self._simulator.store.requests()

    def deliveries(self) -> list[dict]:
        """Every webhook call in order: id, task, url, retry, due (None: over), status (None: not tried yet)."""
        return self._simulator.store.deliveries()

    def set_faults(self, rows: list[dict]) -> None:
        """Replace the scenario; an empty list ends all faults but those that prompts ask for."""
        self._simulator.faults.replace(rows)

    def close(self) -> None:
        """Stop listening, cut open connections, close the database. Harmless when done twice."""
        self._server.stop_serving()
        self._thread.join()
        self._server.cut_connections()
        self._simulator.close()

    def __enter__(self) -> "RunningSimulator":
        return self

    def __exit__(self, *_) -> None:
        self.close()


class Server(ThreadingHTTPServer):
    daemon_threads = True  # an open connection keeps neither close() nor the interpreter waiting
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128  # a crowd that connects at once must not be turned away

    def __init__(self, address: tuple[str, int], simulator: Simulator):
        self.simulator = simulator
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._counting = threading.Lock()
        self._under_way = Counter()
        super().__init__(address, Handler)

    @contextmanager
    def counted(self, *sender_and_address: str):
        """How many such requests are under way, this one included, for as long as it is."""
        with self._counting:
            self._under_way[sender_and_address] += 1
            number = self._under_way[sender_and_address]
        try:
            yield number
        finally:
            with self._counting:
                self._under_way[sender_and_address] -= 1

    def process_request(self, request, client_address):
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        log.debug("connection from %s ended early", client_address, exc_info=True)

    def serve_until_stopped(self) -> None:
        while not self.stopping.is_set():
            self.handle_request()

    def stop_serving(self) -> None:
        self.stopping.set()
        with suppress(OSError):  # already closed
            socket.create_connection(self.server_address).close()  # wakes the loop, which then looks again

    def cut_connections(self) -> None:
        self.server_close()
        for connection in list(self._open):
            self.shutdown_request(connection)


class Handler(BaseHTTPRequestHandler):
    """Reads requests off a kept-alive connection and writes answers, honest or not."""

    protocol_version = default_request_version = "HTTP/1.1"
    timeout = 75  # seconds an idle connection is kept
    wbufsize = -1  # head and body leave together

    def answer(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.counted(headers.get("authorization", ""), self.command, path) as under_way:
            body = self._body()
            query = dict(parse_qsl(query))
            request = Request(self.command, path, query, headers, body or b"", body is None, under_way)
            answer = self.server.simulator.answer(request)
        self._send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def _body(self) -> bytes | None:
        """The body; None when it is too large, or of unknown length, and was left unread."""
        length = self.headers.get("Content-Length", "0")
        unread = "Transfer-Encoding" in self.headers or not length.isdigit()
        if unread or int(length) > self.server.simulator.config.max_body:
            self.close_connection = True
            return None
        if "Expect" in self.headers:
            self.send_response_only(100)
            self.end_headers()
            self.wfile.flush()
        return self.rfile.read(int(length))

    def handle_expect_100(self) -> bool:
        """Left to `_body`, which knows whether the body is wanted."""
        return True

    def _send(self, answer: Answer) -> None:
        if answer.wire == "hang":
            self.server.stopping.wait(HANG)
        if answer.wire in ("hang", "drop"):
            self.close_connection = True
            return
        self._send_head(answer)
        if self.command == "HEAD":
            return
        if answer.wire == "trickle":
            self._trickle(answer.body)
        else:
            self.wfile.write(answer.body)

    def _send_head(self, answer: Answer) -> None:
        length = len(answer.body) if answer.declared is None else answer.declared
        self.close_connection |= length != len(answer.body)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if value is not None:
                self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _trickle(self, body: bytes) -> None:
        step = max(1, -(-len(body) // TRICKLE))
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            self.wfile.flush()
            self.server.stopping.wait(0.5 / self.server.simulator.config.speed)

    def version_string(self) -> str:
        return "modellix-simulator"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class says to a request it cannot read, in the API's own form."""
        self.close_connection = True
        self._send(refused(code, f"Invalid format: {message or 'not an HTTP request'}"))

    def log_message(self, *_) -> None:
        """The request log is in the database."""
