"""Mountains, dunes, the sea, the northern lights."""

import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import (
    Size,
    below,
    clouds,
    contrast,
    cut,
    disc,
    downwards,
    faded,
    glow,
    lay,
    line,
    noise,
    shades,
    shadow,
    soft,
    warped,
)
from .palettes import Palette, mix


def sky(size: Size, palette: Palette, chance: random.Random, horizon: float = 1.0) -> Image.Image:
    """Air from the top down to the horizon, with thin clouds, or with stars at night."""
    picture = downwards(size, [*palette.sky, palette.sky[-1]] if horizon == 1 else _to(palette, horizon))
    if palette.night:
        stars(picture, palette, chance)
    veil = noise(size, (3, 26), chance)
    veil = ImageChops.multiply(contrast(veil, 0.55, 1.0), contrast(clouds(size, 4, 2, chance), 0.3, 0.9))
    lay(picture, mix(palette.sky[-1], palette.light, 0.6), faded(soft(veil, size[1] / 160), 0.35))
    return picture


def _to(palette: Palette, horizon: float) -> list:
    steps = max(2, round(12 * horizon))
    return shades(palette.sky, steps) + [palette.sky[-1]] * (12 - steps)


def stars(picture: Image.Image, palette: Palette, chance: random.Random) -> None:
    """Stars of all sizes, thinning out towards the horizon."""
    width, height = picture.size
    layer = Image.new("L", picture.size)
    draw = ImageDraw.Draw(layer)
    for _ in range(width * height // 2600):
        x, y = chance.uniform(0, width), height * chance.random() ** 1.6
        radius = chance.choice((0.4, 0.5, 0.7, 1.1)) * max(picture.size) / 900
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=chance.randrange(60, 230))
    lay(picture, palette.light, layer.filter(ImageFilter.GaussianBlur(0.5)))


def sun(picture: Image.Image, palette: Palette, centre: tuple[float, float], radius: float) -> None:
    """A disc in its light; a moon at night."""
    lay(picture, palette.light, faded(glow(picture.size, centre, radius * 6), 0.5))
    lay(picture, palette.light, faded(glow(picture.size, centre, radius * 2.6), 0.45))
    lay(picture, palette.light, disc(picture.size, centre, radius))


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
            heights = _wooded(heights, short * 0.022 * depth, chance)
        _range(picture, heights, colour, palette, depth)
    return picture


def _wooded(heights: list[float], size: float, chance: random.Random) -> list[float]:
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


