"""What the team's own orders have taught of the models, for the composer: in one query."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import DecimalField, F, FloatField, JSONField, Value

from generations.models.duration import Duration
from generations.models.learned_price import LearnedPrice, Paid


@dataclass(frozen=True)
class Experience:
    """`usual`: the seconds within which 10, 50 and 90 percent are done, by model slug, of all models.

    `paid`: model slug → key of the price → (Paid, units), of the models that were asked for.
    """

    usual: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    paid: dict[str, dict[str, tuple[Paid, Decimal | None]]] = field(default_factory=dict)

    @classmethod
    def of(cls, slugs):
        usual, paid = {}, {}
        for slug, key, mean, variance, charges, units in times().union(prices(slugs), all=True):
            if not key:
                usual[slug] = Duration(mean_log=mean, variance_log=variance).percentiles
            elif told := Paid.told_by(charges):
                paid.setdefault(slug, {})[key] = told, units
        return cls(usual, paid)


def times():
    return (
        Duration.objects.believed()
        .order_by()
        .values_list(
            "model_slug",
            Value(""),
            F("mean_log"),
            F("variance_log"),
            Value(None, JSONField()),
            Value(None, DecimalField(max_digits=14, decimal_places=6)),
        )
    )


def prices(slugs):
    nothing = Value(0.0, FloatField())
    found = LearnedPrice.objects.filter(model_slug__in=slugs).order_by()
    return found.values_list("model_slug", "key", nothing, nothing, "charges", "units")
