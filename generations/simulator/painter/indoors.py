"""Still scenes: vessels on a table, pebbles on water, arches in the sun."""

from PIL import Image, ImageChops, ImageDraw

from .brush import Canvas, Point, arc, box, clouds, contrast, cut, disc, downwards, mirrored, soft
from .palettes import WHITE, Colour, mix
from .solids import SLENDER, Vessel, ball, cast, fruit, stand, turned


def still_life(canvas: Canvas) -> None:
    """Vessels and fruit on a table in window light."""
    chance, height = canvas.chance, canvas.height
    edge = height * chance.uniform(0.6, 0.68)
    _room(canvas, edge)
    middle = canvas.width * chance.uniform(0.44, 0.52)
    vessels = _vessels(canvas, middle, edge)
    for vessel in vessels:
        cast(canvas, vessel.outline(canvas.size), vessel.foot[1])
        stand(canvas, vessel.foot, vessel.radii[-1])
    for vessel in sorted(vessels, key=lambda vessel: vessel.foot[1]):
        turned(canvas, vessel)
    for slot in chance.sample((-1.5, -0.9, -0.3, 0.3, 0.9, 1.5), chance.randint(1, 3)):
        radius = canvas.short * chance.uniform(0.034, 0.052)
        place = middle + canvas.short * 0.23 * slot, edge + (height - edge) * chance.uniform(0.5, 0.64) - radius
        fruit(canvas, place, radius, chance.choice(canvas.palette.accents[:3]))


def _vessels(canvas: Canvas, middle: float, edge: float) -> list[Vessel]:
    chance, palette, short = canvas.chance, canvas.palette, canvas.short
    number = chance.randint(2, 3) if canvas.width < canvas.height * 1.3 else chance.randint(3, 4)
    shapes, colours = chance.sample(sorted(SLENDER), number), chance.sample([*palette.accents, palette.paper], number)
    vessels = []
    for index, (shape, colour) in enumerate(zip(shapes, colours, strict=True)):
        x = middle + short * 0.23 * (index - (number - 1) / 2) * chance.uniform(0.95, 1.15)
        base = edge + (canvas.height - edge) * chance.uniform(0.12, 0.32)
        wide = short * chance.uniform(0.1, 0.14)
        tall = min(wide * SLENDER[shape], edge * 0.72)
        vessels.append(Vessel((x, base), tall, wide, shape, colour, chance.choice((0.12, 0.3, 0.55))))
    return vessels


def _room(canvas: Canvas, edge: float) -> None:
    """A wall with the light of a window on it, and a table top from `edge` down."""
    palette, width, height = canvas.palette, canvas.width, canvas.height
    wall, table = canvas.chance.choice(
        [
            (palette.paper, palette.sky[-1]),
            (mix(palette.land[0], palette.paper, 0.45), palette.paper),
            (mix(palette.sky[0], palette.paper, 0.4), mix(palette.paper, palette.land[0], 0.25)),
        ]
    )
    canvas.fill(downwards(canvas.size, [mix(wall, palette.ink, 0.1), wall]))
    canvas.lay(mix(palette.light, WHITE, 0.75), soft(_panes(canvas), canvas.short / 90), 0.5)
    top = cut(canvas.size, box(-2, edge, width + 2, height + 2))
    canvas.shadow(top, (0, -height * 0.006), blur=height * 0.02, share=0.16)
    surface = [mix(table, palette.ink, 0.16), table, mix(table, WHITE, 0.1)]
    canvas.lay(downwards(canvas.size, surface, edge / height), top)


def _panes(canvas: Canvas) -> Image.Image:
    """The mask of a slanting window of four panes."""
    panes, pane, lean = Image.new("L", canvas.size), canvas.short * 0.2, canvas.short * 0.16
    draw = ImageDraw.Draw(panes)
    x, y = canvas.width * canvas.chance.uniform(0.1, 0.4), canvas.height * 0.06
    for column in range(2):
        for row in range(2):
            left, top = x + column * pane * 1.12 + row * lean * 0.9, y + row * pane * 1.25
            upper = [(left, top), (left + pane, top + pane * 0.18)]
            draw.polygon([*upper, *((a + lean, b + pane * 1.12) for a, b in reversed(upper))], fill=255)
    return panes


# ---------------------------------------------------------------- pebbles


def stones(canvas: Canvas) -> None:
    """Pebbles in balance on still water."""
    chance, palette, short = canvas.chance, canvas.palette, canvas.short
    shore = round(canvas.height * chance.uniform(0.66, 0.72))
    upper = canvas.part((canvas.width, shore))
    upper.fill(downwards(upper.size, palette.sky))
    warm, pale = mix(palette.accents[1], palette.ink, 0.25), mix(palette.paper, palette.land[0], 0.3)
    colour = chance.choice((mix(palette.land[1], palette.paper, 0.3), pale, warm))
    for _ in range(chance.randint(4, 6)):
        across = short * chance.uniform(0.08, 0.16)
        share = chance.choice((chance.uniform(0, 0.25), chance.uniform(0.75, 1)))
        place = share * canvas.width, shore - across * 0.3
        _stone(upper, place, (across, across * 0.42), mix(colour, palette.land[1], 0.3))
    _pile(upper, colour, short * chance.uniform(0.19, 0.24))
    tint = downwards(canvas.size, [mix(palette.sky[-1], palette.land[1], 0.3), palette.land[1]])
    canvas.fill(mirrored(upper.picture, canvas.size, tint, chance))


