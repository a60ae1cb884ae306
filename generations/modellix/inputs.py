"""The pictures, films and sounds that a model takes, and the ways in which each of them can be sent.

A model's schema marks them by x-media. What may stand in their place in the request, x-accepts tells: an address
(of whatever host, or a stored file's at the provider), a data: URI, or bare base64. Where it tells nothing we send an
address, which nearly every model takes.

Where nobody has documented how a model takes its files, a person writes it as JSON, with `{{file 1}}` in the place of
the first of them.
"""

import re
from dataclasses import dataclass

from generations.modellix import file_limits, labels
from generations.modellix.file_limits import ANY, Limits

MIB = 1024 * 1024
LARGEST_STORED = 16 * MIB  # bytes of a file that the provider stores; it keeps so many of a team at a time:
STORED_FILES = 10
LARGEST_EMBEDDED = 32 * MIB  # base64 makes four bytes of three, and a request has at most 64 MiB

ADDRESS = {"url", "https-url"}
ROLES = ("first_frame", "last_frame", "source", "reference", "mask", "sound", "free")
PLACEHOLDER = re.compile(r"\{\{file ([1-9]\d?)\}\}")


@dataclass(frozen=True)
class Input:
    """One parameter that takes files.

    kind is "image", "video", "audio", or "any" of them; role is one of ROLES, "free" for FREE alone. many: the
    parameter is a list, of at most `maximum` files (None: no limit is told). max_bytes is per file, None when not told.
    by_address: an address may be sent; embedded: "data-uri" or "base64" where the file itself may be, else "". limits:
    what else each file must be like.
    """

    name: str
    role: str
    label: str
    help: str
    kind: str
    many: bool
    maximum: int | None
    max_bytes: int | None
    by_address: bool
    embedded: str
    required: bool
    limits: Limits = ANY

    def takes(self, kind):
        return kind == self.kind or (self.kind == "any" and kind in labels.INPUT_KINDS)


def inputs(model):
    """What a catalogue.Model takes besides words, in the order to ask for it: each an Input."""
    required = (model.parameters or {}).get("required", ())
    found = [_input(model, name, rule, name in required) for name, rule in model.rules.items() if _media(rule)]
    if _takes_undocumented_files(model):
        found.append(FREE)
    return tuple(sorted(found, key=lambda each: ROLES.index(each.role)))


def taken_as(model, name):
    """The Input that takes a file under this name, a placeholder too; None when the model has none."""
    return FREE if is_placeholder(name) else next((taken for taken in inputs(model) if taken.name == name), None)


def placeholder(number):
    """What stands in the JSON for the file of this number, from 1."""
    return f"{{{{file {number}}}}}"


def is_placeholder(text):
    return bool(PLACEHOLDER.fullmatch(text))


FREE = Input(
    name="files",
    role="free",
    label="Files",
    help="Each goes where its name stands in the JSON",
    kind="any",
    many=True,
    maximum=STORED_FILES,
    max_bytes=None,
    by_address=True,
    embedded="",
    required=False,
)


def ways(files, public):
    """How each of these files, an (Input, size in bytes), can go: "stored", "public", "embedded", or None for no way.

    The provider's store goes first; public tells whether our own addresses can be reached from outside.
    """
    places = STORED_FILES
    found = []
    for taken, size in files:
        way = _way(taken, size, public, places)
        places -= way == "stored"
        found.append(way)
    return found


def largest(taken, public):
    """The most bytes that a file for this Input may have, None when nothing limits them."""
    limits = [LARGEST_STORED * taken.by_address, LARGEST_EMBEDDED * bool(taken.embedded)]
    sendable = None if taken.by_address and public else max(limits)
    return min(filter(None, (sendable, taken.max_bytes)), default=None)


def _way(taken, size, public, places):
    if taken.by_address and size <= LARGEST_STORED and places:
        return "stored"
    if taken.by_address and public:
        return "public"
    return "embedded" if taken.embedded and size <= LARGEST_EMBEDDED else None


def _media(rule):
    return rule.get("x-media")


def _takes_undocumented_files(model):
    """Whether it works from files, and takes them in a way that nobody has written down, or within objects."""
    in_objects = any(rule.get("items", {}).get("properties") for rule in model.rules.values())
    return in_objects or (model.parameters is None and not model.type.startswith("text-to-"))


def _input(model, name, rule, required):
    accepts = rule.get("x-accepts") or ["url"]
    many, megabytes = rule.get("type") == "array", rule.get("x-max-megabytes")
    description = rule.get("description", "")
    limits = file_limits.read(description)
    return Input(
        name=name,
        role=labels.input_role(name, model.type, many),
        label=labels.input_label(name, model.type, _media(rule), many),
        help=labels.help_text(name, description, model.kind) if limits == ANY else "",
        kind=_media(rule),
        many=many,
        maximum=rule.get("maxItems") if many else 1,
        max_bytes=megabytes and megabytes * 1_000_000,
        by_address=not ADDRESS.isdisjoint(accepts),
        embedded=_embedded(model, accepts),
        required=required,
        limits=limits,
    )


def _embedded(model, accepts):
    """The form in which the file itself is taken. Of those who just say "base64", Kling alone wants no prefix."""
    if "data-uri" in accepts or ("base64" in accepts and model.provider != "kling"):
        return "data-uri"
    return "base64" if {"base64", "raw-base64-without-data-prefix"} & set(accepts) else ""
