"""How one simulator is set."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

FORMS = ("plain", "async", "typed")
TIERS = {10: (10, 100), 100: (20, 200), 500: (50, 500), 1000: (100, 1000)}
"""The largest single top-up in US dollars → tasks at once, requests a minute."""


@dataclass(frozen=True)
class Config:
    """`data` is the directory of the state; `speed` divides the times of tasks, and of nothing else; `seed`
    decides them together with the body; `rpm` requests a minute and `running_cap` tasks at once are granted
    to each key; `balance` is what a key starts with, in US dollars; `forms` are the submit paths that exist;
    `max_body` is in bytes."""

    data: Path
    speed: float = 1.0
    seed: int = 0
    rpm: int = 100
    running_cap: int = 10
    balance: str = "100"
    retention_hours: float = 24
    forms: tuple[str, ...] = FORMS
    max_body: int = 64 * 1024 * 1024

    def __post_init__(self):
        for name in ("speed", "rpm", "running_cap", "retention_hours", "opening"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be more than 0")

    @property
    def opening(self) -> int:
        """The balance in ten-thousandths of a dollar."""
        return int(Decimal(self.balance) * 10_000)
