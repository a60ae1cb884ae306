"""The sea, a lighthouse over it, and northern lights over a lake."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import (
    Canvas,
    Point,
    below,
    box,
    contrast,
    cut,
    downwards,
    faded,
    line,
    mirrored,
    noise,
    shades,
    soft,
    vertical,
    warped,
)
from .land import air, stars, sun, wooded
from .palettes import WHITE, Colour, mix


def sea(canvas: Canvas) -> None:
    """A low sun or moon over open water, its light in the waves."""
    chance, palette, width, height = canvas.chance, canvas.palette, canvas.width, canvas.height
    horizon = round(height * chance.uniform(0.5, 0.62))
    air(canvas, horizon / height)
    x, radius = width * chance.uniform(0.3, 0.7), canvas.short * chance.uniform(0.06, 0.12)
    sun(canvas, (x, horizon - radius * chance.uniform(0.2, 2.6)), radius)
    _coast(canvas, horizon)
    colours = [mix(palette.sky[-1], palette.land[1], 0.45), palette.land[1], palette.land[2]]
    canvas.picture.paste(downwards((width, height - horizon), colours), (0, horizon))
    _swell(canvas, horizon)
    _glitter(canvas, (x, horizon), radius)
    if chance.random() < 0.6:
        place = width * chance.choice((0.2, 0.26, 0.74, 0.82)), horizon + height * chance.uniform(0.03, 0.1)
        _sail(canvas, place, canvas.short * chance.uniform(0.05, 0.09))


def _coast(canvas: Canvas, horizon: float) -> None:
    near = canvas.palette.land[0]
    for share, colour in ((0.1, mix(near, canvas.palette.sky[-1], 0.4)), (0.07, near)):
        shape = line(canvas.width // 2, 2.5, 5, canvas.chance)
        side = canvas.chance.choice((-1, 1))
        rise = [max(0, side * (index / len(shape) - 0.5) + 0.1) * canvas.height * share for index in range(len(shape))]
        heights = [horizon + 2 - max(0, (value + 1) * far) for value, far in zip(shape, rise, strict=True)]
        canvas.lay(colour, below(canvas.size, heights))


def _rows(canvas: Canvas, horizon: float):
    """The rows of waves from the horizon on: y, thickness, and how near they are (0 to 1)."""
    y = horizon + 1.0
    while y < canvas.height:
        near = (y - horizon) / (canvas.height - horizon)
        thick = max(1.0, near * canvas.height * 0.008)
        yield y, thick, near
        y += thick * canvas.chance.uniform(0.9, 1.5)


def _swell(canvas: Canvas, horizon: float) -> None:
    chance, layer = canvas.chance, Image.new("L", canvas.size)
    draw = ImageDraw.Draw(layer)
    for y, thick, near in _rows(canvas, horizon):
        for _ in range(7):
            x = chance.uniform(0, canvas.width)
            half = canvas.width * chance.uniform(0.01, 0.05) * (0.3 + near)
            draw.ellipse([x - half, y, x + half, y + thick], fill=chance.randrange(20, 80))
    colour = mix(canvas.palette.land[2], canvas.palette.ink, 0.4)
    canvas.lay(colour, layer.filter(ImageFilter.GaussianBlur(0.8)), 0.8)


def _glitter(canvas: Canvas, below_sun: Point, radius: float) -> None:
    chance, layer = canvas.chance, Image.new("L", canvas.size)
    draw = ImageDraw.Draw(layer)
    for y, thick, near in _rows(canvas, below_sun[1]):
        for _ in range(5):
            x = chance.gauss(below_sun[0], radius * (0.38 + near))
            half = radius * chance.uniform(0.1, 0.5) * (0.5 + near * 1.3)
            draw.ellipse([x - half, y, x + half, y + thick], fill=round(235 * (1 - near * 0.62)))
    canvas.halo(below_sun, radius * 5, 0.3)
    canvas.lay(canvas.palette.light, layer.filter(ImageFilter.GaussianBlur(0.7)))


def _sail(canvas: Canvas, foot: Point, tall: float) -> None:
    x, y = foot
    canvas.polygon(canvas.palette.paper, [(x, y), (x, y - tall), (x + tall * 0.42, y - tall * 0.08)])
    jib = [(x - 2, y), (x - 2, y - tall * 0.8), (x - tall * 0.3, y - tall * 0.06)]
    canvas.polygon(canvas.palette.accents[0], jib)
    deck, keel = y + tall * 0.03, y + tall * 0.14
    hull = [(x - tall * 0.36, deck), (x + tall * 0.46, deck), (x + tall * 0.3, keel), (x - tall * 0.24, keel)]
    canvas.polygon(canvas.palette.ink, hull)


# ---------------------------------------------------------------- a lighthouse


def lighthouse(canvas: Canvas) -> None:
    """The sea again, and a lighthouse on its rock."""
    sea(canvas)
    chance, palette, short = canvas.chance, canvas.palette, canvas.short
    share = chance.choice((chance.uniform(0.12, 0.26), chance.uniform(0.74, 0.88)))
    x, ground = canvas.width * share, canvas.height * chance.uniform(0.72, 0.78)
    tall = short * chance.uniform(0.4, 0.5)
    lamp = (x, ground - tall * 1.06)
    _beam(canvas, lamp, -canvas.width if share > 0.5 else canvas.width)
    _tower(canvas, (x, ground + short * 0.03), tall)
    shape = line(canvas.width // 3, 3, 5, chance)
    away = [abs(index / len(shape) - share) * 3.2 for index in range(len(shape))]
    rock = [ground + short * (0.04 * value + 0.26 * far**1.4) for value, far in zip(shape, away, strict=True)]
    canvas.lay(
        downwards(canvas.size, [palette.land[1], mix(palette.land[2], palette.ink, 0.4)]), below(canvas.size, rock)
    )
    canvas.halo(lamp, tall * 0.5, 0.8)


def _beam(canvas: Canvas, lamp: Point, reach: float) -> None:
    (x, y), far = lamp, lamp[0] + reach
    cone = [(x, y - 2), (far, y - canvas.height * 0.13), (far, y + canvas.height * 0.05), (x, y + 2)]
    fade = Image.linear_gradient("L").rotate(90 if reach < 0 else -90).resize(canvas.size)
    light = ImageChops.multiply(soft(cut(canvas.size, cone), canvas.height / 90), fade)
    canvas.lay(canvas.palette.light, light, 0.5 if canvas.palette.night else 0.35)


def _tower(canvas: Canvas, foot: Point, tall: float) -> None:
    palette, (x, base) = canvas.palette, foot
    half, top = tall * 0.115, base - tall
    for ring in range(5):
        _ring(canvas, foot, tall, ring / 5)
    canvas.polygon(palette.ink, box(x - half * 0.8, top - tall * 0.02, x + half * 0.8, top))
    room = box(x - half * 0.42, top - tall * 0.1, x + half * 0.42, top - tall * 0.02)
    canvas.polygon(mix(palette.light, WHITE, 0.3), room)
    roof = [(x - half * 0.58, top - tall * 0.1), (x + half * 0.58, top - tall * 0.1), (x, top - tall * 0.18)]
    canvas.polygon(palette.accents[0], roof)


def _ring(canvas: Canvas, foot: Point, tall: float, low: float) -> None:
    """A fifth of the tower from that share of its height on; the tower narrows upwards, and is darker on the right."""
    (x, base), high = foot, low + 0.2
    colour = canvas.palette.accents[0] if round(low * 5) % 2 else canvas.palette.paper
    for side, shade in ((-1, 0.0), (1, 0.22)):
        lower, upper = (side * tall * 0.115 * (1 - 0.42 * share) for share in (low, high))
        corners = [(x, base - tall * low), (x, base - tall * high)]
        corners += [(x + upper, base - tall * high), (x + lower, base - tall * low)]
        canvas.polygon(mix(colour, canvas.palette.ink, shade), corners)


# ---------------------------------------------------------------- northern lights


def aurora(canvas: Canvas) -> None:
    """Northern lights over a lake and dark firs."""
    chance, palette = canvas.chance, canvas.palette
    shore = round(canvas.height * chance.uniform(0.62, 0.72))
    upper = canvas.part((canvas.width, shore))
    upper.fill(downwards(upper.size, palette.sky))
    stars(upper)
    for colour in chance.sample(palette.accents, 3):
        _curtain(upper, colour)
    for index, colour in enumerate(shades(palette.land, 3)):
        shape = line(canvas.width // 2, 2 + 2 * index, 6, chance, 0.48)
        heights = [shore * (0.8 + index * 0.085) - value * shore * (0.11 - index * 0.03) for value in shape]
        upper.lay(colour, below(upper.size, wooded(upper, heights, shore * 0.055) if index == 2 else heights))
    canvas.fill(mirrored(upper.picture, canvas.size, Image.new("RGB", canvas.size, palette.land[2]), chance))


def _curtain(canvas: Canvas, colour: Colour) -> None:
    chance, size = canvas.chance, canvas.size
    rays = contrast(noise(size, (26, 1), chance), 0.1, 1)
    rays = ImageChops.multiply(rays, contrast(noise(size, (5, 2), chance), 0.25, 0.95))
    band = Image.new("L", size)
    top, tall = round(size[1] * chance.uniform(0, 0.25)), round(size[1] * chance.uniform(0.4, 0.6))
    band.paste(contrast(vertical((size[0], tall)), 0.15, 1), (0, top))
    band.paste(ImageChops.invert(vertical((size[0], max(2, tall // 5)))), (0, top + tall))
    light = contrast(warped(ImageChops.multiply(rays, band), 0.1, 4, chance), 0.02, 0.62)
    shine = Image.composite(
        Image.new("RGB", size, colour), Image.new("RGB", size), faded(soft(light, size[1] / 120), 0.95)
    )
    canvas.fill(ImageChops.screen(canvas.picture, shine))
