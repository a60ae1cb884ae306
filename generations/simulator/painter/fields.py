"""Pictures of nothing but colour: silk, marble, maps, colour fields, bands."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import Canvas, below, clouds, contrast, downwards, line, noise, ramp, shades, soft, warped
from .palettes import WHITE, mix

SHEEN = ImageFilter.Kernel((3, 3), (-2, -1, 0, -1, 0, 1, 0, 1, 2), scale=0.42, offset=128)


def silk(canvas: Canvas) -> None:
    """Liquid folds with a sheen."""
    chance, palette = canvas.chance, canvas.palette
    across = chance.uniform(3, 5)
    tones = noise(canvas.size, (across, across * 1.6), chance)
    for strength in (0.16, 0.12, 0.07):
        tones = warped(tones, strength, chance.uniform(2.5, 4), chance)
    tones = contrast(tones, 0.16, 0.84)
    one, two, three = chance.sample(palette.accents, 3)
    folds = [mix(one, palette.ink, 0.55), one, mix(two, palette.paper, 0.55), palette.paper, two]
    canvas.fill(ramp(tones, [*folds, mix(three, palette.ink, 0.3)]))
    canvas.fill(ImageChops.soft_light(canvas.picture, soft(tones, 3).filter(SHEEN).convert("RGB")))


def marble(canvas: Canvas) -> None:
    """Ink in water, with fine bright veins."""
    chance, palette, size = canvas.chance, canvas.palette, canvas.size
    tones = clouds(size, chance.uniform(2, 3), 5, chance)
    for strength in (0.14, 0.08):
        tones = warped(tones, strength, chance.uniform(3, 6), chance)
    one, two = chance.sample([*palette.accents[:2], *palette.land[1:]], 2)
    inks = [mix(two, palette.ink, 0.5), mix(one, two, 0.4), mix(one, WHITE, 0.35), mix(palette.paper, WHITE, 0.5)]
    canvas.fill(ramp(contrast(tones, 0.12, 0.88), [*inks, palette.paper]))
    contour = warped(clouds(size, 2.4, 4, chance), 0.1, 4, chance)
    veins = contour.point([round(255 * max(0, 1 - abs(tone - 128) / 3.2)) for tone in range(256)])
    veins = ImageChops.multiply(veins, contrast(noise(size, (3, 3), chance), 0.4, 0.8))
    canvas.lay(mix(palette.accents[2], WHITE, 0.3), veins, 0.8)


def topography(canvas: Canvas) -> None:
    """Land cut from sheets of paper, one for each height."""
    chance, palette, long = canvas.chance, canvas.palette, max(canvas.size)
    height = soft(warped(clouds(canvas.size, chance.uniform(2.2, 3.2), 3, chance), 0.05, 4, chance), long / 110)
    low = [palette.land[2], mix(palette.land[1], palette.land[2], 0.5), palette.land[1], palette.land[0]]
    sheets = shades([*low, palette.paper, mix(palette.accents[2], palette.paper, 0.5), palette.accents[0]], 9)
    canvas.fill(Image.new("RGB", canvas.size, sheets[0]))
    for index, colour in enumerate(sheets[1:], start=1):
        level = 0.16 + 0.68 * index / len(sheets)
        mask = contrast(height, level - 0.01, level + 0.01)
        canvas.shadow(mask, (long * 0.003, long * 0.005), blur=long * 0.006, share=0.45)
        canvas.lay(mix(colour, WHITE, 0.25), mask)
        canvas.lay(colour, contrast(height, level + 0.004, level + 0.024))


def colour_fields(canvas: Canvas) -> None:
    """Two or three breathing rectangles on a ground."""
    chance, palette, short = canvas.chance, canvas.palette, canvas.short
    dark, pale = mix(palette.accents[0], palette.ink, 0.45), mix(palette.paper, palette.accents[2], 0.35)
    ground = chance.choice((dark, pale, mix(palette.land[2], palette.land[1], 0.3)))
    canvas.fill(Image.new("RGB", canvas.size, ground))
    _brushed(canvas, 0.35)
    colours = chance.sample([*palette.accents, palette.land[1], palette.paper], 3)
    shares = chance.choice(((0.55, 0.45), (0.34, 0.66), (0.24, 0.44, 0.32), (0.5, 0.14, 0.36)))
    gap, top = short * 0.03, canvas.height * 0.07
    for share, colour in zip(shares, colours, strict=False):
        tall = (canvas.height * 0.86 - gap * (len(shares) - 1)) * share
        field = canvas.part(canvas.size)
        field.fill(downwards(canvas.size, [mix(colour, WHITE, 0.1), colour, mix(colour, palette.ink, 0.12)]))
        _brushed(field, 0.5)
        canvas.lay(field.picture, _ragged(canvas, top, top + tall), 0.94)
        top += tall + gap


def _brushed(canvas: Canvas, share: float) -> None:
    """Strokes of a wide brush and the cloud of several coats."""
    strokes = noise(canvas.size, (5, canvas.height / 5), canvas.chance)
    canvas.grain(Image.blend(strokes, clouds(canvas.size, 4, 3, canvas.chance), 0.62), share)


def _ragged(canvas: Canvas, top: float, bottom: float) -> Image.Image:
    """The mask of a rectangle with the edges of a loaded brush."""
    size, margin, mask = canvas.size, canvas.short * 0.08, Image.new("L", canvas.size)
    ImageDraw.Draw(mask).rectangle([margin, top, size[0] - margin, bottom], fill=255)
    edge = soft(warped(mask, 0.012, 16, canvas.chance), canvas.short / 110)
    torn = Image.blend(edge, noise(size, (size[0] / 14, size[1] / 9), canvas.chance), 0.22)
    return ImageChops.multiply(contrast(torn, 0.3, 0.62), contrast(edge, 0.02, 0.2))


def bands(canvas: Canvas) -> None:
    """Broad flowing bands, each with its shadow on the last."""
    chance, palette, height = canvas.chance, canvas.palette, canvas.height
    number = chance.randint(7, 10)
    colours = shades([palette.sky[-1], *chance.sample(palette.accents, 3), *palette.land[1:]], number)
    canvas.fill(Image.new("RGB", canvas.size, palette.sky[-1]))
    common = line(canvas.width // 4, chance.uniform(0.9, 1.5), 1, chance)
    for index, colour in enumerate(colours):
        base, own = height * (index + 0.6) / (number + 0.4), line(canvas.width // 4, 1.6, 1, chance)
        heights = [base + height * (0.1 * a + 0.05 * b) for a, b in zip(common, own, strict=True)]
        mask = below(canvas.size, heights)
        canvas.shadow(mask, (0, -height * 0.008), blur=height * 0.022, share=0.34)
        tones = [mix(colour, WHITE, 0.2), mix(colour, palette.ink, 0.16)]
        canvas.lay(downwards(canvas.size, tones, min(heights) / height), mask)
