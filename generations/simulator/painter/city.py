"""A city over its harbour, with the windows lit."""

from PIL import Image, ImageChops, ImageDraw

from .brush import Canvas, downwards, mirrored, soft, vertical
from .land import air, sun
from .palettes import Colour, mix

Box = tuple[int, int, int, int]  # left, top, right, bottom


def city(canvas: Canvas) -> None:
    """Towers in three depths, mirrored in the water."""
    chance, palette, short = canvas.chance, canvas.palette, canvas.short
    quay = round(canvas.height * chance.uniform(0.74, 0.8))
    upper = canvas.part((canvas.width, quay))
    air(upper, 1)
    place = canvas.width * chance.uniform(0.2, 0.8), quay * chance.uniform(0.22, 0.5)
    sun(upper, place, short * chance.uniform(0.05, 0.09))
    far, middle, near = palette.land
    colours = mix(palette.sky[-1], far, 0.5), mix(far, middle, 0.6), mix(middle, near, 0.75)
    for index, colour in enumerate(colours):
        upper.lay(palette.sky[-1], vertical(upper.size), 0.12)
        _row(upper, colour, short * (0.5 - 0.06 * index), short * (0.045 + 0.03 * index), lit=index > 0)
    canvas.fill(mirrored(upper.picture, canvas.size, downwards(canvas.size, [middle, near]), chance))


def _row(canvas: Canvas, colour: Colour, tall: float, wide: float, *, lit: bool) -> None:
    """Towers side by side, the tallest in the middle."""
    chance, palette = canvas.chance, canvas.palette
    walls, lamps = Image.new("L", canvas.size), Image.new("L", canvas.size)
    x = -wide * chance.random()
    while x < canvas.width:
        broad = round(wide * chance.uniform(0.6, 1.5))
        middle = 1 - abs((x + broad / 2) / canvas.width - 0.5) * 0.9
        top = round(canvas.height - tall * middle * chance.uniform(0.35, 1))
        tower = (round(x), top, round(x) + broad, canvas.height)
        _tower(ImageDraw.Draw(walls), tower, chance.randrange(6))
        if lit:
            _windows(canvas, ImageDraw.Draw(lamps), tower, max(3, round(wide * 0.085)))
        x += broad + wide * chance.choice((0, 0, 0.06, 0.3))
    canvas.lay(downwards(canvas.size, [colour, mix(colour, palette.sky[-1], 0.28)]), walls)
    canvas.lay(palette.light, soft(lamps, wide * 0.09), 0.5)
    canvas.lay(mix(palette.light, palette.accents[2], 0.35), ImageChops.multiply(lamps, walls), 0.92)


def _tower(draw: ImageDraw.ImageDraw, tower: Box, roof: int) -> None:
    """Gable, dome, steps, slope, mast, or flat."""
    left, top, right, _ = tower
    broad, middle = right - left, (left + right) / 2
    draw.rectangle(tower, fill=255)
    if roof == 0:
        draw.polygon([(left, top), (middle, top - broad * 0.55), (right, top)], fill=255)
    elif roof == 1:
        draw.pieslice([left, top - broad / 2, right, top + broad / 2], 180, 360, fill=255)
    elif roof == 2:
        draw.rectangle([left + broad * 0.2, top - broad * 0.25, right - broad * 0.2, top], fill=255)
        draw.rectangle([left + broad * 0.36, top - broad * 0.5, right - broad * 0.36, top], fill=255)
    elif roof == 3:
        draw.polygon([(left, top), (left, top - broad * 0.3), (right, top)], fill=255)
    elif roof == 4:
        draw.line([(middle, top), (middle, top - broad * 0.9)], fill=255, width=max(1, broad // 26))


def _windows(canvas: Canvas, draw: ImageDraw.ImageDraw, tower: Box, unit: int) -> None:
    chance, (left, top, right, ground) = canvas.chance, tower
    share, step = chance.choice((0.12, 0.3, 0.5)), unit * 2
    columns = max(1, (right - left - unit) // step)
    margin = (right - left - columns * step + unit) // 2
    for y in range(top + step, ground, round(step * 1.25)):
        for column in range(columns):
            if chance.random() < share:
                x = left + margin + column * step
                draw.rectangle([x, y, x + unit - 1, y + round(unit * 1.3)], fill=chance.randrange(120, 255))
