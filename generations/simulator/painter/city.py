"""A city over its harbour, with the windows lit."""

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import Size, downwards, faded, lay, shades, soft, warped
from .palettes import Palette, mix
from .sky import sky, sun


def city(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Towers in three depths, mirrored in the water."""
    width, height = size
    short = min(size)
    quay = round(height * chance.uniform(0.74, 0.8))
    upper = (width, quay)
    picture = sky(upper, palette, chance)
    sun(
        picture,
        palette,
        (width * chance.uniform(0.2, 0.8), quay * chance.uniform(0.22, 0.5)),
        short * chance.uniform(0.05, 0.09),
    )
    depths = [
        mix(palette.sky[-1], palette.land[0], 0.5),
        mix(palette.land[0], palette.land[1], 0.6),
        mix(palette.land[1], palette.land[2], 0.75),
    ]
    for index, colour in enumerate(depths):
        lay(picture, palette.sky[-1], faded(Image.linear_gradient("L").resize(upper), 0.12))
        _row(picture, colour, short * (0.5 - 0.06 * index), short * (0.045 + 0.03 * index), index, palette, chance)
    scene = Image.new("RGB", size)
    scene.paste(picture)
    mirror = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).crop((0, 0, width, height - quay))
    mirror = warped(mirror, 0.007, 34, chance).filter(ImageFilter.BoxBlur((2, 5)))
    tint = downwards(mirror.size, [palette.land[1], palette.land[2]])
    scene.paste(Image.blend(mirror, tint, 0.4), (0, quay))
    return scene


def _row(
    picture: Image.Image, colour, tall: float, wide: float, index: int, palette: Palette, chance: random.Random
) -> None:
    width, height = picture.size
    walls, lamps = Image.new("L", picture.size), Image.new("L", picture.size)
    draw, windows = ImageDraw.Draw(walls), ImageDraw.Draw(lamps)
    x = -wide * chance.random()
    while x < width:
        broad = round(wide * chance.uniform(0.6, 1.5))
        centre = 1 - abs((x + broad / 2) / width - 0.5) * 0.9
        top = round(height - tall * centre * chance.uniform(0.35, 1.0))
        _tower(draw, round(x), top, broad, height, chance)
        if index:
            _windows(windows, round(x), top, broad, height, max(3, round(wide * 0.085)), chance)
        x += broad + wide * chance.choice((0, 0, 0.06, 0.3))
    lit = downwards(picture.size, shades([colour, mix(colour, palette.sky[-1], 0.28)], 3))
    lay(picture, lit, walls)
    lay(picture, palette.light, faded(soft(lamps, wide * 0.09), 0.5))
    lay(picture, mix(palette.light, palette.accents[2], 0.35), faded(ImageChops.multiply(lamps, walls), 0.92))


def _tower(draw: ImageDraw.ImageDraw, left: int, top: int, broad: int, ground: int, chance: random.Random) -> None:
    right = left + broad
    draw.rectangle([left, top, right, ground], fill=255)
    roof = chance.randrange(6)
    if roof == 0:
        draw.polygon([(left, top), ((left + right) / 2, top - broad * 0.55), (right, top)], fill=255)
    elif roof == 1:
        draw.pieslice([left, top - broad / 2, right, top + broad / 2], 180, 360, fill=255)
    elif roof == 2:
        draw.rectangle([left + broad * 0.2, top - broad * 0.25, right - broad * 0.2, top], fill=255)
        draw.rectangle([left + broad * 0.36, top - broad * 0.5, right - broad * 0.36, top], fill=255)
    elif roof == 3:
        draw.polygon([(left, top), (left, top - broad * 0.3), (right, top)], fill=255)
    elif roof == 4:
        middle = (left + right) / 2
        draw.line([(middle, top), (middle, top - broad * 0.9)], fill=255, width=max(1, broad // 26))


def _windows(
    draw: ImageDraw.ImageDraw, left: int, top: int, broad: int, ground: int, unit: int, chance: random.Random
) -> None:
    share = chance.choice((0.12, 0.3, 0.5))
    step = unit * 2
    columns = max(1, (broad - unit) // step)
    margin = (broad - columns * step + unit) // 2
    for y in range(top + step, ground, round(step * 1.25)):
        for column in range(columns):
            if chance.random() < share:
                x = left + margin + column * step
                draw.rectangle([x, y, x + unit - 1, y + round(unit * 1.3)], fill=chance.randrange(120, 255))
