from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone


class Draft(models.Model):
    """What a person has in the composer and has not sent: the fields of its form, restored on any device.

    `version` grows with each saving, so that a page can tell that another one has saved since.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="draft")
    fields = models.JSONField(default=dict)  # name in the form → list of texts; empty when there is nothing
    version = models.PositiveBigIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"draft of {self.person}"

    @property
    def text(self):
        """The prompt in it."""
        return "".join(self.fields.get("prompt", []))

    @classmethod
    def of(cls, person):
        draft = cls.objects.filter(person=person).first() or cls()
        draft.person = person  # who is known: not asked for again
        return draft

    @classmethod
    def keep(cls, person, fields, seen):
        """Save these fields for a page that has seen the version `seen`. False when it has not seen what is there.

        A page counts on by itself when an answer gets lost, so that it may have seen more than was ever saved.
        """
        with transaction.atomic():
            cls.objects.get_or_create(person=person)
            free = cls.objects.filter(Q(version__lte=seen) | Q(fields={}), person=person)
            return free.update(fields=fields, version=F("version") + 1, saved_at=timezone.now()) == 1

    @classmethod
    def drop(cls, person, seen):
        """It has been sent, from a page that has seen the version `seen`; a newer one stays."""
        cls.objects.filter(person=person, version__lte=seen).update(fields={}, version=F("version") + 1)
