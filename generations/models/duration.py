import math

from django.db import models, transaction

FIRST_SPREAD = 0.36  # variance of ln(seconds) until it is known: sigma 0.6
BELIEVED_FROM = 3  # values
DECILE = 1.2815515655446004  # standard deviations from the middle of a bell to where a tenth lies beyond
SLOWEST_WEIGHT = 0.02  # of the newest value, once many are known


class DurationQuerySet(models.QuerySet):
    def believed(self):
        """Of each model as a whole, where enough is known."""
        return self.filter(bucket="", count__gte=BELIEVED_FROM)


class Duration(models.Model):
    """How long one model takes, learned: the running mean and variance of ln(seconds) from acceptance to the result.

    Kept per model and bucket (size and length of what is asked for), and per model alone under the bucket "".
    """

    model_slug = models.CharField(max_length=256)
    bucket = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(default=0)
    mean_log = models.FloatField(default=0)
    variance_log = models.FloatField(default=FIRST_SPREAD)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DurationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model_slug", "bucket"], name="one_duration_per_bucket")]

    def __str__(self):
        return f"{self.model_slug} {self.bucket}".strip()

    @property
    def percentiles(self):
        """The seconds within which 10, 50 and 90 percent are done."""
        spread = DECILE * math.sqrt(self.variance_log)
        return tuple(math.exp(self.mean_log + distance) for distance in (-spread, 0, spread))

    @classmethod
    def usual(cls):
        """The percentiles of each model of which enough is known, by its slug."""
        return {row.model_slug: row.percentiles for row in cls.objects.believed()}

    @classmethod
    def learn(cls, model_slug, bucket, log_seconds):
        """Take one more value into account, for the bucket and for the model as a whole."""
        for name in {bucket, ""}:
            with transaction.atomic():
                row, _ = cls.objects.select_for_update().get_or_create(model_slug=model_slug, bucket=name)
                row.weigh_in(log_seconds)
                row.save()

    def weigh_in(self, log_seconds):
        """Exponentially weighted: the n-th value weighs 1/n, later ones 2 percent."""
        self.count += 1
        weight = max(1 / self.count, SLOWEST_WEIGHT)
        distance = log_seconds - self.mean_log
        self.mean_log += weight * distance
        if self.count > 1:
            prior = self.variance_log
            self.variance_log = (1 - weight) * (prior + weight * distance**2)
