"""Things with weight and light on them: vases and fruit, stones, a planet, arches."""

import math
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brush import (
    Points,
    Size,
    clouds,
    contrast,
    cut,
    disc,
    downwards,
    faded,
    glow,
    lay,
    noise,
    ramp,
    shades,
    shadow,
    soft,
    warped,
)
from .land import stars
from .palettes import Colour, Palette, mix

WHITE = (255, 255, 255)
PROFILES = {  # share of the height from the top → share of the greatest radius
    "bottle": ((0, 0.3), (0.03, 0.26), (0.3, 0.2), (0.45, 0.26), (0.66, 0.86), (0.8, 1), (0.94, 0.86), (1, 0.7)),
    "amphora": ((0, 0.5), (0.05, 0.42), (0.16, 0.4), (0.34, 0.92), (0.48, 1), (0.75, 0.72), (1, 0.42)),
    "gourd": ((0, 0.34), (0.05, 0.3), (0.22, 0.5), (0.34, 0.52), (0.46, 0.4), (0.7, 0.98), (0.82, 1), (1, 0.6)),
    "jar": ((0, 0.74), (0.06, 0.66), (0.16, 0.7), (0.34, 0.98), (0.6, 1), (0.88, 0.8), (1, 0.62)),
    "cylinder": ((0, 0.8), (0.05, 0.78), (0.5, 0.86), (0.95, 0.92), (1, 0.86)),
}


SLENDER = {"bottle": 4.2, "amphora": 3.1, "gourd": 3.3, "jar": 2.2, "cylinder": 2.6}  # height by greatest radius

# ---------------------------------------------------------------- solids


def tones_of(colour: Colour, palette: Palette) -> list[Colour]:
    """A colour from its shade to its light."""
    return [
        mix(colour, palette.ink, 0.72),
        mix(colour, palette.ink, 0.3),
        colour,
        mix(colour, WHITE, 0.28),
        mix(colour, WHITE, 0.6),
    ]


def ball(
    picture: Image.Image,
    centre: tuple[float, float],
    radii: tuple[float, float],
    colour: Colour,
    palette: Palette,
    skin: Image.Image | None = None,
) -> None:
    """An ellipsoid lit from the upper left, with a skin of tones if it has one."""
    across, down = (max(3, round(radius)) for radius in radii)
    side = 256
    light = Image.new("L", (side, side), 0)
    spot = ImageChops.invert(Image.radial_gradient("L")).resize((480, 480), Image.Resampling.BICUBIC)
    light.paste(spot, (round(side * 0.33) - 240, round(side * 0.28) - 240))
    body = ramp(contrast(light, 0.28, 1.0), tones_of(colour, palette)).resize(
        (across * 2 + 4, down * 2 + 4), Image.Resampling.BICUBIC
    )
    if skin:
        body = ImageChops.soft_light(body, skin.resize(body.size, Image.Resampling.BICUBIC).convert("RGB"))
    whole = Image.new("RGB", picture.size)
    whole.paste(body, (round(centre[0]) - across - 2, round(centre[1]) - down - 2))
    lay(picture, whole, disc(picture.size, centre, (across, down)))


def turned(picture: Image.Image, vessel: "Vessel", palette: Palette) -> None:
    """A vessel made on a wheel, lit from the left."""
    x, top, radii = vessel.foot[0], vessel.top, vessel.radii
    mask = vessel.outline(picture.size)
    lay(picture, ramp(_curved_light(picture.size, x, top, radii), tones_of(vessel.colour, palette)), mask)
    _shine(picture, x, top, radii, mask, vessel.gloss)
    _mouth(picture, (x, top), radii[0], vessel.colour, palette)


