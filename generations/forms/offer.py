"""Which models there are to choose from, and on which side of the composer."""

import re

from generations.modellix import catalogue
from generations.modellix.inputs import inputs

SIDES = {"image": "Image", "video": "Video", "audio": "Audio"}  # what comes out → its name
FIRST_MODEL = "minimax/minimax-image-01-t2i"  # for who has not ordered anything yet
FIRST_MODELS = {
    "image": FIRST_MODEL,
    "video": "bytedance/seedance-1.5-pro-t2v",
    "audio": "alibaba/qwen-audio-3.0-tts-plus",  # speaks without the name of a voice
}
FIRST_COUNTS = {"image": 4}  # of a kind of which people want to see several; one of all others
MOST_MODELS = 6  # at once
TYPE_WORDS = re.compile(r"\s*\(?\b(T2I|I2I|T2V|I2V|Edit|Text-to-Video|Image-to-Video)\b\)?")
FROM_PICTURES = {"text-to-image": "image-to-image", "text-to-video": "image-to-video"}


def offer():
    """Every model to choose from."""
    return catalogue.orderable()


def on_offer(slug):
    """The model of this slug, None when it is not to be chosen."""
    model = catalogue.find(slug)
    return model if model and catalogue.is_orderable(model) else None


def listed(data, name):
    """All values that a page sent under this name."""
    found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    return [found] if isinstance(found, str) else found


def chosen(data, name="model"):
    """The models of these slugs, those first that the page showed first."""
    shown = listed(data, "shown")
    slugs = dict.fromkeys(listed(data, name))
    ordered = sorted(slugs, key=lambda slug: shown.index(slug) if slug in shown else len(shown))
    return [model for model in map(on_offer, ordered) if model]


def side(model):
    """Where the composer offers it: a transcript is made of sound."""
    return "audio" if model.kind == "text" else model.kind


def of_side(name):
    return [model for model in offer() if side(model) == name]


def first_count(model):
    return FIRST_COUNTS.get(model.kind, 1)


def takes_pictures(model):
    return any(taken.kind == "image" for taken in inputs(model))


def from_pictures(model):
    """The model of the same family that works from pictures; None when there is none, or this one does."""
    if takes_pictures(model):
        return None
    family, type = _family(model), FROM_PICTURES.get(model.type)
    alike = (other for other in offer() if other.type == type and _family(other) == family and takes_pictures(other))
    return next(alike, None)


def _family(model):
    return model.provider, TYPE_WORDS.sub("", model.name).casefold()
