from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class TagQuerySet(models.QuerySet):
    def named(self, names):
        """Those with these names. Letters are compared here: SQLite knows the capitals of ASCII alone."""
        folded = {name.casefold() for name in names}
        known = self.order_by().values_list("pk", "name")
        return self.filter(pk__in=[pk for pk, name in known if name.casefold() in folded])


class Tag(models.Model):
    """A word that the team puts on files. Capital and small letters make no difference."""

    name = models.CharField(max_length=40)
    outputs = models.ManyToManyField("Output", through="Tagging", related_name="tags")

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="one_tag_per_name")]

    def __str__(self):
        return self.name


class Tagging(models.Model):
    """The fact that a file has a tag."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")
    output = models.ForeignKey("Output", models.CASCADE, related_name="taggings")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "output"], name="one_tagging_per_tag_and_file")]

    def __str__(self):
        return f"{self.tag} on {self.output}"