@dataclass(frozen=True)
class Vessel:
    """`foot` is the middle of its base, `wide` its greatest radius, `gloss` (0 to 1) how much it shines."""

    foot: tuple[float, float]
    tall: float
    wide: float
    shape: str
    colour: Colour
    gloss: float

    @property
    def radii(self) -> list[float]:
        """From the mouth to the foot, one for each row of pixels."""
        rows = max(8, round(self.tall))
        return [self.wide * _radius(PROFILES[self.shape], row / rows) for row in range(rows + 1)]

    @property
    def top(self) -> int:
        return round(self.foot[1]) - max(8, round(self.tall))

    def outline(self, size: Size) -> Image.Image:
        return _outline(size, self.foot[0], self.top, self.radii)


def _radius(profile: tuple, share: float) -> float:
    """The profile's value there, along a smooth curve through its points."""
    index = max(number for number, (place, _) in enumerate(profile[:-1]) if place <= share)
    (x1, y1), (x2, y2) = profile[index], profile[index + 1]
    x0, y0 = profile[max(index - 1, 0)]
    x3, y3 = profile[min(index + 2, len(profile) - 1)]
    step, span = (share - x1) / (x2 - x1), x2 - x1
    rise1 = span * (y2 - y0) / (x2 - x0)
    rise2 = span * (y3 - y1) / (x3 - x1)
    square, cube = step**2, step**3
    return (
        (2 * cube - 3 * square + 1) * y1
        + (cube - 2 * square + step) * rise1
        + (3 * square - 2 * cube) * y2
        + (cube - square) * rise2
    )


def _outline(size: Size, x: float, top: int, radii: list[float]) -> Image.Image:
    right = [(x + radius, top + row) for row, radius in enumerate(radii)]
    left = [(x - radius, top + row) for row, radius in enumerate(radii)]
    foot = [
        (x + radii[-1] * math.cos(a), top + len(radii) - 1 + radii[-1] * 0.2 * math.sin(a)) for a in _turn(0, math.pi)
    ]
    rim = [(x - radii[0] * math.cos(a), top - radii[0] * 0.2 * math.sin(a)) for a in _turn(0, math.pi)]
    return cut(size, [*rim, *right, *foot, *reversed(left)])


def _turn(begin: float, end: float, steps: int = 24) -> list[float]:
    return [begin + (end - begin) * step / steps for step in range(steps + 1)]


def _curved_light(size: Size, x: float, top: int, radii: list[float]) -> Image.Image:
    strip = bytes(_lambert(column / 127.5 - 1) for column in range(256))
    around = Image.frombytes("L", (256, 1), strip).resize((256, 4))
    cells = []
    for row, radius in enumerate(radii):
        box = (round(x - radius) - 1, top + row, round(x + radius) + 2, top + row + 1)
        cells.append((box, (0, 0, 0, 3, 255, 3, 255, 0)))
    foot = max(2, round(radii[-1] * 0.25))
    cells.append(
        (
            (round(x - radii[-1]) - 1, top + len(radii), round(x + radii[-1]) + 2, top + len(radii) + foot),
            (0, 0, 0, 3, 255, 3, 255, 0),
        )
    )
    return around.transform(size, Image.Transform.MESH, cells, Image.Resampling.BILINEAR)


def _lambert(across: float) -> int:
    """Light from the left front on a round wall, with a little coming back from the right edge."""
    depth = math.sqrt(max(0, 1 - across * across))
    direct = max(0.0, -0.62 * across + 0.66 * depth)
    back = max(0.0, across - 0.72) * 0.7
    return round(255 * min(1, 0.1 + 0.82 * direct + back))


def _shine(picture: Image.Image, x: float, top: int, radii: list[float], mask: Image.Image, gloss: float) -> None:
    rows = range(round(len(radii) * 0.08), round(len(radii) * 0.9))
    outer = [(x - radii[row] * 0.62, top + row) for row in rows]
    inner = [(x - radii[row] * 0.48, top + row) for row in rows]
    streak = soft(cut(picture.size, outer + inner[::-1]), max(radii) * 0.05)
    lay(picture, WHITE, faded(ImageChops.multiply(streak, mask), gloss))


