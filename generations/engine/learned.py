"""What this installation has learned of the provider's durations, as distributions to plan with."""

import math

from generations.engine.durations import Durations
from generations.models import Duration
from generations.models.duration import BELIEVED_FROM

BY_KIND = {  # until then: the provider's documentation says 3-10 s for pictures and 30-120 s for films
    "image": Durations(8, 0.6),
    "video": Durations(60, 0.6),
    "audio": Durations(6, 0.6),
    "text": Durations(6, 0.6),
}
LONGER = ("resolution", "imageSize", "size", "quality", "duration", "durationSeconds", "n")  # fields that cost time


class Learned:
    """Read once; then asked for each task without a query."""

    def __init__(self):
        rows = Duration.objects.filter(count__gte=BELIEVED_FROM)
        self.rows = {(row.model_slug, row.bucket): durations_of(row) for row in rows}

    def own(self, task):
        """The distribution learned for such tasks, the closest there is, or None."""
        return self.rows.get((task.model_slug, bucket_of(task.body))) or self.rows.get((task.model_slug, ""))

    def of(self, task):
        return self.own(task) or BY_KIND[task.kind]


def durations_of(row):
    return Durations(math.exp(row.mean_log), math.sqrt(row.variance_log))


def bucket_of(body):
    """What in the request decides how long it takes, as a short word: "2K 5"."""
    return " ".join(str(body[name]) for name in LONGER if name in body)[:64]


def learn(task, seconds):
    if seconds > 0:
        Duration.learn(task.model_slug, bucket_of(task.body), math.log(seconds))
