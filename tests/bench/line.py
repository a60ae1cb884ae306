"""One line of the report: a value, the gate it has to pass, and the numbers it was made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`most` and `least` are the gates; without one the line is for information. `facts` are the numbers below it."""

    name: str
    value: float
    most: float | None = None
    least: float | None = None
    facts: str = ""

    @property
    def gate(self):
        if self.most is not None:
            return f"<= {self.most:g}"
        return "" if self.least is None else f">= {self.least:g}"

    @property
    def fails(self):
        """Whether it misses its gate; a value that is not a number does."""
        if self.most is not None:
            return not self.value <= self.most
        return self.least is not None and not self.value >= self.least

    def __str__(self):
        verdict = "" if not self.gate else "FAIL" if self.fails else "PASS"
        row = f"{self.name:<64} {self.value:>7.3g}  {self.gate:<8} {verdict}".rstrip()
        return f"{row}\n    {self.facts}" if self.facts else row


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else float("nan")
