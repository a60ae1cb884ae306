"""Modellix over HTTP: one call per method, one place where an answer becomes a result or an exception.

A submission costs money, knows no idempotency key and is sent exactly once; what is not clearly accepted or
clearly refused is OutcomeUnknown. A read may be repeated, but whoever holds the request budget decides when:
nothing is retried here.
"""

import hashlib
import ipaddress
import json
import re
import ssl
import time
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import exceptions as transport

from generations.modellix import answers
from generations.modellix.answers import Accepted, Answer, Limits, Listed, Resource, StoredFile, TaskState
from generations.modellix.catalogue import is_slug
from generations.modellix.errors import (
    BadAnswer,
    KeyRefused,
    NoCredit,
    NotFound,
    NotSent,
    OutcomeUnknown,
    Refused,
    RouteUnknown,
    SlowDown,
    Unavailable,
)

__all__ = [
    "Accepted",
    "Client",
    "Limits",
    "Listed",
    "Resource",
    "StoredFile",
    "TaskState",
    "check_base_url",
    "check_key",
    "forms_to_try",
    "key_fingerprint",
]

USER_AGENT = "Modellix-Studio/0.1.0"
MAX_ANSWER = 16 * 1024 * 1024  # bytes, unpacked
MAX_REQUEST = 64 * 1024 * 1024
BLOCK = 64 * 1024  # bytes of a request that leave at once
FILES = "/api/v1/media/files"

FORMS = ("typed", "async", "plain")  # oldest first: the order in which an unknown origin is tried

# Submissions: only these refuse. 408, 409, 425, redirects and 5xx may hide a task that was made.
REFUSALS = {400, 401, 402, 403, 404, 405, 413, 415, 422}
ERRORS = {401: KeyRefused, 402: NoCredit, 403: KeyRefused}

# Words of a 429 that tell what is too much; without one of them it is requests.
SCOPES = {"concurren": "running", "quota": "quota"}

# Each of these is raised before the first byte of a request, and by nothing else.
NEVER_SENT = (transport.ConnectTimeoutError, ssl.SSLCertVerificationError)
TROUBLES = (
    (transport.NameResolutionError, "its name cannot be resolved"),
    (transport.NewConnectionError, "no connection could be made"),
    (transport.ConnectTimeoutError, "the connection timed out"),
    (ssl.SSLCertVerificationError, "its certificate is not trusted"),
    ((requests.ReadTimeout, transport.ReadTimeoutError), "it did not answer in time"),
)


