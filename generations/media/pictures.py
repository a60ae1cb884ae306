"""Thumbnails of saved pictures, and of frames of films. The original is never changed."""

import warnings
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps

MAX_PIXELS = Image.MAX_IMAGE_PIXELS = 50_000_000
warnings.simplefilter("error", Image.DecompressionBombWarning)  # a bomb is an error, not a remark

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
MEDIUM, SMALL = 1024, 384  # pixels on the longer side
QUALITY, EFFORT = 80, 2  # WebP: more effort costs twice the time for the same size


class NotAPicture(Exception):
    """It cannot be decoded, or is larger than we decode."""


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    color: str  # the mean colour, #rrggbb


def is_animated(path):
    """Whether the picture has several frames. Raises NotAPicture."""
    with opened(path) as image:
        return getattr(image, "is_animated", False)


def make_thumbnails(original, medium, small):
    """Write both thumbnails of the picture at `original` (paths): Picture.

    Raises NotAPicture, and OSError when they cannot be written.
    """
    with opened(original) as image:
        width, height = upright_size(image)
        profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA") else None
        image.draft("RGB", (MEDIUM, MEDIUM))
        ImageOps.exif_transpose(image, in_place=True)
        picture = plain(image)
    return Picture(width, height, shrink(picture, medium, small, profile))


@contextmanager
def opened(path):
    """The Image at this path, of a format that we know. Raises NotAPicture, also for what is found out within."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            yield image
    except Exception as error:  # the readers of the formats raise whatever they trip over
        raise NotAPicture(str(error)) from error


def shrink(picture, medium, small, profile=None):
    """Write both thumbnails of an Image, the small from the medium, with its colour profile: the mean colour."""
    picture.thumbnail((MEDIUM, MEDIUM), reducing_gap=1.0)
    picture.save(medium, "WEBP", quality=QUALITY, method=EFFORT, icc_profile=profile)
    picture.thumbnail((SMALL, SMALL))
    picture.save(small, "WEBP", quality=QUALITY, method=EFFORT, icc_profile=profile)
    return mean_color(picture)


def upright_size(image):
    turned = image.getexif().get(0x0112, 1) >= 5  # EXIF orientations 5 to 8 lie on their side
    return (image.height, image.width) if turned else image.size


def plain(image):
    """Its pixels as RGB, or RGBA where something is transparent."""
    image.load()
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def mean_color(image):
    red, green, blue = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return f"#{red:02x}{green:02x}{blue:02x}"
