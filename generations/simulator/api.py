"""The simulated API: routes, submit, task life, account. Knows nothing of sockets."""

import hashlib
import math
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from . import catalogue, description, hooks, plan
from .checks import check, parse
from .config import Config
from .endings import with_endings
from .envelope import Answer, Refusal, Request, json_answer, success
from .faults import Faults, Occasion, tokens
from .hooks import Courier
from .store import Store, Task
from .uploads import Uploads

KEY = re.compile(r"mk-[!-~]{1,16381}")  # the official client's rule for keys, behind our prefix
NOT_FOUND = "Resource not found"


@dataclass(frozen=True)
class Call:
    """One API request with what is known about its sender: the key's fingerprint (None: no valid key), and
    how much of the request limit is left (-1: this one is too many) until `reset`, Unix seconds."""

    request: Request
    key: str | None
    left: int
    reset: float

    @property
    def origin(self) -> str:
        """The server's address as the client knows it."""
        return f"http://{self.request.headers.get('host', 'localhost')}"


def key_of(request: Request) -> str | None:
    """The fingerprint of the request's key, or None when there is no valid one."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    valid = scheme.lower() == "bearer" and KEY.fullmatch(key.strip())
    return fingerprint(key.strip()) if valid else None


def fingerprint(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]


class Api:
    """Everything under `/api/v1`."""

    def __init__(self, config: Config, store: Store, faults: Faults, uploads: Uploads, courier: Courier):
        self.config = config
        self.store = store
        self.faults = faults
        self.uploads = uploads
        self.courier = courier
        submits = {
            "typed": (r"([^/]+)/([^/]+)/([^/]+)/async", self.submit_typed),
            "async": (r"([^/]+)/([^/]+)/async", self.submit_async),
            "plain": (r"([^/]+)/([^/]+)", self.submit_plain),
        }
        self._routes: dict[str, dict[str, Callable[..., Answer]]] = {  # pattern → method → handler
            r"apikey/validate": {"GET": self.validate},
            r"team/balance": {"GET": self.balance},
            r"models": {"GET": self.models},
            r"tasks/(.+)": {"GET": self.task},
            r"media/files": {"GET": self.list_uploads, "POST": self.upload},
            r"media/files/([^/]+)": {"DELETE": self.drop_upload},
            r"(?:media|tasks|models|apikey|team)(?:/.*)?": {},
        }
        self._routes |= {
            pattern: {"POST": submit} for form, (pattern, submit) in submits.items() if form in config.forms
        }

    def answer(self, call: Call) -> Answer:
        """The answer to any API call, refusals and rate headers included."""
        try:
            answer = self._admitted(call)
        except Refusal as refusal:
            answer = refusal.answer()
        limits = {
            "X-RateLimit-Limit": str(self.config.rpm),
            "X-RateLimit-Remaining": str(max(call.left, 0)),
            "X-RateLimit-Reset": str(math.ceil(call.reset)),
        }
        occasion = Occasion(call.request.method, call.request.path, call.key)
        return self.faults.bend("clock", occasion, answer.with_defaults(limits))

    def _admitted(self, call: Call) -> Answer:
        if call.request.path != "/api/v1/apikey/validate":
            self._check_key(call)
            self._check_rate(call)
        handler, parts = self._find(call.request)
        return handler(call, *parts)

    def _check_key(self, call: Call) -> None:
        if call.key is None:
            raise Refusal(401, "Authentication failed", "the API key is missing or invalid")

    def _check_rate(self, call: Call) -> None:
        if call.left < 0:
            wait = math.ceil(max(call.reset - time.time(), 1))
            detail = f"{self.config.rpm} requests per minute"
            raise Refusal(429, "Rate limit exceeded", detail, Retry_After=str(wait))

    def _find(self, request: Request) -> tuple[Callable[..., Answer], list[str]]:
        path = request.path.removeprefix("/api/v1/")
        matches = ((re.fullmatch(pattern, path), handlers) for pattern, handlers in self._routes.items())
        match, handlers = next(((match, handlers) for match, handlers in matches if match), (None, {}))
        if not handlers:
            raise Refusal(404, NOT_FOUND, f"no route {request.method} {request.path}")
        if request.method not in handlers:
            allowed = ", ".join(handlers)
            raise Refusal(405, "Method not allowed", f"use {allowed} for {request.path}", Allow=allowed)
        return handlers[request.method], [unquote(part) for part in match.groups()]

    # ------------------------------------------------------------ account and models

    def validate(self, call: Call) -> Answer:
        return self._read(call, "validate", success({"is_valid": call.key is not None}))

    def balance(self, call: Call) -> Answer:
        amount = self.store.balance(call.key, self.config.opening)
        return self._read(call, "balance", success({"balance": amount / 10_000}))

    def models(self, call: Call) -> Answer:
        featured = call.request.query.get("featured") == "true"
        rows = catalogue.listing(featured=featured)
        return self._read(call, "models", json_answer(200, {"code": 0, "message": "success", "models": rows}))

    def _read(self, call: Call, stage: str, answer: Answer) -> Answer:
        occasion = Occasion(call.request.method, call.request.path, call.key)
        return self.faults.bend("get", occasion, self.faults.bend(stage, occasion, answer))

    # ------------------------------------------------------------ submit

    def submit_plain(self, call: Call, provider: str, name: str) -> Answer:
        return self._submit(call, f"{provider}/{name}")

    def submit_async(self, call: Call, provider: str, name: str) -> Answer:
        return self._submit(call, f"{provider}/{name}")

    def submit_typed(self, call: Call, kind: str, provider: str, name: str) -> Answer:
        slug = f"{provider}/{name}"
        if _model(slug)["type"] != kind:
            raise Refusal(404, NOT_FOUND, f"model {slug} is not {kind}")
        return self._submit(call, slug, seed_style=True)

    def _submit(self, call: Call, slug: str, *, seed_style: bool = False) -> Answer:
        model = _model(slug)
        body = self._body(call.request)
        wanted = tokens(plan.prompt(body))
        check(model, body)
        task = self._planned(call, model, body, wanted)
        fault = self.faults.strike("post", Occasion.about(task, call.request, subject=task.body_hash))
        if fault is None or fault.creates:
            task = self._accept(call, task)
        answer = success(_accepted(call, task, seed_style=seed_style))
        return fault.effect(answer) if fault else answer

    def _accept(self, call: Call, task: Task) -> Task:
        url, deliveries = call.request.headers.get("x-webhook-url"), []
        if url:
            hooks.check_url(url)
            fault = next((name for name in task.faults if name in hooks.HOOKS), None)
            deliveries = hooks.planned(task, url, call.origin, fault, self.config.speed)
        task = self.store.accept(task, deliveries, cap=self.config.running_cap, opening=self.config.opening)
        self.courier.wake()
        return task

    def _body(self, request: Request) -> dict:
        if request.too_large:
            detail = f"a body has a Content-Length of at most {self.config.max_body} bytes"
            raise Refusal(413, "Request too large", detail)
        return parse(request.body)

    def _planned(self, call: Call, model: dict, body: dict, wanted: list[str]) -> Task:
        """The task as it would be made now, with the endings that its prompt and the scenario want."""
        now, retention = time.time(), self.config.retention_hours * 3600
        processing, done = plan.times(model, body, self.config.seed)
        processing, done = now + processing / self.config.speed, now + done / self.config.speed
        honest = Task(
            id=f"task-{secrets.token_hex(8)}",
            key=call.key,
            model=model["slug"],
            body=body,
            body_hash=plan.body_hash(body),
            outputs=plan.outputs(model, body),
            faults=wanted,
            token=secrets.token_urlsafe(24),
            amount=plan.cost(model, body),
            created=now,
            processing=processing,
            done=done,
            expires=done + retention,
        )
        occasion = Occasion.about(honest, call.request, subject=honest.body_hash)
        return with_endings(honest, self.faults.planned(occasion))

    # ------------------------------------------------------------ tasks

    def task(self, call: Call, identifier: str) -> Answer:
        now = time.time()
        task = self.store.task(identifier)
        if task is None or task.key != call.key or now >= task.expires:
            raise Refusal(404, NOT_FOUND, f"task {identifier} does not exist or has expired")
        answer = description.answer(task, call.origin, now)
        occasion = Occasion.about(task, call.request, subject=task.id, status=task.status(now))
        return self.faults.bend("get", occasion, answer)

    # ------------------------------------------------------------ uploads

    def upload(self, call: Call) -> Answer:
        return self.uploads.keep(call.request, call.key, call.origin)

    def list_uploads(self, call: Call) -> Answer:
        return self.uploads.listing(call.request, call.key, call.origin)

    def drop_upload(self, call: Call, identifier: str) -> Answer:
        return self.uploads.drop(call.key, identifier)


def _model(slug: str) -> dict:
    try:
        return catalogue.models()[slug]
    except KeyError:
        raise Refusal(404, NOT_FOUND, f"model {slug} does not exist") from None


def _accepted(call: Call, task: Task, *, seed_style: bool) -> dict:
    said = {"status": "pending", "task_id": task.id, "model_id": task.model}
    if seed_style:  # the oldest documents show how long accepting took, and no address
        return said | {"duration": 1 + int((time.time() - task.created) * 1000)}
    return said | {"get_result": {"method": "GET", "url": f"{call.origin}/api/v1/tasks/{task.id}"}}
