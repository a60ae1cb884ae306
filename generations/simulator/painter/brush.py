"""What the painters share: gradients, noise, masks, light. Sizes are (width, height) in pixels; a mask is an image
of mode L, white where the paint goes."""

import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .palettes import Colour, mix

Size = tuple[int, int]
Points = list[tuple[float, float]]
FINE = 2  # masks are drawn this much larger and reduced, for smooth edges


# ---------------------------------------------------------------- tones and colours


def ramp(tones: Image.Image, colours: Sequence[Colour]) -> Image.Image:
    """A grey picture in colours: black becomes the first, white the last, the others stand between at even steps."""
    table = [_at(colours, tone / 255) for tone in range(256)]
    return Image.merge("RGB", [tones.point([colour[band] for colour in table]) for band in range(3)])


def _at(colours: Sequence[Colour], share: float) -> Colour:
    place = share * (len(colours) - 1)
    index = min(int(place), len(colours) - 2)
    return mix(colours[index], colours[index + 1], place - index)


def shades(colours: Sequence[Colour], number: int) -> list[Colour]:
    """That many colours at even steps along the given ones."""
    return [_at(colours, step / max(number - 1, 1)) for step in range(number)]


def downwards(size: Size, colours: Sequence[Colour]) -> Image.Image:
    """A gradient from the top to the bottom."""
    return ramp(Image.linear_gradient("L").resize(size, Image.Resampling.BILINEAR), colours)


def contrast(tones: Image.Image, low: float, high: float) -> Image.Image:
    """Tones from `low` to `high` (0 to 1) stretched over the whole range, what lies beyond cut off."""
    return tones.point([round(255 * min(max((tone / 255 - low) / (high - low), 0), 1)) for tone in range(256)])


def faded(mask: Image.Image, share: float) -> Image.Image:
    return mask.point([round(tone * share) for tone in range(256)])


# ---------------------------------------------------------------- noise


def noise(size: Size, cells: tuple[float, float], chance: random.Random) -> Image.Image:
    """Smooth random tones with about that many hills across and down."""
    columns, rows = (max(2, round(number) + 1) for number in cells)
    seeds = Image.frombytes("L", (columns, rows), chance.randbytes(columns * rows))
    return seeds.resize(size, Image.Resampling.BICUBIC)


def clouds(size: Size, cells: float, octaves: int, chance: random.Random) -> Image.Image:
    """Noise in ever finer and fainter layers; `cells` hills along the longer side to begin with."""
    longer = max(size)
    across, down = cells * size[0] / longer, cells * size[1] / longer
    tones = noise(size, (across, down), chance)
    for octave in range(1, octaves):
        finer = noise(size, (across * 2**octave, down * 2**octave), chance)
        tones = Image.blend(tones, finer, 0.5 / (octave + 0.6))
    return contrast(tones, 0.14, 0.86)


def line(length: int, waves: float, octaves: int, chance: random.Random, rough: float = 0.5) -> list[float]:
    """A smooth random line of values around 0, mostly within -1 and 1."""
    values = [0.0] * length
    strength = 1.0
    for octave in range(octaves):
        knots = [chance.uniform(-1, 1) for _ in range(math.ceil(waves * 2**octave) + 3)]
        step = waves * 2**octave / length
        for index in range(length):
            place = index * step
            left, share = int(place), place % 1
            share = share * share * (3 - 2 * share)
            values[index] += strength * (knots[left] * (1 - share) + knots[left + 1] * share)
        strength *= rough
    return values


