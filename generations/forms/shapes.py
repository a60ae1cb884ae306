"""Shapes to choose from, drawn small: the ratios and sizes that a model offers."""

import math
from dataclasses import dataclass

from generations.modellix import sizes

PLAIN_RATIOS = ((1, 1), (5, 4), (4, 3), (3, 2), (16, 9), (21, 9))  # and the same upright
NEAR = 0.05  # sizes are rounded to blocks of pixels: 1472 by 1140 is meant as 4:3


@dataclass(frozen=True)
class Shape:
    """One choice as it is shown: what is sent, the words, and a box in 20 by 20, None when it has no shape."""

    value: str
    label: str
    detail: str = ""
    box: tuple[float, float, float, float] | None = None  # x, y, width, height


def shape(value):
    """The Shape of "16:9", "1664*928" or a word such as "2K"."""
    sides = measures(value)
    if sides is None:
        return Shape(value, value or "Auto")
    if sizes.parse_ratio(value):
        return Shape(value, value, "", _box(*sides))
    return Shape(value, ratio_words(*sides), f"{sides[0]} × {sides[1]}", _box(*sides))  # noqa: RUF001


def measures(value):
    """(width, height) of a ratio or a size, None of anything else."""
    return sizes.parse_ratio(value) or sizes.parse(value)


def alike(one, other):
    """Whether two (width, height) are the same shape, as near as sizes in pixels come to it."""
    return abs(math.log(one[0] * other[1] / (one[1] * other[0]))) < NEAR


def ratio_words(width, height):
    """The plain ratio that is meant: "4:3" of 1472 by 1140; the size itself when none is near."""
    upright = tuple((high, wide) for wide, high in PLAIN_RATIOS)
    plain = min(PLAIN_RATIOS + upright, key=lambda ratio: abs(math.log(ratio[0] * height / (ratio[1] * width))))
    return f"{plain[0]}:{plain[1]}" if alike(plain, (width, height)) else f"{width}:{height}"


def _box(width, height):
    """A rectangle of that shape and always about the same area, in the middle of 20 by 20."""
    scale = min(14 / math.sqrt(width * height), 18 / max(width, height))
    wide, high = max(width * scale, 2), max(height * scale, 2)
    return tuple(round(number, 2) for number in ((20 - wide) / 2, (20 - high) / 2, wide, high))
