"""How long the provider takes: lognormal durations, and when a look at a task is worth its request.

Pure: ages and spans are in seconds; nothing here knows a clock or a database. With S the survival function of the
durations, a task last seen unfinished at age a has at age t waited unseen, in expectation,

    L(a, t) = (t - a) - (1 / S(a)) * (integral of S from a to t)

seconds. Asking whenever L reaches a threshold p is asking at a rate proportional to the square root of the hazard,
n = A / sqrt(2 p) times with A the integral of sqrt(f S). That gives the least mean lag for a number of requests:
lag >= A^2 / 2n.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

SIGMA_FLOOR = 0.1
STEP = 0.02  # of the tables, in ln(age / median)
LOWEST, HIGHEST = -5.0, 8.0  # they reach from median/150 to 3000 medians
RARE = 1e-4  # survival below which the tables are too coarse, and a power of the age takes their place
SLOWEST, QUICKEST = 1 / 2, 1 / 0.15  # bounds of hazard x age beyond the median, beyond two sigma


@dataclass(frozen=True)
class Durations:
    """A lognormal distribution: its `median` in seconds and the `sigma` of ln(seconds)."""

    median: float
    sigma: float

    def quantile(self, share):
        """The seconds within which this share of the tasks is done."""
        low, high = LOWEST, HIGHEST
        while high - low > 1e-4:
            middle = (low + high) / 2
            low, high = (middle, high) if normal_cdf(middle / self.sigma) < share else (low, middle)
        return self.median * math.exp(low)

    @property
    def mean(self):
        """Seconds."""
        return self.median * math.exp(self.sigma**2 / 2)

    @property
    def vagueness(self):
        """A, the integral of sqrt(f S), in square roots of seconds: the more is known, the fewer looks are needed."""
        return math.sqrt(self.median) * table_of(self.sigma).vagueness

    def ready(self, seen, age):
        """P(done at `age` | not done at `seen`)."""
        return table_of(self.sigma).ready(seen / self.median, age / self.median)

    def unseen(self, seen, age):
        """L(seen, age): the expected seconds that a result has been waiting."""
        return self.median * table_of(self.sigma).unseen(seen / self.median, age / self.median)

    def next_look(self, seen, threshold):
        """The first age at which `unseen` reaches the threshold (seconds), after a look at age `seen`."""
        table, wanted = table_of(self.sigma), threshold / self.median
        low, high = seen / self.median, seen / self.median + wanted + 1e-3
        while table.unseen(seen / self.median, high) < wanted:
            low, high = high, high + 2 * (high - low)
        for _ in range(24):
            middle = (low + high) / 2
            low, high = (middle, high) if table.unseen(seen / self.median, middle) < wanted else (low, middle)
        return self.median * high


class Table:
    """Survival and its integral for median 1, on a grid of ln(age).

    Beyond the median hazard x age is kept at 1/2 or more, so that a straggler is never forgotten; beyond two sigma at
    1/0.15 or less, since no tail is known that well.
    """

    def __init__(self, sigma):
        self.sigma = sigma
        xs = [LOWEST + n * STEP for n in range(int((HIGHEST - LOWEST) / STEP) + 1)]
        rates = [guarded_rate(x, sigma) for x in xs]
        hazard = accumulate(((a + b) / 2 * STEP for a, b in pairwise(rates)), initial=0.0)
        self.ages = [math.exp(x) for x in xs]
        self.survival = [math.exp(-total) for total in hazard]
        widths = (b - a for a, b in pairwise(self.ages))
        heights = ((a + b) / 2 for a, b in pairwise(self.survival))
        self.vagueness = STEP * sum(
            math.sqrt(rate * age) * alive for rate, age, alive in zip(rates, self.ages, self.survival, strict=True)
        )
        areas = (width * height for width, height in zip(widths, heights, strict=True))
        self.integral = list(accumulate(areas, initial=self.ages[0]))

    def at(self, values, age):
        place = bisect_left(self.ages, age)
        if place == 0:
            return None
        place = min(place, len(self.ages) - 1)
        left, right = self.ages[place - 1], self.ages[place]
        share = (age - left) / (right - left)
        return values[place - 1] + share * (values[place] - values[place - 1])

    def survival_at(self, age):
        found = self.at(self.survival, age)
        return 1.0 if found is None else max(found, 1e-12)

    def integral_to(self, age):
        found = self.at(self.integral, age)
        return age if found is None else found

    def is_beyond(self, seen):
        return seen > self.ages[-1] or self.survival_at(seen) < RARE

    def rate(self, age):
        """Hazard x age, which out there hardly changes: S(age) / S(seen) = (seen / age)^rate."""
        return guarded_rate(math.log(age), self.sigma)

    def ready(self, seen, age):
        if self.is_beyond(seen):
            return 1 - (seen / age) ** self.rate(seen)
        return 1 - self.survival_at(age) / self.survival_at(seen)

    def unseen(self, seen, age):
        if self.is_beyond(seen):
            rest = self.rate(seen) - 1
            return (age - seen) - seen / rest * (1 - (seen / age) ** rest)
        return (age - seen) - (self.integral_to(age) - self.integral_to(seen)) / self.survival_at(seen)


@lru_cache(maxsize=256)
def table_for(hundredths):
    return Table(hundredths / 100)


def table_of(sigma):
    return table_for(round(max(sigma, SIGMA_FLOOR) * 100))


def guarded_rate(x, sigma):
    """Hazard x age of a lognormal with median 1 at ln(age) = x, within its bounds."""
    rate = normal_hazard(x / sigma) / sigma
    if x > 0:
        rate = max(rate, SLOWEST)
    if x > 2 * sigma:
        rate = min(rate, QUICKEST)
    return rate


def normal_hazard(z):
    """phi(z) / (1 - Phi(z)); beyond z = 8 its asymptote."""
    if z > 8:
        return z + 1 / z
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / (math.erfc(z / math.sqrt(2)) / 2)


def normal_cdf(z):
    return math.erfc(-z / math.sqrt(2)) / 2
