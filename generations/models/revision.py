from django.db import models
from django.db.models import F


class Revision(models.Model):
    """The one counter of changes to the feed. Each change of a task takes the next number inside its own transaction.

    The row stays locked until that transaction ends, so numbers become visible in their order: who has seen revision
    n has seen all changes up to n. (Ids of a sequence lack this: a lower one may be committed later.)
    """

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return str(self.number)

    @classmethod
    def next(cls):
        """Take the next number. Call it first in a change's transaction, so that all take their locks in one order."""
        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            cls.objects.get_or_create(pk=1)
            cls.objects.filter(pk=1).update(number=F("number") + 1)
        return cls.latest()

    @classmethod
    def latest(cls):
        """The newest number; 0 before the first change."""
        return cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0
