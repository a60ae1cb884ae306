"""What the painters share: a canvas, gradients, noise, masks. Lengths are in pixels; a mask is an image of mode L,
white where the paint goes."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .palettes import GREY, Colour, Palette, mix

Size = tuple[int, int]
Point = tuple[float, float]
FINE = 2  # masks are drawn this much larger and reduced, for smooth edges
TONES = range(256)


@dataclass
class Canvas:
    """A picture on its way, with the colours and the chance it is painted by. `share` (0 to 1) is always how much of
    the paint sticks."""

    picture: Image.Image
    palette: Palette
    chance: random.Random

    @classmethod
    def blank(cls, size: Size, palette: Palette, chance: random.Random) -> "Canvas":
        return cls(Image.new("RGB", size), palette, chance)

    def part(self, size: Size) -> "Canvas":
        """Another, blank canvas for the same hand."""
        return Canvas.blank(size, self.palette, self.chance)

    @property
    def size(self) -> Size:
        return self.picture.size

    @property
    def width(self) -> int:
        return self.picture.width

    @property
    def height(self) -> int:
        return self.picture.height

    @property
    def short(self) -> int:
        """The shorter side, by which things are measured."""
        return min(self.picture.size)

    def fill(self, paint: Image.Image) -> None:
        self.picture.paste(paint)

    def lay(self, paint: Image.Image | Colour, mask: Image.Image, share: float = 1) -> None:
        """Put a colour or a picture on through the mask."""
        place = (0, 0) if isinstance(paint, Image.Image) else None
        self.picture.paste(paint, place, faded(mask, share) if share < 1 else mask)

    def polygon(self, paint: Image.Image | Colour, points: Sequence[Point], share: float = 1) -> None:
        self.lay(paint, cut(self.size, points), share)

    def ellipse(self, paint: Image.Image | Colour, centre: Point, radii: float | Point, share: float = 1) -> None:
        self.lay(paint, disc(self.size, centre, radii), share)

    def halo(self, centre: Point, radius: float, share: float) -> None:
        """The palette's light, strongest at the centre, nothing at the radius."""
        self.lay(self.palette.light, glow(self.size, centre, radius), share)

    def shadow(self, mask: Image.Image, shift: Point, *, blur: float, share: float) -> None:
        """Darken the picture where a shape's shadow falls."""
        self.lay(self.palette.ink, soft(moved(mask, shift), blur), share)

    def grain(self, tones: Image.Image, share: float) -> None:
        """Let a grey picture shine through: lighter where it is light, darker where it is dark."""
        flat = Image.new("RGB", self.size, GREY)
        self.fill(ImageChops.soft_light(self.picture, Image.blend(flat, tones.convert("RGB"), share)))


# ---------------------------------------------------------------- tones and colours


def ramp(tones: Image.Image, colours: Sequence[Colour]) -> Image.Image:
    """A grey picture in colours: black becomes the first, white the last, the others stand between at even steps."""
    table = [_at(colours, tone / 255) for tone in TONES]
    return Image.merge("RGB", [tones.point([colour[band] for colour in table]) for band in range(3)])


def _at(colours: Sequence[Colour], share: float) -> Colour:
    place = share * (len(colours) - 1)
    index = min(int(place), len(colours) - 2)
    return mix(colours[index], colours[index + 1], place - index)


def shades(colours: Sequence[Colour], number: int) -> list[Colour]:
    """That many colours at even steps along the given ones."""
    return [_at(colours, step / max(number - 1, 1)) for step in range(number)]


def downwards(size: Size, colours: Sequence[Colour], begin: float = 0) -> Image.Image:
    """A gradient to the bottom; the first colour alone down to `begin`, a share of the height."""
    steps = 24
    plain = min(max(round(steps * begin), 0), steps - 2)
    return ramp(vertical(size), [colours[0]] * plain + shades(colours, steps - plain))


def vertical(size: Size) -> Image.Image:
    """Tones from black at the top to white at the bottom."""
    return Image.linear_gradient("L").resize(size, Image.Resampling.BILINEAR)


