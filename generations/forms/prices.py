"""What orders are expected to cost: as our own were charged where enough were alike, else by the price list.

Every estimate that people see, that budgets hold back and that is written down comes from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from generations.modellix import forecast
from generations.modellix.catalogue import Price
from generations.modellix.pricing import Estimate
from generations.models.experience import Experience


@dataclass(frozen=True)
class Prices:
    """`paid` is as in an Experience."""

    paid: Mapping = field(default_factory=dict)

    @classmethod
    def of(cls, models):
        return cls(Experience.of([model.slug for model in models if model.slug]).paid)

    def estimate(self, model, body, given=None):
        """An Estimate for the whole request; None when it cannot be known."""
        listed = forecast.estimate(model, body, given)
        known = self.paid.get(model.slug)
        paid, _ = known.get(forecast.price_key(model, body, given), (None, None)) if known else (None, None)
        return Estimate(paid.minimum, paid.maximum, paid.orders, listed) if paid else listed

    @staticmethod
    def as_fields(price):
        """What a Task keeps of an Estimate, or of None."""
        listed = price and price.listed
        return {
            "price_minimum": price and price.minimum,
            "price_maximum": price and price.maximum,
            "price_orders": price.orders if price else 0,
            "listed_minimum": listed and listed.minimum,
            "listed_maximum": listed and listed.maximum,
        }

    def of_unit(self, model):
        """The Price of one picture or second: what ours were charged, with whatever settings; else the listed one."""
        rates = [
            (paid.minimum / units, paid.maximum / units, paid.orders)
            for paid, units in self.paid.get(model.slug, {}).values()
            if units
        ]
        if not rates:
            return model.price
        low, high, orders = zip(*rates, strict=True)
        price = model.price or Price(forecast.unit(model), min(low), max(high), {}, None, "")
        return replace(price, minimum=min(low), maximum=max(high), orders=sum(orders))
