"""Things with weight and light on them, lit from the upper left: balls and turned vessels, and their shadows."""

import math
from dataclasses import dataclass

from PIL import Image, ImageChops

from .brush import Canvas, Point, Size, arc, contrast, cut, disc, ramp, soft
from .palettes import WHITE, Colour, mix

SHAPES = {  # radius at shares of the height, from the mouth down, as shares of the greatest radius
    "bottle": ((0, 0.3), (0.03, 0.26), (0.3, 0.2), (0.45, 0.26), (0.66, 0.86), (0.8, 1), (0.94, 0.86), (1, 0.7)),
    "amphora": ((0, 0.5), (0.05, 0.42), (0.16, 0.4), (0.34, 0.92), (0.48, 1), (0.75, 0.72), (1, 0.42)),
    "gourd": ((0, 0.34), (0.05, 0.3), (0.22, 0.5), (0.34, 0.52), (0.46, 0.4), (0.7, 0.98), (0.82, 1), (1, 0.6)),
    "jar": ((0, 0.74), (0.06, 0.66), (0.16, 0.7), (0.34, 0.98), (0.6, 1), (0.88, 0.8), (1, 0.62)),
    "cylinder": ((0, 0.8), (0.05, 0.78), (0.5, 0.86), (0.95, 0.92), (1, 0.86)),
}
SLENDER = {"bottle": 4.2, "amphora": 3.1, "gourd": 3.3, "jar": 2.2, "cylinder": 2.6}  # height by greatest radius
FLAT = 0.2  # how much a circle seen from the side is squeezed


def tones_of(colour: Colour, canvas: Canvas) -> list[Colour]:
    """A colour from its shade to its light."""
    ink = canvas.palette.ink
    return [mix(colour, ink, 0.72), mix(colour, ink, 0.3), colour, mix(colour, WHITE, 0.28), mix(colour, WHITE, 0.6)]


# ---------------------------------------------------------------- balls


def ball(canvas: Canvas, centre: Point, radii: Point, colour: Colour, skin: Image.Image | None = None) -> None:
    """An ellipsoid, with a skin of grey tones if it has one."""
    across, down = (max(3, round(radius)) for radius in radii)
    body = ramp(contrast(spot(256, (0.33, 0.28), 0.94), 0.28, 1), tones_of(colour, canvas))
    body = body.resize((across * 2 + 4, down * 2 + 4), Image.Resampling.BICUBIC)
    if skin:
        body = ImageChops.soft_light(body, skin.resize(body.size, Image.Resampling.BICUBIC).convert("RGB"))
    whole = Image.new("RGB", canvas.size)
    whole.paste(body, (round(centre[0]) - across - 2, round(centre[1]) - down - 2))
    canvas.ellipse(whole, centre, (across, down))


def spot(side: int, centre: Point, reach: float) -> Image.Image:
    """Tones of a square lit at one place; centre and reach are shares of the side."""
    light = ImageChops.invert(Image.radial_gradient("L")).resize(
        [round(side * reach * 2)] * 2, Image.Resampling.BICUBIC
    )
    tones = Image.new("L", (side, side))
    tones.paste(light, [round(side * (place - reach)) for place in centre])
    return tones


def fruit(canvas: Canvas, centre: Point, radius: float, colour: Colour) -> None:
    """A ball with its shadows, standing where its lower edge is."""
    foot = (centre[0], centre[1] + radius * 0.96)
    cast(canvas, disc(canvas.size, centre, radius), foot[1])
    stand(canvas, foot, radius * 0.6)
    ball(canvas, centre, (radius, radius * 0.97), colour)


# ---------------------------------------------------------------- vessels


@dataclass(frozen=True)
class Vessel:
    """A thing made on a wheel. `foot` is the middle of its base, `wide` its greatest radius, `gloss` (0 to 1) how much
    it shines."""

    foot: Point
    tall: float
    wide: float
    shape: str
    colour: Colour
    gloss: float

    @property
    def top(self) -> int:
        return round(self.foot[1]) - self._rows

    @property
    def radii(self) -> list[float]:
        """From the mouth to the foot, one for each row of pixels."""
        return [self.wide * _radius(SHAPES[self.shape], row / self._rows) for row in range(self._rows + 1)]

    @property
    def _rows(self) -> int:
        return max(8, round(self.tall))

    def outline(self, size: Size) -> Image.Image:
        x, top, radii = self.foot[0], self.top, self.radii
        right = [(x + radius, top + row) for row, radius in enumerate(radii)]
        left = [(x - radius, top + row) for row, radius in enumerate(radii)]
        base = arc((x, top + len(radii) - 1), (radii[-1], radii[-1] * FLAT), 0, 1)
        rim = arc((x, top), (radii[0], radii[0] * FLAT), 1, 2)
        return cut(size, [*rim, *right, *base, *reversed(left)])


