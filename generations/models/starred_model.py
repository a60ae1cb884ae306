from django.conf import settings
from django.db import models


class StarredModel(models.Model):
    """A model that a person wants at hand. The row is the fact."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="starred_models")
    model_slug = models.CharField(max_length=256)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "model_slug"], name="one_star_per_person_and_model")]

    def __str__(self):
        return self.model_slug
