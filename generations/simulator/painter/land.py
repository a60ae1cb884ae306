"""Landscapes: the air over them, mountains, dunes."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import Canvas, below, clouds, contrast, cut, downwards, line, noise, ramp, shades, soft, vertical, warped
from .palettes import WHITE, Colour, mix


def air(canvas: Canvas, horizon: float) -> None:
    """Sky down to the horizon, a share of the height, with thin clouds, or with stars at night."""
    palette, chance = canvas.palette, canvas.chance
    steps = max(2, round(12 * horizon))
    canvas.fill(downwards(canvas.size, shades(palette.sky, steps) + [palette.sky[-1]] * (12 - steps)))
    if palette.night:
        stars(canvas)
    veil = contrast(noise(canvas.size, (3, 26), chance), 0.55, 1)
    veil = ImageChops.multiply(veil, contrast(clouds(canvas.size, 4, 2, chance), 0.3, 0.9))
    canvas.lay(mix(palette.sky[-1], palette.light, 0.6), soft(veil, canvas.height / 160), 0.35)


def stars(canvas: Canvas) -> None:
    """Stars of several sizes, thinning out downwards."""
    chance = canvas.chance
    layer = Image.new("L", canvas.size)
    draw = ImageDraw.Draw(layer)
    for _ in range(canvas.width * canvas.height // 2600):
        x, y = chance.uniform(0, canvas.width), canvas.height * chance.random() ** 1.6
        radius = chance.choice((0.4, 0.5, 0.7, 1.1)) * max(canvas.size) / 900
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=chance.randrange(60, 230))
    canvas.lay(canvas.palette.light, layer.filter(ImageFilter.GaussianBlur(0.5)))


def sun(canvas: Canvas, centre: tuple[float, float], radius: float) -> None:
    """A disc in its light; a moon at night."""
    canvas.halo(centre, radius * 6, 0.5)
    canvas.halo(centre, radius * 2.6, 0.45)
    canvas.ellipse(canvas.palette.light, centre, radius)


# ---------------------------------------------------------------- mountains


def ridges(canvas: Canvas) -> None:
    """Mountain ranges, one behind the other in the mist."""
    chance, width, height, short = canvas.chance, canvas.width, canvas.height, canvas.short
    air(canvas, 0.7)
    place = width * chance.uniform(0.22, 0.78), height * chance.uniform(0.2, 0.36)
    sun(canvas, place, short * chance.uniform(0.05, 0.085))
    number, top = chance.randint(5, 7), chance.uniform(0.36, 0.46)
    for index, colour in enumerate(shades(canvas.palette.land, number)):
        depth = index / (number - 1)
        base, swing = height * (top + (0.94 - top) * depth**1.15), short * (0.13 - 0.06 * depth)
        shape = line(width // 2, 2.2 + depth * 2 * width / height, 6, chance, 0.46)
        heights = [base - abs(value) * swing - value * swing * 0.3 for value in shape]
        if depth > 0.55:
            heights = wooded(canvas, heights, short * 0.022 * depth)
        _range(canvas, heights, colour, 0.5 * (1 - depth) + 0.08)


def wooded(canvas: Canvas, heights: list[float], tall: float) -> list[float]:
    """The same crest grown over with firs."""
    grown, index = list(heights), 0
    while index < len(grown):
        reach = tall * canvas.chance.uniform(0.4, 1.25)
        wide = max(2, round(tall * canvas.chance.uniform(0.16, 0.3)))
        for step in range(min(wide, len(grown) - index)):
            grown[index + step] -= reach * (1 - abs(2 * step / wide - 1))
        index += wide
    return grown


def _range(canvas: Canvas, heights: list[float], colour: Colour, haze: float) -> None:
    mask = below(canvas.size, heights)
    canvas.shadow(mask, (0, -canvas.height * 0.004), blur=canvas.height * 0.012, share=0.16)
    mist = mix(colour, canvas.palette.sky[-1], haze)
    canvas.lay(downwards(canvas.size, [colour, mist], min(heights) / canvas.height), mask)


# ---------------------------------------------------------------- dunes


def dunes(canvas: Canvas) -> None:
    """Sand under a low light: each crest has a lit and a shaded side."""
    chance, palette, height, short = canvas.chance, canvas.palette, canvas.height, canvas.short
    air(canvas, 0.5)
    from_left = chance.random() < 0.5
    x = canvas.width * (chance.uniform(0.14, 0.34) if from_left else chance.uniform(0.66, 0.86))
    sun(canvas, (x, height * chance.uniform(0.14, 0.26)), short * chance.uniform(0.035, 0.06))
    far, near = mix(palette.land[0], palette.sky[-1], 0.35), mix(palette.land[1], palette.land[2], 0.5)
    number = chance.randint(4, 5)
    for index, colour in enumerate(shades([far, *palette.land[:2], near], number)):
        depth = index / (number - 1)
        swing = short * (0.09 + 0.1 * depth)
        _dune(canvas, _crest(canvas, height * (0.4 + 0.46 * depth), swing), colour, swing if from_left else -swing)


def _crest(canvas: Canvas, base: float, swing: float) -> list[float]:
    """One hill on rolling ground."""
    length, chance = canvas.width // 4, canvas.chance
    ground = line(length, 1.3, 2, chance, 0.3)
    peak, wide = length * chance.uniform(0.25, 0.75), length * chance.uniform(0.2, 0.34)
    hill = [math.exp(-(((index - peak) / wide) ** 2)) for index in range(length)]
    return [base - swing * (1.5 * rise + 0.35 * value - 0.6) for rise, value in zip(hill, ground, strict=True)]


def _dune(canvas: Canvas, heights: list[float], colour: Colour, sway: float) -> None:
    mask, top = below(canvas.size, heights), min(heights) / canvas.height
    lit, dark = mix(colour, canvas.palette.light, 0.42), mix(colour, canvas.palette.ink, 0.62)
    sand = canvas.part(canvas.size)
    sand.fill(downwards(canvas.size, [lit, colour, mix(colour, dark, 0.35)], top))
    sand.grain(warped(noise(canvas.size, (3, canvas.height / 9), canvas.chance), 0.05, 3, canvas.chance), 0.22)
    canvas.lay(sand.picture, mask)
    depth = ramp(vertical(canvas.size), [WHITE] * max(1, round(10 * top)) + [WHITE, (30, 30, 30)]).convert("L")
    shade = ImageChops.multiply(_lee(canvas, heights, sway), mask)
    canvas.lay(dark, ImageChops.multiply(shade, depth), 0.9)


def _lee(canvas: Canvas, heights: list[float], sway: float) -> Image.Image:
    """The side of a dune that turns away from the light, to the right for a positive sway: it begins at the crest and
    flows down in a curve."""
    step = canvas.width / (len(heights) - 1)
    peak = min(range(len(heights) // 8, len(heights) * 7 // 8), key=heights.__getitem__)
    crest = range(peak, len(heights)) if sway > 0 else range(peak, -1, -1)
    drop, sway = canvas.height - heights[peak], sway * canvas.chance.uniform(0.5, 0.9)
    flow = [index / 40 for index in range(41)]
    curve = [(peak * step + sway * (0.7 * math.sin(t * 7) * (1 - t) + 4.5 * t), heights[peak] + drop * t) for t in flow]
    corner = (canvas.width + 2 if sway > 0 else -2, canvas.height + 2)
    edge = [(index * step, heights[index]) for index in crest]
    return soft(cut(canvas.size, [*edge, corner, *reversed(curve)]), canvas.height / 400)
