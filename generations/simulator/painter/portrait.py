"""A face in cut paper."""

import math
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

from .brush import Canvas, Point, box, contrast, cut, disc, soft
from .palettes import Colour, mix
from .paper import sheet, stick

SKINS = ((244, 208, 178), (236, 190, 160), (222, 170, 128), (168, 112, 78), (112, 72, 52))


@dataclass
class Sitter:
    """Who is painted, on which canvas. Places are measured from the middle of the face in units of half the picture."""

    canvas: Canvas
    skin: Colour
    hair: Colour

    @property
    def unit(self) -> float:
        return min(self.canvas.width * 0.9, self.canvas.height) * 0.5

    def at(self, *places: Point) -> list[Point]:
        x, y = self.canvas.width / 2, self.canvas.height * 0.44
        return [(x + across * self.unit, y + down * self.unit) for across, down in places]

    def shape(self, *places: Point) -> Image.Image:
        return cut(self.canvas.size, self.at(*places))

    def oval(self, centre: Point, radii: Point) -> Image.Image:
        return disc(self.canvas.size, self.at(centre)[0], (radii[0] * self.unit, radii[1] * self.unit))

    def rounded(self, mask: Image.Image) -> Image.Image:
        """The same shape with its corners taken off."""
        return contrast(soft(mask, self.unit * 0.05), 0.46, 0.54)


def portrait(canvas: Canvas) -> None:
    """A face with closed eyes: half of it in light, half in shade."""
    chance, palette = canvas.chance, canvas.palette
    ground, halo, cloth, hair = chance.sample(palette.accents, 4)
    sitter = Sitter(canvas, chance.choice(SKINS), mix(hair, palette.ink, 0.55))
    sheet(canvas, mix(ground, palette.paper, 0.35))
    reach = chance.uniform(0.72, 0.84)
    stick(canvas, mix(halo, palette.light, 0.25), sitter.oval((chance.uniform(-0.2, 0.2), -0.1), (reach, reach)))
    _hair(sitter)
    _body(sitter, cloth)
    face = _face(sitter)
    stick(canvas, sitter.skin, face)
    profile = sitter.shape((0, -1), (2, -1), (2, 1.4), (0, 1.4), (0.02, 0.2), (0.09, 0.12), (-0.01, -0.1))
    canvas.lay(mix(sitter.skin, palette.ink, 0.3), ImageChops.multiply(face, profile))
    _features(sitter)
    _fringe(sitter)


def _face(sitter: Sitter) -> Image.Image:
    places = []
    for angle in (math.pi * step / 36 for step in range(72)):
        chin = max(0, math.sin(angle))
        across = 0.33 * math.cos(angle) * (1 - 0.16 * chin**2)
        places.append((across, (0.47 if chin else 0.42) * math.sin(angle)))
    return sitter.shape(*places)


def _body(sitter: Sitter, cloth: Colour) -> None:
    neck = sitter.shape((-0.15, 0.2), (0.15, 0.2), (0.2, 0.72), (-0.2, 0.72))
    stick(sitter.canvas, mix(sitter.skin, sitter.canvas.palette.ink, 0.3), neck)
    coat = sitter.shape((-0.2, 0.5), (0.2, 0.5), (0.8, 0.86), (0.95, 2), (-0.95, 2), (-0.8, 0.86))
    collar = sitter.oval((0, 0.5), (0.24, 0.2))
    stick(sitter.canvas, cloth, ImageChops.subtract(sitter.rounded(coat), collar), 1.4)


def _hair(sitter: Sitter) -> None:
    """What is seen of the hair behind the face: full, in a knot, or long."""
    style = sitter.canvas.chance.randrange(3)
    if style == 0:
        stick(sitter.canvas, sitter.hair, sitter.oval((0, -0.1), (0.46, 0.5)))
    elif style == 1:
        stick(sitter.canvas, sitter.hair, sitter.oval((0, -0.56), (0.17, 0.17)))
        stick(sitter.canvas, sitter.hair, sitter.oval((0, -0.06), (0.37, 0.43)))
    else:
        fall = sitter.shape((-0.38, -0.1), (0.38, -0.1), (0.46, 0.66), (-0.46, 0.66))
        crown = sitter.oval((0, -0.08), (0.39, 0.43))
        stick(sitter.canvas, sitter.hair, sitter.rounded(ImageChops.lighter(fall, crown)))


def _fringe(sitter: Sitter) -> None:
    side = sitter.canvas.chance.choice((-1, 1))
    cap = ImageChops.subtract(sitter.oval((0, -0.06), (0.36, 0.42)), sitter.oval((side * 0.13, 0.13), (0.455, 0.47)))
    upper = sitter.shape(*box(-2, -2, 2, 0))
    stick(sitter.canvas, sitter.hair, ImageChops.multiply(cap, upper), 0.7)


def _features(sitter: Sitter) -> None:
    canvas, warm = sitter.canvas, sitter.canvas.palette.accents[0]
    fine = Image.new("L", (canvas.width * 2, canvas.height * 2))
    for side in (-1, 1):
        _stroke(sitter, fine, ((side * 0.15 - 0.075, -0.06), (side * 0.15 + 0.075, 0.04)), (10, 170))
        brow = (205, 325) if side < 0 else (215, 335)
        _stroke(sitter, fine, ((side * 0.15 - 0.1, -0.13), (side * 0.15 + 0.1, 0.01)), brow)
    canvas.lay(mix(canvas.palette.ink, sitter.skin, 0.1), fine.reduce(2))
    canvas.lay(mix(warm, sitter.skin, 0.25), sitter.oval((0, 0.26), (0.085, 0.028)))
    for side in (-1, 1):
        blush = soft(sitter.oval((side * 0.19, 0.12), (0.05, 0.05)), sitter.unit * 0.03)
        canvas.lay(mix(warm, sitter.skin, 0.3), blush, 0.35)


def _stroke(sitter: Sitter, fine: Image.Image, corners: tuple[Point, Point], span: tuple[int, int]) -> None:
    """An arc within that box, between two angles in degrees, drawn at twice the size."""
    ends = [place * 2 for corner in sitter.at(*corners) for place in corner]
    ImageDraw.Draw(fine).arc(ends, *span, fill=255, width=max(2, round(0.034 * sitter.unit)))