def _mouth(picture: Image.Image, centre: tuple[float, float], radius: float, colour: Colour, palette: Palette) -> None:
    x, y = centre
    lay(picture, mix(colour, WHITE, 0.35), disc(picture.size, centre, (radius, radius * 0.2)))
    inside = disc(picture.size, (x, y + radius * 0.015), (radius * 0.88, radius * 0.155))
    lay(picture, mix(colour, palette.ink, 0.78), inside)


def cast(picture: Image.Image, mask: Image.Image, base: float, palette: Palette, strength: float = 0.42) -> None:
    """The shadow a thing throws to the right over the table it stands on."""
    flat, lean = 0.13, 1.05
    slope = lean / flat
    shape = mask.transform(
        picture.size,
        Image.Transform.AFFINE,
        (1, slope, -slope * base, 0, 1 / flat, base * (1 - 1 / flat)),
        Image.Resampling.BILINEAR,
    )
    lay(picture, palette.ink, faded(soft(shape, min(picture.size) / 110), strength))


def stand(picture: Image.Image, centre: tuple[float, float], radius: float, palette: Palette) -> None:
    """The dark line where a thing touches the table."""
    lay(
        picture,
        palette.ink,
        faded(soft(disc(picture.size, centre, (radius * 1.04, radius * 0.2)), radius * 0.1 + 1), 0.6),
    )


# ---------------------------------------------------------------- still life


