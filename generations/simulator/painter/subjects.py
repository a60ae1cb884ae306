"""What a prompt asks for: the scene and the colours its words speak of."""

import random
import re
from collections.abc import Callable

from . import city, fields, indoors, land, palettes, paper, portrait, space, water
from .brush import Canvas
from .palettes import Palette

Scene = Callable[[Canvas], None]

SCENES: dict[Scene, str] = {  # a word of the prompt counts when one of these begins it
    water.lighthouse: "lighthouse beacon",
    land.ridges: "mountain hill alp valley fog mist forest fir pine wood ridge peak summit highland landscape",
    land.dunes: "dune desert sand sahara savanna canyon oasis caravan",
    water.sea: "sea ocean coast beach harbo boat sail ship wave island lake water bay shore river horizon",
    water.aurora: "aurora northern arctic polar iceland",
    city.city: "city skyline street tower downtown metropolis lantern neon rooftop canal bridge urban",
    indoors.still_life: "vase bottle fruit pear apple lemon bowl cup table ceramic pottery glass still tea coffee jug",
    indoors.stones: "stone pebble zen rock balance meditat",
    space.planet: "planet space galax cosmos cosmic saturn orbit astronaut universe rocket",
    indoors.arches: "arch stair house villa courtyard interior room column temple building",
    portrait.portrait: "portrait face woman man girl boy person people child queen king fashion",
    paper.botanical: "flower plant leaf leaves herb garden botanic bouquet tree fern tulip blossom",
    paper.poster: "poster bauhaus geometr graphic logo minimal circle modernist typograph",
    paper.terrazzo: "terrazzo mosaic tile floor confetti",
    paper.cutouts: "cutout collage matisse paper pattern",
    fields.silk: "silk fabric liquid flow fluid chrome dress cloth",
    fields.marble: "marble ink smoke cloud nebula watercolo paint",
    fields.topography: "map topograph contour terrain relief",
    fields.colour_fields: "colour color abstract field rothko canvas expression",
    fields.bands: "stripe band curve rainbow layer",
}
MOODS: dict[str, tuple[Palette, ...]] = {
    "night moon star midnight dark nocturn": palettes.NIGHT,
    "sunset dusk evening twilight": palettes.SUNSET,
    "dawn morning sunrise": (palettes.DAWN, palettes.ROSE),
    "autumn warm gold fire amber orange desert summer copper": palettes.WARM,
    "winter snow ice cold blue rain": palettes.COOL,
    "green spring jungle forest emerald moss": (palettes.JADE, palettes.LAGOON),
    "fog mist grey gray silver": (palettes.FOG, palettes.SLATE),
    "pink rose coral red": (palettes.ROSE, palettes.DAWN),
    "violet purple lavender lilac": (palettes.PLUM, palettes.EMBER),
    "teal turquoise lagoon tropic": (palettes.LAGOON, palettes.JADE),
}
USUAL: dict[Scene, tuple[Palette, ...]] = {  # the others are painted by day
    water.sea: (*palettes.SUNSET, palettes.LAGOON, palettes.INDIGO),
    water.lighthouse: (*palettes.SUNSET, palettes.LAGOON, palettes.INDIGO),
    land.dunes: palettes.WARM,
    city.city: (*palettes.SUNSET, *palettes.NIGHT),
    space.planet: (*palettes.NIGHT, palettes.EMBER),
}


def scene_of(words: str) -> Scene:
    """The scene most of the words speak of, the first of equals; without any, one that the whole prompt decides."""
    counts = {scene: _hits(stems, words) for scene, stems in SCENES.items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else random.Random(words).choice(list(SCENES))  # noqa: S311


def palettes_of(words: str, scene: Scene) -> tuple[Palette, ...]:
    """The palettes that fit: those of the first mood the words name, else the scene's usual ones."""
    if scene is water.aurora:
        return (palettes.POLAR,)
    named = [mood for stems, mood in MOODS.items() if _hits(stems, words)]
    return named[0] if named else USUAL.get(scene, palettes.DAY)


def _hits(stems: str, words: str) -> int:
    return len(re.findall(rf"\b(?:{'|'.join(stems.split())})", words.lower()))
