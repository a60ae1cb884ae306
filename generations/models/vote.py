import uuid

from django.conf import settings
from django.db import IntegrityError, models, transaction


class Vote(models.Model):
    """A file that somebody judged against others without knowing which model made which, and whether it won.

    The rows of one comparison share a ballot.
    """

    ballot = models.UUIDField(default=uuid.uuid4)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="votes")
    output = models.ForeignKey("Output", models.CASCADE, related_name="votes")
    won = models.BooleanField()
    cast_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "output"], name="one_vote_per_ballot_and_output"),
            models.UniqueConstraint(fields=["ballot"], condition=models.Q(won=True), name="one_winner_per_ballot"),
        ]

    def __str__(self):
        return f"{self.output} {'won' if self.won else 'lost'}"

    @classmethod
    def cast(cls, ballot, person, outputs, best):
        """`best` won against the others of these files. False when this ballot was cast before: nothing changes."""
        votes = [cls(ballot=ballot, person=person, output=each, won=each == best) for each in outputs]
        try:
            with transaction.atomic():
                cls.objects.bulk_create(votes)
        except IntegrityError:
            return False
        return True