def _pile(canvas: Canvas, colour: Colour, across: float) -> None:
    chance = canvas.chance
    x, y = canvas.width * chance.uniform(0.4, 0.6), float(canvas.height)
    while across > canvas.short * 0.05 and y > canvas.height * 0.22:
        down = across * chance.uniform(0.36, 0.5)
        tint = mix(colour, chance.choice(canvas.palette.land[:2]), chance.uniform(0, 0.35))
        _stone(canvas, (x, y - down * 0.94), (across, down), tint)
        x, y = x + across * chance.uniform(-0.1, 0.1), y - down * 1.88
        across *= chance.uniform(0.72, 0.86)


def _stone(canvas: Canvas, centre: Point, radii: Point, colour: Colour) -> None:
    skin = contrast(clouds((160, 80), 12, 4, canvas.chance), -1.6, 2.6)
    ball(canvas, centre, radii, colour, skin)
    touch = disc(canvas.size, (centre[0], centre[1] + radii[1] * 0.93), (radii[0] * 0.6, radii[1] * 0.22))
    canvas.lay(canvas.palette.ink, soft(touch, radii[1] * 0.12 + 1), 0.5)


# ---------------------------------------------------------------- arches


def arches(canvas: Canvas) -> None:
    """Plastered walls, an arch, steps and balls in the sun."""
    chance, palette, short = canvas.chance, canvas.palette, canvas.short
    edge, x = canvas.height * chance.uniform(0.7, 0.76), canvas.width * chance.uniform(0.3, 0.4)
    canvas.fill(downwards(canvas.size, [mix(palette.sky[0], palette.paper, 0.3), palette.sky[-1]]))
    _wall(canvas, (x + short * 0.3, edge - short * chance.uniform(0.3, 0.4)), (x + short * 0.62, edge))
    floor = downwards(canvas.size, [mix(palette.paper, palette.land[0], 0.35), palette.paper], 0.7)
    canvas.polygon(floor, box(-2, edge, canvas.width + 2, canvas.height + 2))
    _arch(canvas, (x, edge + short * 0.02), short * 0.26, short * chance.uniform(0.52, 0.62))
    _steps(canvas, (x + short * 0.34, edge + short * 0.05), short * 0.075)
    colours = chance.sample([*palette.accents[1:], palette.paper], 3)
    for slot, share, colour in zip(
        chance.sample((-0.44, -0.24, -0.02, 0.2), 3), (0.075, 0.055, 0.04), colours, strict=True
    ):
        place = x + short * slot, edge + short * (chance.uniform(0.06, 0.16) - share * 0.5)
        fruit(canvas, place, short * share, colour)
    if chance.random() < 0.5:
        canvas.fill(canvas.picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT))


def _wall(canvas: Canvas, corner: Point, opposite: Point) -> None:
    colour, wide = canvas.palette.accents[1], opposite[0] - corner[0]
    mask = cut(canvas.size, box(*corner, *opposite))
    canvas.shadow(mask, (wide * 0.1, 0), blur=wide * 0.06, share=0.3)
    canvas.lay(downwards(canvas.size, [mix(colour, WHITE, 0.18), mix(colour, canvas.palette.ink, 0.12)]), mask)


def _arch(canvas: Canvas, foot: Point, half: float, tall: float) -> None:
    """A wall with a round opening; its thickness shows on the right of both."""
    colour, ink, (x, base) = canvas.palette.accents[0], canvas.palette.ink, foot
    top, right = base - tall, x + half
    opening, depth = _opening(canvas, foot, half, tall), _opening(canvas, (x + half * 0.2, base), half, tall)
    front = ImageChops.subtract(cut(canvas.size, box(x - half, top, right, base)), opening)
    cast(canvas, front, base, 0.3)
    canvas.lay(mix(colour, ink, 0.42), ImageChops.subtract(opening, depth))
    canvas.lay(downwards(canvas.size, [mix(colour, WHITE, 0.3), colour]), front)
    side = [
        (right, top),
        (right + half * 0.18, top + half * 0.1),
        (right + half * 0.18, base - half * 0.06),
        (right, base),
    ]
    canvas.polygon(mix(colour, ink, 0.3), side)


def _opening(canvas: Canvas, foot: Point, half: float, tall: float) -> Image.Image:
    (x, base), reach = foot, half * 0.54
    return cut(canvas.size, [(x + reach, base), *arc((x, base - tall * 0.42), reach, 0, -1), (x - reach, base)])


def _steps(canvas: Canvas, corner: Point, rise: float) -> None:
    paper, (x, base) = canvas.palette.paper, corner
    for step in range(4):
        left, top, right = x + step * rise * 1.1, base - (step + 1) * rise, x + 5.4 * rise
        canvas.polygon(mix(paper, canvas.palette.ink, 0.21 - 0.05 * step), box(left, top, right, top + rise))
        canvas.polygon(mix(paper, WHITE, 0.5), box(left, top, right, top + rise * 0.16))
