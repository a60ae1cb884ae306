"""What Modellix lately charged for orders alike: the next one is estimated by that rather than by a price list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import takewhile

from django.db import models
from django.utils import timezone

from generations.models.entry import exact

LATELY = timedelta(days=60)
ENOUGH = 3  # charges: fewer may be chance
KEPT = 12
CENT, TENTH = Decimal("0.01"), Decimal("0.1")


@dataclass(frozen=True)
class Paid:
    """The least and the most that the last so many `orders` alike were charged, in USD."""

    minimum: Decimal
    maximum: Decimal
    orders: int

    @classmethod
    def told_by(cls, charges):
        """By LearnedPrice.charges, of which the old ones count no more; None where too few are left.

        Once enough of the newest agree, the price has moved and the ones before them count no more either.
        """
        since = timezone.now() - LATELY
        newest_first = [Decimal(sum) for at, sum in reversed(charges or []) if datetime.fromisoformat(at) > since]
        alike = list(takewhile(lambda sum: agrees(sum, newest_first[0]), newest_first))
        counted = alike if len(alike) >= ENOUGH else newest_first
        return cls(min(counted), max(counted), len(counted)) if len(counted) >= ENOUGH else None


def agrees(sum, other):
    return abs(sum - other) <= min(CENT, other * TENTH)


class LearnedPrice(models.Model):
    """The newest charges for one kind of order of one model: those that share a Task.price_key."""

    model_slug = models.CharField(max_length=256)
    key = models.CharField(max_length=32)
    units = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)  # as Task.price_units
    charges = models.JSONField(default=list, blank=True)  # [when, USD as text], the oldest first
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model_slug", "key"], name="one_learned_price_per_key")]

    def __str__(self):
        return f"{self.model_slug} {self.key}"

    @classmethod
    def learn(cls, task, charged):
        """Take one more charge into account. Call where the Revision is held: then no other is written meanwhile.

        What cost nothing was a gift: it does not say what the next one costs.
        """
        if not task.price_key or not charged or exact(charged) <= 0:
            return
        own = {"model_slug": task.model_slug, "key": task.price_key}
        row, _ = cls.objects.get_or_create(**own, defaults={"units": task.price_units})
        row.charges = [*row.charges, [timezone.now().isoformat(), str(exact(charged))]][-KEPT:]
        row.save(update_fields=["charges", "updated_at"])

    @classmethod
    def forget(cls):
        """What has not been ordered for so long that it tells nothing any more."""
        cls.objects.filter(updated_at__lt=timezone.now() - LATELY).delete()
