"""Pictures of nothing but colour: silk, maps, colour fields, bands."""

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import (
    Size,
    below,
    clouds,
    contrast,
    downwards,
    faded,
    lay,
    line,
    noise,
    ramp,
    shades,
    shadow,
    soft,
    warped,
)
from .palettes import Palette, mix

WHITE = (255, 255, 255)


def silk(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Liquid folds with a sheen."""
    across = chance.uniform(3, 5)
    tones = noise(size, (across, across * 1.6), chance)
    for strength in (0.16, 0.12, 0.07):
        tones = warped(tones, strength, chance.uniform(2.5, 4), chance)
    tones = contrast(tones, 0.16, 0.84)
    colours = chance.sample(palette.accents, 3)
    order = [
        mix(colours[0], palette.ink, 0.55),
        colours[0],
        mix(colours[1], palette.paper, 0.55),
        palette.paper,
        colours[1],
        mix(colours[2], palette.ink, 0.3),
    ]
    body = ramp(tones, order)
    sheen = soft(tones, 3).filter(ImageFilter.Kernel((3, 3), (-2, -1, 0, -1, 0, 1, 0, 1, 2), scale=0.42, offset=128))
    return ImageChops.soft_light(body, sheen.convert("RGB"))


def topography(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Land cut from sheets of paper, one for each height."""
    height = soft(warped(clouds(size, chance.uniform(2.2, 3.2), 3, chance), 0.05, 4, chance), max(size) / 110)
    number = 9
    order = [
        palette.land[2],
        mix(palette.land[1], palette.land[2], 0.5),
        palette.land[1],
        palette.land[0],
        palette.paper,
        mix(palette.accents[2], palette.paper, 0.5),
        palette.accents[0],
    ]
    picture = Image.new("RGB", size, order[0])
    for index, colour in enumerate(shades(order, number)[1:], start=1):
        level = 0.16 + 0.68 * index / number
        mask = contrast(height, level - 0.01, level + 0.01)
        shadow(picture, mask, (max(size) * 0.003, max(size) * 0.005), max(size) * 0.006, 0.45, palette.ink)
        lay(picture, mix(colour, WHITE, 0.25), mask)
        lay(picture, colour, contrast(height, level + 0.004, level + 0.024))
    return picture


def colour_fields(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Two or three breathing rectangles on a ground."""
    width, height = size
    ground = chance.choice(
        (
            mix(palette.accents[0], palette.ink, 0.45),
            mix(palette.land[2], palette.land[1], 0.3),
            mix(palette.paper, palette.accents[2], 0.35),
        )
    )
    picture = Image.new("RGB", size, ground)
    _brushed(picture, chance, 0.35)
    colours = chance.sample([*palette.accents, palette.land[1], palette.paper], 3)
    shares = chance.choice(((0.55, 0.45), (0.34, 0.66), (0.24, 0.44, 0.32), (0.5, 0.14, 0.36)))
    margin, top = min(size) * 0.08, height * 0.07
    for share, colour in zip(shares, colours, strict=False):
        tall = (height * 0.86 - min(size) * 0.03 * (len(shares) - 1)) * share
        mask = _ragged(size, (margin, top, width - margin, top + tall), chance)
        layer = downwards(size, [mix(colour, WHITE, 0.1), colour, mix(colour, palette.ink, 0.12)])
        _brushed(layer, chance, 0.5)
        lay(picture, layer, faded(mask, 0.94))
        top += tall + min(size) * 0.03
    return picture


def _brushed(picture: Image.Image, chance: random.Random, strength: float) -> None:
    """Strokes of a wide brush and the cloud of several coats."""
    width, height = picture.size
    strokes = noise(picture.size, (5, height / 5), chance)
    coats = Image.blend(strokes, clouds(picture.size, 4, 3, chance), 0.62)
    grey = Image.new("RGB", picture.size, (128, 128, 128))
    picture.paste(ImageChops.soft_light(picture, Image.blend(grey, coats.convert("RGB"), strength)))


def _ragged(size: Size, box: tuple[float, float, float, float], chance: random.Random) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rectangle(box, fill=255)
    edge = soft(warped(mask, 0.012, 16, chance), min(size) / 110)
    torn = Image.blend(edge, noise(size, (size[0] / 14, size[1] / 9), chance), 0.22)
    return ImageChops.multiply(contrast(torn, 0.3, 0.62), contrast(edge, 0.02, 0.2))


def bands(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Broad flowing bands, each with its shadow on the next."""
    width, height = size
    number = chance.randint(7, 10)
    order = [palette.sky[-1], *chance.sample(palette.accents, 3), palette.land[1], palette.land[2]]
    picture = Image.new("RGB", size, palette.sky[-1])
    shape = line(width // 4, chance.uniform(0.9, 1.5), 1, chance)
    for index, colour in enumerate(shades(order, number)):
        drift = line(width // 4, 1.6, 1, chance)
        base = height * (index + 0.6) / (number + 0.4)
        swing = height * 0.12
        heights = [base + swing * (0.8 * common + 0.42 * own) for common, own in zip(shape, drift, strict=True)]
        mask = below(size, heights)
        shadow(picture, mask, (0, -height * 0.008), height * 0.022, 0.34, palette.ink)
        steps = [mix(colour, WHITE, 0.2)] * max(1, round(14 * min(heights) / height)) + shades(
            [mix(colour, WHITE, 0.2), mix(colour, palette.ink, 0.16)], 4
        )
        lay(picture, downwards(size, steps), mask)
    turn = chance.choice((0, 0, 90))
    return picture if not turn else picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def marble(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Ink in water, with fine bright veins."""
    tones = clouds(size, chance.uniform(2, 3), 5, chance)
    for strength in (0.14, 0.08):
        tones = warped(tones, strength, chance.uniform(3, 6), chance)
    colour, other = chance.sample([palette.accents[0], palette.accents[1], palette.land[1], palette.land[2]], 2)
    body = ramp(
        contrast(tones, 0.12, 0.88),
        [
            mix(other, palette.ink, 0.5),
            mix(colour, other, 0.4),
            mix(colour, WHITE, 0.35),
            mix(palette.paper, WHITE, 0.5),
            palette.paper,
        ],
    )
    vein = warped(clouds(size, 2.4, 4, chance), 0.1, 4, chance)
    thin = vein.point([round(255 * max(0, 1 - abs(tone - 128) / 3.2)) for tone in range(256)])
    lay(
        body,
        mix(palette.accents[2], WHITE, 0.3),
        faded(ImageChops.multiply(thin, contrast(noise(size, (3, 3), chance), 0.4, 0.8)), 0.8),
    )
    return body
