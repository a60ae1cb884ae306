"""The air over every landscape: its colours, stars, sun or moon."""

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import Size, clouds, contrast, disc, downwards, faded, glow, lay, noise, shades, soft
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
