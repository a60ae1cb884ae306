"""What a person looks for in the catalogue."""

from dataclasses import dataclass
from decimal import Decimal
from math import inf

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from generations.modellix import catalogue
from generations.modellix.labels import type_label

KINDS = {"image": "Image", "video": "Video", "audio": "Audio", "text": "Text", "": "Not told"}
PRICES = {"0.02": "Up to $0.02", "0.05": "Up to $0.05", "0.10": "Up to $0.10", "0.25": "Up to $0.25"}
SORTS = {"used": "Most used", "price": "Cheapest", "time": "Fastest", "name": "By name"}


@dataclass(frozen=True)
class Shelf:
    """What the models of one kind make, and their entries in order."""

    title: str
    entries: list

    @property
    def slowest(self):
        """The end of the scale for the usual times, in seconds."""
        return max((entry.figures.usual[2] for entry in self.entries if entry.figures.usual), default=0)


class CatalogueForm(forms.Form):
    """Search, filters and order of the models page, all optional. What makes no sense is left out, not refused."""

    q = forms.CharField(required=False, max_length=100)
    type = forms.ChoiceField(required=False, choices=[(type, type_label(type)) for type in catalogue.TYPES])
    provider = forms.ChoiceField(required=False)
    price = forms.ChoiceField(required=False, choices=[*PRICES.items(), ("unknown", "Not known")])
    starred = forms.BooleanField(required=False)
    new = forms.BooleanField(required=False)
    orderable = forms.BooleanField(required=False)
    sort = forms.ChoiceField(required=False, choices=SORTS.items())

    def __init__(self, data):
        super().__init__(data)
        houses = {model.provider: model.provider_name for model in catalogue.models()}
        self.fields["provider"].choices = sorted(houses.items(), key=lambda house: house[1].casefold())
        self.is_valid()
        self.wanted = {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self):
        """The address's query, without what is not asked for."""
        chosen = {name: "on" if value is True else value for name, value in self.wanted.items()}
        return urlencode({name: value for name, value in chosen.items() if (name, value) != ("sort", "used")})

    @property
    def is_filtered(self):
        return bool(self.wanted.keys() - {"sort"})

    def shelves(self, entries):
        """The entries that are looked for, by what they make."""
        found = sorted(filter(self._fits, entries), key=self._rank)
        by_kind = {kind: [entry for entry in found if entry.model.kind == kind] for kind in KINDS}
        return [Shelf(KINDS[kind], held) for kind, held in by_kind.items() if held]

    def _fits(self, entry):
        model, wanted = entry.model, self.wanted
        return (
            wanted.get("type", model.type) == model.type
            and wanted.get("provider", model.provider) == model.provider
            and ("starred" not in wanted or entry.is_starred)
            and ("new" not in wanted or model.is_new)
            and ("orderable" not in wanted or model.is_orderable)
            and self._costs(entry.price)
            and self._says(model)
        )

    def _costs(self, price):
        limit = self.wanted.get("price")
        if limit in (None, "unknown"):
            return limit is None or price is None
        return price is not None and price.minimum <= Decimal(limit)

    def _says(self, model):
        told = (model.name, model.provider_name, model.key, type_label(model.type), model.description)
        text = " ".join(told).casefold()
        return all(word in text for word in self.wanted.get("q", "").casefold().split())

    def _rank(self, entry):
        """By what it is to be sorted; equals by how much there is to expect of them, then by house and name."""
        model, figures, sort = entry.model, entry.figures, self.wanted.get("sort")
        name, house = model.name.casefold(), model.provider_name.casefold()
        if sort == "name":
            return name, house
        first = {
            "price": entry.price.minimum if entry.price else inf,
            "time": figures.usual[1] if figures.usual else inf,
        }
        hope = (not model.is_orderable, catalogue.LIFECYCLES.index(model.lifecycle), entry.price is None)
        return first.get(sort, -figures.runs), hope, house, name


class StarForm(forms.Form):
    """A press of a star. `next` is the page of ours to go back to, without script."""

    next = forms.CharField(required=False)

    def clean_next(self):
        path = self.cleaned_data["next"]
        is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, settings.ALLOWED_HOSTS)
        return path if is_ours else reverse("models")
