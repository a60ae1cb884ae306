"""Webhooks: where the end of a task is told, again and again until somebody listens."""

import http.client
import ipaddress
import json
import secrets
import threading
import time
from dataclasses import replace
from urllib.parse import urlsplit

from . import description
from .envelope import Refusal, success
from .store import Delivery, Store, Task

PAUSES = (1, 5, 30, 120, 600)  # seconds before each new try, at speed 1
LATE = 30  # seconds by which `hook=late` comes too late, at speed 1
STALE = 0.5  # seconds after which the older news of `hook=out-of-order` arrive, at speed 1
TIMEOUT = 10  # seconds for a receiver to connect, and to answer
HELD = 60  # seconds after which a delivery that nobody finished, since the simulator died, is taken up again
EVENTS = {"failed": "failed", "error": "failed", "canceled": "canceled", "cancelled": "canceled"}
HOOKS = ("hook=duplicate", "hook=out-of-order", "hook=never", "hook=late")


def check_url(url: str) -> None:
    """Refuse an address that the provider would not call: it wants public https. Plain http to this machine is what
    tests and the demo use."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = None, ""
    allowed = {"https": not _is_private(host), "http": _is_loopback(host)}
    if not host or "@" in parts.netloc or not url.isprintable() or " " in url or not allowed.get(parts.scheme):
        raise Refusal(400, "Invalid parameters", "X-Webhook-URL must be a public https address")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost"


def planned(task: Task, url: str, origin: str, fault: str | None, speed: float) -> list[Delivery]:
    """What will be sent to `url` once the task has ended. Files are addressed at `origin`."""
    first = Delivery(_new_id(), task.id, url, origin, about=task.done, retry=0, due=task.done)
    if fault == "hook=never" or task.is_stuck:
        return []
    if fault == "hook=duplicate":
        return [first, first]
    if fault == "hook=out-of-order":
        older = replace(first, id=_new_id(), about=task.processing, due=task.done + STALE / speed)
        return [replace(first, retry=1), older]
    if fault == "hook=late":
        return [replace(first, due=task.done + LATE / speed)]
    return [first]


def forge(url: str, task_id: str) -> int:
    """Tell a success that never was, as anybody could who knows the address. Returns the receiver's status."""
    file = {"url": "https://forged.example/0.png", "type": "image", "format": "png", "role": "primary"}
    said = {"status": "success", "task_id": task_id, "result": {"resources": [file]}, "billing": {"amount": 9.99}}
    lie = Delivery(_new_id(), task_id, url, "", about=0, retry=0, due=0)
    return _send(lie, success(said).body)


class Courier:
    """A thread that sends what is due, each delivery in a thread of its own, so that no receiver delays another."""

    def __init__(self, store: Store, speed: float):
        self.store = store
        self.speed = speed
        self._news = threading.Event()
        self._noting = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be something sooner than was known."""
        self._news.set()

    def stop(self) -> None:
        """Send and record nothing any more."""
        with self._noting:
            self._stopped = True
        self._news.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopped:
            self._news.clear()
            for number, delivery in self.store.take_deliveries(time.time(), held=HELD):
                threading.Thread(target=self._deliver, args=(number, delivery), daemon=True).start()
            due = self.store.next_delivery()
            self._news.wait(None if due is None else max(due - time.time(), 0))

    def _deliver(self, number: int, delivery: Delivery) -> None:
        task = self.store.task(delivery.task)
        status = _send(delivery, description.answer(task, delivery.origin, delivery.about).body)
        again = status in (0, 429) or status >= 500
        due = time.time() + PAUSES[delivery.retry] / self.speed if again and delivery.retry < len(PAUSES) else None
        with self._noting:
            if not self._stopped:
                self.store.close_delivery(number, status, due)
                self.wake()


def _send(delivery: Delivery, body: bytes) -> int:
    """The receiver's status; 0 when it could not be reached or did not answer."""
    status = json.loads(body)["data"]["status"].lower()
    headers = {
        "Content-Type": "application/json",
        "X-Modellix-Event": f"prediction.task.{EVENTS.get(status, 'succeeded')}",
        "X-Modellix-Task-ID": delivery.task,
        "X-Modellix-Delivery-ID": delivery.id,
        "X-Modellix-Retry-Count": str(delivery.retry),
    }
    parts = urlsplit(delivery.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT)
    try:
        connection.request("POST", parts._replace(scheme="", netloc="", fragment="").geturl() or "/", body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _new_id() -> str:
    return f"dlv-{secrets.token_hex(8)}"
