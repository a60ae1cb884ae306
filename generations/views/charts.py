"""Where the marks of a chart are, in a drawing 100 wide and 100 high that the page stretches to its place."""

from dataclasses import dataclass
from itertools import accumulate

STEPS = (1, 2, 5)
GAP = 0.28  # of a column's place
LABELS = 5  # under a chart, at the most


@dataclass(frozen=True)
class Part:
    """A piece of a column: how much of which series, and where."""

    series: str
    value: int
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    label: str
    parts: tuple[Part, ...]
    x: float
    width: float

    @property
    def words(self):
        return f"{self.label}: " + ", ".join(f"{part.value:,} {part.series}" for part in self.parts)


@dataclass(frozen=True)
class Columns:
    """Stacked columns over time, with their axes."""

    columns: tuple[Column, ...]
    ticks: tuple[int, ...]  # from the top down
    labels: tuple[str, ...]

    @classmethod
    def of(cls, rows):
        """`rows` are (label, {series: number}), in order; every row has the same series."""
        top = 4 * step(max((sum(values.values()) for _, values in rows), default=0))
        place = 100 / len(rows)
        columns = tuple(
            Column(label, tuple(stacked(values, top)), (index + GAP / 2) * place, place * (1 - GAP))
            for index, (label, values) in enumerate(rows)
        )
        return cls(columns, tuple(top * quarter // 4 for quarter in (4, 3, 2, 1, 0)), few([row[0] for row in rows]))


def stacked(values, top):
    ends = accumulate(values.values())
    for (series, value), end in zip(values.items(), ends, strict=True):
        yield Part(series, value, 100 - 100 * end / top, 100 * value / top)


def step(most):
    """A quarter of the axis: the least of 1, 2, 5, 10, 20, … of which four reach so far."""
    power = 1
    while True:
        for each in STEPS:
            if 4 * each * power >= most:
                return each * power
        power *= 10


def few(labels):
    """At most five of them, the first and the last included, evenly apart."""
    if len(labels) <= LABELS:
        return tuple(labels)
    return tuple(labels[round(index * (len(labels) - 1) / (LABELS - 1))] for index in range(LABELS))


def widths(values):
    """How long the bars of these values are, in percent of the longest."""
    most = max(values, default=0)
    return [round(float(100 * value / most), 1) if most else 0 for value in values]
