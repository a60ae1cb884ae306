from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from generations.models.output import Output


class TagQuerySet(models.QuerySet):
    def named(self, names):
        """Those with these names."""
        return self.filter(pk__in=self.pks_of(names))

    def pks_of(self, names):
        """The pks of those with these names. Letters are compared here: SQLite knows the capitals of ASCII alone."""
        folded = {name.casefold() for name in names}
        return [pk for pk, name in self.order_by().values_list("pk", "name") if name.casefold() in folded]

    def visible_to(self, user):
        """Those on files that this person may see."""
        return self.filter(Exists(Output.objects.visible_to(user).filter(taggings__tag=OuterRef("pk")).order_by()))

    def unused(self):
        return self.filter(taggings=None)


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

    @classmethod
    def put(cls, names, outputs, person):
        """Have the tags of these names on these files (a queryset). New ones are written as they are here."""
        with transaction.atomic():
            known = {tag.name.casefold() for tag in cls.objects.named(names)}
            new = [cls(name=name) for name in names if name.casefold() not in known]
            cls.objects.bulk_create(new, ignore_conflicts=True)
            files = list(outputs.order_by().values_list("pk", "task"))
            for tag in cls.objects.named(names):
                put = (Tagging(tag=tag, output_id=pk, task_id=task, made_by=person) for pk, task in files)
                Tagging.objects.bulk_create(put, ignore_conflicts=True, batch_size=1000)

    @classmethod
    def take_off(cls, names, outputs):
        """Have them on these files no longer. A tag that no file has any more is gone."""
        with transaction.atomic():
            tags = cls.objects.named(names)
            Tagging.objects.filter(tag__in=tags, output__in=outputs.order_by()).delete()
            tags.unused().delete()


class Tagging(models.Model):
    """The fact that a file has a tag. It knows the task, too, by which tags are found and counted."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")
    output = models.ForeignKey("Output", models.CASCADE, related_name="taggings")
    task = models.ForeignKey("Task", models.CASCADE, related_name="taggings")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "output"], name="one_tagging_per_tag_and_file")]
        indexes = [models.Index(fields=["tag", "task"], name="tagging_task")]

    def __str__(self):
        return f"{self.tag} on {self.output}"
