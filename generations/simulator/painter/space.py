"""A planet among the stars."""

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import Size, clouds, contrast, disc, downwards, faded, glow, lay, noise, ramp, warped
from .palettes import Palette, mix
from .sky import stars
from .solids import WHITE


def planet(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """A banded planet, mostly with a ring, before a faint nebula."""
    width, height = size
    short = min(size)
    picture = downwards(size, [palette.ink, mix(palette.ink, palette.land[2], 0.6)])
    for colour in (palette.accents[1], palette.sky[0]):
        gas = contrast(warped(clouds(size, 3, 4, chance), 0.08, 3, chance), 0.5, 1.1)
        lay(picture, mix(palette.ink, colour, 0.5), faded(gas, 0.5))
    stars(picture, palette, chance)
    centre = (width * chance.uniform(0.4, 0.6), height * chance.uniform(0.42, 0.56))
    radius = short * chance.uniform(0.2, 0.27)
    tilt = chance.uniform(-28, 28)
    ring = _ring(size, centre, radius, tilt, palette, chance) if chance.random() < 0.75 else None
    if ring:
        lay(picture, *ring)
    bands = warped(noise((320, 320), (1.5, chance.uniform(16, 26)), chance), 0.016, 7, chance)
    colours = chance.sample(palette.accents, 3)
    skin = ramp(
        bands, [mix(colours[0], palette.ink, 0.25), colours[0], mix(colours[1], WHITE, 0.2), palette.light, colours[2]]
    )
    skin = skin.rotate(-tilt, Image.Resampling.BICUBIC)
    _globe(picture, centre, radius, skin.crop((48, 48, 272, 272)), palette)
    if ring:
        front = (
            Image.linear_gradient("L")
            .point([255 if tone > 127 else 0 for tone in range(256)])
            .resize((width * 2, height * 2))
        )
        half = front.rotate(-tilt).crop(
            (
                round(width - centre[0]),
                round(height - centre[1]),
                round(width - centre[0]) + width,
                round(height - centre[1]) + height,
            )
        )
        lay(picture, ring[0], ImageChops.multiply(ring[1], half))
    return picture


def _globe(
    picture: Image.Image, centre: tuple[float, float], radius: float, skin: Image.Image, palette: Palette
) -> None:
    side = round(radius * 2)
    skin = skin.resize((side, side), Image.Resampling.BICUBIC)
    spot = ImageChops.invert(Image.radial_gradient("L")).resize((round(side * 1.9),) * 2, Image.Resampling.BICUBIC)
    light = Image.new("L", (side, side))
    light.paste(spot, (round(side * 0.32 - side * 0.95), round(side * 0.32 - side * 0.95)))
    light = contrast(light, 0.26, 0.8)
    shaded = ImageChops.multiply(skin, ramp(light, [mix(palette.ink, (0, 0, 0), 0.3), (150, 140, 150), WHITE]))
    whole = Image.new("RGB", picture.size)
    whole.paste(shaded, (round(centre[0] - radius), round(centre[1] - radius)))
    lay(
        picture,
        palette.light,
        faded(glow(picture.size, (centre[0] - radius * 0.1, centre[1] - radius * 0.1), radius * 2), 0.25),
    )
    lay(picture, whole, disc(picture.size, centre, radius - 0.5))


def _ring(size: Size, centre: tuple[float, float], radius: float, tilt: float, palette: Palette, chance: random.Random):
    """The ring's colours and its mask."""
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    reach = 2.1
    while reach > 1.35:
        across, down = radius * reach, radius * reach * 0.28
        box = [centre[0] - across, centre[1] - down, centre[0] + across, centre[1] + down]
        draw.ellipse(box, fill=chance.choice((40, 120, 170, 210)))
        reach -= chance.uniform(0.015, 0.09)
    across, down = radius * 1.35, radius * 1.35 * 0.28
    draw.ellipse([centre[0] - across, centre[1] - down, centre[0] + across, centre[1] + down], fill=0)
    mask = mask.rotate(-tilt, Image.Resampling.BICUBIC, center=centre).filter(ImageFilter.GaussianBlur(0.7))
    return downwards(size, [palette.light, mix(palette.light, palette.accents[0], 0.5)]), mask