class Client:
    """One origin and one key.

    Give each thread its own: the Session behind the reads is not made to be shared. Timeouts are seconds to
    connect and seconds of silence; an answer that has begun may take their sum, and a request some time to leave.
    """

    submit_timeout = (3.05, 60)
    read_timeout = (3.05, 15)
    upload_timeout = (3.05, 60)
    submit_leaves_in, upload_leaves_in = 30, 180  # seconds; bodies have up to 64 and 16 MiB

    def __init__(self, base_url, key, *, session=None):
        self.base_url = check_base_url(base_url)
        self.session = session or requests.Session()
        self.session.trust_env = False  # no proxy, no .netrc: the key goes to base_url and nowhere else
        self._key = check_key(key)

    def submit(self, slug, body, *, form, type=None, webhook_url=None):
        """Buy one task: one POST on a connection of its own, never repeated.

        form is "plain", "async" or "typed" (see submit_path). Raises NotSent, Refused (RouteUnknown,
        KeyRefused, NoCredit, SlowDown) or OutcomeUnknown; ValueError, before anything is sent, for an order
        that cannot be written down.
        """
        headers = {"Content-Type": "application/json", "Connection": "close"}
        if webhook_url:
            headers["X-Webhook-URL"] = webhook_url
        request = self._request("POST", submit_path(slug, form, type), headers, _encoded(body))
        connection = HTTPAdapter()
        try:
            answer = self._exchange(connection, request, self.submit_timeout, self.submit_leaves_in)
        except (OSError, transport.HTTPError) as error:
            raise self._lost_submission(error) from error
        finally:
            connection.close()
        return _bought(answer)

    def task(self, task_id):
        """How a task stands. Raises NotFound, KeyRefused, SlowDown, Unavailable, BadAnswer."""
        return answers.task_state(self._read(f"/api/v1/tasks/{quote(task_id, safe='')}"), task_id)

    def models(self):
        """The models on offer now, each a Listed."""
        return answers.listed(self._read("/api/v1/models"))

    def validate(self):
        """Whether the key is good."""
        return answers.is_valid(self._read("/api/v1/apikey/validate"))

    def balance(self):
        """The team's balance in USD, perhaps a little stale, perhaps negative."""
        return answers.balance(self._read("/api/v1/team/balance"))

    def upload(self, filename, mime, content):
        """Store a file (bytes) as an input: StoredFile. Costs nothing but one of the team's few places.

        Raises what a read raises. After Unavailable it may lie there all the same: look for it in files().
        SlowDown has the scope "quota" when all places are taken.
        """
        request = self._request("POST", FILES, files={"file": (filename, content, mime)})
        return answers.stored_file(self._ask(request, self.upload_timeout, self.upload_leaves_in))

    def files(self):
        """The team's stored files, whoever uploaded them, each a StoredFile."""
        return answers.stored_files(self._read(FILES))

    def delete(self, file_id):
        """Free the place of a stored file. Raises NotFound when it is not there, and what a read raises."""
        self._ask(self._request("DELETE", f"{FILES}/{quote(file_id, safe='')}"), self.read_timeout)

    def _read(self, path):
        return self._ask(self._request("GET", path), self.read_timeout)

    def _ask(self, request, timeout, leaves_in=0):
        """The answer to a request that costs nothing and may be repeated."""
        try:
            answer = self._exchange(self.session.get_adapter(request.url), request, timeout, leaves_in)
        except (OSError, transport.HTTPError) as error:
            raise Unavailable(f"Modellix cannot be asked: {_trouble(error)}.") from error
        if not answer.ok:
            raise _failed_read(answer)
        return answer

    def _request(self, method, path, headers=None, data=None, files=None):
        ours = {"Authorization": f"Bearer {self._key}", "User-Agent": USER_AGENT}
        url, headers = self.base_url + path, ours | (headers or {})
        return self.session.prepare_request(requests.Request(method, url, headers=headers, data=data, files=files))

    def _exchange(self, adapter, request, timeout, leaves_in):
        """Send a request and read the whole answer, around the session, which would look into redirects."""
        if request.body:
            request.body = _in_blocks(request.body, time.monotonic() + leaves_in)
        with adapter.send(request, stream=True, timeout=timeout, verify=self.session.verify) as response:
            body = _whole_body(response.raw, time.monotonic() + sum(timeout))
            return Answer(response.status_code, response.headers, body, self._key)

    def _lost_submission(self, error):
        host = urlsplit(self.base_url).netloc
        if any(isinstance(cause, NEVER_SENT) for cause in _causes(error)):
            return NotSent(f"{host} cannot be reached: {_trouble(error)}. Nothing was sent.")
        return OutcomeUnknown(f"{host} gave no clear answer: {_trouble(error)}.")


def submit_path(slug, form, type=None):
    """The path of an order: "plain" /provider/model, "async" adds that word, "typed" also the type."""
    if not is_slug(slug):
        raise ValueError(f"{slug!r} is not of the form provider/model.")
    provider, model = (quote(part, safe="") for part in slug.split("/"))
    if form == "plain":
        return f"/api/v1/{provider}/{model}"
    if form == "async":
        return f"/api/v1/{provider}/{model}/async"
    if form == "typed" and type:
        return f"/api/v1/{quote(type, safe='')}/{provider}/{model}/async"
    raise ValueError(f"No path form {form!r} for type {type!r}.")


def forms_to_try(setting, worked, type):
    """The path forms to try, first one first; the next only after RouteUnknown.

    setting is "auto" or a form; worked is the form that last worked at this origin, or "". Without a type
    there is no typed form, so a setting of "typed" then leaves nothing.
    """
    forms = sorted(FORMS, key=lambda form: form != worked) if setting == "auto" else (setting,)
    return tuple(form for form in forms if type or form != "typed")


