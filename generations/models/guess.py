from datetime import timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone


class Guess(models.Model):
    """Passwords tried in vain for a link: how many by one address, of which a keyed hash is kept, or by all together.

    Forgotten a while after the last of them. Counted in the database, so that all processes count as one.
    """

    PAUSE = timedelta(minutes=15)
    MOST, MOST_TOGETHER = 5, 100
    TOGETHER = ""  # in place of an address

    link = models.ForeignKey("ShareLink", models.CASCADE, related_name="guesses")
    address = models.CharField(max_length=64, blank=True)
    count = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "address"], name="one_count_per_link_and_address")]

    def __str__(self):
        return f"{self.count} guesses at {self.link}"

    @classmethod
    def take(cls, link, address):
        """Count a try before it is looked at: how many this address has left after it; None when it had none."""
        cls.forget()
        if not cls._count(link, address, cls.MOST) or not cls._count(link, cls.TOGETHER, cls.MOST_TOGETHER):
            return None
        return cls.MOST - cls.objects.values_list("count", flat=True).get(link=link, address=address)

    @classmethod
    def give_back(cls, link, address):
        """The try was right: it does not count, nor do this address's earlier ones."""
        cls.objects.filter(link=link, address=address).delete()
        cls.objects.filter(link=link, address=cls.TOGETHER, count__gt=0).update(count=F("count") - 1)

    @classmethod
    def pause(cls, link, address):
        """How long until this address may try again; zero when it may now."""
        full = cls.objects.filter(link=link, address=address, count__gte=cls.MOST)
        full |= cls.objects.filter(link=link, address=cls.TOGETHER, count__gte=cls.MOST_TOGETHER)
        ends = full.aggregate(until=models.Max("until"))["until"]
        return max(ends - timezone.now(), timedelta()) if ends else timedelta()

    @classmethod
    def forget(cls):
        cls.objects.filter(until__lte=timezone.now()).delete()

    @classmethod
    def _count(cls, link, address, most):
        until = timezone.now() + cls.PAUSE
        row, _ = cls.objects.get_or_create(link=link, address=address, defaults={"until": until})
        return cls.objects.filter(pk=row.pk, count__lt=most).update(count=F("count") + 1, until=until) == 1
