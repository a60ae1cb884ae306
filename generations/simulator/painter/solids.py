"""Things with weight and light on them, lit from the upper left: balls and turned vessels, and their shadows."""

import math
from dataclasses import dataclass

from PIL import Image, ImageChops

from .brush import Size, contrast, cut, disc, faded, lay, ramp, soft
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
        (x + radii[-1] * math.cos(a), top + len(radii) - 1 + radii[-1] * 0.2 * math.sin(a)) for a in turn(0, math.pi)
    ]
    rim = [(x - radii[0] * math.cos(a), top - radii[0] * 0.2 * math.sin(a)) for a in turn(0, math.pi)]
    return cut(size, [*rim, *right, *foot, *reversed(left)])


def turned(picture: Image.Image, vessel: "Vessel", palette: Palette) -> None:
    """A vessel made on a wheel, lit from the left."""
    x, top, radii = vessel.foot[0], vessel.top, vessel.radii
    mask = vessel.outline(picture.size)
    lay(picture, ramp(_curved_light(picture.size, x, top, radii), tones_of(vessel.colour, palette)), mask)
    _shine(picture, x, top, radii, mask, vessel.gloss)
    _mouth(picture, (x, top), radii[0], vessel.colour, palette)


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


def fruit(picture: Image.Image, centre: tuple[float, float], radius: float, colour: Colour, palette: Palette) -> None:
    foot = (centre[0], centre[1] + radius * 0.96)
    mask = disc(picture.size, centre, radius)
    cast(picture, mask, foot[1], palette)
    stand(picture, foot, radius * 0.6, palette)
    ball(picture, centre, (radius, radius * 0.97), colour, palette)


def turn(begin: float, end: float, steps: int = 24) -> list[float]:
    return [begin + (end - begin) * step / steps for step in range(steps + 1)]
