"""The models we know: what they take, what they make, what they cost.

The data (models.json, shipped with the product) is a dated snapshot. Models, parameters and prices change
within weeks, so everything here is a good guess to build forms and estimates from; the provider has the last
word.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

TYPES = (
    *("text-to-image", "image-to-image", "text-to-video", "image-to-video", "video-to-video"),
    *("text-to-speech", "speech-to-speech", "speech-to-text"),
)
KINDS = {"image": "image", "video": "video", "speech": "audio", "text": "text"}

# How long a task usually takes, in seconds from shortest to longest, as the provider's documentation says.
DOCUMENTED_SECONDS = {"image": (3, 10), "video": (30, 120)}

# Where a plain capital letter is not how the house writes its name.
PROVIDER_NAMES = {
    "bytedance": "ByteDance",
    "minimax": "MiniMax",
    "openai": "OpenAI",
    "pixverse": "PixVerse",
    "xai": "xAI",
}

# From most to least likely to answer an order.
LIFECYCLES = ("current", "seen-after-index", "legacy", "dropped-from-index", "removed")


@dataclass(frozen=True)
class Price:
    """USD per unit ("image" or "second"; "" when not told).

    tiers maps a variant such as "1K" or "720p" to its own rate. as_of is the day the price was seen, None
    when it comes from the provider's live list. orders is of how many of ours it is what they were charged, none when
    it is a listed one.
    """

    unit: str
    minimum: Decimal
    maximum: Decimal
    tiers: dict[str, Decimal]
    as_of: date | None
    source: str
    orders: int = 0


@dataclass(frozen=True)
class Model:
    """One model of the catalogue. Only a model with a slug can be ordered.

    key is its name in our own addresses: the slug, or what the documentation calls it where the slug is unknown.
    type is one of TYPES, the provider's word, or "" when unknown; kind is what comes out: "image", "video", "audio",
    "text", or "" when unknown. parameters is a JSON Schema of the request body, None when undocumented; do not change
    it; is_complete says that it names all that the model takes. lifecycle is one of LIFECYCLES; constraints are notes
    for people.
    """

    key: str
    slug: str | None
    name: str
    provider: str
    provider_name: str
    type: str
    kind: str
    description: str
    parameters: dict | None
    is_complete: bool
    price: Price | None
    lifecycle: str
    constraints: tuple[str, ...]
    notes: str

    @property
    def rules(self):
        """Parameter name → its JSON Schema; empty when they are undocumented."""
        return self.parameters["properties"] if self.parameters else {}

    @property
    def defaults(self):
        return {name: rule["default"] for name, rule in self.rules.items() if "default" in rule}

    @property
    def is_new(self):
        """Whether it came after the last index of the documentation."""
        return self.lifecycle == "seen-after-index"

    @property
    def is_orderable(self):
        """Whether an order may be sent to it: the provider has the last word."""
        return bool(self.slug) and self.lifecycle != "removed"


def is_slug(text):
    """Whether this can be submitted to: provider/model, at most 256 printable characters."""
    if not isinstance(text, str) or not 0 < len(text) <= 256 or not text.isprintable():
        return False
    parts = text.split("/")
    return len(parts) == 2 and not {"", ".", ".."} & set(parts)


def provider_name(provider):
    """How the house writes its name: "bytedance" is ByteDance."""
    return PROVIDER_NAMES.get(provider, provider[:1].upper() + provider[1:])


def output_kind(type):
    """What a model of this type makes: "text-to-speech" makes "audio"."""
    return KINDS.get(type.rpartition("-to-")[2], "")


@cache
def models():
    """Every model of the shipped catalogue, in its order."""
    data = json.loads(Path(__file__).with_name("models.json").read_text(encoding="utf-8"))
    return tuple(_model(item) for item in data["models"])


def find(slug):
    """The model to submit to under this slug, or None."""
    return _by_slug().get(slug)


def by_key(key):
    """The model of this key, or None."""
    return next((model for model in models() if model.key == key), None)


def prices_as_of():
    """The day of the newest price that is shipped."""
    return max(model.price.as_of for model in models() if model.price)


@cache
def orderable():
    """The models that can be ordered and are known to make something, by type; current ones first, then by provider."""
    return tuple(sorted(filter(is_orderable, models()), key=_shelf))


def is_orderable(model):
    return bool(model.slug) and model.type in TYPES and model.lifecycle != "removed"


@cache
def _by_slug():
    return {model.slug: model for model in models() if model.slug}


def _shelf(model):
    house, name = model.provider_name.casefold(), model.name.casefold()
    return TYPES.index(model.type), LIFECYCLES.index(model.lifecycle), house, name


def _model(item):
    return Model(
        key=item["slug"] or item["id"].removeprefix("docs:"),
        slug=item["slug"],
        name=item["name"],
        provider=item["provider"],
        provider_name=provider_name(item["provider"]),
        type=item["type"] or "",
        kind=output_kind(item["type"] or ""),
        description=item["description"] or "",
        parameters=item["parameters"],
        is_complete=bool(item["parameters"] and item["parameters_complete"]),
        price=item["price"] and _price(item["price"]),
        lifecycle=item["lifecycle"],
        constraints=tuple(item["constraints"]),
        notes=item["notes"] or "",
    )


def _price(item):
    tiers = item["tiers"] or {}
    return Price(
        unit=item["unit"],
        minimum=_usd(item["min"]),
        maximum=_usd(item["max"]),
        tiers={tier: _usd(rate) for tier, rate in tiers.items()},
        as_of=date.fromisoformat(item["as_of"]),
        source=item["source"],
    )


def _usd(number):
    return Decimal(str(number))  # the figure as written, not its nearest binary fraction
