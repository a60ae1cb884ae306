"""The simulator's own pages, outside the API: what it is, the ledger, the request log, the faults."""

import html
import json

from .envelope import Answer, Refusal, Request, json_answer
from .faults import KNOWN, Faults
from .store import Store

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Modellix simulator</title>
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 44rem; margin: 10vh auto; padding: 0 1.5rem }
  body { color: #23211d; background: #faf8f4 } a { color: #23553f } h1 { font-size: 1.5rem; font-weight: 600 }
  code { background: #efebe3; padding: .1em .35em; border-radius: .3em }
  table { border-collapse: collapse } td { padding: .2rem 1.5rem .2rem 0; vertical-align: top }
</style>
<h1>Modellix simulator</h1>
<p>A stand-in for the Modellix API. It speaks the documented protocol, paints its own pictures and charges
pretend money. Nothing here reaches a real provider.</p>
<p>Send requests to <code>/api/v1</code> with any key that begins with <code>mk-</code>, for example
<code>mk-demo</code>.</p>
<table>
  <tr><td><a href="/simulator/ledger">/simulator/ledger</a><td>who was charged for what
  <tr><td><a href="/simulator/requests">/simulator/requests</a><td>every request, keys as fingerprints
  <tr><td><a href="/simulator/faults">/simulator/faults</a><td>faults in force; POST a JSON list to set them
</table>
<p>A fault can also be asked for in a prompt, as in <code>[[sim:get=503x2]]</code>. The faults it knows:</p>
<p>%s</p>
</html>
"""


class Desk:
    """Everything outside `/api/v1` and `/files`. It needs no key."""

    def __init__(self, store: Store, faults: Faults):
        self.store = store
        self.faults = faults

    def answer(self, request: Request) -> Answer:
        try:
            return self._answer(request)
        except Refusal as refusal:
            return refusal.answer()

    def _answer(self, request: Request) -> Answer:
        match request.method, request.path:
            case "GET", "/":
                return _page()
            case "GET", "/simulator/ledger":
                return json_answer(200, self.store.ledger())
            case "GET", "/simulator/requests":
                return json_answer(200, self.store.requests())
            case "GET", "/simulator/faults":
                return json_answer(200, {"scenario": self.faults.scenario, "known": list(KNOWN)})
            case "POST", "/simulator/faults":
                self.faults.replace(_rows(request.body))
                return json_answer(200, {"scenario": self.faults.scenario})
        raise Refusal(404, "Resource not found", f"no route {request.method} {request.path}")


def _page() -> Answer:
    known = " ".join(f"<code>{html.escape(name)}</code>" for name in KNOWN)
    return Answer(200, (PAGE % known).encode(), {"Content-Type": "text/html; charset=utf-8"})


def _rows(body: bytes) -> list:
    try:
        rows = json.loads(body)
    except ValueError as error:
        raise Refusal(400, "Invalid format", "the scenario is not valid JSON") from error
    if not isinstance(rows, list):
        raise Refusal(400, "Invalid format", "the scenario must be a JSON list")
    return rows