def warped(picture: Image.Image, strength: float, waves: float, chance: random.Random) -> Image.Image:
    """The picture as if painted on cloth that was pulled about; `strength` is a share of the longer side."""
    width, height = picture.size
    grid = 40
    reach = strength * max(width, height)
    columns, rows = grid, max(2, round(grid * height / width))
    fields = [noise((columns + 1, rows + 1), (waves, waves * height / width), chance) for _ in range(2)]
    shifts = [[(tone / 255 - 0.5) * 2 * reach for tone in field.tobytes()] for field in fields]

    def pulled(column: int, row: int) -> tuple[float, float]:
        at = row * (columns + 1) + column
        x, y = column * width / columns + shifts[0][at], row * height / rows + shifts[1][at]
        return min(max(x, 0), width - 1), min(max(y, 0), height - 1)

    mesh = []
    for row in range(rows):
        for column in range(columns):
            box = _cell(column, row, columns, rows, (width, height))
            corners = [(column, row), (column, row + 1), (column + 1, row + 1), (column + 1, row)]
            mesh.append((box, [edge for corner in corners for edge in pulled(*corner)]))
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _cell(column: int, row: int, columns: int, rows: int, size: Size) -> tuple[int, int, int, int]:
    left, right = (edge * size[0] // columns for edge in (column, column + 1))
    top, bottom = (edge * size[1] // rows for edge in (row, row + 1))
    return left, top, right, bottom


# ---------------------------------------------------------------- masks


def cut(size: Size, points: Points) -> Image.Image:
    """The mask of a polygon."""
    return _drawn(size, points, lambda draw, moved: draw.polygon(moved, fill=255))


def disc(size: Size, centre: tuple[float, float], radii: float | tuple[float, float]) -> Image.Image:
    """The mask of an ellipse."""
    x, y = centre
    across, down = radii if isinstance(radii, tuple) else (radii, radii)
    box = [(x - across, y - down), (x + across, y + down)]
    return _drawn(size, box, lambda draw, moved: draw.ellipse(moved, fill=255))


def _drawn(size: Size, points: Points, draw) -> Image.Image:
    """A mask drawn larger and reduced, in no more than the box of its points."""
    left, right = (bound(x for x, _ in points) for bound in (min, max))
    top, bottom = (bound(y for _, y in points) for bound in (min, max))
    left, top = max(0, math.floor(left) - 1), max(0, math.floor(top) - 1)
    width, height = min(size[0], math.ceil(right) + 2) - left, min(size[1], math.ceil(bottom) + 2) - top
    mask = Image.new("L", size)
    if width > 0 and height > 0:
        fine = Image.new("L", (width * FINE, height * FINE))
        draw(ImageDraw.Draw(fine), [((x - left) * FINE, (y - top) * FINE) for x, y in points])
        mask.paste(fine.reduce(FINE), (left, top))
    return mask


def glow(size: Size, centre: tuple[float, float], radius: float) -> Image.Image:
    """A mask that is white at the centre and fades to nothing at the radius."""
    side = max(2, round(radius * 2))
    spot = ImageChops.invert(Image.radial_gradient("L")).point(
        [round(255 * max(0, (t / 255 - 0.29) / 0.71) ** 2) for t in range(256)]
    )
    mask = Image.new("L", size)
    mask.paste(
        spot.resize((side, side), Image.Resampling.BICUBIC), (round(centre[0] - radius), round(centre[1] - radius))
    )
    return mask


def below(size: Size, heights: Sequence[float]) -> Image.Image:
    """The mask of everything under a line, given as y at even steps from left to right."""
    step = size[0] / (len(heights) - 1)
    edge = [(index * step, y) for index, y in enumerate(heights)]
    return cut(size, [(0, size[1] + 2), *edge, (size[0], size[1] + 2)])


def moved(mask: Image.Image, right: float, down: float) -> Image.Image:
    """The mask shifted; what is pushed out on one side does not come back on the other."""
    shifted = Image.new("L", mask.size)
    shifted.paste(mask, (round(right), round(down)))
    return shifted


def soft(mask: Image.Image, radius: float) -> Image.Image:
    """Blurred, where there is anything to blur."""
    box = mask.getbbox()
    blurred = Image.new("L", mask.size)
    if box:
        reach = math.ceil(radius * 3)
        box = (
            max(0, box[0] - reach),
            max(0, box[1] - reach),
            min(mask.width, box[2] + reach),
            min(mask.height, box[3] + reach),
        )
        blurred.paste(_blurred(mask.crop(box), radius), box)
    return blurred


def _blurred(mask: Image.Image, radius: float) -> Image.Image:
    """A wide blur is made small and enlarged, which looks the same and takes a tenth of the time."""
    shrink = max(1, int(radius / 3))
    small = mask.resize([max(2, side // shrink) for side in mask.size], Image.Resampling.BOX)
    small = small.filter(ImageFilter.GaussianBlur(radius / shrink))
    return small.resize(mask.size, Image.Resampling.BICUBIC)


def lay(picture: Image.Image, paint: Image.Image | Colour, mask: Image.Image) -> None:
    """Paint a colour or a picture through the mask."""
    picture.paste(paint, (0, 0) if isinstance(paint, Image.Image) else None, mask)


def shadow(
    picture: Image.Image,
    mask: Image.Image,
    shift: tuple[float, float],
    blur: float,
    strength: float,
    colour: Colour = (12, 10, 18),
) -> None:
    """Darken the picture where the shape's shadow falls."""
    lay(picture, colour, faded(soft(moved(mask, *shift), blur), strength))
