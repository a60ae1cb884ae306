"""Vessels on a table, pebbles on water, arches in the sun."""

import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import Points, Size, clouds, contrast, cut, disc, downwards, faded, lay, shades, shadow, soft, warped
from .palettes import Colour, Palette, mix
from .solids import SLENDER, WHITE, Vessel, ball, cast, fruit, stand, turn, turned


def still_life(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Vessels and fruit on a table in window light."""
    width, height = size
    short = min(size)
    edge = height * chance.uniform(0.6, 0.68)
    picture = room(size, edge, palette, chance)
    colours = chance.sample([*palette.accents, palette.paper], len(palette.accents) + 1)
    number = chance.randint(2, 3) if width < height * 1.3 else chance.randint(3, 4)
    middle, spread = width * chance.uniform(0.44, 0.52), short * 0.23
    shapes = chance.sample(sorted(SLENDER), number)
    vessels = []
    for index, (shape, colour) in enumerate(zip(shapes, colours, strict=False)):
        wide = short * chance.uniform(0.1, 0.14)
        x = middle + spread * (index - (number - 1) / 2) * chance.uniform(0.95, 1.15)
        base = edge + (height - edge) * chance.uniform(0.12, 0.32)
        tall = min(wide * SLENDER[shape], edge * 0.72)
        vessels.append(Vessel((x, base), tall, wide, shape, colour, chance.choice((0.12, 0.3, 0.55))))
    for vessel in vessels:
        cast(picture, vessel.outline(size), vessel.foot[1], palette)
        stand(picture, vessel.foot, vessel.radii[-1], palette)
    for vessel in sorted(vessels, key=lambda vessel: vessel.foot[1]):
        turned(picture, vessel, palette)
    slots = [index * 0.6 - 1.5 for index in range(6)]
    for slot in chance.sample(slots, chance.randint(1, 3)):
        radius = short * chance.uniform(0.034, 0.052)
        place = (middle + spread * slot, edge + (height - edge) * chance.uniform(0.5, 0.64) - radius)
        fruit(picture, place, radius, chance.choice(palette.accents[:3]), palette)
    return picture


def room(size: Size, edge: float, palette: Palette, chance: random.Random) -> Image.Image:
    """A wall with the light of a window on it, and a table top from `edge` down."""
    width, height = size
    wall, table = chance.choice(
        [
            (palette.paper, palette.sky[-1]),
            (mix(palette.land[0], palette.paper, 0.45), palette.paper),
            (mix(palette.sky[0], palette.paper, 0.4), mix(palette.paper, palette.land[0], 0.25)),
        ]
    )
    picture = downwards(size, shades([mix(wall, palette.ink, 0.1), wall], 4))
    panes = Image.new("L", size)
    draw = ImageDraw.Draw(panes)
    x, y, pane, lean = width * chance.uniform(0.1, 0.4), height * 0.06, min(size) * 0.2, min(size) * 0.16
    for column in range(2):
        for row in range(2):
            left, top = x + column * pane * 1.12 + row * lean * 0.9, y + row * pane * 1.25
            draw.polygon(
                [
                    (left, top),
                    (left + pane, top + pane * 0.18),
                    (left + pane + lean, top + pane * 1.3),
                    (left + lean, top + pane * 1.12),
                ],
                fill=255,
            )
    lay(picture, mix(palette.light, WHITE, 0.75), faded(soft(panes, min(size) / 90), 0.5))
    surface = downwards(
        size,
        [mix(table, palette.ink, 0.16)] * round(20 * edge / height)
        + shades([mix(table, palette.ink, 0.16), table, mix(table, WHITE, 0.1)], 8),
    )
    mask = cut(size, [(-2, edge), (width + 2, edge), (width + 2, height + 2), (-2, height + 2)])
    shadow(picture, mask, (0, -height * 0.006), height * 0.02, 0.16, palette.ink)
    lay(picture, surface, mask)
    return picture


def stones(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Pebbles in balance on still water."""
    width, height = size
    short = min(size)
    shore = round(height * chance.uniform(0.66, 0.72))
    air = downwards((width, shore), palette.sky)
    base_colour = chance.choice(
        (
            mix(palette.land[1], palette.paper, 0.3),
            mix(palette.paper, palette.land[0], 0.3),
            mix(palette.accents[1], palette.ink, 0.25),
        )
    )
    for _ in range(chance.randint(4, 6)):
        across = short * chance.uniform(0.08, 0.16)
        _stone(
            air,
            (chance.choice((chance.uniform(0, 0.25), chance.uniform(0.75, 1))) * width, shore - across * 0.3),
            (across, across * 0.42),
            mix(base_colour, palette.land[1], 0.3),
            palette,
            chance,
        )
    x, y = width * chance.uniform(0.4, 0.6), float(shore)
    across = short * chance.uniform(0.19, 0.24)
    for _ in range(chance.randint(5, 7)):
        down = across * chance.uniform(0.36, 0.5)
        y -= down * 0.94
        _stone(
            air,
            (x, y),
            (across, down),
            mix(base_colour, chance.choice(palette.land[:2]), chance.uniform(0, 0.35)),
            palette,
            chance,
        )
        y -= down * 0.94
        x += across * chance.uniform(-0.1, 0.1)
        across *= chance.uniform(0.72, 0.86)
        if y < height * 0.14:
            break
    picture = Image.new("RGB", size)
    picture.paste(air)
    mirror = air.transpose(Image.Transpose.FLIP_TOP_BOTTOM).crop((0, 0, width, height - shore))
    mirror = warped(mirror, 0.004, 24, chance).filter(ImageFilter.BoxBlur((1, 3)))
    tint = downwards(mirror.size, [mix(palette.sky[-1], palette.land[1], 0.3), palette.land[1]])
    picture.paste(Image.blend(mirror, tint, 0.4), (0, shore))
    return picture


def _stone(
    picture: Image.Image,
    centre: tuple[float, float],
    radii: tuple[float, float],
    colour: Colour,
    palette: Palette,
    chance: random.Random,
) -> None:
    skin = contrast(clouds((160, 80), 12, 4, chance), -1.6, 2.6)
    x, y = centre
    shade = disc(picture.size, (x, y + radii[1] * 0.93), (radii[0] * 0.6, radii[1] * 0.22))
    ball(picture, centre, radii, colour, palette, skin)
    lay(picture, palette.ink, faded(soft(shade, radii[1] * 0.12 + 1), 0.5))


def arches(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Plastered walls, an arch, steps and spheres in the sun."""
    width, height = size
    short = min(size)
    edge = height * chance.uniform(0.7, 0.76)
    picture = downwards(size, [mix(palette.sky[0], palette.paper, 0.3), palette.sky[-1]])
    ground = cut(size, [(-2, edge), (width + 2, edge), (width + 2, height + 2), (-2, height + 2)])
    flip = chance.random() < 0.5
    x = width * chance.uniform(0.3, 0.4)
    _wall(
        picture,
        (x + short * 0.3, edge - short * chance.uniform(0.3, 0.4), x + short * 0.62, edge),
        palette.accents[1],
        palette,
    )
    lay(picture, downwards(size, [mix(palette.paper, palette.land[0], 0.35)] * 14 + [palette.paper] * 6), ground)
    _arch(
        picture,
        (x - short * 0.26, edge - short * chance.uniform(0.5, 0.6), x + short * 0.26, edge + short * 0.02),
        palette.accents[0],
        palette,
    )
    _steps(picture, (x + short * 0.34, edge + short * 0.05), short * 0.075, palette)
    slots = chance.sample([-0.44, -0.24, -0.02, 0.2], 3)
    for slot, share, colour in zip(
        slots, (0.075, 0.04, 0.055), chance.sample([*palette.accents[1:], palette.paper], 3), strict=True
    ):
        radius = short * share
        place = (x + short * slot, edge + short * chance.uniform(0.06, 0.16) - radius * 0.5)
        fruit(picture, place, radius, colour, palette)
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip else picture


def _wall(picture: Image.Image, box: tuple[float, float, float, float], colour: Colour, palette: Palette) -> None:
    left, top, right, bottom = box
    mask = cut(picture.size, [(left, top), (right, top), (right, bottom), (left, bottom)])
    shadow(picture, mask, ((right - left) * 0.1, 0), (right - left) * 0.06, 0.3, palette.ink)
    lay(picture, downwards(picture.size, [mix(colour, WHITE, 0.18), mix(colour, palette.ink, 0.12)]), mask)


def _arch(picture: Image.Image, box: tuple[float, float, float, float], colour: Colour, palette: Palette) -> None:
    left, top, right, bottom = box
    wide, middle = right - left, (left + right) / 2
    wall = cut(picture.size, [(left, top), (right, top), (right, bottom), (left, bottom)])
    opening = _arched(picture.size, middle, bottom, wide * 0.27, (bottom - top) * 0.42)
    mask = ImageChops.subtract(wall, opening)
    cast(picture, mask, bottom, palette, 0.3)
    deep = _arched(picture.size, middle + wide * 0.1, bottom, wide * 0.27, (bottom - top) * 0.42)
    lay(picture, mix(colour, palette.ink, 0.42), ImageChops.subtract(opening, deep))
    lay(picture, downwards(picture.size, [mix(colour, WHITE, 0.3), colour]), mask)
    lay(
        picture,
        mix(colour, palette.ink, 0.3),
        cut(
            picture.size,
            [
                (right, top),
                (right + wide * 0.09, top + wide * 0.05),
                (right + wide * 0.09, bottom - wide * 0.03),
                (right, bottom),
            ],
        ),
    )


def _arched(size: Size, x: float, bottom: float, half: float, spring: float) -> Image.Image:
    round_top: Points = [(x + half * math.cos(a), bottom - spring - half * math.sin(a)) for a in turn(0, math.pi)]
    return cut(size, [(x + half, bottom), *round_top, (x - half, bottom)])


def _steps(picture: Image.Image, corner: tuple[float, float], rise: float, palette: Palette) -> None:
    x, base = corner
    for step in range(4):
        left, top = x + step * rise * 1.1, base - (step + 1) * rise
        right = x + 5.4 * rise
        front = cut(picture.size, [(left, top), (right, top), (right, top + rise), (left, top + rise)])
        lay(picture, mix(palette.paper, palette.ink, 0.06 + 0.05 * (3 - step)), front)
        lay(
            picture,
            mix(palette.paper, WHITE, 0.5),
            cut(picture.size, [(left, top), (right, top), (right, top + rise * 0.16), (left, top + rise * 0.16)]),
        )
