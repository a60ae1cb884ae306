from datetime import timedelta

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q


class Team(models.Model):
    """What the admins decide for the whole team: one row, or none while nothing was decided."""

    name = models.CharField(max_length=40, blank=True, help_text="Visitors read it on what you share.")

    # Money
    budget = models.DecimalField(
        "monthly budget in US dollars",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )  # none: no limit
    approval_above = models.DecimalField(
        "US dollars above which an admin has to agree",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )  # none: nobody is asked

    # Links for people outside
    links_allowed = models.BooleanField("links for people outside the team", default=True)
    link_longest_days = models.PositiveSmallIntegerField(
        "longest life of a link, in days", null=True, blank=True, validators=[MinValueValidator(1)]
    )  # none: links may stay until they are revoked
    link_needs_password = models.BooleanField("every link asks for a password", default=False)

    # Marks in the files that leave the studio; originals are never touched
    marks_source = models.BooleanField("made by AI", default=True)
    marks_model = models.BooleanField("the model", default=True)
    marks_task = models.BooleanField("the task's number", default=True)
    marks_team = models.BooleanField("the team's name", default=True)

    def __str__(self):
        return self.name or "the team"

    @classmethod
    def current(cls):
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    # What follows for links, those that are open already, too

    def latest_end(self, made_at):
        """When a link made then (a time, or an expression of one) has to close; None when there is no such moment."""
        return made_at + timedelta(days=self.link_longest_days) if self.link_longest_days else None

    @property
    def forbidden_links(self):
        """A condition of ShareLink: what may not be open as things are now."""
        if not self.links_allowed:
            return ~Q(pk__in=[])
        return Q(password="") if self.link_needs_password else Q(pk__in=[])
