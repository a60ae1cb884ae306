"""The simulator's own pages, outside the API: what it is, the ledger, the request log, the faults."""

import json
from collections.abc import Callable

from . import hooks
from .config import Config
from .envelope import Answer, Refusal, Request, json_answer
from .faults import NAMES, Faults
from .page import page
from .store import Store


class Desk:
    """Everything outside `/api/v1` and the files. It needs no key."""

    def __init__(self, config: Config, store: Store, faults: Faults):
        self.config = config
        self.store = store
        self.faults = faults
        self._routes = {
            ("GET", "/"): self.page,
            ("GET", "/simulator/"): self.page,
            ("GET", "/simulator/ledger"): lambda _: json_answer(200, store.ledger()),
            ("GET", "/simulator/requests"): lambda _: json_answer(200, store.requests()),
            ("GET", "/simulator/webhooks"): lambda _: json_answer(200, store.deliveries()),
            ("GET", "/simulator/faults"): lambda _: json_answer(200, {"scenario": faults.scenario, "known": NAMES}),
            ("POST", "/simulator/faults"): self.set_faults,
            ("POST", "/simulator/forged-webhooks"): self.forge,
        }

    def answer(self, request: Request) -> Answer:
        try:
            return self._find(request)(request)
        except Refusal as refusal:
            return refusal.answer()

    def _find(self, request: Request) -> Callable[[Request], Answer]:
        try:
            return self._routes[request.method, request.path]
        except KeyError:
            raise Refusal(404, "Resource not found", f"no route {request.method} {request.path}") from None

    def page(self, request: Request) -> Answer:
        return page(self.config, self.store, self.faults)

    def set_faults(self, request: Request) -> Answer:
        """Put the scenario of the body in force."""
        self.faults.replace(_document(request, list))
        return json_answer(200, {"scenario": self.faults.scenario})

    def forge(self, request: Request) -> Answer:
        """Send a webhook that tells lies: `url` and `task_id` of the body say where to and what about."""
        wanted = _document(request, dict)
        url, task_id = (str(wanted.get(name, "")) for name in ("url", "task_id"))
        hooks.check_url(url)
        if not task_id.isprintable():
            raise Refusal(400, "Invalid parameters", "task_id must be printable")
        return json_answer(200, {"status": hooks.forge(url, task_id)})


def _document(request: Request, kind: type) -> list | dict:
    """The JSON in the body. It must be called JSON, which no page of a foreign site can do from a browser."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Refusal(415, "Invalid format", "Content-Type must be application/json")
    try:
        document = json.loads(request.body)
    except ValueError as error:
        raise Refusal(400, "Invalid format", "the body is not valid JSON") from error
    if not isinstance(document, kind):
        raise Refusal(400, "Invalid format", f"the body must be a JSON {'list' if kind is list else 'object'}")
    return document
