"""What Modellix's answers say: tolerant about where and how it is said, strict about what must be there.

Its answers have changed shape with every generation of its documentation, so each reader looks in every place
seen so far, documented place first. What comes out is frozen and plain: aware UTC times, seconds, Decimal
USD, None for "not told". A reader raises BadAnswer where going on would be guessing.
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlsplit

from generations.modellix import values
from generations.modellix.catalogue import Price, is_slug
from generations.modellix.errors import RAW_LIMIT, BadAnswer

MAX_RESOURCES = 1000
SHOWN_LIMIT = 2000  # characters of a message
MOST_A_MINUTE = 1_000_000  # requests; who tells more, or none, does not tell a limit
TASK_ID = re.compile(r"[A-Za-z0-9._~:/+@=-]{1,512}")

STATUSES = {
    "pending": "pending",
    "queued": "pending",
    "created": "pending",
    "processing": "processing",
    "running": "processing",
    "in_progress": "processing",
    "success": "succeeded",
    "succeeded": "succeeded",
    "completed": "succeeded",
    "done": "succeeded",
    "failed": "failed",
    "error": "failed",
    "canceled": "cancelled",
    "cancelled": "cancelled",
}

RESOURCE_LISTS = ("resources", "result_resources", "results")
RESOURCE_GROUPS = {
    "images": "image",
    "videos": "video",
    "audios": "audio",
    "image_url": "image",
    "video_url": "video",
    "audio_url": "audio",
}


@dataclass(frozen=True)
class Limits:
    """The team's requests per minute as the X-RateLimit headers tell them."""

    limit: int | None
    remaining: int | None
    reset_at: datetime | None


@dataclass(frozen=True)
class Accepted:
    """An order taken. status is almost always "pending" (see TaskState); raw is the answer's text."""

    task_id: str
    status: str
    http_status: int
    raw: str
    limits: Limits


@dataclass(frozen=True)
class Resource:
    """One resulting file. kind is the provider's word in lower case ("image", "video", "audio", ...) or "".

    width and height in pixels, duration in seconds, size in bytes; raw is the item as JSON text. The URL is
    http(s) without credentials and otherwise unchecked: whoever downloads it must judge the host.
    """

    url: str
    kind: str
    width: int | None
    height: int | None
    format: str
    role: str
    duration: float | None
    size: int | None
    raw: str


@dataclass(frozen=True)
class TaskState:
    """What a task has come to.

    status is "pending", "processing", "succeeded", "failed", "cancelled" or "unrecognised" (keep asking);
    word is the provider's own. error is the reason of a failure in its words, "" when it gave none. charged
    is USD. duration is its total in seconds. A succeeded task may have no resources: do not order it again
    for that.
    """

    task_id: str
    status: str
    word: str
    resources: tuple[Resource, ...]
    error: str
    charged: Decimal | None
    expires_at: datetime | None
    submitted_at: datetime | None
    ended_at: datetime | None
    duration: float | None
    raw: str
    limits: Limits


@dataclass(frozen=True)
class Listed:
    """One model of the live list. Only the slug is certain; the rest is "" or None when not told."""

    slug: str
    type: str
    name: str
    provider: str
    description: str
    docs_url: str
    price: Price | None