def sea(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """A low sun or moon over open water, its light in the waves."""
    width, height = size
    short = min(size)
    horizon = round(height * chance.uniform(0.5, 0.62))
    picture = sky(size, palette, chance, horizon / height)
    x, radius = width * chance.uniform(0.3, 0.7), short * chance.uniform(0.06, 0.12)
    sun(picture, palette, (x, horizon - radius * chance.uniform(0.2, 2.6)), radius)
    _coast(picture, horizon, palette, chance)
    water = downwards(
        (width, height - horizon), [mix(palette.sky[-1], palette.land[1], 0.45), palette.land[1], palette.land[2]]
    )
    picture.paste(water, (0, horizon))
    _waves(picture, horizon, x, radius, palette, chance)
    if chance.random() < 0.6:
        _sail(
            picture,
            (width * chance.choice((0.2, 0.26, 0.74, 0.82)), horizon + height * chance.uniform(0.03, 0.1)),
            short * chance.uniform(0.05, 0.09),
            palette,
        )
    return picture


def lighthouse(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """The sea again, and a lighthouse on its rock."""
    width, height = size
    short = min(size)
    picture = sea(size, palette, chance)
    x = width * chance.choice((chance.uniform(0.12, 0.26), chance.uniform(0.74, 0.88)))
    ground, tall = height * chance.uniform(0.72, 0.78), short * chance.uniform(0.4, 0.5)
    lamp = (x, ground - tall * 1.06)
    _beam(picture, lamp, -1 if x > width / 2 else 1, palette)
    shape = line(width // 3, 3, 5, chance, 0.5)
    side = [abs(index / len(shape) - x / width) * 3.2 for index in range(len(shape))]
    rock = [ground + short * (0.04 * value + 0.26 * far**1.4) for value, far in zip(shape, side, strict=True)]
    _tower(picture, (x, ground + short * 0.03), tall, palette)
    lay(picture, downwards(size, [palette.land[1], mix(palette.land[2], palette.ink, 0.4)]), below(size, rock))
    lay(picture, palette.light, faded(glow(size, lamp, tall * 0.5), 0.8))
    return picture


def _beam(picture: Image.Image, lamp: tuple[float, float], side: int, palette: Palette) -> None:
    x, y = lamp
    far = x + side * picture.width
    light = cut(
        picture.size, [(x, y - 2), (far, y - picture.height * 0.13), (far, y + picture.height * 0.05), (x, y + 2)]
    )
    fade = Image.linear_gradient("L").rotate(90 if side < 0 else -90).resize(picture.size)
    lay(
        picture,
        palette.light,
        faded(ImageChops.multiply(soft(light, picture.height / 90), fade), 0.5 if palette.night else 0.35),
    )


def _tower(picture: Image.Image, foot: tuple[float, float], tall: float, palette: Palette) -> None:
    x, base = foot
    half, top = tall * 0.115, base - tall

    def slab(low: float, high: float, colour) -> None:
        """A ring of the tower between two shares of its height; it narrows upwards, and is darker on the right."""
        for side, shade in ((-1, 0.0), (1, 0.22)):
            widths = [half * (1 - 0.42 * share) for share in (low, high)]
            corners = [
                (x, base - tall * low),
                (x, base - tall * high),
                (x + side * widths[1], base - tall * high),
                (x + side * widths[0], base - tall * low),
            ]
            lay(picture, mix(colour, palette.ink, shade), cut(picture.size, corners))

    for ring in range(5):
        slab(ring * 0.2, ring * 0.2 + 0.2, palette.accents[0] if ring % 2 else palette.paper)
    slab_width = half * 0.8
    gallery = [
        (x - slab_width, top),
        (x + slab_width, top),
        (x + slab_width, top - tall * 0.02),
        (x - slab_width, top - tall * 0.02),
    ]
    lay(picture, palette.ink, cut(picture.size, gallery))
    room = [
        (x - half * 0.42, top - tall * 0.02),
        (x + half * 0.42, top - tall * 0.02),
        (x + half * 0.42, top - tall * 0.1),
        (x - half * 0.42, top - tall * 0.1),
    ]
    lay(picture, mix(palette.light, (255, 255, 255), 0.3), cut(picture.size, room))
    lay(
        picture,
        palette.accents[0],
        cut(
            picture.size,
            [(x - half * 0.58, top - tall * 0.1), (x + half * 0.58, top - tall * 0.1), (x, top - tall * 0.18)],
        ),
    )


def _coast(picture: Image.Image, horizon: float, palette: Palette, chance: random.Random) -> None:
    for share, colour in ((0.05, mix(palette.land[0], palette.sky[-1], 0.4)), (0.035, palette.land[0])):
        shape = line(picture.width // 2, 2.5, 5, chance, 0.5)
        side = chance.choice((-1, 1))
        rise = [max(0, side * (index / len(shape) - 0.5) + 0.1) * 2 for index in range(len(shape))]
        heights = [
            horizon + 2 - max(0, (value * 0.5 + 0.5) * far * share * 2 * picture.height)
            for value, far in zip(shape, rise, strict=True)
        ]
        lay(picture, colour, below(picture.size, heights))


def _waves(
    picture: Image.Image, horizon: int, x: float, radius: float, palette: Palette, chance: random.Random
) -> None:
    width, height = picture.size
    dark, bright = Image.new("L", picture.size), Image.new("L", picture.size)
    draws = ImageDraw.Draw(dark), ImageDraw.Draw(bright)
    y = horizon + 1.0
    while y < height:
        near = (y - horizon) / (height - horizon)
        thick = max(1.0, near * height * 0.008)
        for _ in range(7):
            middle, half = chance.uniform(0, width), width * chance.uniform(0.01, 0.05) * (0.3 + near)
            draws[0].ellipse([middle - half, y, middle + half, y + thick], fill=chance.randrange(20, 80))
        reach = radius * (0.9 + near * 2.4)
        for _ in range(5):
            middle = chance.gauss(x, reach * 0.42)
            half = radius * chance.uniform(0.1, 0.5) * (0.5 + near * 1.3)
            draws[1].ellipse([middle - half, y, middle + half, y + thick], fill=round(235 * (1 - near * 0.62)))
        y += thick * chance.uniform(0.9, 1.5)
    lay(picture, mix(palette.land[2], palette.ink, 0.4), faded(dark.filter(ImageFilter.GaussianBlur(0.8)), 0.8))
    lay(picture, palette.light, faded(glow(picture.size, (x, horizon), radius * 5), 0.3))
    lay(picture, palette.light, bright.filter(ImageFilter.GaussianBlur(0.7)))


def _sail(picture: Image.Image, foot: tuple[float, float], tall: float, palette: Palette) -> None:
    x, y = foot
    lay(picture, palette.paper, cut(picture.size, [(x, y), (x, y - tall), (x + tall * 0.42, y - tall * 0.08)]))
    lay(
        picture,
        palette.accents[0],
        cut(picture.size, [(x - 2, y), (x - 2, y - tall * 0.8), (x - tall * 0.3, y - tall * 0.06)]),
    )
    hull = [
        (x - tall * 0.36, y + tall * 0.03),
        (x + tall * 0.46, y + tall * 0.03),
        (x + tall * 0.3, y + tall * 0.14),
        (x - tall * 0.24, y + tall * 0.14),
    ]
    lay(picture, palette.ink, cut(picture.size, hull))


def aurora(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Northern lights over a lake and dark firs."""
    width, height = size
    shore = round(height * chance.uniform(0.62, 0.72))
    upper = (width, shore)
    picture = downwards(upper, palette.sky)
    stars(picture, palette, chance)
    for colour in chance.sample(palette.accents, 3):
        _curtain(picture, colour, chance)
    for index, colour in enumerate(shades(palette.land, 3)):
        shape = line(width // 2, 2 + 2 * index, 6, chance, 0.48)
        heights = [shore * (0.8 + index * 0.085) - value * shore * (0.11 - index * 0.03) for value in shape]
        if index == 2:
            heights = _wooded(heights, shore * 0.055, chance)
        lay(picture, colour, below(upper, heights))
    scene = Image.new("RGB", size)
    scene.paste(picture)
    mirror = (
        picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((width, shore)).crop((0, 0, width, height - shore))
    )
    mirror = warped(mirror, 0.006, 30, chance).filter(ImageFilter.BoxBlur((1, 4)))
    scene.paste(Image.blend(mirror, Image.new("RGB", mirror.size, palette.land[2]), 0.35), (0, shore))
    return scene


def _curtain(picture: Image.Image, colour, chance: random.Random) -> None:
    width, height = picture.size
    rays = ImageChops.multiply(
        contrast(noise(picture.size, (26, 1), chance), 0.1, 1),
        contrast(noise(picture.size, (5, 2), chance), 0.25, 0.95),
    )
    band = Image.new("L", picture.size)
    top, tall = round(height * chance.uniform(0.0, 0.25)), round(height * chance.uniform(0.4, 0.6))
    rise = Image.linear_gradient("L").resize((width, tall)).point([round(255 * (t / 255) ** 1.6) for t in range(256)])
    band.paste(rise, (0, top))
    foot = max(2, round(tall * 0.2))
    band.paste(ImageChops.invert(Image.linear_gradient("L")).resize((width, foot)), (0, top + tall))
    light = warped(ImageChops.multiply(rays, band), 0.1, 4, chance)
    glowing = ImageChops.screen(
        picture,
        Image.composite(
            Image.new("RGB", picture.size, colour),
            Image.new("RGB", picture.size),
            faded(soft(light, height / 120), 0.95),
        ),
    )
    picture.paste(glowing)
