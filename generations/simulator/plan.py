"""The plan of a task, made once at acceptance: its files, its times, its cost.

Everything here is a function of the model, the body and the seed, so that a test can replay a run.
"""

import hashlib
import json
import math
import random
import re
from decimal import ROUND_HALF_UP, Decimal

from .catalogue import told

LONGEST_SIDE = 4096  # pixels
LONGEST_FILM = 10  # seconds; a longer one is sold, but the file stays short
FILM_RATE = 24  # frames per second, to read a length that is given in frames
SECONDS = {  # what a task makes → least and most seconds it takes, as documented
    "text-to-image": (3, 10),
    "image-to-image": (4, 12),
    "audio": (2, 8),
    "video": (30, 120),
}
DEFAULT_RATE = {"image": Decimal("0.04"), "second": Decimal("0.10"), "piece": Decimal("0.02")}
JPEG_PROVIDERS = {"bytedance", "minimax", "xai"}  # the others answer PNG unless the body says otherwise
WEBP_PROVIDERS = {"reve"}


def body_hash(body: dict) -> str:
    """A digest that two equal bodies share, whatever the order of their fields."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def prompt(body: dict) -> str:
    """The words of a body: what is painted, spoken or searched for fault tokens."""
    words = [body[name] for name in ("prompt", "text", "tts_content") if isinstance(body.get(name), str)]
    return " ".join(words)


def makes(model: dict) -> str:
    """ "image", "video", "audio" or "text"."""
    made = model["type"].rpartition("-")[2]
    return {"speech": "audio"}.get(made, made)


# ---------------------------------------------------------------- files


def outputs(model: dict, body: dict) -> list[dict]:
    """The files a task yields, in order: dicts with kind, role, format and, where they apply, width, height
    (pixels) and duration (seconds)."""
    kind = makes(model)
    if kind == "image":
        return [_image(model, body)] * count(model, body)
    if kind == "video":
        return _film(model, body)
    if kind == "audio":
        return [{"kind": "audio", "role": "primary", "format": "wav", "duration": _speech_seconds(body)}]
    return [{"kind": "document", "role": "primary", "format": "txt"}]


def count(model: dict, body: dict) -> int:
    """How many images a body buys. Some models make several unless told otherwise, series modes many."""
    said = told(model, body)
    if said.get("sequential_image_generation") == "auto":
        return _number(said.get("sequential_image_generation_max_images"), 1)
    if said.get("result_type") == "series":
        return _number(said.get("series_amount"), 4)
    if said.get("enable_interleave") is True:
        return _number(said.get("max_images"), 1)
    return _number(said.get("n") or said.get("sampleCount"), _unsaid_count(model, said))


def _unsaid_count(model: dict, said: dict) -> int:
    if model["slug"] == "alibaba/wan2.7-image":  # the one default its schema cannot express
        return 12 if said.get("enable_sequential") is True else 4
    return 1


def _number(value, otherwise: int) -> int:
    return min(max(int(value), 1), 15) if isinstance(value, (int, float)) else otherwise


def _image(model: dict, body: dict) -> dict:
    width, height = image_size(model, body)
    return {
        "kind": "image",
        "role": "primary",
        "format": _format(model, body),
        "width": width,
        "height": height,
    }


def _format(model: dict, body: dict) -> str:
    said = told(model, body)
    name = next((said[n] for n in ("output_format", "outputFormat", "format") if isinstance(said.get(n), str)), "")
    if name.lower() in ("png", "jpeg", "jpg", "webp"):
        return name.lower().replace("jpg", "jpeg")
    provider = model["provider"]
    return "jpeg" if provider in JPEG_PROVIDERS else "webp" if provider in WEBP_PROVIDERS else "png"


def image_size(model: dict, body: dict) -> tuple[int, int]:
    """Width and height in pixels, from whichever of size, ratio, tier or sides the model knows."""
    said = told(model, body)
    pixels = _pixels(said.get("size"))
    if pixels:
        return _clamped(*pixels)
    if _ratio(body) is None and all(isinstance(body.get(side), int) for side in ("width", "height")):
        return _clamped(body["width"], body["height"])
    tiers = (said.get(name) for name in ("imageSize", "resolution", "size"))
    side = next(filter(None, map(_tier, tiers)), 1024)
    return _shaped(side, _ratio(said) or 1.0)


def _pixels(size) -> tuple[int, int] | None:
    match = re.fullmatch(r"(\d{1,5})[*x](\d{1,5})", size) if isinstance(size, str) else None
    return (int(match[1]), int(match[2])) if match else None


def _ratio(said: dict) -> float | None:
    named = (said.get(name) for name in ("aspect_ratio", "aspectRatio", "ratio"))
    matches = (re.fullmatch(r"(\d{1,3}):(\d{1,3})", value) for value in named if isinstance(value, str))
    match = next(filter(None, matches), None)
    return int(match[1]) / int(match[2]) if match and int(match[2]) else None


def _tier(value) -> int | None:
    """The side of the square that a word like 512, 1K or 4k stands for."""
    match = re.fullmatch(r"(\d{1,4})([kK]?)", value) if isinstance(value, str) else None
    return int(match[1]) * (1024 if match[2] else 1) if match else None


def _shaped(side: int, ratio: float) -> tuple[int, int]:
    """A rectangle of that ratio with the area of the square, sides in multiples of 16."""
    width, height = side * math.sqrt(ratio), side / math.sqrt(ratio)
    shrink = min(1, LONGEST_SIDE / max(width, height))
    return tuple(max(64, round(edge * shrink / 16) * 16) for edge in (width, height))


def _clamped(width: int, height: int) -> tuple[int, int]:
    return min(max(width, 1), LONGEST_SIDE), min(max(height, 1), LONGEST_SIDE)


def _film(model: dict, body: dict) -> list[dict]:
    width, height = film_size(model, body)
    length = min(film_seconds(model, body), LONGEST_FILM)
    size = {"width": width, "height": height}
    film = {"kind": "video", "role": "primary", "format": "mp4", "duration": length} | size
    last = {"kind": "image", "role": "alternative", "format": "png"} | size
    return [film, last] if body.get("return_last_frame") is True else [film]


def film_size(model: dict, body: dict) -> tuple[int, int]:
    """Half the asked size, and at most 540 pixels on the short side: real enough to play, quick to make."""
    said = told(model, body)
    width, height = _pixels(said.get("size")) or (0, 0)
    ratio = width / height if height else _ratio(said) or 16 / 9
    short = min(width, height) or _lines(said)
    short = min(max(short // 2, 180), 540)
    sides = (short * max(ratio, 1), short / min(ratio, 1))
    return tuple(round(side / 2) * 2 for side in sides)


def _lines(said: dict) -> int:
    words = (said.get(name) for name in ("resolution", "quality"))
    matches = (re.fullmatch(r"(\d{3,4})[pP]|(4)[kK]", word) for word in words if isinstance(word, str))
    match = next(filter(None, matches), None)
    return int(match[1] or 2160) if match else 720


def film_seconds(model: dict, body: dict) -> int:
    """The length that is bought. 0 and -1 leave it to the model, which makes five seconds."""
    said = told(model, body)
    if isinstance(said.get("frames"), int):
        return max(1, round(said["frames"] / FILM_RATE))
    value = str(said.get("duration") or said.get("durationSeconds") or "")
    return int(value) if value.isdigit() and value != "0" else 5


def _speech_seconds(body: dict) -> int:
    return min(max(len(prompt(body)) // 15, 2), 20)


# ---------------------------------------------------------------- time


def times(model: dict, body: dict, seed: int) -> tuple[float, float]:
    """Seconds from acceptance to processing and to done: a model has its usual time, bodies scatter."""
    low, high = SECONDS.get(model["type"]) or SECONDS.get(makes(model)) or SECONDS["audio"]
    usual = low + (high - low) * (0.2 + 0.4 * random.Random(model["slug"]).random())  # noqa: S311
    chance = random.Random(f"{seed}:{model['slug']}:{body_hash(body)}")  # noqa: S311
    done = min(max(usual * math.exp(chance.gauss(0, 0.25)), low), high)
    return chance.uniform(0.2, 2.0), done


# ---------------------------------------------------------------- money


def cost(model: dict, body: dict) -> int:
    """What a body costs, in ten-thousandths of a US dollar: the least the simulator counts in."""
    price = model["price"] or {}
    unit = price.get("unit") or {"image": "image", "video": "second"}.get(makes(model), "piece")
    amount = _rate(price, told(model, body)) if price else DEFAULT_RATE[unit]
    pieces = {"image": count, "second": film_seconds}.get(unit, lambda *_: 1)(model, body)
    return int((amount * pieces * 10_000).to_integral_value(ROUND_HALF_UP))


def _rate(price: dict, said: dict) -> Decimal:
    """The tier that all of its words speak for; else the lowest rate of the range."""
    words = {str(value).lower() for value in said.values() if isinstance(value, (str, int))}
    words |= {f"{said[name]}s" for name in ("duration", "durationSeconds") if name in said}
    words |= {"audio"} if said.get("generate_audio") is True or said.get("audio") is True else {"no", "audio"}
    tiers = (price.get("tiers") or {}).items()
    fitting = [rate for name, rate in tiers if _tier_words(name) <= words]
    return Decimal(str(fitting[0] if fitting else price["min"]))


def _tier_words(name: str) -> set[str]:
    return set(re.split(r"[ /]+", name.lower()))
