"""Circles, quarter rounds and bars in balance, as on a printed poster."""

import math
import random

from PIL import Image, ImageChops

from .brush import Size, cut, disc, lay
from .palettes import Colour, Palette, mix
from .paper import sheet

WHITE = (255, 255, 255)


def poster(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Circles, quarter rounds and bars in balance."""
    width, height = size
    short = min(size)
    picture = sheet(size, palette.paper, chance)
    colours = [*chance.sample(palette.accents, len(palette.accents)), palette.ink]
    centre = (width * chance.uniform(0.4, 0.62), height * chance.uniform(0.32, 0.42))
    radius = short * chance.uniform(0.24, 0.31)
    lay(picture, colours[0], disc(size, centre, radius))
    unit = radius * chance.uniform(0.8, 1.0)
    corner = (centre[0] + radius * chance.uniform(-1.3, -0.5), centre[1] + radius * chance.uniform(0.35, 0.9))
    _print(picture, colours[1], _quarter(size, corner, unit * 1.5, chance.randrange(4)))
    _print(picture, colours[2], disc(size, (corner[0] + unit * 1.9, corner[1] + unit * 0.5), unit * 0.42))
    lay(picture, colours[3], _half(size, (centre[0], centre[1] + radius * 1.7), radius * chance.uniform(0.6, 0.8)))
    _bars(picture, (centre[0] + radius * 0.4, centre[1] + radius * 1.05), unit, colours[4], chance)
    angle = chance.uniform(-0.6, -0.2)
    for shift in (0, short * 0.035):
        _rule(
            picture,
            (width * 0.1, height * 0.2 + shift),
            short * chance.uniform(0.5, 0.8),
            angle,
            short * 0.006,
            palette.ink,
        )
    lay(
        picture,
        colours[2],
        disc(size, (width * chance.uniform(0.12, 0.2), height * chance.uniform(0.08, 0.14)), short * 0.045),
    )
    return picture


def _print(picture: Image.Image, colour: Colour, mask: Image.Image) -> None:
    """Ink over ink: what lies beneath darkens it."""
    layer = ImageChops.multiply(picture, Image.new("RGB", picture.size, mix(colour, WHITE, 0.08)))
    lay(picture, Image.blend(layer, Image.new("RGB", picture.size, colour), 0.6), mask)


def _quarter(size: Size, corner: tuple[float, float], radius: float, turn: int) -> Image.Image:
    angles = [math.pi / 2 * (turn + step / 24) for step in range(25)]
    return cut(size, [corner, *((corner[0] + radius * math.cos(a), corner[1] + radius * math.sin(a)) for a in angles)])


def _half(size: Size, centre: tuple[float, float], radius: float) -> Image.Image:
    angles = [math.pi * step / 36 for step in range(37)]
    return cut(size, [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles])


def _bars(
    picture: Image.Image, corner: tuple[float, float], wide: float, colour: Colour, chance: random.Random
) -> None:
    x, y = corner
    thick = wide * 0.055
    for index in range(chance.randint(5, 8)):
        top = y + index * thick * 2
        lay(picture, colour, cut(picture.size, [(x, top), (x + wide, top), (x + wide, top + thick), (x, top + thick)]))


def _rule(
    picture: Image.Image, begin: tuple[float, float], length: float, angle: float, thick: float, colour: Colour
) -> None:
    x, y = begin
    along, across = (
        (length * math.cos(angle), length * math.sin(angle)),
        (-thick * math.sin(angle), thick * math.cos(angle)),
    )
    corners = [
        (x, y),
        (x + along[0], y + along[1]),
        (x + along[0] + across[0], y + along[1] + across[1]),
        (x + across[0], y + across[1]),
    ]
    lay(picture, colour, cut(picture.size, corners))
