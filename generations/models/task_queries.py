from datetime import timedelta

from django.db import models, transaction
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from generations.models.event import Event
from generations.models.output import Output
from generations.models.revision import Revision
from generations.models.states import UNFINISHED, WATCHED, Hold, Status


class TaskQuerySet(models.QuerySet):
    """What the product asks about many tasks, and does to them, in its own words."""

    def visible_to(self, user):
        """What this person may see: all that the team made, but for what is in the bin and what others keep private."""
        if not user.is_active:
            return self.none()
        kept = self.filter(binned_at=None)
        return kept if user.is_admin else kept.filter(Q(is_private=False) | Q(author=user))

    def hidden_from(self, user):
        """What this person may not see; for who is active."""
        binned = Q(binned_at__isnull=False)
        return self.filter(binned if user.is_admin else binned | Q(is_private=True) & ~Q(author=user))

    def changeable_by(self, user):
        """What this person may act on: their own; admins, everything."""
        if user.is_viewer:
            return self.none()
        return self if user.is_admin else self.filter(author=user)

    def binned(self):
        return self.filter(binned_at__isnull=False)

    def restorable_by(self, user):
        """What lies in the bin and this person may take out of it, last binned first."""
        kept = self.binned().filter(binned_at__gt=timezone.now() - self.model.BINNED_FOR).exclude(error_code="undone")
        return kept.changeable_by(user).order_by("-binned_at", "-pk")

    def unfinished(self):
        return self.filter(status__in=UNFINISHED)

    def running(self):
        """At the provider, as far as we know. An unclear one counts until it is settled or an hour old."""
        recent = timezone.now() - timedelta(hours=1)
        unclear = Q(status=Status.UNKNOWN, claimed_at__gt=recent)
        return self.filter(Q(status__in=[Status.SUBMITTING, Status.PENDING, Status.PROCESSING]) | unclear)

    def sendable(self):
        """Waiting, and nothing tells them to wait longer; oldest first."""
        return self.filter(status=Status.QUEUED, not_before__lte=timezone.now()).order_by("not_before", "pk")

    def undoable(self):
        """Held so that its author may take it back; nobody has taken it for sending yet."""
        return self.filter(status=Status.QUEUED, hold=Hold.UNDO)

    def undo(self, actor):
        """Take back those of them that are held for that. Returns how many they were."""
        with transaction.atomic():
            return sum(task.undo(actor) for task in self.undoable())

    def send_now(self):
        """Hold back no longer those that can still be undone. Returns how many they were."""
        with transaction.atomic():
            return sum(task.send_now() for task in self.undoable())

    def repeatable_by_mistake(self):
        """Still open, or asked for a moment ago, and not ended without a result."""
        open_ones = self.model.objects.filter(status__in=[*UNFINISHED, Status.UNKNOWN])
        recent = self.model.objects.filter(created_at__gt=timezone.now() - timedelta(minutes=2))
        few = open_ones.order_by().values("pk").union(recent.order_by().values("pk"))  # each by its own index
        resultless = [Status.FAILED, Status.EXPIRED, Status.CANCELLED]
        return self.filter(pk__in=few).exclude(status__in=resultless)

    def in_line(self):
        """Waiting to be sent, oldest first; what is held to be undone has not joined the line yet."""
        undoable = Q(hold=Hold.UNDO, not_before__gt=timezone.now())
        return self.filter(status=Status.QUEUED).exclude(undoable).order_by("pk")

    def needing_inputs(self):
        """Orders with files that the provider has yet to read, as far as we know."""
        waiting = self.filter(status=Status.QUEUED)
        return (waiting | self.running()).exclude(inputs={})

    def at_provider(self):
        """In its hands, as far as we know, and watched."""
        return self.filter(status__in=[Status.PENDING, Status.PROCESSING])

    def silent(self):
        """A list of those at the provider for far longer than such tasks take, the oldest first."""
        old = self.at_provider().filter(accepted_at__lt=timezone.now() - self.model.PATIENCE_FOR_OTHERS)
        return [task for task in old.order_by("accepted_at") if task.is_silent]

    def due(self, now=None):
        """Due for a look, now or by that moment, though nobody may wait for it any more; longest due first."""
        return self.filter(status__in=WATCHED, next_poll_at__lte=now or timezone.now()).order_by("next_poll_at")

    def refused(self):
        """Finished, but the file host does not give a file out: the provider may know where it is now."""
        return self.filter(status=Status.SAVING, pk__in=Output.objects.refused().values("task"))

    def changed_since(self, revision):
        return self.filter(revision__gt=revision)

    def touch(self):
        """Tell the pages that something on these cards changed; one number for all. Returns how many they are."""
        with transaction.atomic():
            return self.update(revision=Revision.next())

    def for_cards(self, user=None):
        """With all that a card shows, in two queries whatever their number; with what this person likes of it."""
        by = Event.objects.filter(task=OuterRef("pk"), kind=Event.Kind.CANCELLED).values("actor__name")
        outputs = Output.objects.marked_for(user) if user else Output.objects.all()
        found = self.select_related("prompt", "author").annotate(canceller=Subquery(by[:1]))
        return found.prefetch_related(Prefetch("outputs", outputs))
