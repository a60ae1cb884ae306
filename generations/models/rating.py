from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone

from generations.models.task import Task


class Rating(models.Model):
    """How many stars a person gives a file, 1 to 5. Without a row it is not rated.

    It knows the task, too, by which the feed finds what has so many stars.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ratings")
    output = models.ForeignKey("Output", models.CASCADE, related_name="ratings")
    task = models.ForeignKey("Task", models.CASCADE, related_name="ratings")
    stars = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "output"], name="one_rating_per_person_and_output"),
            models.CheckConstraint(condition=models.Q(stars__range=(1, 5)), name="one_to_five_stars"),
        ]
        indexes = [models.Index(fields=["stars", "task"], name="rating_task")]

    def __str__(self):
        return f"{self.stars} stars for {self.output}"

    @classmethod
    def of(cls, person, outputs):
        """pk of the file → stars, for those of these files that the person has rated."""
        return dict(cls.objects.filter(person=person, output__in=outputs).values_list("output", "stars"))

    @classmethod
    def give(cls, person, outputs, stars):
        """Rate these files (a queryset) with 1 to 5 stars; 0 takes a rating back."""
        known = {"unique_fields": ["person", "output"], "update_fields": ["stars", "made_at"]}
        with transaction.atomic():
            Task.objects.filter(pk__in=outputs.values("task")).touch_newest()
            if stars:
                files, now = outputs.order_by().values_list("pk", "task"), timezone.now()
                each = {"person": person, "stars": stars, "made_at": now}
                given = (cls(output_id=pk, task_id=task, **each) for pk, task in files)
                cls.objects.bulk_create(given, update_conflicts=True, **known)
            else:
                cls.objects.filter(person=person, output__in=outputs).delete()