def still_life(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Vessels and fruit on a table in window light."""
    width, height = size
    short = min(size)
    edge = height * chance.uniform(0.6, 0.68)
    picture = room(size, edge, palette, chance)
    colours = chance.sample([*palette.accents, palette.paper], len(palette.accents) + 1)
    number = chance.randint(2, 3) if width < height * 1.3 else chance.randint(3, 4)
    middle, spread = width * chance.uniform(0.44, 0.52), short * 0.23
    shapes = chance.sample(sorted(SLENDER), number)
    vessels = []
    for index, (shape, colour) in enumerate(zip(shapes, colours, strict=False)):
        wide = short * chance.uniform(0.1, 0.14)
        x = middle + spread * (index - (number - 1) / 2) * chance.uniform(0.95, 1.15)
        base = edge + (height - edge) * chance.uniform(0.12, 0.32)
        tall = min(wide * SLENDER[shape], edge * 0.72)
        vessels.append(Vessel((x, base), tall, wide, shape, colour, chance.choice((0.12, 0.3, 0.55))))
    for vessel in vessels:
        cast(picture, vessel.outline(size), vessel.foot[1], palette)
        stand(picture, vessel.foot, vessel.radii[-1], palette)
    for vessel in sorted(vessels, key=lambda vessel: vessel.foot[1]):
        turned(picture, vessel, palette)
    slots = [index * 0.6 - 1.5 for index in range(6)]
    for slot in chance.sample(slots, chance.randint(1, 3)):
        radius = short * chance.uniform(0.034, 0.052)
        place = (middle + spread * slot, edge + (height - edge) * chance.uniform(0.5, 0.64) - radius)
        fruit(picture, place, radius, chance.choice(palette.accents[:3]), palette)
    return picture


def room(size: Size, edge: float, palette: Palette, chance: random.Random) -> Image.Image:
    """A wall with the light of a window on it, and a table top from `edge` down."""
    width, height = size
    wall, table = chance.choice(
        [
            (palette.paper, palette.sky[-1]),
            (mix(palette.land[0], palette.paper, 0.45), palette.paper),
            (mix(palette.sky[0], palette.paper, 0.4), mix(palette.paper, palette.land[0], 0.25)),
        ]
    )
    picture = downwards(size, shades([mix(wall, palette.ink, 0.1), wall], 4))
    panes = Image.new("L", size)
    draw = ImageDraw.Draw(panes)
    x, y, pane, lean = width * chance.uniform(0.1, 0.4), height * 0.06, min(size) * 0.2, min(size) * 0.16
    for column in range(2):
        for row in range(2):
            left, top = x + column * pane * 1.12 + row * lean * 0.9, y + row * pane * 1.25
            draw.polygon(
                [
                    (left, top),
                    (left + pane, top + pane * 0.18),
                    (left + pane + lean, top + pane * 1.3),
                    (left + lean, top + pane * 1.12),
                ],
                fill=255,
            )
    lay(picture, mix(palette.light, WHITE, 0.75), faded(soft(panes, min(size) / 90), 0.5))
    surface = downwards(
        size,
        [mix(table, palette.ink, 0.16)] * round(20 * edge / height)
        + shades([mix(table, palette.ink, 0.16), table, mix(table, WHITE, 0.1)], 8),
    )
    mask = cut(size, [(-2, edge), (width + 2, edge), (width + 2, height + 2), (-2, height + 2)])
    shadow(picture, mask, (0, -height * 0.006), height * 0.02, 0.16, palette.ink)
    lay(picture, surface, mask)
    return picture


def fruit(picture: Image.Image, centre: tuple[float, float], radius: float, colour: Colour, palette: Palette) -> None:
    foot = (centre[0], centre[1] + radius * 0.96)
    mask = disc(picture.size, centre, radius)
    cast(picture, mask, foot[1], palette)
    stand(picture, foot, radius * 0.6, palette)
    ball(picture, centre, (radius, radius * 0.97), colour, palette)


# ---------------------------------------------------------------- stones


def stones(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Pebbles in balance on still water."""
    width, height = size
    short = min(size)
    shore = round(height * chance.uniform(0.66, 0.72))
    air = downwards((width, shore), palette.sky)
    base_colour = chance.choice(
        (
            mix(palette.land[1], palette.paper, 0.3),
            mix(palette.paper, palette.land[0], 0.3),
            mix(palette.accents[1], palette.ink, 0.25),
        )
    )
    for _ in range(chance.randint(4, 6)):
        across = short * chance.uniform(0.08, 0.16)
        _stone(
            air,
            (chance.choice((chance.uniform(0, 0.25), chance.uniform(0.75, 1))) * width, shore - across * 0.3),
            (across, across * 0.42),
            mix(base_colour, palette.land[1], 0.3),
            palette,
            chance,
        )
    x, y = width * chance.uniform(0.4, 0.6), float(shore)
    across = short * chance.uniform(0.19, 0.24)
    for _ in range(chance.randint(5, 7)):
        down = across * chance.uniform(0.36, 0.5)
        y -= down * 0.94
        _stone(
            air,
            (x, y),
            (across, down),
            mix(base_colour, chance.choice(palette.land[:2]), chance.uniform(0, 0.35)),
            palette,
            chance,
        )
        y -= down * 0.94
        x += across * chance.uniform(-0.1, 0.1)
        across *= chance.uniform(0.72, 0.86)
        if y < height * 0.14:
            break
    picture = Image.new("RGB", size)
    picture.paste(air)
    mirror = air.transpose(Image.Transpose.FLIP_TOP_BOTTOM).crop((0, 0, width, height - shore))
    mirror = warped(mirror, 0.004, 24, chance).filter(ImageFilter.BoxBlur((1, 3)))
    tint = downwards(mirror.size, [mix(palette.sky[-1], palette.land[1], 0.3), palette.land[1]])
    picture.paste(Image.blend(mirror, tint, 0.4), (0, shore))
    return picture


def _stone(
    picture: Image.Image,
    centre: tuple[float, float],
    radii: tuple[float, float],
    colour: Colour,
    palette: Palette,
    chance: random.Random,
) -> None:
    skin = contrast(clouds((160, 80), 12, 4, chance), -1.6, 2.6)
    x, y = centre
    shade = disc(picture.size, (x, y + radii[1] * 0.93), (radii[0] * 0.6, radii[1] * 0.22))
    ball(picture, centre, radii, colour, palette, skin)
    lay(picture, palette.ink, faded(soft(shade, radii[1] * 0.12 + 1), 0.5))


# ---------------------------------------------------------------- space


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


# ---------------------------------------------------------------- arches


def arches(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Plastered walls, an arch, steps and spheres in the sun."""
    width, height = size
    short = min(size)
    edge = height * chance.uniform(0.7, 0.76)
    picture = downwards(size, [mix(palette.sky[0], palette.paper, 0.3), palette.sky[-1]])
    ground = cut(size, [(-2, edge), (width + 2, edge), (width + 2, height + 2), (-2, height + 2)])
    flip = chance.random() < 0.5
    x = width * chance.uniform(0.3, 0.4)
    _wall(
        picture,
        (x + short * 0.3, edge - short * chance.uniform(0.3, 0.4), x + short * 0.62, edge),
        palette.accents[1],
        palette,
    )
    lay(picture, downwards(size, [mix(palette.paper, palette.land[0], 0.35)] * 14 + [palette.paper] * 6), ground)
    _arch(
        picture,
        (x - short * 0.26, edge - short * chance.uniform(0.5, 0.6), x + short * 0.26, edge + short * 0.02),
        palette.accents[0],
        palette,
    )
    _steps(picture, (x + short * 0.34, edge + short * 0.05), short * 0.075, palette)
    slots = chance.sample([-0.44, -0.24, -0.02, 0.2], 3)
    for slot, share, colour in zip(
        slots, (0.075, 0.04, 0.055), chance.sample([*palette.accents[1:], palette.paper], 3), strict=True
    ):
        radius = short * share
        place = (x + short * slot, edge + short * chance.uniform(0.06, 0.16) - radius * 0.5)
        fruit(picture, place, radius, colour, palette)
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip else picture


def _wall(picture: Image.Image, box: tuple[float, float, float, float], colour: Colour, palette: Palette) -> None:
    left, top, right, bottom = box
    mask = cut(picture.size, [(left, top), (right, top), (right, bottom), (left, bottom)])
    shadow(picture, mask, ((right - left) * 0.1, 0), (right - left) * 0.06, 0.3, palette.ink)
    lay(picture, downwards(picture.size, [mix(colour, WHITE, 0.18), mix(colour, palette.ink, 0.12)]), mask)


def _arch(picture: Image.Image, box: tuple[float, float, float, float], colour: Colour, palette: Palette) -> None:
    left, top, right, bottom = box
    wide, middle = right - left, (left + right) / 2
    wall = cut(picture.size, [(left, top), (right, top), (right, bottom), (left, bottom)])
    opening = _arched(picture.size, middle, bottom, wide * 0.27, (bottom - top) * 0.42)
    mask = ImageChops.subtract(wall, opening)
    cast(picture, mask, bottom, palette, 0.3)
    deep = _arched(picture.size, middle + wide * 0.1, bottom, wide * 0.27, (bottom - top) * 0.42)
    lay(picture, mix(colour, palette.ink, 0.42), ImageChops.subtract(opening, deep))
    lay(picture, downwards(picture.size, [mix(colour, WHITE, 0.3), colour]), mask)
    lay(
        picture,
        mix(colour, palette.ink, 0.3),
        cut(
            picture.size,
            [
                (right, top),
                (right + wide * 0.09, top + wide * 0.05),
                (right + wide * 0.09, bottom - wide * 0.03),
                (right, bottom),
            ],
        ),
    )


def _arched(size: Size, x: float, bottom: float, half: float, spring: float) -> Image.Image:
    round_top: Points = [(x + half * math.cos(a), bottom - spring - half * math.sin(a)) for a in _turn(0, math.pi)]
    return cut(size, [(x + half, bottom), *round_top, (x - half, bottom)])


def _steps(picture: Image.Image, corner: tuple[float, float], rise: float, palette: Palette) -> None:
    x, base = corner
    for step in range(4):
        left, top = x + step * rise * 1.1, base - (step + 1) * rise
        right = x + 5.4 * rise
        front = cut(picture.size, [(left, top), (right, top), (right, top + rise), (left, top + rise)])
        lay(picture, mix(palette.paper, palette.ink, 0.06 + 0.05 * (3 - step)), front)
        lay(
            picture,
            mix(palette.paper, WHITE, 0.5),
            cut(picture.size, [(left, top), (right, top), (right, top + rise * 0.16), (left, top + rise * 0.16)]),
        )
