from django.conf import settings
from django.db import models
from django.db.models import Q

from generations.models.event import Event
from generations.models.purse import Budget, Purse, capitalised
from generations.models.user import User


class Alarm(models.Model):
    """That a budget runs out: told once for each month, and anew when an admin has changed the budget."""

    class Level(models.TextChoices):
        NEAR = "near", "nearly used up"
        USED_UP = "used_up", "used up"

    KINDS = {Level.NEAR: Event.Kind.BUDGET_NEAR, Level.USED_UP: Event.Kind.BUDGET_USED}

    event = models.OneToOneField(Event, models.CASCADE, related_name="alarm")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )  # none: the team's
    month = models.DateField()
    limit = models.DecimalField(max_digits=10, decimal_places=2)
    used = models.DecimalField(max_digits=14, decimal_places=4)
    level = models.CharField(max_length=8, choices=Level)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "month", "limit", "level"], name="one_alarm_per_budget"),
            models.UniqueConstraint(
                fields=["month", "limit", "level"], name="one_alarm_per_team_budget", condition=Q(person=None)
            ),
        ]

    def __str__(self):
        return f"{self.whose} is {self.get_level_display()}"

    @property
    def whose(self):
        """As others call it."""
        return f"The budget of {self.person}" if self.person else "The team budget"

    @classmethod
    def look(cls, person):
        """Tell of the budgets for this person's orders. Call where the Revision is held, after the ledger was written:
        then no other order comes between."""
        purse = Purse.of(person)
        for owner, budget in ((person, purse.own), (None, purse.team)):
            if level := budget.level:
                cls._tell(owner, budget, purse, level)

    @classmethod
    def _tell(cls, owner, budget, purse, level):
        same = {"person": owner, "month": purse.month, "limit": budget.limit}
        if cls.objects.filter(level__in=[level, cls.Level.USED_UP], **same).exists():
            return
        text = budget.told if owner else f"{capitalised(budget.name)}: {budget.told}"
        event = Event.objects.create(kind=cls.KINDS[level], actor=owner, text=text)
        cls.objects.create(event=event, level=level, used=budget.used, **same)

    @property
    def told(self):
        return Budget(self.whose, self.limit, self.used).told

    def readers(self):
        """Who is to be told: the person whose it is, and the admins."""
        return User.objects.filter(Q(pk=self.person_id) | Q(role=User.Role.ADMIN), is_active=True)
