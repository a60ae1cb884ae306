"""Cut paper: leaves, terrazzo, plants."""

import math
import random

from PIL import Image, ImageChops, ImageDraw

from .brush import Points, Size, clouds, cut, disc, faded, lay, noise, shadow
from .palettes import Colour, Palette, mix

WHITE = (255, 255, 255)


def sheet(size: Size, colour: Colour, chance: random.Random) -> Image.Image:
    """Paper with a little tooth."""
    picture = Image.new("RGB", size, colour)
    fibres = Image.blend(noise(size, (size[0] / 3, size[1] / 3), chance), clouds(size, 6, 3, chance), 0.5)
    grey = Image.new("RGB", size, (128, 128, 128))
    return ImageChops.soft_light(picture, Image.blend(grey, fibres.convert("RGB"), 0.16))


def stick(picture: Image.Image, colour: Colour | Image.Image, mask: Image.Image, lift: float = 1.0) -> None:
    """A piece of paper glued on, with its small shadow."""
    short = min(picture.size)
    shadow(picture, mask, (short * 0.003 * lift, short * 0.005 * lift), short * 0.006 * lift, 0.3)
    lay(picture, colour, mask)


def cutouts(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Leaves cut from coloured paper, one on each field."""
    width, height = size
    columns, rows = (2, 2) if 0.7 < width / height < 1.4 else (3, 2) if width > height else (2, 3)
    colours = [*palette.accents, palette.paper, palette.land[2], palette.land[1]]
    picture = Image.new("RGB", size)
    before = None
    for row in range(rows):
        for column in range(columns):
            ground, leaf, spot = chance.sample([colour for colour in colours if colour != before], 3)
            before = ground
            box = (
                width * column // columns,
                height * row // rows,
                width * (column + 1) // columns,
                height * (row + 1) // rows,
            )
            field = sheet((box[2] - box[0], box[3] - box[1]), ground, chance)
            _leaf(field, leaf, spot, chance)
            picture.paste(field, box)
    return picture


def _leaf(field: Image.Image, colour: Colour, spot: Colour, chance: random.Random) -> None:
    short = min(field.size)
    centre = (field.width * chance.uniform(0.44, 0.56), field.height * chance.uniform(0.44, 0.56))
    angle = chance.choice((-1, 1)) * chance.uniform(0.1, 1.4)
    lobes, length, wide = chance.randint(3, 5), short * chance.uniform(0.36, 0.42), short * chance.uniform(0.17, 0.23)
    half = [
        (t, (math.sin(math.pi * t) ** 0.7 * 0.72 + 0.28) * (0.7 + 0.3 * math.cos(2 * math.pi * lobes * t)))
        for t in (step / 120 for step in range(121))
    ]
    half = [(t, reach * min(1, math.sqrt(12 * t), math.sqrt(12 * (1 - t)))) for t, reach in half]
    outline: Points = [(length * (2 * t - 1), wide * reach) for t, reach in half]
    outline += [(along, -across) for along, across in reversed(outline)]
    turned = [
        (centre[0] + x * math.cos(angle) - y * math.sin(angle), centre[1] + x * math.sin(angle) + y * math.cos(angle))
        for x, y in outline
    ]
    stick(field, colour, cut(field.size, turned), 1.6)
    place = (field.width * chance.choice((0.18, 0.82)), field.height * chance.choice((0.18, 0.82)))
    stick(field, spot, disc(field.size, place, short * chance.uniform(0.035, 0.075)), 1.2)


def terrazzo(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Chips of stone in plaster, each with room around it."""
    short = min(size)
    picture = sheet(size, palette.paper, chance)
    colours = [*palette.accents, palette.land[0], palette.land[1], palette.ink]
    layers = {colour: Image.new("L", (size[0] * 2, size[1] * 2)) for colour in colours}
    cell = short / chance.uniform(9, 13)
    for row in range(round(size[1] / cell) + 2):
        for column in range(round(size[0] / cell) + 2):
            centre = (
                (column - 0.5 + row % 2 / 2 + chance.uniform(-0.2, 0.2)) * cell,
                (row - 0.5 + chance.uniform(-0.2, 0.2)) * cell,
            )
            draw = ImageDraw.Draw(layers[chance.choice(colours)])
            draw.polygon(_chip(centre, cell * chance.choice((0.14, 0.24, 0.32, 0.42)), chance), fill=255)
            crumb = (centre[0] + cell * 0.5, centre[1] + cell * chance.uniform(0.3, 0.5))
            draw.polygon(_chip(crumb, cell * chance.uniform(0.03, 0.08), chance), fill=255)
    for colour, fine in layers.items():
        mask = fine.reduce(2)
        shadow(picture, mask, (short * 0.0015, short * 0.002), 2, 0.22, palette.ink)
        lay(picture, mix(colour, palette.paper, 0.12), mask)
    return picture


def _chip(centre: tuple[float, float], radius: float, chance: random.Random) -> Points:
    turn = chance.uniform(0, 2 * math.pi)
    corners = chance.randint(4, 6)
    angles = [turn + 2 * math.pi * (corner + chance.uniform(-0.3, 0.3)) / corners for corner in range(corners)]
    reach = [radius * chance.uniform(0.8, 1.15) for _ in angles]
    return [
        ((centre[0] + r * math.cos(a)) * 2, (centre[1] + r * 0.86 * math.sin(a)) * 2)
        for r, a in zip(reach, angles, strict=True)
    ]


def botanical(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """A bunch of stems on paper, as in an old herbarium."""
    width, height = size
    short = min(size)
    picture = sheet(size, palette.paper, chance)
    lay(
        picture,
        mix(palette.sky[-1], palette.accents[2], 0.3),
        disc(size, (width * chance.uniform(0.4, 0.6), height * 0.42), short * chance.uniform(0.26, 0.34)),
    )
    greens = [palette.land[1], palette.land[2], mix(palette.land[1], palette.accents[3], 0.5), palette.accents[1]]
    root = (width * 0.5, height * 0.93)
    number = chance.randint(5, 7)
    for index in range(number):
        lean = (index - (number - 1) / 2) * 0.17 + chance.uniform(-0.06, 0.06)
        colour = palette.accents[0] if index == 1 else chance.choice(greens)
        _stem(picture, root, height * chance.uniform(0.62, 0.8), lean, short, colour, chance)
    return picture


def _stem(
    picture: Image.Image,
    root: tuple[float, float],
    length: float,
    lean: float,
    short: float,
    colour: Colour,
    chance: random.Random,
) -> None:
    spine = []
    for step in range(41):
        t = step / 40
        spine.append(
            (
                root[0] + length * (lean * t + 0.5 * lean * t * t) + short * 0.02 * math.sin(t * 5 + lean * 9),
                root[1] - length * t * (1 - 0.12 * abs(lean) * t),
            )
        )
    mask = Image.new("L", (picture.width * 2, picture.height * 2))
    draw = ImageDraw.Draw(mask)
    draw.line([(x * 2, y * 2) for x, y in spine], fill=255, width=max(2, round(short * 0.008)), joint="curve")
    size, kind = short * chance.uniform(0.05, 0.08), chance.choice((0.28, 0.42, 0.6))
    for step in range(12, 40, 3):
        x, y = spine[step]
        along = math.atan2(spine[step + 1][1] - y, spine[step + 1][0] - x)
        for side in (-1, 1):
            draw.polygon(_blade((x, y), size * (1.25 - step / 60), kind, along + side * 0.85), fill=255)
    draw.polygon(
        _blade(spine[40], size, kind, math.atan2(spine[40][1] - spine[39][1], spine[40][0] - spine[39][0])), fill=255
    )
    mask = mask.reduce(2)
    tinted = Image.composite(
        Image.new("RGB", picture.size, mix(colour, WHITE, 0.16)),
        Image.new("RGB", picture.size, colour),
        noise(picture.size, (14, 14), chance),
    )
    shadow(picture, mask, (short * 0.004, short * 0.006), short * 0.008, 0.16)
    lay(picture, tinted, faded(mask, 0.94))


def _blade(foot: tuple[float, float], length: float, slender: float, angle: float) -> Points:
    half = [
        (t * length, length * slender * 0.5 * math.sin(math.pi * t) ** 0.8) for t in (step / 12 for step in range(13))
    ]
    outline = half + [(along, -across) for along, across in reversed(half)]
    return [
        (
            (foot[0] + x * math.cos(angle) - y * math.sin(angle)) * 2,
            (foot[1] + x * math.sin(angle) + y * math.cos(angle)) * 2,
        )
        for x, y in outline
    ]
