import uuid

from django.conf import settings
from django.db import models
from django.db.models import Max

LOOK_BACK = 500  # prompts of a person in which earlier texts are looked for


class PromptQuerySet(models.QuerySet):
    def texts_of(self, author, words=""):
        """What this person wrote lately, as {"text": …, "newest": pk}: newest first, each text once.

        With `words`, only what has all of them in it, however long ago.
        """
        own = self.filter(author=author).exclude(text="")
        for word in words.split():
            own = own.filter(text__icontains=word)
        latest = own.order_by("-pk").values("pk")[:LOOK_BACK]
        return self.filter(pk__in=latest).values("text").annotate(newest=Max("pk")).order_by("-newest")


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
    collection = models.ForeignKey(
        "Collection", models.SET_NULL, null=True, blank=True, related_name="+", help_text="Where its files go."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.text[:80]

    @property
    def is_private(self):
        """Whether it was asked for in private. Whether its tasks still are, they know."""
        return bool(self.values.get("private"))
