"""Cut paper and print: posters, leaves, terrazzo, plants, a face."""

import math
import random

from PIL import Image, ImageChops, ImageDraw

from .brush import Points, Size, clouds, contrast, cut, disc, faded, lay, noise, shadow, soft
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


# ---------------------------------------------------------------- poster


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


# ---------------------------------------------------------------- cut leaves


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


# ---------------------------------------------------------------- terrazzo


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


# ---------------------------------------------------------------- plants


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


# ---------------------------------------------------------------- a face


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
