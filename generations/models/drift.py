"""Models that cost something else than we estimate, by what Modellix charged for our own orders."""

from datetime import timedelta

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from generations.models.entry import exact
from generations.models.states import Spent
from generations.models.task import Task

LATELY = timedelta(days=30)
ENOUGH = 3  # orders outside their estimate: fewer may be chance
UNLISTED = Q(price_charged__gt=F("listed_maximum")) | Q(price_charged__lt=F("listed_minimum")) | Q(listed_maximum=None)
OUTSIDE = (Q(price_charged__gt=F("price_maximum")) | Q(price_charged__lt=F("price_minimum"))) & UNLISTED


def drifted():
    """[{model_name, orders, estimated, charged, percent}], in USD for each order, whatever moved most first.

    What we estimate is a range: one that costs less is held against its lower end, one that costs more against the
    upper. Most orders of a model must lie outside, and so must their sum. One whose estimate was learned from our own
    charges lies outside when it is outside of the price list, too.
    """
    told = Task.objects.filter(spent=Spent.YES, price_charged__isnull=False, price_maximum__gt=0)
    lower = Sum(Coalesce("price_minimum", "price_maximum"))
    sums = {"lower": lower, "upper": Sum("price_maximum"), "sum": Sum("price_charged")}
    counts = {"orders": Count("pk"), "outside": Count("pk", filter=OUTSIDE)}
    by_model = told.filter(created_at__gt=timezone.now() - LATELY).order_by().values("model_slug", "model_name")
    found = by_model.annotate(**sums, **counts).filter(outside__gte=ENOUGH, outside__gt=F("orders") / 2)
    rows = [told_of(row) for row in found if not row["lower"] <= row["sum"] <= row["upper"]]
    return sorted(rows, key=lambda row: -abs(row["percent"]))


def told_of(row):
    estimated = row["upper"] if row["sum"] > row["upper"] else row["lower"]
    return {
        "model_name": row["model_name"],
        "orders": row["orders"],
        "estimated": exact(estimated / row["orders"]),
        "charged": exact(row["sum"] / row["orders"]),
        "percent": round(100 * (row["sum"] / estimated - 1)),
    }
