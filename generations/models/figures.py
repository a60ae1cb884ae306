"""What the team has seen of the models: from its own orders, never from what a provider promises."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum

from generations.models.duration import Duration
from generations.models.states import Status

RESULTLESS = Q(status__in=[Status.FAILED, Status.EXPIRED], accepted_at__isnull=False, finished_at=None)
WITH_RESULT = Q(status__in=[Status.DONE, Status.PARTIAL])


@dataclass(frozen=True)
class Figures:
    """Of one model. Spent is in USD; usual are the seconds within which 10, 50 and 90 percent are done.

    runs counts the orders that Modellix took, made and failed those that ended there; liked counts files that are
    somebody's favourite, won and lost blind votes. last is the newest task with a result. None is not known.
    """

    runs: int = 0
    made: int = 0
    failed: int = 0
    spent: Decimal | None = None
    last: int | None = None
    liked: int = 0
    won: int = 0
    lost: int = 0
    usual: tuple[float, float, float] | None = None

    @property
    def success(self):
        """Percent of the runs that ended, or None before one has."""
        ended = self.made + self.failed
        return 100 * self.made / ended if ended else None

    @property
    def votes(self):
        return self.won + self.lost

    @property
    def tails(self):
        """The seconds between which four of five runs take; needs `usual`."""
        return self.usual[0], self.usual[2]

    @property
    def spread(self):
        return self.usual[2] - self.usual[0]

    @property
    def cost_per_favourite(self):
        return self.spent / self.liked if self.spent and self.liked else None


def figures(tasks):
    """Figures by model slug, of these tasks; four queries, however many models and tasks there are."""
    liked, judged = dict(_liked(tasks)), {(slug, won): number for slug, won, number in _judged(tasks)}
    usual = Duration.usual()
    return {
        slug: Figures(
            **tally,
            liked=liked.get(slug, 0),
            won=judged.get((slug, True), 0),
            lost=judged.get((slug, False), 0),
            usual=usual.get(slug),
        )
        for slug, tally in _tallies(tasks)
    }


def _tallies(tasks):
    """(model slug, the first fields of its Figures) for each model that was asked.

    What Modellix never took says nothing about a model.
    """
    by_model = tasks.order_by().values("model_slug")
    rows = by_model.annotate(
        runs=Count("accepted_at"),
        made=Count("finished_at"),
        failed=Count("pk", filter=RESULTLESS),
        spent=Sum("price_charged"),
        last=Max("pk", filter=WITH_RESULT),
    )
    return [(row.pop("model_slug"), row) for row in rows]


def _liked(tasks):
    """(model slug, how many files of it are a favourite of somebody)."""
    found = tasks.order_by().filter(outputs__favourites__isnull=False).values_list("model_slug")
    return found.annotate(number=Count("outputs__favourites__output", distinct=True))


def _judged(tasks):
    """(model slug, whether it won, in how many blind votes)."""
    found = tasks.order_by().filter(outputs__votes__isnull=False).values_list("model_slug", "outputs__votes__won")
    return found.annotate(number=Count("outputs__votes"))
