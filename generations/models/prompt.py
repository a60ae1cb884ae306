import uuid

from django.conf import settings
from django.db import models


class Prompt(models.Model):
    """What a person asked for by one press of Generate. Never changed once sent."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="prompts")
    text = models.TextField()
    model_slugs = models.JSONField(default=list, help_text="The models chosen, in order.")
    values = models.JSONField(default=dict, help_text="What the composer's fields held, by name.")
    order_key = models.UUIDField(
        default=uuid.uuid4, unique=True, help_text="Made with the form, so that a double click buys once."
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="remixes", help_text="The one it is a remix of."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.text[:80]
