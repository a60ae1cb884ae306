"""What a submit must pass before money moves: is it JSON, and does it fit the model's parameters."""

import json
import math
import re

from jsonschema import Draft202012Validator, ValidationError

from .catalogue import fields, told
from .envelope import Refusal

MAX_DEPTH = 100
_OUT_OF_RANGE = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minItems": "must have at least {} items",
    "maxItems": "must have at most {} items",
    "multipleOf": "must be a multiple of {}",
    "enum": "must be one of {}",
}
_PIXELS = {  # slug → least and most pixels; the schema has no word for it, the documented description has
    "alibaba/wan2.6-t2i": (768 * 768, 1440 * 1440),
    "alibaba/wan2.7-image": (768 * 768, 2048 * 2048),
    "bytedance/seedream-4.5-t2i": (3_686_400, 16_777_216),
    "bytedance/seedream-4.0-t2i": (921_600, 16_777_216),
}
_SIDES = range(64, 4097)  # what each side of a free-form size must keep to; no documented model goes beyond


def parse(raw: bytes) -> dict:
    """The request body as an object; `Invalid format` when it is not one."""
    try:
        body = json.loads(raw, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "Invalid format", "the request body is not valid JSON") from error
    if not isinstance(body, dict):
        raise Refusal(400, "Invalid format", "the request body must be a JSON object")
    if not _fits_in(body, MAX_DEPTH):
        raise Refusal(400, "Invalid format", f"the request body is nested deeper than {MAX_DEPTH} levels")
    return body


def check(model: dict, body: dict) -> None:
    """Refuse a body that does not fit: first what is missing, then wrong types and forms, then ranges.
    Unknown fields pass; a model whose parameters are not known takes any object."""
    if model["parameters"] is None:
        return
    errors = sorted(Draft202012Validator(model["parameters"]).iter_errors(body), key=_rank)
    if errors:
        raise _refusal(errors[0])
    _check_size(model, body)


def _finite(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise ValueError(f"{word} is not a JSON number")
    return number


def _fits_in(value, levels: int) -> bool:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return children is None or (levels > 0 and all(_fits_in(child, levels - 1) for child in children))


def _rank(error: ValidationError) -> tuple[int, str]:
    kind = 0 if error.validator in ("required", "anyOf") else 2 if error.validator in _OUT_OF_RANGE else 1
    return kind, error.json_path


def _refusal(error: ValidationError) -> Refusal:
    name = error.json_path.removeprefix("$").lstrip(".")
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return Refusal(400, "Missing required parameter", f"{missing} is required")
    if error.validator == "anyOf":
        choices = sorted({name for way in error.validator_value for name in way.get("required", ())})
        return Refusal(400, "Missing required parameter", f"one of {', '.join(choices)} is required")
    if error.validator in _OUT_OF_RANGE:
        return Refusal(400, "Value out of range", f"{name} {_bounds(error)}")
    expected = f"of type {error.validator_value}" if error.validator == "type" else "in the documented form"
    return Refusal(400, "Invalid parameters", f"{name} must be {expected}")


def _bounds(error: ValidationError) -> str:
    low, high = error.schema.get("minimum"), error.schema.get("maximum")
    if error.validator in ("minimum", "maximum") and None not in (low, high):
        return f"must be between {low} and {high}"
    value = error.validator_value
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    return _OUT_OF_RANGE[error.validator].format(shown)


def _check_size(model: dict, body: dict) -> None:
    schema = fields(model).get("size")
    if schema is None or "enum" in schema or "size" not in body or re.fullmatch(r"[1-4][kK]", body["size"]):
        return
    match = re.fullmatch(r"(\d{1,6})[*x](\d{1,6})", told(model, body)["size"])
    if match is None:
        raise Refusal(400, "Invalid parameters", "size must be width*height")
    _check_area(model["slug"], int(match[1]), int(match[2]))


def _check_area(slug: str, width: int, height: int) -> None:
    least, most = _PIXELS.get(slug, (1, _SIDES[-1] ** 2))
    if width * height < least:
        raise Refusal(400, "Value out of range", f"size must have at least {least} pixels")
    if width * height > most:
        raise Refusal(400, "Value out of range", f"size must have at most {most} pixels")
    if not (width in _SIDES and height in _SIDES):
        detail = f"each side of size must be between {_SIDES[0]} and {_SIDES[-1]}"
        raise Refusal(400, "Value out of range", detail)
