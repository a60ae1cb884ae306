"""Cut and printed paper: leaves, terrazzo, plants, posters."""

import math

from PIL import Image, ImageChops, ImageDraw

from .brush import Canvas, Point, arc, box, clouds, cut, disc, noise, rotated
from .palettes import WHITE, Colour, mix


def sheet(canvas: Canvas, colour: Colour) -> None:
    """Paper with a little tooth, over the whole canvas."""
    canvas.fill(Image.new("RGB", canvas.size, colour))
    fibres = noise(canvas.size, (canvas.width / 3, canvas.height / 3), canvas.chance)
    canvas.grain(Image.blend(fibres, clouds(canvas.size, 6, 3, canvas.chance), 0.5), 0.16)


def stick(canvas: Canvas, colour: Colour, mask: Image.Image, lift: float = 1) -> None:
    """A piece of paper glued on; the more it lifts, the larger its shadow."""
    reach = canvas.short * lift
    canvas.shadow(mask, (reach * 0.003, reach * 0.005), blur=reach * 0.006, share=0.3)
    canvas.lay(colour, mask)


# ---------------------------------------------------------------- leaves


def cutouts(canvas: Canvas) -> None:
    """Leaves cut from coloured paper, one on each field."""
    palette, (width, height) = canvas.palette, canvas.size
    columns, rows = (2, 2) if 0.7 < width / height < 1.4 else (3, 2) if width > height else (2, 3)
    colours, ground = [*palette.accents, palette.paper, *palette.land[1:]], None
    for cell in range(columns * rows):
        row, column = divmod(cell, columns)
        ground, leaf, dot = canvas.chance.sample([colour for colour in colours if colour != ground], 3)
        left, top = width * column // columns, height * row // rows
        field = canvas.part((width * (column + 1) // columns - left, height * (row + 1) // rows - top))
        sheet(field, ground)
        _leaf(field, leaf)
        place = (field.width * canvas.chance.choice((0.14, 0.86)), field.height * canvas.chance.choice((0.14, 0.86)))
        stick(field, dot, disc(field.size, place, field.short * canvas.chance.uniform(0.035, 0.075)), 1.2)
        canvas.picture.paste(field.picture, (left, top))


def _leaf(field: Canvas, colour: Colour) -> None:
    chance, short = field.chance, field.short
    lobes, length, wide = chance.randint(3, 5), short * chance.uniform(0.36, 0.42), short * chance.uniform(0.17, 0.23)
    half = [(length * (step / 60 - 1), wide * _lobed(step / 120, lobes)) for step in range(121)]
    outline = [*half, *((x, -y) for x, y in reversed(half))]
    centre = (field.width * chance.uniform(0.44, 0.56), field.height * chance.uniform(0.44, 0.56))
    angle = chance.choice((-1, 1)) * chance.uniform(0.1, 1.4)
    stick(field, colour, cut(field.size, rotated(outline, angle, centre)), 1.6)


def _lobed(along: float, lobes: int) -> float:
    """The half width of a leaf at that share of its length."""
    body = math.sin(math.pi * along) ** 0.7 * 0.72 + 0.28
    ends = min(1, math.sqrt(12 * along), math.sqrt(12 * (1 - along)))
    return body * ends * (0.7 + 0.3 * math.cos(2 * math.pi * lobes * along))


# ---------------------------------------------------------------- terrazzo


def terrazzo(canvas: Canvas) -> None:
    """Chips of stone in plaster, each with room around it."""
    chance, palette, short = canvas.chance, canvas.palette, canvas.short
    sheet(canvas, palette.paper)
    chips = _chips(canvas, short / chance.uniform(10, 14))
    for colour in [*palette.accents, palette.land[0], palette.land[1], palette.ink]:
        fine = Image.new("L", (canvas.width * 2, canvas.height * 2))
        draw = ImageDraw.Draw(fine)
        for chip in chips[:: len(palette.accents) + 3]:
            draw.polygon([(x * 2, y * 2) for x, y in chip], fill=255)
        del chips[:: len(palette.accents) + 3]
        mask = fine.reduce(2)
        canvas.shadow(mask, (short * 0.0015, short * 0.002), blur=2, share=0.22)
        canvas.lay(mix(colour, palette.paper, 0.12), mask)


def _chips(canvas: Canvas, cell: float) -> list[list[Point]]:
    """A large and a small chip for each cell of a shaken grid, in random order."""
    chance, chips = canvas.chance, []
    for row in range(round(canvas.height / cell) + 2):
        for column in range(round(canvas.width / cell) + 2):
            x = (column - 0.5 + row % 2 / 2 + chance.uniform(-0.14, 0.14)) * cell
            y = (row - 0.5 + chance.uniform(-0.14, 0.14)) * cell
            chips.append(_chip(canvas, (x, y), cell * chance.choice((0.18, 0.28, 0.36, 0.44))))
            chips.append(_chip(canvas, (x + cell * 0.5, y + cell * 0.42), cell * chance.uniform(0.03, 0.09)))
    chance.shuffle(chips)
    return chips


def _chip(canvas: Canvas, centre: Point, radius: float) -> list[Point]:
    chance = canvas.chance
    corners, turn = chance.randint(4, 6), chance.uniform(0, 2)
    places = [turn + 2 * (corner + chance.uniform(-0.3, 0.3)) / corners for corner in range(corners)]
    return [arc(centre, radius * chance.uniform(0.8, 1.15), place, place)[0] for place in places]


# ---------------------------------------------------------------- plants


def botanical(canvas: Canvas) -> None:
    """A bunch of stems on paper, as in an old herbarium."""
    chance, palette, height = canvas.chance, canvas.palette, canvas.height
    sheet(canvas, palette.paper)
    place = canvas.width * chance.uniform(0.4, 0.6), height * 0.42
    canvas.ellipse(mix(palette.sky[-1], palette.accents[2], 0.3), place, canvas.short * chance.uniform(0.26, 0.34))
    greens = [*palette.land[1:], mix(palette.land[1], palette.accents[3], 0.5), palette.accents[1]]
    number = chance.randint(5, 7)
    for index in range(number):
        lean = (index - (number - 1) / 2) * 0.17 + chance.uniform(-0.06, 0.06)
        colour = palette.accents[0] if index == 1 else chance.choice(greens)
        _stem(canvas, colour, height * chance.uniform(0.62, 0.8), lean)


def _stem(canvas: Canvas, colour: Colour, length: float, lean: float) -> None:
    short = canvas.short
    mask = _sprig(canvas, _spine(canvas, length, lean)).reduce(2)
    pale = Image.new("RGB", canvas.size, mix(colour, WHITE, 0.16))
    tinted = Image.composite(pale, Image.new("RGB", canvas.size, colour), noise(canvas.size, (14, 14), canvas.chance))
    canvas.shadow(mask, (short * 0.004, short * 0.006), blur=short * 0.008, share=0.16)
    canvas.lay(tinted, mask, 0.94)


def _spine(canvas: Canvas, length: float, lean: float) -> list[Point]:
    """The curve of a stem from its root up."""
    x, y, points = canvas.width * 0.5, canvas.height * 0.93, []
    for t in (step / 40 for step in range(41)):
        sway = canvas.short * 0.02 * math.sin(t * 5 + lean * 9)
        points.append((x + length * lean * (t + 0.5 * t * t) + sway, y - length * t * (1 - 0.12 * abs(lean) * t)))
    return points


def _sprig(canvas: Canvas, spine: list[Point]) -> Image.Image:
    """A stem with pairs of leaves, drawn at twice the size."""
    chance, short = canvas.chance, canvas.short
    fine = Image.new("L", (canvas.width * 2, canvas.height * 2))
    draw = ImageDraw.Draw(fine)
    draw.line([(x * 2, y * 2) for x, y in spine], fill=255, width=max(2, round(short * 0.008)), joint="curve")
    size, slender = short * chance.uniform(0.1, 0.16), chance.choice((0.28, 0.42, 0.6))
    for step in (*range(12, 40, 3), 40):
        (x, y), (before_x, before_y) = spine[step], spine[step - 1]
        along = math.atan2(y - before_y, x - before_x)
        blade = _blade(size * (1.25 - step / 60), slender)
        for turn in (-0.85, 0.85) if step < 40 else (0,):
            draw.polygon(rotated(blade, along + turn, (x * 2, y * 2)), fill=255)
    return fine


def _blade(length: float, slender: float) -> list[Point]:
    half = [(t * length, length * slender * 0.5 * math.sin(math.pi * t) ** 0.8) for t in (n / 12 for n in range(13))]
    return [*half, *((x, -y) for x, y in reversed(half))]


# ---------------------------------------------------------------- posters


def poster(canvas: Canvas) -> None:
    """Circles, quarter rounds and bars in balance."""
    chance, palette, size, short = canvas.chance, canvas.palette, canvas.size, canvas.short
    sheet(canvas, palette.paper)
    one, two, three, four = chance.sample(palette.accents, 4)
    x, y = canvas.width * chance.uniform(0.4, 0.62), canvas.height * chance.uniform(0.32, 0.42)
    radius = short * chance.uniform(0.24, 0.31)
    canvas.ellipse(one, (x, y), radius)
    corner, turn = (
        (x - radius * chance.uniform(0.5, 1.3), y + radius * chance.uniform(0.35, 0.9)),
        chance.randrange(4) / 2,
    )
    _overprint(canvas, two, cut(size, [corner, *arc(corner, radius * 1.35, turn, turn + 0.5)]))
    _overprint(canvas, three, disc(size, (corner[0] + radius * 1.7, corner[1] + radius * 0.45), radius * 0.38))
    canvas.polygon(four, arc((x, y + radius * 1.7), radius * chance.uniform(0.6, 0.8), 0, 1))
    for index in range(chance.randint(5, 8)):
        left, top = x + radius * 0.4, y + radius * (1.05 + 0.1 * index)
        canvas.polygon(palette.ink, box(left, top, left + radius * 0.9, top + radius * 0.05))
    angle = chance.uniform(-0.6, -0.2)
    for shift in (0, short * 0.035):
        rule = box(0, 0, short * chance.uniform(0.5, 0.8), short * 0.006)
        canvas.polygon(palette.ink, rotated(rule, angle, (canvas.width * 0.1, canvas.height * 0.22 + shift)))
    canvas.ellipse(three, (canvas.width * chance.uniform(0.12, 0.2), canvas.height * 0.11), short * 0.045)


def _overprint(canvas: Canvas, colour: Colour, mask: Image.Image) -> None:
    """Ink over ink: what lies beneath darkens it."""
    ink = Image.new("RGB", canvas.size, colour)
    canvas.lay(Image.blend(ImageChops.multiply(canvas.picture, ink), ink, 0.6), mask)
