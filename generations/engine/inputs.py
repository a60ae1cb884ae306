"""The files of an order as they are sent: what stands in their places in the request (engine.md §7).

plan()    how each file goes: stored at the provider (places.py brings it there), by our own address, or embedded
parts()   when the order is claimed: the addresses, and which files are to be embedded                 (loop thread)
filled()  the body that is sent, whole                                                  (pool thread, no database)
told()    the same body for people to read: an embedded file is named and not repeated
"""

from base64 import b64encode
from dataclasses import dataclass

from django.core.files.storage import default_storage

from generations.engine import provider
from generations.modellix import catalogue
from generations.modellix.inputs import Input, is_placeholder, taken_as, ways
from generations.models import Deposit, Upload


class Unsendable(Exception):
    """There is no way in which a file of the order could be sent to its model. The message is for people."""


class Unreadable(Exception):
    """Our own storage did not give out a file."""


@dataclass(frozen=True)
class Step:
    """One file of an order, given under `name`, and its way: "stored", "public" or "embedded" (modellix/inputs.py)."""

    name: str
    taken: Input
    upload: Upload
    way: str


@dataclass(frozen=True)
class Part:
    """What is sent in the place of one file: an address, or else the file itself, as base64 after `prefix`.

    `stored` is its name in our storage, `size` in bytes.
    """

    address: str = ""
    stored: str = ""
    prefix: str = ""
    size: int = 0

    def sent(self):
        """Raises Unreadable."""
        return self.address or self.prefix + b64encode(content(self.stored)).decode()

    def told(self):
        return self.address or f"{self.prefix}… ({self.size:,} bytes)"


def plan(task):
    """A Step for each file of the order, in its order. Raises Unsendable."""
    if not task.inputs:
        return []
    model, uploads = catalogue.find(task.model_slug), Upload.objects.in_bulk(task.upload_pks)
    takes = {name: model and taken_as(model, name) for name in task.inputs}
    if missing := [name for name, taken in takes.items() if taken is None]:
        raise Unsendable(f"{task.model_name} no longer takes files as {', '.join(missing)}.")
    given = [(name, uploads[pk]) for name, value in task.inputs.items() for pk in listed(value)]
    found = ways([(takes[name], upload.size) for name, upload in given], Upload.are_reachable())
    if None in found:
        raise Unsendable(f"{given[found.index(None)][1]} is too large, or one too many, for {task.model_name}.")
    return [Step(name, takes[name], upload, way) for (name, upload), way in zip(given, found, strict=True)]


def listed(value):
    return value if isinstance(value, list) else [value]


def parts(task):
    """What to send in the place of each file: parameter or placeholder → Part, or a list of them.

    What is to be stored must be.
    """
    steps = plan(task)
    stored = Deposit.objects.usable(provider.fingerprint()).filter(upload__in=task.upload_pks)
    addresses = dict(stored.values_list("upload", "url"))
    found = {name: [] for name in task.inputs}
    for step in steps:
        found[step.name].append(part(step, addresses))
    return {name: made if isinstance(task.inputs[name], list) else made[0] for name, made in found.items()}


def part(step, addresses):
    """The Part of one Step. `addresses`: pk of an upload → where it is stored at the provider."""
    upload = step.upload
    if step.way == "stored":
        return Part(addresses[upload.pk])
    if step.way == "public":
        return Part(upload.public_url())
    prefix = f"data:{upload.mime};base64," if step.taken.embedded == "data-uri" else ""
    return Part(stored=upload.original, prefix=prefix, size=upload.size)


def filled(body, found):
    """The body with its files in place. Raises Unreadable."""
    return placed(body, {name: each(value, Part.sent) for name, value in found.items()})


def told(body, found):
    """The same, without the contents of files; None for an order without any."""
    return placed(body, {name: each(value, Part.told) for name, value in found.items()}) if found else None


def placed(body, values):
    """The body with these values: under the name of a parameter, or wherever a placeholder stands."""
    stand_ins = {name: value for name, value in values.items() if is_placeholder(name)}
    return replaced(body, stand_ins) | {name: value for name, value in values.items() if name not in stand_ins}


def replaced(value, stand_ins):
    """The same, with other texts in the place of some, at any depth."""
    if isinstance(value, dict):
        return {name: replaced(each, stand_ins) for name, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, stand_ins) for each in value]
    return stand_ins.get(value, value) if isinstance(value, str) else value


def each(value, change):
    return [change(part) for part in value] if isinstance(value, list) else change(value)


def content(stored):
    """The bytes behind this name of our storage. Raises Unreadable."""
    try:
        with default_storage.open(stored) as file:
            return file.read()
    except Exception as error:  # each kind of storage has errors of its own
        raise Unreadable(f"Our storage does not give out {stored} ({error.__class__.__name__}).") from error
