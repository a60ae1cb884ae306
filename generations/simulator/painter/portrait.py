"""A face in cut paper."""

import math
import random

from PIL import Image, ImageChops, ImageDraw

from .brush import Size, contrast, cut, disc, faded, lay, soft
from .palettes import Colour, Palette, mix
from .paper import sheet, stick


def portrait(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """A face with closed eyes, in cut paper: half of it in light, half in shade."""
    width, height = size
    unit = min(width * 0.9, height) * 0.5
    x, y = width / 2, height * 0.44
    ground, halo, cloth, hair = chance.sample(palette.accents, 4)
    picture = sheet(size, mix(ground, palette.paper, 0.35), chance)
    stick(
        picture,
        mix(halo, palette.light, 0.25),
        disc(size, (x + unit * chance.uniform(-0.2, 0.2), y - unit * 0.1), unit * chance.uniform(0.72, 0.84)),
    )
    skin = chance.choice(((244, 208, 178), (222, 170, 128), (168, 112, 78), (112, 72, 52), (236, 190, 160)))
    dark = mix(skin, palette.ink, 0.3)
    hair = mix(hair, palette.ink, 0.55)
    _hair_behind(picture, (x, y), unit, hair, chance)
    shoulders = [
        (x - unit * 0.2, y + unit * 0.5),
        (x + unit * 0.2, y + unit * 0.5),
        (x + unit * 0.8, y + unit * 0.86),
        (x + unit * 0.95, height + 2),
        (x - unit * 0.95, height + 2),
        (x - unit * 0.8, y + unit * 0.86),
    ]
    neck = cut(
        size,
        [
            (x - unit * 0.15, y + unit * 0.2),
            (x + unit * 0.15, y + unit * 0.2),
            (x + unit * 0.2, y + unit * 0.72),
            (x - unit * 0.2, y + unit * 0.72),
        ],
    )
    stick(picture, dark, neck)
    stick(
        picture,
        cloth,
        ImageChops.subtract(
            _rounded(cut(size, shoulders), unit), disc(size, (x, y + unit * 0.5), (unit * 0.24, unit * 0.2))
        ),
        1.4,
    )
    face = _face(size, (x, y), unit)
    stick(picture, skin, face)
    shade = cut(
        size,
        [
            (x, 0),
            (width + 2, 0),
            (width + 2, height),
            (x, height),
            (x + unit * 0.02, y + unit * 0.2),
            (x + unit * 0.09, y + unit * 0.12),
            (x - unit * 0.01, y - unit * 0.1),
        ],
    )
    lay(picture, dark, ImageChops.multiply(face, shade))
    _features(picture, (x, y), unit, palette, skin)
    _fringe(picture, (x, y), unit, hair, chance)
    return picture


def _face(size: Size, centre: tuple[float, float], unit: float) -> Image.Image:
    x, y = centre
    angles = [2 * math.pi * step / 72 for step in range(72)]
    return cut(
        size,
        [
            (
                x + unit * 0.33 * math.cos(a) * (1 - 0.16 * max(0, math.sin(a)) ** 2),
                y + unit * (0.47 if math.sin(a) > 0 else 0.42) * math.sin(a),
            )
            for a in angles
        ],
    )


def _rounded(mask: Image.Image, unit: float) -> Image.Image:
    return contrast(soft(mask, unit * 0.05), 0.46, 0.54)


def _hair_behind(
    picture: Image.Image, centre: tuple[float, float], unit: float, colour: Colour, chance: random.Random
) -> None:
    x, y = centre
    style = chance.randrange(3)
    if style == 0:
        stick(picture, colour, disc(picture.size, (x, y - unit * 0.1), (unit * 0.46, unit * 0.5)))
    elif style == 1:
        stick(picture, colour, disc(picture.size, (x, y - unit * 0.56), unit * 0.17))
        stick(picture, colour, disc(picture.size, (x, y - unit * 0.06), (unit * 0.37, unit * 0.43)))
    else:
        fall = cut(
            picture.size,
            [
                (x - unit * 0.38, y - unit * 0.1),
                (x + unit * 0.38, y - unit * 0.1),
                (x + unit * 0.46, y + unit * 0.66),
                (x - unit * 0.46, y + unit * 0.66),
            ],
        )
        crown = disc(picture.size, (x, y - unit * 0.08), (unit * 0.39, unit * 0.43))
        stick(picture, colour, _rounded(ImageChops.lighter(fall, crown), unit))


def _fringe(
    picture: Image.Image, centre: tuple[float, float], unit: float, colour: Colour, chance: random.Random
) -> None:
    x, y = centre
    side = chance.choice((-1, 1))
    parting = disc(picture.size, (x + side * unit * 0.13, y + unit * 0.13), (unit * 0.455, unit * 0.47))
    cap = ImageChops.subtract(disc(picture.size, (x, y - unit * 0.06), (unit * 0.36, unit * 0.42)), parting)
    upper = cut(picture.size, [(0, 0), (picture.width, 0), (picture.width, y), (0, y)])
    stick(picture, colour, ImageChops.multiply(cap, upper), 0.7)


def _features(picture: Image.Image, centre: tuple[float, float], unit: float, palette: Palette, skin: Colour) -> None:
    x, y = centre
    fine = Image.new("L", (picture.width * 2, picture.height * 2))
    draw = ImageDraw.Draw(fine)

    def arc(dx: float, dy: float, across: float, down: float, begin: int, end: int, thick: float) -> None:
        box = [
            (x + (dx - across) * unit) * 2,
            (y + (dy - down) * unit) * 2,
            (x + (dx + across) * unit) * 2,
            (y + (dy + down) * unit) * 2,
        ]
        draw.arc(box, begin, end, fill=255, width=max(2, round(thick * unit * 2)))

    for side in (-1, 1):
        arc(side * 0.15, -0.01, 0.075, 0.05, 10, 170, 0.014)
        arc(side * 0.15, -0.06, 0.1, 0.07, 205 if side < 0 else 215, 325 if side < 0 else 335, 0.02)
    lay(picture, mix(palette.ink, skin, 0.1), fine.reduce(2))
    lips = disc(picture.size, (x, y + unit * 0.26), (unit * 0.085, unit * 0.028))
    lay(picture, mix(palette.accents[0], skin, 0.25), lips)
    for side in (-1, 1):
        blush = faded(
            soft(disc(picture.size, (x + side * unit * 0.19, y + unit * 0.12), unit * 0.05), unit * 0.03), 0.35
        )
        lay(picture, mix(palette.accents[0], skin, 0.3), blush)
