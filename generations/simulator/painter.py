"""Paints."""

import random

from PIL import Image, ImageColor, ImageDraw


def paint(words: str, size: tuple[int, int], chance: random.Random) -> Image.Image:
    hue = chance.randrange(360)
    picture = Image.new("RGB", size, ImageColor.getrgb(f"hsl({hue}, 50%, 80%)"))
    draw = ImageDraw.Draw(picture)
    for layer in range(5):
        top = size[1] * (0.4 + layer * 0.12)
        points = [(0, size[1])]
        points += [(size[0] * step / 12, top + chance.uniform(-0.06, 0.06) * size[1]) for step in range(13)]
        points += [(size[0], size[1])]
        draw.polygon(points, fill=ImageColor.getrgb(f"hsl({hue}, 40%, {60 - layer * 11}%)"))
    return picture
