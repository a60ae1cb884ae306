from django.conf import settings
from django.db import models


class Draft(models.Model):
    """What a person has in the composer and has not sent: the fields of its form, restored on any device.

    `version` counts the savings, so that a page can tell that another one has saved since.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="draft")
    fields = models.JSONField(default=dict)  # name in the form → list of texts
    version = models.PositiveBigIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"draft of {self.person}"
