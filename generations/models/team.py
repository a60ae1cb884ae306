from django.core.validators import MinValueValidator
from django.db import models


class Team(models.Model):
    """What the admins decide for the whole team: one row, or none while nothing was decided."""

    name = models.CharField(max_length=40, blank=True, help_text="Visitors read it on what you share.")

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
