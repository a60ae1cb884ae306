from django import template

from generations.forms.uploads import FORMATS, limit, megabytes
from generations.modellix import labels

register = template.Library()
register.filter(labels.type_label)

MOST_SUGGESTIONS = 3
KINDS = {
    "boolean": "Yes or no",
    "integer": "Whole number",
    "json": "A list or an object, in JSON",
    "lines": "A list of texts",
    "number": "Number",
    "text": "Text",
}
UNITS = {"image": "an image", "second": "a second"}
LIFECYCLES = {
    "seen-after-index": "New",
    "legacy": "Older, may be withdrawn",
    "dropped-from-index": "Older, may be withdrawn",
    "removed": "Removed",
}


@register.filter
def lifecycle(model):
    """What is to be said of its age. Empty for a current one."""
    return LIFECYCLES.get(model.lifecycle, "")


@register.filter
def per(price):
    """What a Price is for: "a second". Empty when it is not told."""
    return UNITS.get(price.unit, "")


@register.filter
def taken(field):
    """What a schema.Field takes, for people: "Whole number, 1 to 6", "Text, up to 800 characters"."""
    if field.kind == "choice":
        return ", ".join(field.choices)
    if field.kind == "size":
        return f"Width and height, such as {', '.join(field.choices[:MOST_SUGGESTIONS])}"
    return ", ".join(filter(None, (KINDS[field.kind], _range(field.minimum, field.maximum), _length(field))))


@register.filter
def standard(field):
    """Its value when nothing is said: "Yes", "1328*1328". Empty when the provider decides."""
    if isinstance(field.default, bool):
        return "Yes" if field.default else "No"
    return "" if field.default is None else str(field.default)


@register.filter
def files(taken):
    """What an Input takes: "Up to 3. PNG, JPEG or WebP, at most 10 MB each"."""
    number = "Up to " + str(taken.maximum) if taken.many and taken.maximum else "Several" if taken.many else "One"
    return f"{number}. {FORMATS[taken.kind]}, at most {megabytes(limit(taken))}{' each' * taken.many}"


def _range(low, high):
    if low is None or high is None:
        return f"at least {low:,}" if low is not None else f"at most {high:,}" if high is not None else ""
    return f"{low:,} to {high:,}" if low != high else f"{low:,} only"


def _length(field):
    return f"up to {field.max_length:,} characters" if field.max_length else ""
