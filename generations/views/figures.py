"""What the team has seen of the models: from its own orders, never from what a provider promises."""

from dataclasses import dataclass
from decimal import Decimal

from generations.models import Duration


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
    tallies = {row.pop("model_slug"): row for row in tasks.tallies()}
    liked = dict(tasks.liked())
    judged = {(slug, won): number for slug, won, number in tasks.judged()}
    usual = Duration.usual()
    return {
        slug: Figures(
            **tally,
            liked=liked.get(slug, 0),
            won=judged.get((slug, True), 0),
            lost=judged.get((slug, False), 0),
            usual=usual.get(slug),
        )
        for slug, tally in tallies.items()
    }
