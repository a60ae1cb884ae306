"""Paints the pictures of the simulator: a scene that the prompt's words suggest, in colours that go together."""

import hashlib
import math
import random
import re

from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from .subjects import palettes_of, scene_of

DRAWN = 1_100_000  # pixels at which a scene is painted; larger pictures are enlarged from that
GRAIN = 5  # the strongest grain, in steps of 255
LONGEST_CAPTION = 56  # characters


def paint(words: str, size: tuple[int, int], chance: random.Random) -> Image.Image:
    """A picture of mode RGB and exactly that size. The words decide what it shows, `chance` everything else."""
    scene = scene_of(words)
    palette = chance.choice(palettes_of(words, scene))
    picture = scene(_working_size(size), palette, chance)
    picture = picture.resize(size, Image.Resampling.BICUBIC)
    _grain(picture, chance)
    _caption(picture, words)
    return picture


def _working_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size to paint at: at most DRAWN pixels, and no side too short for the scenes to compose in."""
    shrink = min(1, math.sqrt(DRAWN / (size[0] * size[1])))
    grow = max(1, 240 / (min(size) * shrink))
    return tuple(max(2, round(side * shrink * grow)) for side in size)


def _grain(picture: Image.Image, chance: random.Random) -> None:
    """The fine noise of a print; it also hides the steps of gradients."""
    side = 256
    tile = Image.frombytes("L", (side, side), chance.randbytes(side * side))
    tile = tile.point([round(128 + GRAIN * (tone / 127.5 - 1)) for tone in range(256)])
    grain = Image.new("L", picture.size)
    for y in range(0, picture.height, side):
        for x in range(0, picture.width, side):
            grain.paste(tile, (x, y))
    picture.paste(ImageChops.add(picture, grain.convert("RGB"), 1, -128))


def _caption(picture: Image.Image, words: str) -> None:
    """The prompt and its hash, small, in the lower left corner."""
    text = _legible(words)
    size = max(10, round(min(picture.size) * 0.0165))
    margin = round(size * 1.6)
    font = ImageFont.load_default(size)
    while text and font.getlength(text) > picture.width - 2 * margin:
        text = text[:-2].rstrip() + "…" if len(text) > 8 else ""
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).text((margin, picture.height - margin), text, fill=165, font=font, anchor="ls")
    box = mask.getbbox()
    if box:
        ground = ImageStat.Stat(picture.crop(box).convert("L")).mean[0]
        picture.paste((20, 20, 24) if ground > 140 else (250, 248, 244), mask=mask)


def _legible(words: str) -> str:
    """The caption, of what the bundled font can draw: Latin letters."""
    mark = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:6]
    plain = re.sub(r"\s+", " ", re.sub(r"[^\x20-\x7e\xa0-\xff]", " ", words)).strip()
    if len(plain) > LONGEST_CAPTION:
        plain = plain[:LONGEST_CAPTION].rstrip() + "…"
    return f"{plain}  ·  {mark}" if plain else mark