def check_base_url(text):
    """The origin to call, without a trailing slash. ValueError, in words for people, for anything else."""
    text = text.strip().removesuffix("/")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError as error:
        raise ValueError(f"The address cannot be read: {error}.") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("The address must look like https://api.modellix.ai.")
    if re.search(r"[^\x21-\x7e]|[\\@?#]", text) or parts.path:
        raise ValueError("The address must end after the host: no path, query, fragment or credentials.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError("The address must use https; http is for this machine alone, such as 127.0.0.1.")
    return text


def check_key(text):
    """The key, trimmed. ValueError, which does not name it, for what the official client refuses too."""
    key = text.strip()
    if not key:
        raise ValueError("The key is empty.")
    if not re.fullmatch(r"[\x21-\x7e]{1,16384}", key):
        raise ValueError("The key must be at most 16,384 printable ASCII characters without spaces.")
    return key


def key_fingerprint(key):
    """A short name for a key that does not give it away."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _encoded(body):
    data = json.dumps(body, allow_nan=False).encode()
    if len(data) > MAX_REQUEST:
        raise ValueError("The request is larger than 64 MiB.")
    return data


def _in_blocks(data, deadline):
    """A request's body in blocks. In one piece all of it would have to leave within the seconds for connecting."""
    for start in range(0, len(data), BLOCK):
        if time.monotonic() > deadline:
            raise TimeoutError("a request that does not get away")
        yield data[start : start + BLOCK]


def _whole_body(stream, deadline):
    """All bytes of an answer. read1 gives what has come so far: a trickle cannot outlast the deadline."""
    body = bytearray()
    while chunk := stream.read1(64 * 1024, decode_content=True):
        body += chunk
        if len(body) > MAX_ANSWER:
            raise transport.HTTPError("an answer over 16 MiB")
        if time.monotonic() > deadline:
            raise requests.ReadTimeout("an answer that does not end")
    return bytes(body)


def _bought(answer):
    """The order, when the answer is a clear acceptance."""
    if answer.status in REFUSALS or answer.is_slow_down:
        raise _refusal(answer, {404: RouteUnknown, 405: RouteUnknown})
    if not answer.ok:
        raise OutcomeUnknown(_said(answer), status=answer.status, raw=answer.raw)
    try:
        return answers.accepted(answer)
    except BadAnswer as error:
        raise OutcomeUnknown(error.message, status=error.status, raw=error.raw) from error


def _failed_read(answer):
    if answer.status >= 500 or (answer.status in {408, 429} and not answer.is_slow_down):
        wait = answers.retry_after(answer.headers)
        return Unavailable(_said(answer), status=answer.status, raw=answer.raw, retry_after=wait)
    if answer.status < 400:
        return answer.bad("that is none of the documented ones")
    return _refusal(answer, {404: NotFound})


def _refusal(answer, more):
    if answer.status == 429:
        return _slow_down(answer)
    kind = (ERRORS | more).get(answer.status, Refused)
    return kind(answer.message or _said(answer), status=answer.status, raw=answer.raw)


def _slow_down(answer):
    return SlowDown(
        answer.message,
        status=answer.status,
        raw=answer.raw,
        retry_after=answers.retry_after(answer.headers),
        scope=next((scope for word, scope in SCOPES.items() if word in answer.message.lower()), "rate"),
        limits=answers.limits(answer.headers),
    )


def _said(answer):
    reason = f": {answer.message}" if answer.message else " without a reason."
    return f"Modellix answered {answer.status}{reason}"


def _trouble(error):
    for cause in _causes(error):
        for kind, words in TROUBLES:
            if isinstance(cause, kind):
                return words
    return "the connection broke, or the answer was cut off or far too long"


def _causes(error):
    """The errors that the network layers have wrapped in each other.

    Not by way of __context__: that leads on to whatever the caller was handling, such as an earlier attempt
    that was proved not sent.
    """
    while isinstance(error, Exception):
        yield error
        wrapped = (getattr(error, "reason", None), *error.args)
        error = next((inner for inner in wrapped if isinstance(inner, Exception)), None)
