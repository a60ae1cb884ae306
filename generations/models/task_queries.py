from datetime import timedelta
from typing import NamedTuple

from django.db import models, transaction
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, Sum
from django.utils import timezone

from generations.models.attempt import Attempt
from generations.models.entry import Entry
from generations.models.event import Event
from generations.models.learned_price import LearnedPrice
from generations.models.output import Output
from generations.models.preset import Preset
from generations.models.revision import Revision
from generations.models.states import CLAIMABLE, CLOSED, UNFINISHED, WATCHED, Hold, Status
from generations.models.task_words import TaskWords
from generations.models.upload import Upload

MOST_TOUCHED = 48


class Moved(NamedTuple):
    """What a verb did to many: how many it changed, and the revision that these have since; none else has it."""

    count: int
    revision: int


class TaskQuerySet(models.QuerySet):
    """What the product asks about many tasks, and does to them, in its own words."""

    def create(self, **fields):
        """A new one, with the words that it is found by."""
        with transaction.atomic():
            task = super().create(**fields)
            TaskWords.of(task).save(force_insert=True)
        return task

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

    def under_way(self):
        """Unfinished, and nobody has to agree first."""
        return self.unfinished().exclude(hold=Hold.APPROVAL)

    def awaiting_approval(self):
        """Not sent before an admin agrees, oldest first."""
        return self.filter(status=Status.QUEUED, hold=Hold.APPROVAL).order_by("pk")

    def running(self):
        """At the provider, as far as we know. An unclear one counts until it is settled or an hour old."""
        recent = timezone.now() - timedelta(hours=1)
        unclear = Q(status=Status.UNKNOWN, claimed_at__gt=recent)
        return self.filter(Q(status__in=[Status.SUBMITTING, Status.PENDING, Status.PROCESSING]) | unclear)

    def sendable(self):
        """Waiting, and nothing tells them to wait longer; oldest first."""
        waiting = self.filter(status=Status.QUEUED, hold__in=CLAIMABLE)
        return waiting.filter(not_before__lte=timezone.now()).order_by("not_before", "pk")

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

    def deny(self, actor, text="", code="denied"):
        """Send none of those that wait for an admin. Returns how many they were."""
        return sum(task.deny(actor, text, code) for task in self.awaiting_approval())

    def repeatable_by_mistake(self):
        """Still open, or asked for a moment ago, and not ended without a result."""
        open_ones = self.model.objects.filter(status__in=[*UNFINISHED, Status.UNKNOWN])
        recent = self.model.objects.filter(created_at__gt=timezone.now() - timedelta(minutes=2))
        few = open_ones.order_by().values("pk").union(recent.order_by().values("pk"))  # each by its own index
        resultless = [Status.FAILED, Status.EXPIRED, Status.CANCELLED]
        return self.filter(pk__in=few).exclude(status__in=resultless)

    def in_line(self):
        """Waiting to be sent, oldest first; what can be undone or waits for an admin has not joined the line yet."""
        undoable = Q(hold=Hold.UNDO, not_before__gt=timezone.now())
        return self.filter(status=Status.QUEUED, hold__in=CLAIMABLE).exclude(undoable).order_by("pk")

    def needing_inputs(self):
        """Orders with files that the provider has yet to read, as far as we know."""
        waiting = self.filter(status=Status.QUEUED, hold__in=CLAIMABLE)
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

    # Verbs. Each is one update with one revision and an Event each, however many there are, and returns a Moved.

    def bin(self, actor):
        """Take them out of everybody's sight, their links and files included. Only what is over can be binned."""
        over = self.filter(status__in=CLOSED, binned_at=None)
        return over._move(Event.Kind.BINNED, actor, binned_at=timezone.now(), binned_by=actor)

    def restore(self, actor):
        """Take them out of the bin, while they are kept there."""
        kept = self.filter(status__in=CLOSED, binned_at__gt=timezone.now() - self.model.BINNED_FOR)
        return kept._move(Event.Kind.RESTORED, actor, binned_at=None, binned_by=None)

    def make_private(self, actor):
        """Show them to their authors and admins alone from now on, files and inputs included."""
        with transaction.atomic():
            moved = self.filter(is_private=False)._move(Event.Kind.HIDDEN, actor, is_private=True)
            if given := self.model.objects.filter(revision=moved.revision).upload_pks():
                others = self.model.objects.filter(is_private=False).upload_pks()
                Upload.objects.filter(pk__in=given - others - Preset.objects.upload_pks()).hide()
        return moved

    def make_public(self, actor):
        """Show them to the team again."""
        with transaction.atomic():
            moved = self.filter(is_private=True)._move(Event.Kind.SHOWN, actor, is_private=False)
            given = self.model.objects.filter(revision=moved.revision).upload_pks()
            Upload.objects.filter(pk__in=given).show()
        return moved

    def _move(self, kind, actor, **fields):
        with transaction.atomic():
            revision = Revision.next()
            count = self.order_by().update(revision=revision, **fields)
            pks = self.model.objects.filter(revision=revision).order_by("pk").values_list("pk", flat=True)
            Event.objects.bulk_create(Event(kind=kind, task_id=pk, actor=actor) for pk in pks)
        return Moved(count, revision)

    def upload_pks(self):
        """The set of the uploads that they take."""
        inputs = self.order_by().exclude(inputs={}).values_list("inputs", flat=True)
        return {pk for each in inputs.iterator() for pk in pks_in(each)}

    def touch(self):
        """Tell the pages that something on these cards changed; one number for all. Returns how many they are."""
        with transaction.atomic():
            return self.update(revision=Revision.next())

    def touch_newest(self):
        """The same of the newest ones alone, for what concerns one person: for very many all pages would load anew."""
        return self.model.objects.filter(pk__in=self.order_by("-pk").values("pk")[:MOST_TOUCHED]).touch()

    def with_money(self):
        """With what due_money and booked_money tell, in one query."""
        lines = Entry.objects.filter(task=OuterRef("pk")).order_by().values("task")
        doubts = Attempt.objects.filter(task=OuterRef("pk"), outcome=Attempt.Outcome.UNKNOWN).order_by().values("task")
        return self.annotate(
            doubts=Subquery(doubts.annotate(number=Count("pk")).values("number")),
            booked_reserved=Subquery(lines.annotate(total=Sum("reserved")).values("total")),
            booked_spent=Subquery(lines.annotate(total=Sum("spent")).values("total")),
        )

    def with_lately_charged(self):
        """With what price_now tells."""
        alike = LearnedPrice.objects.filter(model_slug=OuterRef("model_slug"), key=OuterRef("price_key"))
        return self.annotate(lately_charged=Subquery(alike.values("charges")))

    def for_cards(self, user=None):
        """With all that a card shows, in two queries whatever their number; with what this person likes of it."""
        ends = [Event.Kind.CANCELLED, Event.Kind.DENIED]
        by = Event.objects.filter(task=OuterRef("pk"), kind__in=ends).values("actor__name")
        outputs = Output.objects.marked_for(user) if user else Output.objects.all()
        found = self.select_related("prompt", "author").annotate(canceller=Subquery(by[:1]))
        return found.prefetch_related(Prefetch("outputs", outputs))


def pks_in(inputs):
    """The uploads that an order takes, in order, each as often as it takes it. `inputs` is as Task.inputs."""
    return [pk for given in inputs.values() for pk in (given if isinstance(given, list) else [given])]
