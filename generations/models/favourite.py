from django.conf import settings
from django.db import models


class Favourite(models.Model):
    """A person likes a file. The row is the fact: liking makes it, no longer liking removes it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites")
    output = models.ForeignKey("Output", models.CASCADE, related_name="favourites")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "output"], name="one_favourite_per_person_and_output")]

    def __str__(self):
        return f"{self.output} for {self.person}"
