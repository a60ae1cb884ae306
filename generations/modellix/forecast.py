"""What a request body is likely to give and to cost, told before it is sent.

Every function takes a catalogue.Model and a body as schema.body makes it. `given` are the files that go with it: each
inputs.Input → a list of things with width and height in pixels and duration in seconds, or None.
"""

import hashlib
import json
import math
from decimal import Decimal

from generations.modellix import labels, pricing, sizes
from generations.modellix.schema import converted, count_range, names, rules

USUAL_SHAPES = {"video": (16, 9)}  # of what nothing is told about; all others are square
# What goes beyond is nonsense that the provider will refuse; an undocumented parameter may hold any number.
MOST_OUTPUTS, LONGEST_SIDE, LONGEST = 1000, 99_999, 1_000_000  # files, pixels, seconds
USUAL_UNITS = {"image": "image", "video": "second"}
FRAME_RATE = 24  # a second, where a length is told in frames

# Switches that turn one image into a series: the value that does, and the parameter that caps the series.
SERIES = {
    "sequential_image_generation": ("auto", "sequential_image_generation_max_images"),
    "enable_interleave": (True, "max_images"),
    "result_type": ("series", "series_amount"),
}


def ratio(model, body, given=None):
    """The shape to expect, (width, height) in lowest terms: as told, else that of the file it is made from."""
    told = _shape(body) or _shape(model.defaults)
    width, height = told or _shape_of_source(given or {}) or USUAL_SHAPES.get(model.kind, (1, 1))
    shared = math.gcd(width, height)
    return width // shared, height // shared


def outputs(model, body):
    """How many files to expect; the most where a series may end sooner."""
    stated = (_whole(value) for name, value in body.items() if labels.role(name) == "count")
    unstated = (_unstated(rules(model)[name]) for name in names(model, "count"))
    found = _series_cap(model, body) or next(filter(None, stated), None) or next(unstated, 1)
    return min(found, MOST_OUTPUTS)


def estimate(model, body, given=None):
    """A pricing.Estimate for the whole request, None when it cannot be known."""
    amounts = model.price and _amounts(model, body, given or {})
    return pricing.estimate(model.price, *amounts, _tier_words(model, body)) if amounts else None


# What tells orders apart by their price

PRICELESS = ("prompt", "negative_prompt", "seed", "aspect")  # roles that do not change it


def price_key(model, body, given=None):
    """Stands for all of a request that its price may depend on; "" where that cannot be told, as with words to speak.

    Whatever is not known to be without a price may have one: two that share a key cost the same.
    """
    if "character" in unit(model) or model.type == "text-to-speech":
        return ""
    told = {name: value for name, value in (model.defaults | body).items() if labels.role(name) not in PRICELESS}
    whole = [model.slug, told, outputs(model, body), _seconds(model, body, given or {})]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()[:32]


def units(model, body, given=None):
    """How many units it is paid for, a Decimal; None where that is not known, or not before it is done."""
    amounts = _amounts(model, body, given or {})
    return Decimal(amounts[0]) if amounts and amounts[0] == amounts[1] else None


def unit(model):
    """What it is paid by: as listed, else as others of its kind are; "" when nobody knows."""
    return model.price.unit if model.price else USUAL_UNITS.get(model.kind, "")


# What a body gives


def _shape(body):
    found = {labels.role(name): value for name, value in body.items() if isinstance(value, str)}
    if shape := sizes.parse_ratio(found.get("aspect")) or sizes.parse(found.get("size")):
        return shape
    width, height = _whole(body.get("width")), _whole(body.get("height"))
    return (width, height) if width and height and max(width, height) <= LONGEST_SIDE else None


def _shape_of_source(given):
    """That of the file which the result looks like most; None when none is given, or nothing is known of it."""
    files = {taken.role: found[0] for taken, found in given.items() if found and taken.kind != "audio"}
    likest = next((files[role] for role in ("first_frame", "source", "reference", "last_frame") if role in files), None)
    return likest and likest.width and likest.height and (likest.width, likest.height)


def _whole(value):
    """A positive whole number, None for anything else."""
    return value if isinstance(value, int) and value > 0 and not isinstance(value, bool) else None


def _unstated(rule):
    """How many a model makes when it is not told: its default, else the worst case."""
    return rule.get("default") or count_range(rule)[1]


def _series_cap(model, body):
    chosen = model.defaults | body
    caps = (chosen.get(cap) for switch, (on, cap) in SERIES.items() if chosen.get(switch) == on)
    return next(filter(None, map(_whole, caps)), None)


# What it costs


def _amounts(model, body, given):
    """(fewest, most) of the units that are paid for; None when not known."""
    most = outputs(model, body)
    if unit(model) == "image":
        return (1 if _series_cap(model, body) else most), most
    if "character" in unit(model):  # a million of them have the price
        millions = Decimal(sum(len(body.get(name, "")) for name in names(model, "prompt"))) / 1_000_000
        return millions, millions
    seconds = _seconds(model, body, given) if unit(model) == "second" else None
    return (seconds[0] * most, seconds[1] * most) if seconds and seconds[1] * most <= LONGEST else None


def _seconds(model, body, given):
    """(shortest, longest) in seconds, None when nobody can know."""
    if frames := _whole(body.get("frames")):
        return _around(frames / FRAME_RATE)
    stated = [value for name, value in body.items() if labels.role(name) == "duration"]
    known = [rules(model)[name] for name in names(model, "duration")]
    chosen = next(iter([*stated, *(rule.get("default") for rule in known)]), None)
    if chosen is None and known:
        return _length_range(known[0])
    length = _whole(converted("", {"type": "integer"}, chosen))
    return (length, length) if length else _length_of_source(given)


def _length_of_source(given):
    """That of the films and sounds which the result is as long as."""
    followed = [files for taken, files in given.items() if taken.role in ("source", "sound")]
    lengths = [_around(file.duration) for files in followed for file in files if file.duration]
    return (min(low for low, _ in lengths), max(high for _, high in lengths)) if lengths else None


def _around(seconds):
    return max(math.floor(seconds), 1), math.ceil(seconds)


def _length_range(rule):
    lengths = [int(length) for length in rule.get("enum", (rule.get("minimum", 0), rule.get("maximum", 0)))]
    return (min(lengths), max(lengths)) if min(lengths) > 0 else None


def _tier_words(model, body):
    chosen = model.defaults | body
    roles = {"size", "resolution", "quality"}
    words = [value for name, value in chosen.items() if labels.role(name) in roles or name == "mode"]
    seconds = _seconds(model, body, {})
    lengths = [f"{seconds[0]}s"] if seconds and seconds[0] == seconds[1] else []
    return [*words, *lengths, *_sound_words(chosen)]


def _sound_words(chosen):
    """How a price list calls it that there is a sound, or none; nothing when that is not told."""
    told = [chosen[name] for name in ("audio", "generate_audio", "sound") if name in chosen]
    return {True: ["audio"], False: ["no", "audio"]}[told[0] not in (False, "off")] if told else []
