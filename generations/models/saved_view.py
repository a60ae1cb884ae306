from django.conf import settings
from django.db import models
from django.db.models import Q


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Their own, and what others offer to the team."""
        return self.filter(Q(owner=user) | Q(is_shared=True)) if user.is_active else self.none()

    def changeable_by(self, user):
        return self.filter(Q(owner=user) | Q(is_shared=True)) if user.is_admin else self.filter(owner=user)


class SavedView(models.Model):
    """Filters of the feed under a name. Whoever opens it sees what they themselves may see."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=80)
    query = models.TextField()  # as FeedForm.query
    is_shared = models.BooleanField("for the team", default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_view_per_person_and_name")]

    def __str__(self):
        return self.name
