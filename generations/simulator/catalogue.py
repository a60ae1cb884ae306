"""The models the simulator sells: the data file of the client's catalogue, read by code of its own."""

import json
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent.parent / "modellix" / "models.json"
DRILL = {  # for `manage.py drill`; not listed, and not known to Modellix, so that an order gone astray buys nothing
    "slug": "simulator/drill",
    "type": "text-to-image",
    "provider": "simulator",
    "name": "Drill",
    "parameters": None,
    "price": None,
    "lifecycle": "current",
}


@cache
def models() -> dict[str, dict]:
    """Slug → the row, for every model that can be ordered: those of the file whose slug and type are known and that are
    not withdrawn, and the one for drills."""
    rows = json.loads(DATA.read_text(encoding="utf-8"))["models"]
    sold = (row for row in rows if row["slug"] and row["type"] and row["lifecycle"] != "removed")
    return {row["slug"]: row for row in (*sold, DRILL)}


def fields(model: dict) -> dict[str, dict]:
    """Parameter name → its JSON Schema; empty when the model's parameters are not known."""
    return (model["parameters"] or {}).get("properties", {})


def told(model: dict, body: dict) -> dict:
    """The body completed with the defaults of the model's schema."""
    defaults = {name: schema["default"] for name, schema in fields(model).items() if "default" in schema}
    return defaults | body


def listing(*, featured: bool = False) -> list[dict]:
    """The rows of `GET /api/v1/models`; `featured` keeps current models with known parameters and price."""
    listed = [model for model in models().values() if model is not DRILL]
    chosen = [model for model in listed if not featured or _is_featured(model)]
    return [_listed(model) for model in chosen]


def _is_featured(model: dict) -> bool:
    return bool(model["parameters"] and model["price"] and model["lifecycle"] == "current")


def _listed(model: dict) -> dict:
    row = {
        "slug": model["slug"],
        "type": model["type"],
        "provider": model["provider"],
        "name": model["name"],
        "description": model["description"] or "",
        "docs_url": f"https://docs.modellix.ai{model['docs_path']}" if model["docs_path"] else "",
    }
    price = model["price"]
    if price:
        row["pricing"] = {"min": price["min"], "max": price["max"], "unit": price["unit"], "currency": "USD"}
    return row
