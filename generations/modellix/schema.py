"""A model's parameters as form fields and back to a request body.

Every function takes a catalogue.Model. A body is the flat JSON object that the provider is sent; names,
types, ranges and choices are the model's own. Rules that only its prose tells are checked where they can be
read and left to the provider where not.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

from jsonschema import Draft202012Validator

from generations.modellix import constraints, labels, pricing, sizes, typed_json

MAIN_ROLES = ("prompt", "aspect", "size", "resolution", "duration", "count")
ORDER = (*MAIN_ROLES, "quality", "negative_prompt", "seed", "", "further")

USUAL_RATIOS = ("1:1", "4:3", "3:4", "16:9", "9:16")  # every model with a list takes them; for one without

# For a model whose parameters nobody has written down: words are sent as nearly every model takes them.
PROMPT_ALONE = {"type": "object", "properties": {"prompt": {"type": "string"}}, "required": []}
PROMPT_NEEDED = PROMPT_ALONE | {
    "properties": {"prompt": {"type": "string", "minLength": 1}},
    "required": ["prompt"],
}

EXAMPLES = {  # of further parameters, by what a model works from
    "text": '{"duration": 5}',
    "image": '{"image": "{{file 1}}"}',
    "video": '{"video": "{{file 1}}"}',
    "speech": '{"audio": "{{file 1}}"}',
}
MISSING_WORDS = {"prompt": "Write a prompt.", "text": "Write the words to speak."}
TYPE_SENTENCES = {
    "string": "Must be text.",
    "integer": "Must be a whole number.",
    "number": "Must be a number.",
    "boolean": "Must be yes or no.",
    "array": "Must be a list in JSON: [ … ].",
    "object": "Must be an object in JSON: { … }.",
}


@dataclass(frozen=True)
class Field:
    """One parameter as a form shows it.

    kind is "text", "choice", "integer", "number", "boolean", "size" (a text such as 1664*928, its choices are only
    suggestions), "lines" (a list of texts, one to a line) or "json". role is one of ORDER. choices are text, and so is
    the default of a field that has choices; default None means that the provider decides. minimum, maximum and step
    are numbers or None, max_length counts characters. rates tells for each choice what one rate_unit ("image" or
    "second") costs with it, (least, most) in USD or None, and is empty where no choice changes the price. main fields
    belong in view, the others under "More".
    """

    name: str
    role: str
    label: str
    help: str
    kind: str
    choices: tuple[str, ...]
    default: str | int | float | bool | None
    minimum: int | float | None
    maximum: int | float | None
    step: int | float | None
    max_length: int | None
    rates: tuple[tuple[Decimal, Decimal] | None, ...]
    rate_unit: str
    required: bool
    main: bool


def fields(model):
    """The fields of a form in the order to show them. Media inputs are not among them.

    The last one of a model whose parameters are not all known takes the others, as JSON.
    """
    found = [_field(model, name, rule) for name, rule in rules(model).items() if "x-media" not in rule]
    if not model.is_complete:
        found.append(_further_field(model))
    return tuple(sorted(found, key=lambda field: ORDER.index(field.role)))


def prompt(model):
    """The Field for the words that a model turns into something; None when it takes none."""
    return next((field for field in fields(model) if field.role == "prompt"), None)


def body(model, values):
    """The request body for the values of a form, by parameter name; text is converted to the model's types.

    Empty values and names the model lacks are left out (a box that is not ticked is False, not empty). What cannot be
    converted stays as it is, for check to find. The number of images is always stated, because some models make four
    or twelve when it is not.
    """
    made = {name: converted(name, rule, values.get(name)) for name, rule in rules(model).items()}
    stated = {name: value for name, value in made.items() if value is not None}
    counts = {name: 1 for name in names(model, "count") if name not in stated}
    return stated | counts | _further(model, values)


def check(model, body):
    """What is wrong with a body: one sentence for each parameter at fault."""
    problems = dict(_json_problems(model, body))
    for error in Draft202012Validator(_schema(model)).iter_errors(body):
        for name in _culprits(error):
            problems.setdefault(name, _sentence(error, name))
    for name, sentence in (
        *_size_problems(model, body),
        *_pair_problems(model, body),
        *constraints.problems(model, body),
    ):
        problems.setdefault(name, sentence)
    return {name: sentence for name, sentence in problems.items() if sentence}


def count_limit(model, body=None):
    """The most images that one request, such as this body, may ask for."""
    most = max((count_range(rules(model)[name])[1] for name in names(model, "count")), default=1)
    return constraints.most_outputs(model, body or {}) or most


# Fields


def _field(model, name, rule):
    role = labels.role(name)
    kind, choices = _kind(role, rule)
    rates = _rates(model, role, choices)
    required = name in _schema(model).get("required", ())
    minimum, maximum = count_range(rule) if role == "count" else (rule.get("minimum"), rule.get("maximum"))
    default = minimum if role == "count" else rule.get("default")
    return Field(
        name=name,
        role=role,
        label=labels.label(name, model.kind),
        help=labels.help_text(name, rule.get("description", ""), model.kind),
        kind=kind,
        choices=choices,
        default=str(default) if choices and default is not None else default,
        minimum=minimum,
        maximum=maximum,
        step=rule.get("multipleOf", 1 if kind == "integer" else None),
        max_length=rule.get("maxLength"),
        rates=rates,
        rate_unit=model.price.unit if rates else "",
        required=required,
        main=role in MAIN_ROLES or bool(rates) or (required and default is None),
    )


def _further_field(model):
    return Field(
        name=further(model),
        role="further",
        label=labels.ROLE_LABELS["further"],
        help=f"A JSON object, sent as it is, such as {_example(model)}",
        kind="json",
        choices=(),
        default=None,
        minimum=None,
        maximum=None,
        step=None,
        max_length=None,
        rates=(),
        rate_unit="",
        required=False,
        main=model.parameters is None,
    )


def _example(model):
    source = model.type.partition("-to-")[0] if model.parameters is None else ""
    return EXAMPLES.get(source, EXAMPLES["text"])


def _kind(role, rule):
    if role == "count":
        return "integer", ()
    if choices := _choices(role, rule):
        return "size" if role == "size" and "enum" not in rule else "choice", choices
    if _is_lines(rule):
        return "lines", ()
    kinds = {"string": "text", "integer": "integer", "number": "number", "boolean": "boolean"}
    return kinds.get(rule.get("type"), "json"), ()


def _choices(role, rule):
    if "enum" in rule:
        return tuple(map(str, rule["enum"]))
    if rule.get("type") == "boolean" and "default" not in rule:
        return ("true", "false")  # a switch would have to be on or off, and either would be sent
    if role == "size":
        return sizes.suggestions(rule)
    return USUAL_RATIOS if role == "aspect" else ()


def _rates(model, role, choices):
    words = [f"{choice}s" if role == "duration" else choice for choice in choices]
    return pricing.by_word(model.price, words) if model.price else ()


def _is_lines(rule):
    return rule.get("type") == "array" and rule.get("items", {}).get("type") == "string"


def further(model):
    """The name of the field for what nobody has documented: one of its own, as it means nothing to another model."""
    return labels.FURTHER + re.sub(r"\W+", "-", model.slug or model.name)


def _schema(model):
    return model.parameters or (PROMPT_NEEDED if model.type.startswith("text-to-") else PROMPT_ALONE)


def rules(model):
    return _schema(model)["properties"]


def names(model, role):
    return [name for name in rules(model) if labels.role(name) == role]


def count_range(rule):
    """The fewest and most to ask for. Where no maximum is documented, one is all we dare."""
    choices = rule.get("enum") or [rule.get("minimum", 1), rule.get("maximum", 1)]
    return min(choices), max(choices)


# Values


def converted(name, rule, value):
    """The value in the schema's type, None for an empty one, itself when it does not fit."""
    value = value.strip() if isinstance(value, str) else value
    if value is None or value in ("", [], {}):
        return None
    if labels.role(name) == "size" and (size := sizes.parse(value)):
        value = sizes.write(size, rule)
    for choice in rule.get("enum", ()):
        if str(choice) == str(value):
            return choice
    try:
        return _lines(value) if _is_lines(rule) else CONVERTERS[rule.get("type", "string")](value)
    except (ValueError, OverflowError):
        return value


