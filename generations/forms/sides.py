"""What the composer holds on each of its sides, Image, Video and Audio: one is in view, the others wait."""

import json
from dataclasses import asdict, dataclass, field

from generations.forms.offer import FIRST_MODELS, SIDES, first_count, on_offer, side
from generations.forms.settings import read_parked, standard
from generations.forms.shared import adapt, input_name, shared
from generations.modellix import typed_json


@dataclass(frozen=True)
class Side:
    """`models` by their slugs; `values` and `parked` are texts by name, as the page holds them; so is `count`."""

    models: list[str]
    values: dict[str, str] = field(default_factory=dict)
    parked: dict[str, str] = field(default_factory=dict)
    count: str = "1"

    @property
    def chosen(self):
        return [model for model in map(on_offer, self.models) if model]

    @property
    def initial(self):
        """Of the form's inputs."""
        values = {f"with-{name}": value for name, value in self.values.items()}
        return values | ({"count": self.count} if self.count else {})

    @classmethod
    def of_page(cls, data, models):
        """What a page that shows these models holds."""
        values = {each.name: data.get(input_name(each), standard(each.field)) for each in shared(models)}
        slugs = [model.slug for model in models]
        return cls(slugs, values, read_parked(data.get("parked")), data.get("count", ""))

    def for_models(self, old, new):
        """The same with the values of other models."""
        if old == new:
            return self
        values, parked = adapt(old, new, self.values, self.parked)
        return Side([model.slug for model in new], values, parked, self.count)

    @classmethod
    def last(cls, author, name=None):
        """What this person ordered last, on this side or on any; without that, what everybody begins with."""
        ordered = (cls.of_prompt(prompt) for prompt in author.last_prompts[: None if name else 1])
        fitting = (found for found in ordered if found.chosen and name in (None, side(found.chosen[0])))
        return next(fitting, None) or cls.first(name or "image")

    @classmethod
    def of_prompt(cls, prompt):
        return cls(prompt.model_slugs, texts(prompt.values), count=str(prompt.values.get("count", "")))

    @classmethod
    def first(cls, name):
        return cls([FIRST_MODELS[name]], count=str(first_count(on_offer(FIRST_MODELS[name]))))


def texts(values):
    return {name: value for name, value in values.items() if isinstance(value, str)}


def read_sides(text):
    """The sides that a page sent back, by name; none of what is not as a page of ours sends it."""
    try:
        sides = typed_json.read(text or "{}")
        return {name: Side(**_checked(side)) for name, side in sides.items() if name in SIDES}
    except (typed_json.Unreadable, TypeError, AttributeError):
        return {}


def _checked(side):
    """Raises TypeError for what is not a Side."""
    found = asdict(Side(**side))
    is_sound = isinstance(found["models"], list) and isinstance(found["count"], str)
    if not is_sound or not all(isinstance(slug, str) for slug in found["models"]):
        raise TypeError
    return found | {name: texts(found[name]) for name in ("values", "parked")}


def write_sides(sides):
    return json.dumps({name: asdict(side) for name, side in sides.items()})
