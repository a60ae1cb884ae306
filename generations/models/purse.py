"""How much may still be ordered in a calendar month: by a person, and by all of the team together."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.db.models import Case, OuterRef, Q, Subquery, Sum, When
from django.utils import timezone
from django.utils.formats import date_format

from generations.models.entry import ZERO, Entry, exact, month_of
from generations.models.team import Team
from generations.models.user import User

CENT = Decimal("0.01")
WARN_FROM = Decimal("0.8")  # of a budget
OVER_FROM = Decimal("0.99")  # what is left then is enough for next to nothing


class OverBudget(Exception):
    """An order that a budget does not allow. Its text is for people, and nothing was ordered."""


@dataclass(frozen=True)
class Budget:
    """`limit` and `used` are of one month, in USD; no limit is None. Used is what is spent and what is held back."""

    name: str
    limit: Decimal | None
    used: Decimal

    @property
    def left(self):
        """None without a limit; never below zero."""
        return None if self.limit is None else max(self.limit - self.used, ZERO)

    @property
    def is_used_up(self):
        return self.limit is not None and self.used >= self.limit

    @property
    def level(self):
        """How far it is used, as an Alarm tells it: "near", "used_up", or "" while there is enough or no limit."""
        if not self.limit or self.used < self.limit * WARN_FROM:
            return ""
        return "near" if self.used < self.limit * OVER_FROM else "used_up"

    @property
    def told(self):
        return f"{dollars(self.used)} of {dollars(self.limit)} is used"

    def allows(self, amount):
        return self.limit is None or (not self.is_used_up and self.used + amount <= self.limit)

    def is_near(self, amount):
        """Whether an order of this much is worth a warning."""
        return self.limit is not None and self.allows(amount) and self.used + amount >= self.limit * WARN_FROM


@dataclass(frozen=True)
class Purse:
    """The budgets that hold for a person's orders of one month, and the amount above which an admin has to agree."""

    month: date
    own: Budget
    team: Budget
    asks_above: Decimal | None = None  # of one press, in USD; none: nobody is asked

    @classmethod
    def of(cls, person):
        """Of this month, as it is now. It cannot change before the transaction's end where the Revision is held."""
        return cls.seen_by(with_budgets(month_of(timezone.now())).get(pk=person.pk))

    @classmethod
    def seen_by(cls, person):
        """The same as it was when the person was read; who is signed in was read with_budgets."""
        if not hasattr(person, "team_used"):
            return cls.of(person)
        own = Budget("your budget", person.budget, exact(person.own_used))
        team = Budget("the team budget", person.team_budget, exact(person.team_used))
        return cls(month_of(timezone.now()), own, team, person.approval_above)

    @property
    def budgets(self):
        """Those that have a limit; the one with the least left first."""
        return sorted((each for each in (self.own, self.team) if each.limit is not None), key=lambda each: each.left)

    def running_out(self, is_admin):
        """The Budget that this person is to be told of, or None; that of the team is the admins' affair."""
        return next((each for each in (self.own, self.team) if each.level and (is_admin or each is self.own)), None)

    @property
    def renewed_on(self):
        """The first day of the month after."""
        return next_month(self.month)

    def refusal(self, amount):
        """Why an order of this much (None where the price is not known) is not allowed; "" when it is."""
        used_up = next((each for each in self.budgets if each.is_used_up), None)
        until = date_format(self.renewed_on, "j F")
        if used_up:
            return f"{capitalised(used_up.name)} is used up until {until}. An admin can raise it."
        short = next((each for each in self.budgets if not each.allows(amount or ZERO)), None)
        if short:
            return (
                f"This costs about {dollars(amount, ROUND_HALF_UP)}, and {dollars(short.left)} is left in {short.name} "
                f"until {until}. An admin can raise it."
            )
        return ""

    def outlook(self, amount):
        """What the composer says of the budgets before an order of this much; "" without any."""
        near = next((each for each in self.budgets if each.is_near(amount or ZERO)), None)
        if near and amount:
            return f"This run would leave {dollars(near.left - amount)} in {near.name}."
        return capitalised(f"{dollars(self.budgets[0].left)} left this month.") if self.budgets else ""

    def asks(self, amount):
        """Whether an admin has to agree to a press of this much; one whose price is not known (None) may be as dear."""
        return self.asks_above is not None and (amount is None or amount > self.asks_above)

    def admit(self, amount):
        """Raise OverBudget when an order of this much is not allowed."""
        if words := self.refusal(amount):
            raise OverBudget(words)


@lru_cache(maxsize=1)  # made once: Django takes longer to put it together than to ask it
def with_budgets(month):
    """People with what a Purse tells of a month. Sums are made only of what has a limit; admins ask nobody.

    All requests share this queryset, so it is never read itself: filter it, or take its all().
    """
    own = Subquery(used_in(month, "person").filter(person=OuterRef("pk")))
    team, all_of_it = Team.objects.filter(pk=1), Subquery(used_in(month, "month"))
    return User.objects.annotate(
        team_budget=Subquery(team.values("budget")),
        approval_above=Case(When(~Q(role=User.Role.ADMIN), then=Subquery(team.values("approval_above")))),
        own_used=Case(When(budget__isnull=False, then=own)),
        team_used=Case(When(team_budget__isnull=False, then=all_of_it)),
    )


def next_month(month):
    return (month + timedelta(days=32)).replace(day=1)


def used_in(month, by):
    """What is spent or held back in a month, for each value of this column of the ledger."""
    entries = Entry.objects.filter(month=month).order_by().values(by)
    return entries.annotate(used=Sum("reserved") + Sum("spent")).values("used")


def dollars(amount, rounding=ROUND_DOWN):
    """In words that never call a little nothing. What is left is rounded down, so that it is never too much."""
    shown = amount.quantize(CENT, rounding)
    return "less than $0.01" if amount and not shown else f"${shown:,}"


def capitalised(words):
    return words[:1].upper() + words[1:]