def _integer(value):
    number = int(value)
    return number if isinstance(value, str) or (number == value and not isinstance(value, bool)) else value


def _number(value):
    number = value if isinstance(value, int) else float(value)
    return number if math.isfinite(number) else value


def _boolean(value):
    words = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
    return words.get(str(value).lower(), value)


def _text(value):
    return str(value) if isinstance(value, (int, float, Decimal)) else value


def _structure(value):
    found = typed_json.read(value) if isinstance(value, str) else value
    return value if isinstance(found, str) else found


def _lines(value):
    return list(filter(None, map(str.strip, value.splitlines()))) if isinstance(value, str) else value


def _further(model, values):
    """What was typed as JSON; as it stands, under the name of its field, when it is no object."""
    name = further(model)
    found = None if model.is_complete else converted(name, {"type": "object"}, values.get(name))
    return found if isinstance(found, dict) else {} if found is None else {name: values[name]}


CONVERTERS = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "array": _structure,
    "object": _structure,
}


# Problems


def _culprits(error):
    """The parameters an error speaks of."""
    if error.absolute_path:
        return [error.absolute_path[0]]
    wanted = {"required": [error.schema], "anyOf": error.schema.get("anyOf", [])}.get(error.validator, [])
    return [name for rule in wanted for name in rule.get("required", ()) if name not in error.instance]