def _radius(shape: tuple, share: float) -> float:
    """The radius there, on a smooth curve through the points of the shape (cubic Hermite)."""
    index = max(number for number, (place, _) in enumerate(shape[:-1]) if place <= share)
    (x1, y1), (x2, y2) = shape[index], shape[index + 1]
    (x0, y0), (x3, y3) = shape[max(index - 1, 0)], shape[min(index + 2, len(shape) - 1)]
    span, t = x2 - x1, (share - x1) / (x2 - x1)
    rise1, rise2 = span * (y2 - y0) / (x2 - x0), span * (y3 - y1) / (x3 - x1)
    ends = (2 * t**3 - 3 * t**2 + 1) * y1 + (3 * t**2 - 2 * t**3) * y2
    return ends + (t**3 - 2 * t**2 + t) * rise1 + (t**3 - t**2) * rise2


def turned(canvas: Canvas, vessel: Vessel) -> None:
    """Paint a vessel."""
    mask = vessel.outline(canvas.size)
    canvas.lay(ramp(_round_light(canvas.size, vessel), tones_of(vessel.colour, canvas)), mask)
    _shine(canvas, vessel, mask)
    x, top, radius = vessel.foot[0], vessel.top, vessel.radii[0]
    canvas.ellipse(mix(vessel.colour, WHITE, 0.35), (x, top), (radius, radius * FLAT))
    inside = mix(vessel.colour, canvas.palette.ink, 0.78)
    canvas.ellipse(inside, (x, top + radius * 0.015), (radius * 0.88, radius * FLAT * 0.78))


def _round_light(size: Size, vessel: Vessel) -> Image.Image:
    """Light on a round wall, squeezed into the width that the vessel has at each row."""
    strip = Image.frombytes("L", (256, 1), bytes(_lambert(column / 127.5 - 1) for column in range(256))).resize(
        (256, 4)
    )
    radii = vessel.radii
    radii += radii[-1:] * max(2, round(radii[-1] * 0.25))  # the base bulges below the last row
    cells = []
    for row, radius in enumerate(radii, start=vessel.top):
        left, right = round(vessel.foot[0] - radius) - 1, round(vessel.foot[0] + radius) + 2
        cells.append(((left, row, right, row + 1), (0, 0, 0, 3, 255, 3, 255, 0)))
    return strip.transform(size, Image.Transform.MESH, cells, Image.Resampling.BILINEAR)


def _lambert(across: float) -> int:
    """Light from the left front at that place across a round wall (-1 to 1); a little comes back from the right."""
    direct = max(0.0, -0.62 * across + 0.66 * math.sqrt(max(0, 1 - across * across)))
    back = max(0.0, across - 0.72) * 0.7
    return round(255 * min(1, 0.1 + 0.82 * direct + back))


def _shine(canvas: Canvas, vessel: Vessel, mask: Image.Image) -> None:
    x, top, radii = vessel.foot[0], vessel.top, vessel.radii
    rows = range(round(len(radii) * 0.08), round(len(radii) * 0.9))
    outer = [(x - radii[row] * 0.62, top + row) for row in rows]
    inner = [(x - radii[row] * 0.48, top + row) for row in rows]
    streak = soft(cut(canvas.size, [*outer, *reversed(inner)]), vessel.wide * 0.05)
    canvas.lay(WHITE, ImageChops.multiply(streak, mask), vessel.gloss)


# ---------------------------------------------------------------- shadows


def cast(canvas: Canvas, mask: Image.Image, base: float, share: float = 0.42) -> None:
    """The shadow a thing throws to the right over the table it stands on at `base`."""
    flat, lean = 0.13, 1.05
    slope = lean / flat
    lying = (1, slope, -slope * base, 0, 1 / flat, base * (1 - 1 / flat))
    shape = mask.transform(canvas.size, Image.Transform.AFFINE, lying, Image.Resampling.BILINEAR)
    canvas.lay(canvas.palette.ink, soft(shape, canvas.short / 110), share)


def stand(canvas: Canvas, foot: Point, radius: float) -> None:
    """The dark line where a thing touches the table."""
    touch = disc(canvas.size, foot, (radius * 1.04, radius * FLAT))
    canvas.lay(canvas.palette.ink, soft(touch, radius * 0.1 + 1), 0.6)