@dataclass(frozen=True)
class StoredFile:
    """A file that the provider keeps as an input, in one of the team's few places.

    Models take the url. type is the provider's word ("image", "video", "audio") or "", size is in bytes; size and
    created_at are None when not told.
    """

    file_id: str
    url: str
    type: str
    filename: str
    size: int | None
    created_at: datetime | None


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, read whole. secret is the key, kept out of every text that is shown or stored."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    secret: str = field(repr=False)

    @property
    def ok(self):
        return 200 <= self.status < 300

    @cached_property
    def document(self):
        """The JSON of the body, numbers exact. None when it is not JSON or is built to hurt."""
        try:
            value = json.loads(self.body, parse_float=Decimal, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return None
        return value if values.is_modest(value) else None

    @property
    def data(self):
        return values.mapping(values.mapping(self.document).get("data"))

    @property
    def raw(self):
        return self.hide(values.storable(self.body.decode("utf-8", "replace")))[:RAW_LIMIT]

    @property
    def message(self):
        """The envelope's message, "" when there is none."""
        return self.shown(values.text(values.mapping(self.document).get("message")))

    @property
    def is_slow_down(self):
        """Whether this is a 429 in the documented envelope, and so a refusal rather than a riddle."""
        envelope = values.mapping(self.document)
        documented = envelope.get("code") == 429 and bool(self.message) and envelope.get("data") is None
        return self.status == 429 and documented

    def hide(self, text):
        return text.replace(self.secret, "[key]") if self.secret else text

    def shown(self, text):
        return self.hide(text)[:SHOWN_LIMIT]

    def bad(self, problem):
        return BadAnswer(f"Modellix gave an answer {problem}.", status=self.status, raw=self.raw)


def accepted(answer):
    """The order's id. BadAnswer when there is none to be found, however friendly the answer."""
    task_id = answer.data.get("task_id")
    if not isinstance(task_id, str) or not TASK_ID.fullmatch(task_id):
        raise answer.bad("without a usable task id")
    status = STATUSES.get(values.text(answer.data.get("status")).lower(), "pending")
    return Accepted(task_id, status, answer.status, answer.raw, limits(answer.headers))


def task_state(answer, task_id):
    """The state of the task asked for. BadAnswer for another task's answer, or one without a status."""
    task = _task_object(answer)
    if values.first_text(task, "task_id", "taskId", "id") != task_id:
        raise answer.bad("about another task, or about none")
    word = values.first_text(task, "status", "state")
    if not 0 < len(word) <= 64:
        raise answer.bad("without a status")
    status = STATUSES.get(word.lower(), "unrecognised")
    result = values.mapping(task.get("result"))
    times = values.mapping(result.get("extensions")) or values.mapping(task.get("extensions"))
    milliseconds = values.number(task.get("duration"))
    return TaskState(
        task_id=task_id,
        status=status,
        word=word,
        resources=_resources(task, result),
        error=answer.shown(_reason(task, result, answer)) if status in {"failed", "cancelled"} else "",
        charged=_charged(task, result, values.mapping(answer.document)),
        expires_at=values.moment(task.get("result_expires_at")) or values.moment(result.get("result_expires_at")),
        submitted_at=values.moment(times.get("submit_time")),
        ended_at=values.moment(times.get("end_time")),
        duration=values.seconds(milliseconds and milliseconds / 1000),
        raw=answer.raw,
        limits=limits(answer.headers),
    )


def listed(answer):
    """The models on offer in the provider's order, less what cannot be ordered. BadAnswer without a list."""
    document = values.mapping(answer.document)
    places = (document.get("models"), answer.data.get("models"), document.get("data"))
    items = next((place for place in places if isinstance(place, list)), None)
    if items is None:
        raise answer.bad("without a list of models")
    found = {}
    for item in items:
        if is_slug(values.mapping(item).get("slug")):
            found.setdefault(item["slug"], _listed(item))
    return tuple(found.values())


def stored_file(answer):
    """The file just stored. BadAnswer without an id or an address."""
    if file := _stored_file(answer.data):
        return file
    raise answer.bad("without a file's id and address")


def stored_files(answer):
    """The files that lie there, less what has no id or no address. BadAnswer without a list."""
    document = values.mapping(answer.document)
    places = (
        *(answer.data.get(key) for key in ("files", "items", "list")),
        document.get("data"),
        document.get("files"),
    )
    items = next((place for place in places if isinstance(place, list)), None)
    if items is None:
        raise answer.bad("without a list of files")
    return tuple(filter(None, map(_stored_file, items)))


def is_valid(answer):
    """Whether the key is good. A bad key also answers 200, so only the boolean counts."""
    verdict = answer.data.get("is_valid")
    if not isinstance(verdict, bool):
        raise answer.bad("that does not say whether the key is valid")
    return verdict


def balance(answer):
    """The team's balance in USD; may be negative. Must be a JSON number, as the official client demands."""
    amount = answer.data.get("balance")
    if isinstance(amount, str) or (usd := values.money(amount)) is None:
        raise answer.bad("without a balance")
    return usd


def limits(headers):
    limit = values.whole(headers.get("X-RateLimit-Limit"))
    return Limits(
        limit=limit if limit and limit <= MOST_A_MINUTE else None,
        remaining=values.whole(headers.get("X-RateLimit-Remaining")),
        reset_at=values.moment(headers.get("X-RateLimit-Reset")),
    )


def retry_after(headers):
    """Seconds to wait: Retry-After (a number or a date), else the time to X-RateLimit-Reset, else None.

    Kept within 1 to 60, because clocks disagree.
    """
    hint = headers.get("Retry-After", "")
    seconds = values.number(hint)
    until = values.http_date(hint) or values.moment(headers.get("X-RateLimit-Reset"))
    if seconds is None and until is not None:
        seconds = until.timestamp() - time.time()
    return None if seconds is None else min(max(float(seconds), 1.0), 60.0)


def _task_object(answer):
    places = (answer.data, answer.data.get("task"), values.mapping(answer.document).get("task"))
    return next((place for place in places if values.mapping(place).keys() & {"task_id", "taskId", "id"}), {})


def _resources(task, result):
    """The files of the first place that holds any, in the provider's order: the only order there is."""
    output = task.get("output")
    for items in (_items(result), _items(task), _output_items(output)):
        found = [_resource(kind, item) for kind, item in items[:MAX_RESOURCES]]
        if any(found):
            return tuple(resource for resource in found if resource)
    return ()


def _items(place):
    """(kind or "", item) for each file described in an object."""
    for key in RESOURCE_LISTS:
        if isinstance(place.get(key), list) and place[key]:
            return [("", item) for item in place[key]]
    return [(kind, item) for key, kind in RESOURCE_GROUPS.items() for item in values.listing(place.get(key))]


def _output_items(output):
    if isinstance(output, dict):
        return _items(output) or [("", output)]
    return [("", item) for item in values.listing(output)]


def _resource(kind, item):
    """One file, or None when the item names no URL worth following. An item may be a bare URL."""
    described = item if isinstance(item, dict) else {"url": item}
    url = values.first_text(described, "url", "image_url", "video_url", "audio_url")
    if not _is_file_url(url):
        return None
    return Resource(
        url=url,
        kind=values.text(described.get("type")).lower() or kind,
        width=values.whole(described.get("width")),
        height=values.whole(described.get("height")),
        format=values.text(described.get("format")).lower(),
        role=values.text(described.get("role")).lower(),
        duration=values.seconds(values.number(described.get("duration"))),
        size=values.whole(described.get("size")),
        raw=json.dumps(item, default=float)[:RAW_LIMIT],
    )


def _is_file_url(url):
    try:
        parts = urlsplit(url)
        hostname = parts.hostname
    except ValueError:
        return False
    visible = url.isprintable() and " " not in url  # urlsplit drops tabs and newlines without a word
    return visible and parts.scheme in {"http", "https"} and bool(hostname) and "@" not in parts.netloc


def _reason(task, result, answer):
    """Why it failed. The place is not documented: these are all that have been seen, best first."""
    top = answer.message
    places = (
        task.get("error"),
        task.get("message"),
        task.get("error_message"),
        task.get("fail_reason"),
        result.get("error"),
        "" if top.lower() == "success" else top,
    )
    return next((words for words in map(_error_words, places) if words), "")


def _error_words(error):
    if isinstance(error, dict):
        return values.first_text(error, "message", "code", "type")
    return values.text(error)


def _charged(*places):
    amounts = (values.money(values.mapping(place.get("billing")).get("amount")) for place in places)
    return next((amount for amount in amounts if amount is not None and amount >= 0), None)


def _stored_file(item):
    """One stored file, or None when nothing could be done with it."""
    item = values.mapping(item)
    file_id, url = values.first_text(item, "file_id", "id"), values.text(item.get("url"))
    if not file_id or not _is_file_url(url):
        return None
    return StoredFile(
        file_id=file_id,
        url=url,
        type=values.text(item.get("type")).lower(),
        filename=values.text(item.get("filename")),
        size=values.whole(item.get("size")),
        created_at=values.moment(item.get("created_at")),
    )


def _listed(item):
    return Listed(
        slug=item["slug"],
        type=values.text(item.get("type")).lower(),
        name=values.first_text(item, "name", "display_name"),
        provider=_listed_provider(item),
        description=values.text(item.get("description")),
        docs_url=values.text(item.get("docs_url")),
        price=_listed_price(item),
    )


def _listed_provider(item):
    named = values.first_text(values.mapping(item.get("provider")), "slug", "name", "id")
    return named or values.first_text(item, "provider", "providerSlug", "provider_slug") or item["slug"].split("/")[0]


def _listed_price(item):
    """A display price: one number, or an object with min and max. None unless both ends are positive."""
    ranged, pricing = values.mapping(item.get("price")), values.mapping(item.get("pricing"))
    places = (item.get("price"), item.get("price_usd"), pricing.get("usd"), pricing.get("price"))
    single = next(filter(values.money, places), None)
    low, high = values.money(ranged.get("min", single)), values.money(ranged.get("max", single))
    if not low or not high or not 0 < low <= high:
        return None
    unit = values.text(ranged.get("unit")) or values.text(item.get("unit"))
    return Price(unit=unit, minimum=low, maximum=high, tiers={}, as_of=None, source="live list")


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")