def _sentence(error, name):
    if error.validator == "required" or error.instance == "":
        return MISSING_WORDS.get(name, "This is needed.")
    speak = SENTENCES.get(error.validator)
    return speak(error.schema, error.instance) if speak else "This does not have the expected form."


def _range_sentence(rule, value):
    low, high = rule.get("minimum"), rule.get("maximum")
    if high is None:
        return f"Must be at least {low:,}."
    if low is None:
        return f"Must be at most {high:,}."
    return f"Must be between {low:,} and {high:,}."


def _choice_sentence(rule, value):
    choices = ", ".join(map(str, rule["enum"]))
    return f"Must be one of {choices}." if len(rule["enum"]) > 1 else f"Must be {choices}."


EITHER = "At least one of these is needed."
SENTENCES = {
    "anyOf": lambda rule, value: EITHER,
    "enum": _choice_sentence,
    "maximum": _range_sentence,
    "maxItems": lambda rule, value: f"At most {rule['maxItems']:,}; these are {len(value):,}.",
    "maxLength": lambda rule, value: f"At most {rule['maxLength']:,} characters; this has {len(value):,}.",
    "minimum": _range_sentence,
    "minItems": lambda rule, value: f"At least {rule['minItems']:,}; these are {len(value):,}.",
    "minLength": lambda rule, value: f"At least {rule['minLength']:,} characters; this has {len(value):,}.",
    "multipleOf": lambda rule, value: f"Must be a multiple of {rule['multipleOf']:,}.",
    "type": lambda rule, value: TYPE_SENTENCES[rule["type"]],
}


def _size_problems(model, body):
    for name in names(model, "size"):
        rule = rules(model)[name]
        if isinstance(body.get(name), str) and "enum" not in rule:
            yield name, sizes.problem(body[name], rule)


def _json_problems(model, body):
    """Where JSON that could not be read goes wrong."""
    for name in (field.name for field in fields(model) if field.kind == "json"):
        if isinstance(body.get(name), str):
            yield name, _unread(body[name]) or TYPE_SENTENCES[rules(model).get(name, {}).get("type", "object")]


def _unread(text):
    try:
        typed_json.read(text)
    except typed_json.Unreadable as error:
        return str(error)


def _pair_problems(model, body):
    """Width and height, where a model takes them apart, go together."""
    if {"width", "height"} <= rules(model).keys() and ("width" in body) != ("height" in body):
        yield ("height" if "width" in body else "width"), "Width and height go together."
