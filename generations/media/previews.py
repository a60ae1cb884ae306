"""The picture that stands for a gallery where its address is posted: the first of what it shows, side by side."""

from io import BytesIO

from PIL import Image, ImageOps

SIZE = WIDTH, HEIGHT = 1200, 630  # what chat programs expect
GAP = 6
PAPER = "#fafaf8"
MOST = 5
HALF, THIRD = 600, 400
FRAMES = {  # how many pictures → left, top, right, bottom of each
    1: [(0, 0, WIDTH, HEIGHT)],
    2: [(0, 0, HALF, HEIGHT), (HALF, 0, WIDTH, HEIGHT)],
    3: [(0, 0, 2 * THIRD, HEIGHT), (2 * THIRD, 0, WIDTH, 315), (2 * THIRD, 315, WIDTH, HEIGHT)],
    4: [(0, 0, HALF, 315), (HALF, 0, WIDTH, 315), (0, 315, HALF, HEIGHT), (HALF, 315, WIDTH, HEIGHT)],
    5: [
        (0, 0, HALF, HEIGHT),
        *((left, top, left + 300, top + 315) for top in (0, 315) for left in (HALF, HALF + 300)),
    ],
}


def draw(files):
    """JPEG bytes from one to five open pictures."""
    sheet = Image.new("RGB", SIZE, PAPER)
    for file, frame in zip(files, FRAMES[len(files)], strict=True):
        left, top, right, bottom = apart(*frame)
        with Image.open(file) as picture:
            sheet.paste(fitted(picture, (right - left, bottom - top)), (left, top))
    drawn = BytesIO()
    sheet.save(drawn, "JPEG", quality=85, optimize=True, progressive=True)
    return drawn.getvalue()


def apart(left, top, right, bottom):
    """The frame less half a gap on each side that is not an edge of the sheet."""
    half = GAP // 2
    return left and left + half, top and top + half, right - half * (right < WIDTH), bottom - half * (bottom < HEIGHT)


def fitted(picture, size):
    """Cropped to this size around its middle; a tall one alone on a wide sheet is shown whole instead."""
    whole = Image.new("RGBA", picture.size, PAPER)
    whole.alpha_composite(picture.convert("RGBA"))
    if size == SIZE and picture.width < picture.height * 1.2:
        return ImageOps.pad(whole.convert("RGB"), size, color=PAPER)
    return ImageOps.fit(whole.convert("RGB"), size)
