"""A planet among the stars."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import Canvas, Point, clouds, contrast, downwards, noise, ramp, warped
from .land import stars
from .palettes import WHITE, mix
from .solids import spot

INNER, OUTER, FLAT = 1.35, 2.1, 0.28  # the ring, in radii of the planet, and how much it is squeezed


def planet(canvas: Canvas) -> None:
    """A banded planet, mostly with a ring, before a faint nebula."""
    chance, palette = canvas.chance, canvas.palette
    canvas.fill(downwards(canvas.size, [palette.ink, mix(palette.ink, palette.land[2], 0.6)]))
    for colour in (palette.accents[1], palette.sky[0]):
        gas = contrast(warped(clouds(canvas.size, 3, 4, chance), 0.08, 3, chance), 0.5, 1.1)
        canvas.lay(mix(palette.ink, colour, 0.5), gas, 0.5)
    stars(canvas)
    centre = canvas.width * chance.uniform(0.4, 0.6), canvas.height * chance.uniform(0.42, 0.56)
    radius, tilt = canvas.short * chance.uniform(0.2, 0.25), chance.uniform(-28, 28)
    ring, ice = _ring(canvas, centre, radius), downwards(canvas.size, [palette.light, palette.accents[0]])
    if chance.random() < 0.2:
        ring = Image.new("L", canvas.size)
    canvas.lay(ice, ring.rotate(-tilt, Image.Resampling.BICUBIC, center=centre))
    _globe(canvas, centre, radius, tilt)
    ring.paste(0, (0, 0, canvas.width, round(centre[1])))
    canvas.lay(ice, ring.rotate(-tilt, Image.Resampling.BICUBIC, center=centre))


def _globe(canvas: Canvas, centre: Point, radius: float, tilt: float) -> None:
    chance, ink = canvas.chance, canvas.palette.ink
    one, two, three = chance.sample(canvas.palette.accents, 3)
    bands = warped(noise((320, 320), (1.5, chance.uniform(16, 26)), chance), 0.016, 7, chance)
    skin = ramp(bands, [mix(one, ink, 0.25), one, mix(two, WHITE, 0.2), canvas.palette.light, three])
    skin = skin.rotate(-tilt, Image.Resampling.BICUBIC).crop((48, 48, 272, 272))
    light = contrast(spot(224, (0.32, 0.32), 0.95), 0.26, 0.8)
    shaded = ImageChops.multiply(skin, ramp(light, [mix(ink, (0, 0, 0), 0.3), (150, 140, 150), WHITE]))
    whole, side = Image.new("RGB", canvas.size), round(radius * 2) + 2
    whole.paste(shaded.resize((side, side), Image.Resampling.BICUBIC), [round(place - radius) - 1 for place in centre])
    canvas.halo(centre, radius * 2, 0.25)
    canvas.ellipse(whole, centre, radius)


def _ring(canvas: Canvas, centre: Point, radius: float) -> Image.Image:
    """The mask of a level ring of many bands."""
    mask, reach = Image.new("L", canvas.size), OUTER
    draw = ImageDraw.Draw(mask)
    while reach > INNER:
        _oval(draw, centre, radius * reach, canvas.chance.choice((40, 120, 170, 210)))
        reach -= canvas.chance.uniform(0.015, 0.09)
    _oval(draw, centre, radius * INNER, 0)
    return mask.filter(ImageFilter.GaussianBlur(0.7))


def _oval(draw: ImageDraw.ImageDraw, centre: Point, across: float, tone: int) -> None:
    (x, y), down = centre, across * FLAT
    draw.ellipse([x - across, y - down, x + across, y + down], fill=tone)
