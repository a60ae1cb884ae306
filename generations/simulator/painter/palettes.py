"""Colours that go together, by mood."""

from dataclasses import dataclass

from PIL import ImageColor

Colour = tuple[int, int, int]
WHITE = (255, 255, 255)
GREY = (128, 128, 128)


@dataclass(frozen=True)
class Palette:
    """`sky` from the top to the horizon, `land` from far to near, four `accents` for things, `light` of sun or moon,
    `paper` and `ink` for flat work."""

    sky: tuple[Colour, ...]
    land: tuple[Colour, ...]
    accents: tuple[Colour, ...]
    light: Colour
    paper: Colour
    ink: Colour
    night: bool = False


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` 0 gives the first colour, 1 the other."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


def _palette(sky: str, land: str, accents: str, flat: str, *, night: bool = False) -> Palette:
    """From hexadecimal colours; `flat` are light, paper and ink."""
    groups = [tuple(ImageColor.getrgb(f"#{word}") for word in words.split()) for words in (sky, land, accents)]
    return Palette(*groups, *(ImageColor.getrgb(f"#{word}") for word in flat.split()), night=night)


DAWN = _palette("e9a983 f5cfae fdeeda", "b3c0c4 6d8799 1f3648", "d9643f 31557f f0c27b 7fa39a", "fff6e3 f6efe4 22303c")
ROSE = _palette("e98f83 f5bfae fde6da", "e2a196 a8566a 3c1730", "c4472f 70294a f2c14e e8a598", "fffaf0 faf0ea 3a1a2a")
JADE = _palette("bcd6bd dfe8cc f8f3dc", "a4c7ab 4d8a7d 0d3435", "ee5f43 0b6a69 f0bc2c 9cc5a9", "f5a83c f3f2e4 11302f")
EMBER = _palette("38204f a2415e f6a268", "8c3d58 4f2347 190d20", "f2703f 7a2b52 ffc75f 2d4a6d", "ffe0ab fbeee2 2a1430")
LAGOON = _palette("7fbfc4 bfe0d8 f7f0dc", "6fb2b0 23757c 05303b", "f26b4e f6bf45 0d4a57 a7d3c6", "fff3d2 f1f1e6 07323c")
OCHRE = _palette("ecc48a f5dcb0 fdf0d8", "d99f59 a4603a 4a2216", "b23c27 2b6a70 e6ab3d efd9b4", "fff6dc f8efdd 3a1f14")
FOG = _palette("b4c0c4 d3dad9 f1eee7", "a3afb3 64747d 222b32", "e4572e 3c5662 c9b79c 8fa3a5", "ee6142 f2efe9 242c33")
PLUM = _palette("b79bd0 e3c5da fce9dc", "ab8dbe 67467f 251539", "e06d53 5a3a7e f3bf63 c7a7d6", "fff3dc f6eff3 2a1a3e")
SLATE = _palette("2f5378 85a5bb f2dcc2", "6a88a2 34536f 0c1d2d", "dd6b4d 2c5d86 f0c987 a9bfca", "fff1cc eff0ee 102437")
INDIGO = _palette(
    "0a1030 1c2860 5566a4", "47589a 25346f 090e22", "f4a259 4f9d8f 8cb3ff e9e2c8", "f8edc8 e8e5ef 0b1230", night=True
)
MIDNIGHT = _palette(
    "04060f 101a3c 2f3f6f", "26345f 131d3d 04070f", "ffb86b 6ea8ff e8647a f5e9c9", "fff4d8 e9e9ee 070b1a", night=True
)
POLAR = _palette(
    "040814 0a2036 12504f", "0f3a44 0a2230 04090f", "38e8a0 7a5cff 2bb3c0 ff8fb1", "d9ffe9 e5efec 04101a", night=True
)

DAY = (DAWN, JADE, LAGOON, OCHRE, FOG, ROSE, SLATE, PLUM)
SUNSET = (EMBER, ROSE, SLATE, PLUM)
NIGHT = (INDIGO, MIDNIGHT)
WARM = (OCHRE, DAWN, ROSE, EMBER)
COOL = (SLATE, LAGOON, FOG, JADE)
