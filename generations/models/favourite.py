from django.conf import settings
from django.db import models, transaction

from generations.models.task import Task


class Favourite(models.Model):
    """A person likes a file. The row is the fact: liking makes it, no longer liking removes it.

    It knows the task, too, by which the feed finds what somebody likes.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites")
    output = models.ForeignKey("Output", models.CASCADE, related_name="favourites")
    task = models.ForeignKey("Task", models.CASCADE, related_name="favourites")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "output"], name="one_favourite_per_person_and_output")]
        indexes = [models.Index(fields=["person", "task"], name="favourite_task")]

    def __str__(self):
        return f"{self.output} for {self.person}"

    @classmethod
    def of(cls, person, outputs):
        """The pks of those of these files that the person likes."""
        return set(cls.objects.filter(person=person, output__in=outputs).values_list("output", flat=True))

    @classmethod
    def mark(cls, person, outputs):
        """Like these files (a queryset). Those liked already stay as they are."""
        with transaction.atomic():
            Task.objects.filter(pk__in=outputs.values("task")).touch_newest()
            files = outputs.order_by().values_list("pk", "task")
            liked = (cls(person=person, output_id=pk, task_id=task) for pk, task in files)
            cls.objects.bulk_create(liked, ignore_conflicts=True)

    @classmethod
    def unmark(cls, person, outputs):
        with transaction.atomic():
            Task.objects.filter(pk__in=outputs.values("task")).touch_newest()
            cls.objects.filter(person=person, output__in=outputs).delete()
