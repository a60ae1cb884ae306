"""Paints the pictures of the simulator: a scene that the prompt's words suggest, in colours that go together."""

import hashlib
import math
import random
import re

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from .brush import Canvas, Size
from .subjects import palettes_of, scene_of

DRAWN = 1_100_000  # pixels at which a scene is painted; larger pictures are enlarged from that
SHORTEST = 240  # pixels; scenes need room to compose in, smaller pictures are reduced from that
GRAIN = 5  # the strongest grain, in steps of 255
TILE = 256  # pixels; the grain repeats after that
LONGEST_CAPTION = 56  # characters


def paint(words: str, size: Size, chance: random.Random) -> Image.Image:
    """A picture of mode RGB and exactly that size. The words decide what it shows, `chance` everything else."""
    scene = scene_of(words)
    canvas = Canvas.blank(_working_size(size), chance.choice(palettes_of(words, scene)), chance)
    scene(canvas)
    picture = canvas.picture.resize(size, Image.Resampling.BICUBIC)
    picture = _grained(picture, chance)
    _caption(picture, words)
    return picture


def _working_size(size: Size) -> Size:
    scale = min(1, math.sqrt(DRAWN / (size[0] * size[1])))
    scale = max(scale, SHORTEST / min(size))
    return tuple(round(side * scale) for side in size)


def _grained(picture: Image.Image, chance: random.Random) -> Image.Image:
    """The picture with the fine noise of a print, which also hides the steps of gradients."""
    tile = Image.frombytes("L", (TILE, TILE), chance.randbytes(TILE * TILE))
    tile = tile.point([round(128 + GRAIN * (tone / 127.5 - 1)) for tone in range(256)])
    grain = Image.new("L", picture.size)
    for y in range(0, picture.height, TILE):
        for x in range(0, picture.width, TILE):
            grain.paste(tile, (x, y))
    return ImageChops.add(picture, grain.convert("RGB"), offset=-128)


def _caption(picture: Image.Image, words: str) -> None:
    """The prompt and its hash, small, in the lower left corner."""
    size = max(10, round(min(picture.size) * 0.0165))
    margin, font = round(size * 1.6), ImageFont.load_default(size)
    text, mark = _legible(words)
    while text and font.getlength(f"{text}{mark}") > picture.width - 2 * margin:
        text = text[:-1]
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).text((margin, picture.height - margin), f"{text}{mark}", fill=165, font=font, anchor="ls")
    place = mask.getbbox()
    if place:
        light = ImageStat.Stat(picture.crop(place).convert("L")).mean[0] > 140
        picture.paste((20, 20, 24) if light else (250, 248, 244), mask=mask)


def _legible(words: str) -> tuple[str, str]:
    """The part of the prompt that the bundled font can draw, which is Latin, and the mark that tells prompts apart."""
    mark = hashlib.sha256(words.encode()).hexdigest()[:6]
    plain = re.sub(r"\s+", " ", re.sub(r"[^\x20-\x7e\xa0-\xff]", " ", words)).strip()
    if len(plain) > LONGEST_CAPTION:
        plain = f"{plain[:LONGEST_CAPTION].rstrip()}…"
    return plain, f"  ·  {mark}" if plain else mark
