"""What an order may cost. Prices move and their tables are patchy, so the answer is a range or nothing, never zero."""

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Estimate:
    """USD for a whole request: from the least to the most that the last `orders` of ours alike were charged, with what
    is `listed` beside it; with none, from the cheapest to the dearest reading of the price list.
    """

    minimum: Decimal
    maximum: Decimal
    orders: int = 0
    listed: "Estimate | None" = None


def estimate(price, fewest, most, words):
    """The cost of fewest to most units, None for none; words are the settings that may choose a tier."""
    low, high = rates(price, words)
    return Estimate(low * fewest, high * most) if low > 0 and fewest > 0 else None


def rates(price, words):
    """The lowest and highest rate of the tiers that share most words with the settings; of all, when none does.

    A tier is named by one word or several: "2K", "720p no audio", "768P/6s". One all of whose words are among the
    settings comes before others.
    """
    settings = {str(word).casefold() for word in words}
    shared = {tier: (_words(tier) <= settings, len(settings & _words(tier))) for tier in price.tiers}
    best = max(shared.values(), default=(False, 0))
    if not best[1]:
        return price.minimum, price.maximum
    fitting = [rate for tier, rate in price.tiers.items() if shared[tier] == best]
    return min(fitting), max(fitting)


def by_word(price, words):
    """For each word the lowest and highest rate of the tiers that it names, None where it names none.

    Empty when the choice among these words does not change the price.
    """
    named = [[rate for tier, rate in price.tiers.items() if word.casefold() in _words(tier)] for word in words]
    found = tuple((min(rates), max(rates)) if rates else None for rates in named)
    return found if len(set(found)) > 1 else ()


def _words(tier):
    return set(re.split(r"[\s/]+", tier.casefold()))