def contrast(tones: Image.Image, low: float, high: float) -> Image.Image:
    """Tones from `low` to `high` (0 to 1) stretched over the whole range, what lies beyond cut off."""
    return tones.point([round(255 * min(max((tone / 255 - low) / (high - low), 0), 1)) for tone in TONES])


def faded(mask: Image.Image, share: float) -> Image.Image:
    return mask.point([round(tone * share) for tone in TONES])


# ---------------------------------------------------------------- noise


def noise(size: Size, hills: Point, chance: random.Random) -> Image.Image:
    """Smooth random tones with about that many hills across and down."""
    columns, rows = (max(2, round(number) + 1) for number in hills)
    seeds = Image.frombytes("L", (columns, rows), chance.randbytes(columns * rows))
    return seeds.resize(size, Image.Resampling.BICUBIC)


def clouds(size: Size, hills: float, octaves: int, chance: random.Random) -> Image.Image:
    """Noise in ever finer and fainter layers; `hills` along the longer side to begin with."""
    across, down = (hills * side / max(size) for side in size)
    tones = noise(size, (across, down), chance)
    for octave in range(1, octaves):
        finer = noise(size, (across * 2**octave, down * 2**octave), chance)
        tones = Image.blend(tones, finer, 0.5 / (octave + 0.6))
    return contrast(tones, 0.14, 0.86)


def line(length: int, waves: float, octaves: int, chance: random.Random, rough: float = 0.5) -> list[float]:
    """A smooth random line of values around 0, mostly within -1 and 1; the rougher, the more its fine waves count."""
    values = [0.0] * length
    for octave in range(octaves):
        knots = [chance.uniform(-1, 1) for _ in range(math.ceil(waves * 2**octave) + 3)]
        step, strength = waves * 2**octave / length, rough**octave
        for index in range(length):
            left, share = divmod(index * step, 1)
            share = share * share * (3 - 2 * share)
            values[index] += strength * (knots[int(left)] * (1 - share) + knots[int(left) + 1] * share)
    return values


