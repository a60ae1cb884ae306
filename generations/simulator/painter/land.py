"""Mountains and dunes."""

import math
import random

from PIL import Image, ImageChops

from .brush import Size, below, cut, downwards, lay, line, noise, shades, shadow, soft, warped
from .palettes import Palette, mix
from .sky import sky, sun


def ridges(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Mountain ranges, one behind the other in the mist."""
    width, height = size
    short = min(size)
    picture = sky(size, palette, chance, 0.7)
    sun(
        picture,
        palette,
        (width * chance.uniform(0.22, 0.78), height * chance.uniform(0.2, 0.36)),
        short * chance.uniform(0.05, 0.085),
    )
    number = chance.randint(5, 7)
    top = chance.uniform(0.36, 0.46)
    for index, colour in enumerate(shades(palette.land, number)):
        depth = index / (number - 1)
        base = height * (top + (0.94 - top) * depth**1.15)
        swing = short * (0.13 - 0.06 * depth)
        shape = line(width // 2, 2.2 + depth * 2 * width / height, 6, chance, 0.46)
        heights = [base - abs(value) * swing - value * swing * 0.3 for value in shape]
        if depth > 0.55:
            heights = wooded(heights, short * 0.022 * depth, chance)
        _range(picture, heights, colour, palette, depth)
    return picture


def wooded(heights: list[float], size: float, chance: random.Random) -> list[float]:
    """The same crest grown over with firs."""
    grown, index = list(heights), 0
    while index < len(grown):
        tall, wide = size * chance.uniform(0.4, 1.25), max(2, round(size * chance.uniform(0.16, 0.3)))
        for step in range(wide):
            if index + step < len(grown):
                grown[index + step] -= tall * (1 - abs(2 * step / wide - 1))
        index += wide
    return grown


def _range(picture: Image.Image, heights: list[float], colour, palette: Palette, depth: float) -> None:
    mask = below(picture.size, heights)
    shadow(picture, mask, (0, -picture.height * 0.004), picture.height * 0.012, 0.22, mix(colour, palette.ink, 0.7))
    mist = mix(colour, palette.sky[-1], 0.5 * (1 - depth) + 0.08)
    top, bottom = min(heights) / picture.height, 1.0
    steps = [colour] * max(1, round(10 * top)) + shades([colour, mist], max(2, round(10 * (bottom - top))))
    lay(picture, downwards(picture.size, steps), mask)


def dunes(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Sand under a low light: each crest has a lit and a shaded side."""
    width, height = size
    short = min(size)
    picture = sky(size, palette, chance, 0.5)
    left = chance.random() < 0.5
    x = width * (chance.uniform(0.14, 0.34) if left else chance.uniform(0.66, 0.86))
    sun(picture, palette, (x, height * chance.uniform(0.14, 0.26)), short * chance.uniform(0.035, 0.06))
    number = chance.randint(4, 5)
    for index, colour in enumerate(
        shades(
            [
                mix(palette.land[0], palette.sky[-1], 0.35),
                *palette.land[:2],
                mix(palette.land[1], palette.land[2], 0.5),
            ],
            number,
        )
    ):
        depth = index / (number - 1)
        _dune(picture, height * (0.4 + 0.46 * depth), short * (0.09 + 0.1 * depth), colour, palette, left, chance)
    return picture


def _dune(
    picture: Image.Image, base: float, swing: float, colour, palette: Palette, lit_left: bool, chance: random.Random
) -> None:
    width, height = picture.size
    heights = _crest(width // 4, base, swing, chance)
    mask = below(picture.size, heights)
    dark = mix(colour, palette.ink, 0.62)
    steps = [mix(colour, palette.light, 0.42)] * round(12 * min(heights) / height) + shades(
        [mix(colour, palette.light, 0.42), colour, mix(colour, dark, 0.35)], 5
    )
    body = downwards(picture.size, steps)
    ripples = warped(noise(picture.size, (3, height / 9), chance), 0.05, 3, chance)
    grey = Image.new("RGB", picture.size, (128, 128, 128))
    lay(picture, ImageChops.soft_light(body, Image.blend(grey, ripples.convert("RGB"), 0.22)), mask)
    side = ImageChops.multiply(_lee(picture.size, heights, swing, lit_left, chance), mask)
    fall = max(min(heights), 0) / height
    depth = downwards(
        picture.size, [(230,) * 3] * max(1, round(12 * fall)) + shades([(230,) * 3, (30,) * 3], 8)
    ).convert("L")
    lay(picture, dark, ImageChops.multiply(side, depth))


def _crest(length: int, base: float, swing: float, chance: random.Random) -> list[float]:
    """One hill, steeper on one side, on rolling ground."""
    ground = line(length, 1.3, 2, chance, 0.3)
    peak, wide = length * chance.uniform(0.25, 0.75), length * chance.uniform(0.2, 0.34)
    hill = [math.exp(-(((index - peak) / wide) ** 2)) for index in range(length)]
    return [base - swing * (1.5 * rise + 0.35 * value - 0.6) for rise, value in zip(hill, ground, strict=True)]


def _lee(size: Size, heights: list[float], swing: float, lit_left: bool, chance: random.Random) -> Image.Image:
    """The side of a dune that turns away from the light: it begins at the crest and flows down in a curve."""
    step = size[0] / (len(heights) - 1)
    inner = range(len(heights) // 8, len(heights) * 7 // 8)
    peak = min(inner, key=heights.__getitem__)
    turn = 1 if lit_left else -1
    crest = range(peak, len(heights)) if lit_left else range(peak, -1, -1)
    drop, sway = size[1] - heights[peak], swing * chance.uniform(0.5, 0.9) * turn
    flow = [index / 40 for index in range(41)]
    curve = [(peak * step + sway * (0.7 * math.sin(t * 7) * (1 - t) + 4.5 * t), heights[peak] + drop * t) for t in flow]
    edge = [(index * step, heights[index]) for index in crest]
    corner = (size[0] + 2 if lit_left else -2, size[1] + 2)
    return soft(cut(size, [*edge, corner, *reversed(curve)]), size[1] / 400)
