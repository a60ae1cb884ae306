from django.conf import settings
from django.db import models
from django.db.models import Q


class PresetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Their own, and what others offer to the team."""
        return self.filter(Q(owner=user) | Q(is_shared=True)) if user.is_active else self.none()

    def changeable_by(self, user):
        return self.filter(Q(owner=user) | Q(is_shared=True)) if user.is_admin else self.filter(owner=user)

    def with_words(self, words):
        """Those that have all of these words in their name or text."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(text__icontains=word))
        return found

    def upload_pks(self):
        """The set of the uploads that those for the team hold."""
        return {pk for preset in self.filter(is_shared=True).only("values") for pk in preset.upload_pks}


class Preset(models.Model):
    """A beginning for the composer under a name: part of a prompt, models, parameters, files."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="presets")
    name = models.CharField(max_length=80)
    is_shared = models.BooleanField("for the team", default=False)
    text = models.TextField(blank=True)
    model_slugs = models.JSONField(default=list, blank=True)
    values = models.JSONField(default=dict, blank=True)  # as Prompt.values
    cover = models.ForeignKey("Output", models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = PresetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_preset_per_person_and_name")]

    def __str__(self):
        return self.name

    @property
    def upload_pks(self):
        """The files that it holds."""
        return [pk for given in self.values.values() if isinstance(given, list) for pk in given]
