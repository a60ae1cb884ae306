"""What a file must be like besides its kind and size, as far as a model's description tells: formats, length, pixels.

The limits stand in the words of a parameter's description, such as "MP4/AVI/MOV, 2-30 s, sides 200-2048 px" or
"JPG/JPEG/PNG, at least 300x300 px, aspect 1:2.5-2.5:1"; what cannot be read there is not a limit.
"""

import re
from dataclasses import dataclass

UNLIMITED = 10**9
NEAR = 1.005  # a shape may be off by so much: pixels are whole

FORMATS = {  # as a description writes them → what people call them
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "png": "PNG",
    "webp": "WebP",
    "gif": "GIF",
    "mp4": "MP4",
    "mov": "MOV",
    "webm": "WebM",
    "mp3": "MP3",
    "wav": "WAV",
    "m4a": "M4A",
    "ogg": "OGG",
    "flac": "FLAC",
}
MIMES = {  # what a file is → the same names
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WebP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
    "video/mp4": "MP4",
    "video/quicktime": "MOV",
    "video/webm": "WebM",
    "audio/mpeg": "MP3",
    "audio/wav": "WAV",
    "audio/mp4": "M4A",
    "audio/ogg": "OGG",
    "audio/flac": "FLAC",
}

NUMBER = r"(\d+(?:\.\d+)?)"
WORD = re.compile(r"[a-z0-9]+", re.IGNORECASE)
SECONDS = re.compile(rf"\b{NUMBER}-{NUMBER} s\b")
SIDES = re.compile(r"\bsides (\d+)-(\d+) px")
LEAST = re.compile(r"\bat least (\d+)(?:x\1)? px|\bshort side over (\d+) px")
SHAPE = re.compile(rf"\baspect {NUMBER}:{NUMBER}-{NUMBER}:{NUMBER}")


@dataclass(frozen=True)
class Limits:
    """formats: what people call them, none when any will do. seconds, sides (pixels) and shape (width by height) are
    the least and the most, inclusive."""

    formats: tuple[str, ...] = ()
    seconds: tuple[float, float] = (0, UNLIMITED)
    sides: tuple[int, int] = (0, UNLIMITED)
    shape: tuple[float, float] = (0, UNLIMITED)

    @property
    def words(self):
        """What to know before choosing a file, a few words each."""
        if self.seconds != ANY.seconds:
            yield f"{self.seconds[0]:g} to {self.seconds[1]:g} s long"
        if self.sides != ANY.sides:
            yield f"{_sides(self.sides)} a side"

    def problem(self, file):
        """What is wrong with a file (mime, and width, height, duration or None), as a sentence; "" when nothing is."""
        return next(
            filter(None, (self._format_problem(file), self._length_problem(file), self._shape_problem(file))), ""
        )

    def _format_problem(self, file):
        name = MIMES.get(file.mime, "")
        if self.formats and name not in self.formats:
            return f"Give {listed(self.formats)}: this is {name or 'something else'}."
        return ""

    def _length_problem(self, file):
        low, high = self.seconds
        if file.duration is None or low <= round(file.duration, 1) <= high:
            return ""
        return f"Must be {low:g} to {high:g} s long; this has {file.duration:.3g} s."

    def _shape_problem(self, file):
        if not (file.width and file.height):
            return ""
        short, long = sorted((file.width, file.height))
        if not (self.sides[0] <= short and long <= self.sides[1]):
            return f"Each side must have {_sides(self.sides)}; this has {file.width:,} by {file.height:,}."
        low, high = self.shape
        if file.width / file.height > high * NEAR:
            return f"Too wide: at most {high:g} times as wide as high."
        if file.width / file.height < low / NEAR:
            return f"Too tall: at most {1 / low:g} times as high as wide."
        return ""


ANY = Limits()


def read(description):
    """The Limits that the words of a description tell."""
    found = {}
    known = (FORMATS[word] for word in map(str.lower, WORD.findall(description)) if word in FORMATS)
    if formats := tuple(dict.fromkeys(known)):
        found["formats"] = formats
    if match := SECONDS.search(description):
        found["seconds"] = (float(match[1]), float(match[2]))
    if match := SIDES.search(description):
        found["sides"] = (int(match[1]), int(match[2]))
    elif match := LEAST.search(description):
        found["sides"] = (int(match[1] or match[2]), UNLIMITED)
    if match := SHAPE.search(description):
        a, b, c, d = map(float, match.groups())
        found["shape"] = (a / b, c / d)
    return Limits(**found)


def listed(names):
    """ "JPEG", "JPEG or PNG", "JPEG, PNG or WebP"."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def _sides(limits):
    low, high = limits
    return f"{low:,} to {high:,} px" if high < UNLIMITED else f"at least {low:,} px"
