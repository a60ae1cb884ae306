"""Thumbnails of saved pictures. The original is never changed."""

import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

Image.MAX_IMAGE_PIXELS = 50_000_000
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


def make_thumbnails(original, medium, small):
    """Write both thumbnails of the picture at `original` (paths): Picture. Raises NotAPicture."""
    try:
        with Image.open(original, formats=FORMATS) as image:
            width, height = upright_size(image)
            profile = image.info.get("icc_profile")
            image.draft("RGB", (MEDIUM, MEDIUM))
            picture = plain(ImageOps.exif_transpose(image))
            picture.thumbnail((MEDIUM, MEDIUM), reducing_gap=1.0)
            picture.save(medium, "WEBP", quality=QUALITY, method=EFFORT, icc_profile=profile)
            picture.thumbnail((SMALL, SMALL))
            picture.save(small, "WEBP", quality=QUALITY, method=EFFORT, icc_profile=profile)
            return Picture(width, height, mean_color(picture))
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise NotAPicture(str(error)) from error


def upright_size(image):
    turned = image.getexif().get(0x0112, 1) >= 5  # EXIF orientations 5 to 8 lie on their side
    return (image.height, image.width) if turned else image.size


def plain(image):
    """RGB, or RGBA where something is transparent."""
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def mean_color(image):
    red, green, blue = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return f"#{red:02x}{green:02x}{blue:02x}"
