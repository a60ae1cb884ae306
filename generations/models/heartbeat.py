from datetime import timedelta

from django.db import models
from django.utils import timezone


class Heartbeat(models.Model):
    """A sign of life from one machine's worker, written by a job that the cluster really ran."""

    FRESH = timedelta(seconds=60)

    host = models.CharField(max_length=255, unique=True)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.host} at {self.at:%H:%M:%S}"

    @classmethod
    def beat(cls, host):
        cls.objects.update_or_create(host=host, defaults={"at": timezone.now()})

    @classmethod
    def fresh(cls):
        return cls.objects.filter(at__gt=timezone.now() - cls.FRESH)

    @classmethod
    def latest(cls):
        """A queryset of one moment: when a worker was last heard of; None when never."""
        return cls.objects.values(latest=models.Func("at", function="MAX"))

    @classmethod
    def is_fresh(cls, moment):
        """Whether what was heard then (None: nothing ever) tells that a worker is alive."""
        return moment is not None and moment > timezone.now() - cls.FRESH

    @classmethod
    def is_any_fresh(cls):
        """Whether some worker is alive."""
        return cls.how_many_fresh() > 0

    @classmethod
    def how_many_fresh(cls):
        """On how many machines a worker is alive."""
        return cls.fresh().count()
