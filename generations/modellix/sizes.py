"""Picture sizes of the models that take any width and height within limits.

The limits stand only in the words of a parameter's description, such as "WxH, 921,600-16,777,216 pixels" or
"width*height, each side 512-1440"; what cannot be read there is not a limit. `rule` is the parameter's JSON
Schema."""

import math
import re
from dataclasses import dataclass

RATIOS = ((1, 1), (4, 3), (3, 4), (3, 2), (2, 3), (16, 9), (9, 16))
STEP = 16  # pixels; every model known takes multiples of it
UNLIMITED = 10**9

RATIO = re.compile(r"([1-9]\d{0,4}):([1-9]\d{0,4})")
PAIR = re.compile(r"([1-9]\d{0,4})\s*[x\u00d7*]\s*([1-9]\d{0,4})", re.IGNORECASE)
TIER = re.compile(r"\b(\d)K\b")
CORNERS = re.compile(r"(\d+)\*(\d+) and (\d+)\*(\d+)")
PIXELS = re.compile(r"([\d,]+)-([\d,]+) pixels")
SIDES = re.compile(r"each side (\d+)-(\d+)")
ASPECT = re.compile(r"aspect (\d+)[:/](\d+)(?: to |-)(\d+)(?::(\d+))?")


@dataclass(frozen=True)
class Limits:
    """The fewest and most pixels in all, the shortest and longest side, the most upright and the widest shape (width
    by height); all inclusive."""

    pixels: tuple[int, int] = (1, UNLIMITED)
    side: tuple[int, int] = (1, UNLIMITED)
    shape: tuple[float, float] = (0, UNLIMITED)

    def allow(self, width, height):
        sides = self.allow_side(width) and self.allow_side(height)
        return self.allow_pixels(width * height) and sides and self.allow_shape(width, height)

    def allow_shape(self, width, height):
        return self.shape[0] <= width / height <= self.shape[1]

    def allow_pixels(self, number):
        return self.pixels[0] <= number <= self.pixels[1]

    def allow_side(self, length):
        return self.side[0] <= length <= self.side[1]


def parse(text):
    """(width, height) of "1664*928", "1664x928" or "1664 X 928"; None for anything else."""
    match = PAIR.fullmatch(text.strip()) if isinstance(text, str) else None
    return (int(match[1]), int(match[2])) if match else None


def parse_ratio(text):
    """(width, height) of "16:9"; None for anything else."""
    match = RATIO.fullmatch(text) if isinstance(text, str) else None
    return (int(match[1]), int(match[2])) if match else None


def write(size, rule):
    """The size with this model's own sign between width and height."""
    words = f"{rule.get('default', '')} {rule.get('description', '')}"
    sign = "x" if re.search(r"WxH|\dx\d", words) else "*"
    return f"{size[0]}{sign}{size[1]}"


def suggestions(rule):
    """Sizes in common shapes of about the default's area, within the limits; the default comes first."""
    default = rule.get("default", "")
    shapes = (_largest(ratio, _usual_area(default), limits(rule)) for ratio in RATIOS)
    found = [default, *_tiers(rule), *(write(size, rule) for size in shapes if size)]
    return tuple(dict.fromkeys(filter(None, found)))


def problem(text, rule):
    """What is wrong with a size, as a sentence; "" when nothing is, or nothing is documented to go by."""
    if text in _tiers(rule) or not (rule.get("default") or rule.get("description")):
        return ""
    size = parse(text)
    if size is None:
        return f"Must be width and height, such as {write((1024, 1024), rule)}."
    return _outside(*size, limits(rule), text)


def limits(rule):
    words = rule.get("description", "")
    found = {}
    if match := PIXELS.search(words):
        found["pixels"] = tuple(int(number.replace(",", "")) for number in match.groups())
    if match := CORNERS.search(words):
        a, b, c, d = map(int, match.groups())
        found["pixels"] = (a * b, c * d)
    if match := SIDES.search(words):
        found["side"] = (int(match[1]), int(match[2]))
    if match := ASPECT.search(words):
        found["shape"] = (int(match[1]) / int(match[2]), int(match[3]) / int(match[4] or 1))
    return Limits(**found)


def _outside(width, height, allowed, text):
    pixels = width * height
    if not allowed.allow_pixels(pixels):
        low, high = allowed.pixels
        return f"Must have between {low:,} and {high:,} pixels; {text} has {pixels:,}."
    if not allowed.allow_shape(width, height):
        return f"Too {'wide' if width > height else 'tall'}: this model does not make {text}."
    if not allowed.allow(width, height):
        return f"Each side must be between {allowed.side[0]:,} and {allowed.side[1]:,}."
    return ""


def _tiers(rule):
    """Words such as 2K, where the default shows that they may stand for a size."""
    if not TIER.fullmatch(rule.get("default", "")):
        return []
    return [f"{k}K" for k in TIER.findall(rule.get("description", ""))]


def _usual_area(default):
    if size := parse(default):
        return size[0] * size[1]
    tier = TIER.fullmatch(default)
    return (1024 * int(tier[1])) ** 2 if tier else 1024**2


def _largest(ratio, area, allowed):
    """The largest size of exactly this shape, in steps, within the area and the limits; None if none fits."""
    unit = (ratio[0] * STEP, ratio[1] * STEP)
    most = math.isqrt(area // (unit[0] * unit[1]))
    fitting = ((unit[0] * n, unit[1] * n) for n in range(most, 0, -1))
    return next((size for size in fitting if allowed.allow(*size)), None)