def warped(picture: Image.Image, strength: float, waves: float, chance: random.Random) -> Image.Image:
    """The picture as if painted on cloth that was pulled about; `strength` is a share of the longer side."""
    width, height = picture.size
    columns, rows = 40, max(2, round(40 * height / width))
    shifts = [_shifts((columns + 1, rows + 1), waves, strength * max(width, height), chance) for _ in range(2)]

    def pulled(column: int, row: int) -> Point:
        at = row * (columns + 1) + column
        x, y = column * width / columns + shifts[0][at], row * height / rows + shifts[1][at]
        return min(max(x, 0), width - 1), min(max(y, 0), height - 1)

    mesh = []
    for row in range(rows):
        for column in range(columns):
            left, right = (edge * width // columns for edge in (column, column + 1))
            top, bottom = (edge * height // rows for edge in (row, row + 1))
            corners = [(column, row), (column, row + 1), (column + 1, row + 1), (column + 1, row)]
            mesh.append(((left, top, right, bottom), [edge for corner in corners for edge in pulled(*corner)]))
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _shifts(grid: Size, waves: float, reach: float, chance: random.Random) -> list[float]:
    field = noise(grid, (waves, waves * grid[1] / grid[0]), chance)
    return [(tone / 255 - 0.5) * 2 * reach for tone in field.tobytes()]


# ---------------------------------------------------------------- masks


def cut(size: Size, points: Sequence[Point]) -> Image.Image:
    """The mask of a polygon."""
    return _drawn(size, points, lambda draw, moved: draw.polygon(moved, fill=255))


def disc(size: Size, centre: Point, radii: float | Point) -> Image.Image:
    """The mask of an ellipse."""
    across, down = radii if isinstance(radii, tuple) else (radii, radii)
    corners = [(centre[0] - across, centre[1] - down), (centre[0] + across, centre[1] + down)]
    return _drawn(size, corners, lambda draw, moved: draw.ellipse(moved, fill=255))


def _drawn(size: Size, points: Sequence[Point], draw) -> Image.Image:
    """A mask drawn larger and reduced, in no more than the box of its points."""
    xs, ys = zip(*points, strict=True)
    left, top = max(0, math.floor(min(xs)) - 1), max(0, math.floor(min(ys)) - 1)
    width = min(size[0], math.ceil(max(xs)) + 2) - left
    height = min(size[1], math.ceil(max(ys)) + 2) - top
    mask = Image.new("L", size)
    if width > 0 and height > 0:
        fine = Image.new("L", (width * FINE, height * FINE))
        draw(ImageDraw.Draw(fine), [((x - left) * FINE, (y - top) * FINE) for x, y in points])
        mask.paste(fine.reduce(FINE), (left, top))
    return mask


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """The corners of a rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def arc(centre: Point, radii: float | Point, begin: float, end: float) -> list[Point]:
    """Points along an ellipse between two angles, which are in half turns from the right, clockwise."""
    across, down = radii if isinstance(radii, tuple) else (radii, radii)
    angles = [math.pi * (begin + (end - begin) * step / 36) for step in range(37)]
    return [(centre[0] + across * math.cos(angle), centre[1] + down * math.sin(angle)) for angle in angles]


def rotated(points: Sequence[Point], angle: float, foot: Point) -> list[Point]:
    """Points around the origin turned by an angle (radians) and moved to the foot."""
    cos, sin = math.cos(angle), math.sin(angle)
    return [(foot[0] + x * cos - y * sin, foot[1] + x * sin + y * cos) for x, y in points]


def below(size: Size, heights: Sequence[float]) -> Image.Image:
    """The mask of everything under a line, given as y at even steps from left to right."""
    step = size[0] / (len(heights) - 1)
    edge = [(index * step, y) for index, y in enumerate(heights)]
    return cut(size, [(0, size[1] + 2), *edge, (size[0], size[1] + 2)])


def glow(size: Size, centre: Point, radius: float) -> Image.Image:
    """A mask that is white at the centre and fades to nothing at the radius."""
    side = max(2, round(radius * 2))
    spot = contrast(ImageChops.invert(Image.radial_gradient("L")), 0.29, 1).point(
        [tone * tone // 255 for tone in TONES]
    )
    mask = Image.new("L", size)
    corner = round(centre[0] - radius), round(centre[1] - radius)
    mask.paste(spot.resize((side, side), Image.Resampling.BICUBIC), corner)
    return mask


def moved(mask: Image.Image, shift: Point) -> Image.Image:
    """The mask shifted; what is pushed out on one side does not come back on the other."""
    shifted = Image.new("L", mask.size)
    shifted.paste(mask, (round(shift[0]), round(shift[1])))
    return shifted


def soft(mask: Image.Image, radius: float) -> Image.Image:
    """Blurred, where there is anything to blur."""
    blurred = Image.new("L", mask.size)
    found = mask.getbbox()
    if found:
        reach = math.ceil(radius * 3)
        left, top = max(0, found[0] - reach), max(0, found[1] - reach)
        around = (left, top, min(mask.width, found[2] + reach), min(mask.height, found[3] + reach))
        blurred.paste(_blurred(mask.crop(around), radius), around)
    return blurred


def _blurred(mask: Image.Image, radius: float) -> Image.Image:
    """A wide blur is made small and enlarged, which looks the same and takes a tenth of the time."""
    shrink = max(1, int(radius / 3))
    small = mask.resize([max(2, side // shrink) for side in mask.size], Image.Resampling.BOX)
    small = small.filter(ImageFilter.GaussianBlur(radius / shrink))
    return small.resize(mask.size, Image.Resampling.BICUBIC)


def mirrored(upper: Image.Image, size: Size, tint: Image.Image, chance: random.Random) -> Image.Image:
    """A whole scene of that size: the upper part, and below it its image in tinted, barely moving water."""
    scene = Image.new("RGB", size)
    scene.paste(upper)
    depth = size[1] - upper.height
    image = upper.transpose(Image.Transpose.FLIP_TOP_BOTTOM).crop((0, 0, size[0], depth))
    image = warped(image, 0.006, 30, chance).filter(ImageFilter.BoxBlur((1, 4)))
    scene.paste(Image.blend(image, tint.resize(image.size), 0.4), (0, upper.height))
    return scene
