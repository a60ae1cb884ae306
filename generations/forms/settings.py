"""A model's parameters as settings of the composer, and what becomes of them when another model is chosen."""

from dataclasses import dataclass, replace

from django.forms import BoundField

from generations.forms.shapes import alike, measures, shape
from generations.modellix import labels, schema, typed_json

SHAPES = ("aspect", "size")
ABREAST = 34  # characters of choices that find room side by side
STEPS = 30  # most of them between the ends of a stepper
LONG = 100  # characters; a longer text gets more than one line
HANDLED = ("prompt", "count")  # roles with a place of their own in the composer


@dataclass(frozen=True)
class Option:
    """One choice as it is shown: what is sent, the words, and what a unit costs with it, (least, most) or None."""

    value: str
    label: str
    rate: tuple | None


@dataclass(frozen=True)
class Setting:
    """One parameter and what the form holds for it, ready to be drawn."""

    field: schema.Field
    bound: BoundField

    @property
    def value(self):
        return self.bound.value() or ""

    @property
    def is_changed(self):
        return self.value != standard(self.field)

    @property
    def is_shape(self):
        return self.field.role in SHAPES and bool(self.field.choices)

    @property
    def choices(self):
        """What can be chosen. Without a default, nothing is a choice too; and what is held stays one."""
        leading = () if standard(self.field) or self.field.required else ("",)
        return tuple(dict.fromkeys((*leading, *self.field.choices, self.value)))

    @property
    def shapes(self):
        found = [shape(value) for value in self.choices]
        return [each if each.box else replace(each, label=labels.choice(self.field.name, each.value)) for each in found]

    @property
    def options(self):
        rates = dict(zip(self.field.choices, self.field.rates, strict=False))
        return [Option(value, labels.choice(self.field.name, value), rates.get(value)) for value in self.choices]

    @property
    def look(self):
        """How it is drawn: "shapes", "abreast", "list", "switch", "stepper", "paragraph" or "line"."""
        if self.is_shape:
            return "shapes"
        if self.field.kind in ("choice", "size"):
            return "abreast" if sum(len(option.label) + 2 for option in self.options) <= ABREAST else "list"
        if self.field.kind == "boolean":
            return "switch"
        if self._is_short_range:
            return "stepper"
        is_long = self.field.role == "negative_prompt" or (self.field.max_length or 0) > LONG
        return "paragraph" if is_long or self.field.kind in ("json", "lines") else "line"

    @property
    def is_beside(self):
        """Whether it is small enough to stand beside its label."""
        is_number = self.field.kind in ("integer", "number") and self.field.role != "seed"
        return self.look == "stepper" or (self.look == "line" and is_number)

    @property
    def _is_short_range(self):
        low, high = self.field.minimum, self.field.maximum
        return self.field.kind == "integer" and None not in (low, high) and high - low <= STEPS

    @property
    def is_needed(self):
        """Whether there is no order without a value, and none to begin with."""
        return self.field.required and self.field.default is None

    @property
    def input_mode(self):
        return {"integer": "numeric", "number": "decimal"}.get(self.field.kind, "text")

    @property
    def placeholder(self):
        if self.is_needed:
            return ""
        return "Optional" if self.field.kind == "text" else "Auto"

    @property
    def described_by(self):
        """The ids of what is said about it beside its label."""
        name = self.bound.html_name
        return " ".join([f"{name}-hint"] * bool(self.hint) + [f"{name}-error"] * bool(self.bound.errors))

    @property
    def hint(self):
        """What to know before it is filled in: "Only with “Sound”. 3 to 15 seconds"."""
        lines = "One to a line" if self.field.kind == "lines" else ""
        return ". ".join(filter(None, (self.field.help, self._range, lines)))

    @property
    def _range(self):
        low, high = self.field.minimum, self.field.maximum
        if self.field.role == "seed" or high is None:
            return ""
        unit = " seconds" if self.field.role == "duration" else ""
        return f"{low:,} to {high:,}{unit}" if low is not None else f"At most {high:,}{unit}"


def parameters(model):
    """The parameters that people may set. A ratio is always sent, and wins over width and height."""
    fields = [field for field in schema.fields(model) if field.role not in HANDLED and not _is_settled(field)]
    has_ratio = any(field.role == "aspect" for field in fields)
    return [field for field in fields if not (has_ratio and field.name in ("width", "height"))]


def _is_settled(field):
    """Whether it leaves nothing to choose: the provider does the same when it is not told."""
    return field.kind == "choice" and field.choices == (field.default,)


def standard(field):
    """A parameter's value when nobody has touched it, as the text of an input."""
    if isinstance(field.default, bool):
        return "true" if field.default else "false"
    return "" if field.default is None else str(field.default)


def takes(model, name, value):
    """Whether the model takes this value of this parameter."""
    return bool(value) and name not in schema.check(model, schema.body(model, {name: value}))


def alias(name):
    """What a parameter is called whatever a model calls it: its role, or its own name. `name` as on the page."""
    name = name.partition("@")[0]
    role = labels.role(name)
    return "shape" if role in SHAPES else role or name


def same_shape(field, values):
    """The choice of `field` that has the shape of the first of `values` that has one, or None."""
    wanted = next(filter(None, map(measures, values)), None)
    if field.role not in SHAPES or not wanted:
        return None
    offered = ((value, measures(value)) for value in field.choices)
    return next((value for value, sides in offered if sides and alike(sides, wanted)), None)


def is_same(one, other):
    """Whether two values ask for the same, as a shape or as a word."""
    sides = measures(one), measures(other)
    return alike(*sides) if all(sides) else one == other


def read_parked(text):
    """The parked values that a page sent back, by name; nothing when it is not what a page of ours sends."""
    try:
        parked = typed_json.read(text or "{}")
    except typed_json.Unreadable:
        return {}
    items = parked.items() if isinstance(parked, dict) else ()
    return {name: value for name, value in items if isinstance(value, str)}


def parked_words(parked, settings, kind):
    """What no model takes, as people read it: "Seed 42, Negative prompt fog". What is there in other words is not."""
    held = [(alias(setting.field.name), setting.value) for setting in settings]
    missed = {name: value for name, value in parked.items() if not _is_among(alias(name), value, held)}
    return ", ".join(f"{labels.label(name.partition('@')[0], kind)} {value}" for name, value in missed.items())


def _is_among(subject, value, held):
    return any(subject == name and is_same(value, other) for name, other in held)
