"""The sea, a lighthouse over it, and northern lights over a lake."""

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import Size, below, contrast, cut, downwards, faded, glow, lay, line, noise, shades, soft, warped
from .land import wooded
from .palettes import Palette, mix
from .sky import sky, stars, sun


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
            heights = wooded(heights, shore * 0.055, chance)
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
