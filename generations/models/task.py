from datetime import timedelta
from decimal import ROUND_HALF_UP

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from generations.models.alarm import Alarm
from generations.models.attempt import Attempt, new_token
from generations.models.entry import Entry, Money, exact
from generations.models.event import Event
from generations.models.learned_price import LearnedPrice, Paid
from generations.models.output import Output
from generations.models.purse import Purse, dollars
from generations.models.revision import Revision
from generations.models.states import CLAIMABLE, CLOSED, UNFINISHED, WATCHED, Hold, Spent, Status
from generations.models.task_queries import TaskQuerySet, pks_in
from generations.models.upload import Upload


class Task(models.Model):
    """One paid order at Modellix, from the press of a button to the saved files.

    Each verb below is one conditional update: it sets all fields of the new state, adds an Event and takes a Revision,
    in one transaction. It returns whether this call made the change, and may be called twice.
    """

    Status, Hold, Spent = Status, Hold, Spent

    class Kind(models.TextChoices):
        IMAGE = "image", "Image"
        VIDEO = "video", "Video"
        AUDIO = "audio", "Audio"
        TEXT = "text", "Text"

    UNFINISHED, CLOSED, WATCHED = UNFINISHED, CLOSED, WATCHED
    BINNED_FOR = Output.BINNED_FOR  # then it is out of reach, and its files are removed
    BEING_WATCHED = {"next_poll_at__isnull": False}
    CLAIMABLE = {"hold__in": CLAIMABLE}
    ORDER_FIELDS = (  # what makes the same order again
        *("model_slug", "model_name", "model_type", "kind", "body", "inputs", "expected_outputs"),
        *("ratio_width", "ratio_height", "price_minimum", "price_maximum", "price_orders", "listed_minimum"),
        *("listed_maximum", "price_key", "price_units", "is_private"),
    )
    RELEASABLE = (Hold.RATE, Hold.RUNNING, Hold.PAUSED, Hold.UNREACHABLE, Hold.ROUTE, Hold.INPUTS)
    SEND_AGAIN_AFTER = timedelta(seconds=120)  # from the claim: longer than any POST may take
    # After so long without an end people may stop watching: many times what the provider's documents say it takes, and
    # of what we have learned that nine of ten take, as a model with a long queue is slow but not silent.
    PATIENCE = {Kind.VIDEO: timedelta(minutes=60)}
    PATIENCE_FOR_OTHERS = timedelta(minutes=15)
    TIMES_USUAL = 6
    DECIDED_WITHIN = timedelta(days=7)  # what an admin has to agree to; then it is refused
    LATE_LOOK_EVERY = timedelta(minutes=30)  # at what nobody waits for any more

    # The order
    prompt = models.ForeignKey("Prompt", models.PROTECT, related_name="tasks")
    repeat_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="repeats")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tasks")
    model_slug = models.CharField(max_length=256)
    model_name = models.CharField(max_length=120)
    model_type = models.CharField(max_length=32)  # the provider's word, such as text-to-image
    kind = models.CharField(max_length=8, choices=Kind)
    body = models.JSONField()  # exactly what is sent, but for the inputs
    inputs = models.JSONField(default=dict, blank=True)  # parameter or placeholder → pk of an Upload, or a list of them
    expected_outputs = models.PositiveSmallIntegerField(default=1)
    ratio_width = models.PositiveIntegerField(default=1)
    ratio_height = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    # Its state
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    revision = models.PositiveBigIntegerField(default=0)  # of the newest change
    first_revision = models.PositiveBigIntegerField(default=0)  # of its creation
    hold = models.CharField(max_length=12, choices=Hold, blank=True, default=Hold.NONE)
    not_before = models.DateTimeField(default=timezone.now)
    attempt = models.PositiveSmallIntegerField(default=0)
    epoch = models.PositiveBigIntegerField(default=0)  # of the lease under which it was claimed
    claimed_at = models.DateTimeField(null=True, blank=True)
    next_poll_at = models.DateTimeField(null=True, blank=True)  # none: nobody looks any more
    last_poll_at = models.DateTimeField(null=True, blank=True)
    poll_count = models.PositiveIntegerField(default=0)

    # What the provider said
    provider_task_id = models.CharField(max_length=512, null=True, blank=True, unique=True)
    key_fingerprint = models.CharField(max_length=16, blank=True)
    word = models.CharField(max_length=64, blank=True)  # its own word for the state
    accepted_at = models.DateTimeField(null=True, blank=True)
    usual_low = models.FloatField(null=True, blank=True)  # seconds such tasks take: learned percentiles 10, 50, 90
    usual_median = models.FloatField(null=True, blank=True)
    usual_high = models.FloatField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)  # first seen in the making
    finished_at = models.DateTimeField(null=True, blank=True)  # at the provider, by its clock where it tells
    result_expires_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)  # the last answer to a read, raw

    # How it ended
    closed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    error_code = models.CharField(max_length=32, blank=True)

    # Who sees it
    is_private = models.BooleanField("only for its author", default=False)
    binned_at = models.DateTimeField(null=True, blank=True)
    binned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    # Money, in USD. Minimum and maximum are the estimate at the time of the order; None means not known, never zero.
    price_minimum = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    price_maximum = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    price_orders = models.PositiveSmallIntegerField(default=0)  # of our own that it is learned from; none: by the list
    listed_minimum = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)  # by the price list,
    listed_maximum = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)  # where it is learned
    price_key = models.CharField(max_length=32, blank=True)  # orders of a model that share it should cost the same
    price_units = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)  # pictures, seconds, …
    price_charged = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    spent = models.CharField(max_length=8, choices=Spent, blank=True, default=Spent.NOTHING_YET)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "not_before"], name="task_sendable"),  # (not partial: SQLite cannot match
            models.Index(fields=["status", "next_poll_at"], name="task_due"),  # a condition with a query's parameters)
            models.Index(fields=["status", "id"], name="task_status"),
            models.Index(fields=["author", "-id"], name="task_author"),
            models.Index(fields=["revision"], name="task_revision"),
            models.Index(fields=["created_at"], name="task_created"),
            models.Index(fields=["model_slug", "-id"], name="task_model"),
            models.Index(
                # All that models/figures.py tallies, so that the rows themselves are not read: a tenth of the time.
                fields=[
                    *("model_slug", "binned_at", "is_private", "author"),
                    *("status", "accepted_at", "finished_at", "price_charged"),
                ],
                name="task_figures",
            ),
            models.Index(fields=["kind", "-id"], name="task_kind"),
            # Of the binned ones alone: SQLite would use one of all rows for "binned_at IS NULL", which is nearly all
            models.Index(fields=["binned_at"], name="task_binned", condition=Q(binned_at__isnull=False)),
        ]

    def __str__(self):
        return f"Task {self.pk}"

    def get_absolute_url(self):
        return reverse("task", args=[self.pk])

    # Questions

    def is_changeable_by(self, user):
        """The same as the queryset's changeable_by, for a task at hand."""
        return user.is_admin or (self.author_id == user.pk and not user.is_viewer)

    @property
    def is_unfinished(self):
        return self.status in self.UNFINISHED

    @property
    def can_be_sent_again(self):
        """An unclear order whose request cannot be under way any more. A person decides: it may be paid twice."""
        return self.status == self.Status.UNKNOWN and timezone.now() >= self.may_be_sent_again_at

    @property
    def may_be_sent_again_at(self):
        return self.claimed_at + self.SEND_AGAIN_AFTER

    @property
    def patience_ends_at(self):
        """When it has been silent for so long that people may stop watching; None before it was accepted."""
        usual = timedelta(seconds=self.TIMES_USUAL * (self.usual_high or 0))
        return self.accepted_at and self.accepted_at + max(
            usual, self.PATIENCE.get(self.kind, self.PATIENCE_FOR_OTHERS)
        )

    @property
    def is_silent(self):
        """At the provider for far longer than such tasks take."""
        at_provider = self.status in (self.Status.PENDING, self.Status.PROCESSING)
        return at_provider and timezone.now() >= self.patience_ends_at

    @property
    def is_dismissed(self):
        """A person said that it was not sent."""
        return self.status == self.Status.CANCELLED and self.error_code == "dismissed"

    @property
    def may_still_come(self):
        """Given up, but looked for now and then until the provider would have thrown its result away."""
        return self.status == self.Status.FAILED and self.next_poll_at is not None

    @property
    def pressed(self):
        """What was ordered by the same press: of Generate, all of its prompt; of "Run again", this one alone."""
        if self.repeat_of_id:
            return Task.objects.filter(pk=self.pk)
        return Task.objects.filter(prompt=self.prompt_id, repeat_of=None)

    @property
    def title(self):
        """What people know it by: its prompt, or the model where no words were needed."""
        return self.prompt.text or self.model_name

    @property
    def can_be_binned(self):
        return self.status in self.CLOSED and not self.binned_at

    @property
    def bin_ends_at(self):
        """When it can be restored no longer; only for what is in the bin."""
        return self.binned_at + self.BINNED_FOR

    @property
    def files(self):
        """The Outputs that are saved, in order, once it is closed."""
        closed = self.status in (self.Status.DONE, self.Status.PARTIAL)
        return [output for output in self.outputs.all() if output.is_saved] if closed else []

    @property
    def size(self):
        """Bytes of all its files."""
        return sum(output.size or 0 for output in self.files)

    @property
    def upload_pks(self):
        """The uploads that it takes, in order, each as often as it takes it."""
        return pks_in(self.inputs)

    @property
    def making_seconds(self):
        """Seconds from acceptance to the result, or None. One found again later counts from when it was sent."""
        if not (self.accepted_at and self.finished_at):
            return None
        began = self.accepted_at if self.accepted_at <= self.finished_at else self.claimed_at or self.accepted_at
        return max((self.finished_at - began).total_seconds(), 0.0)

    @property
    def due_money(self):
        """What it holds back and cost by its own word; only of with_money()."""
        return Money.of(self, self.doubts or 0)

    @property
    def booked_money(self):
        """The same by the ledger."""
        return Money(exact(self.booked_reserved), exact(self.booked_spent))

    @property
    def price_now(self):
        """The fields that tell what the same order is expected to cost now; only of with_lately_charged()."""
        paid = Paid.told_by(self.lately_charged)
        if not paid:
            return {"price_minimum": self.price_minimum, "price_maximum": self.price_maximum}
        found = {"price_minimum": paid.minimum, "price_maximum": paid.maximum, "price_orders": paid.orders}
        if not self.price_orders:
            found |= {"listed_minimum": self.price_minimum, "listed_maximum": self.price_maximum}
        return found

    # Verbs: the order

    @classmethod
    def order(cls, prompt, author, text="", undo=0, asks=False, **fields):
        """Put a task of this prompt in the queue, where it can be undone for so many seconds before it may be sent.

        `asks`: it is not sent before an admin agrees. Raises OverBudget when a budget does not allow it. Call inside
        the transaction that made the prompt.
        """
        if asks:
            fields |= cls._asking()
        elif undo:
            fields |= {"hold": cls.Hold.UNDO, "not_before": timezone.now() + timedelta(seconds=undo)}
        with transaction.atomic():
            revision = Revision.next()
            Purse.of(author).admit(fields.get("price_maximum"))  # nobody else can order before this is committed
            task = cls.objects.create(
                prompt=prompt, author=author, revision=revision, first_revision=revision, **fields
            )
            task._settle()
            Event.objects.create(kind=Event.Kind.ASKED, task=task, actor=author, text=text)
            if asks:
                Event.objects.create(kind=Event.Kind.ASKED_APPROVAL, task=task)
            if task.inputs and not task.is_private:
                Upload.objects.filter(pk__in=task.upload_pks).show()
        return task

    def order_again(self, author):
        """A new task with the same request, estimated anew. None when this one is not over, runs again already, or may
        have been bought again: while a repeat's outcome is not clear, that comes first.
        """
        same = {name: getattr(self, name) for name in self.ORDER_FIELDS}
        text = f"again, after task {self.pk}"
        with transaction.atomic():
            Revision.next()  # one press at a time: two at once would both find nothing running
            over = Task.objects.filter(pk=self.pk, status__in=self.CLOSED, binned_at=None).with_lately_charged().first()
            if not over or self.repeats.filter(status__in=[*self.UNFINISHED, self.Status.UNKNOWN]).exists():
                return None
            same |= over.price_now
            how = {"undo": author.undo_seconds, "asks": Purse.of(author).asks(same["price_maximum"])}
            return Task.order(self.prompt, author, text=text, repeat_of=self, **how, **same)

    def cancel(self, actor):
        """Take it back before anything is sent."""
        ended = {
            "status": self.Status.CANCELLED,
            "hold": self.Hold.NONE,
            "closed_at": timezone.now(),
            "spent": self.Spent.NO,
            "error_code": "cancelled",
        }
        if self.hold == self.Hold.APPROVAL and self.attempt:  # what was sent before is as unclear as it was
            ended = self._unclear("Nobody is asked any more to send it again.")
        return self._move([self.Status.QUEUED], Event.Kind.CANCELLED, actor=actor, **ended)

    def undo(self, actor):
        """Take it back while it is held for that: it leaves the wall, as if it had never been ordered."""
        now = timezone.now()
        ended = {
            "status": self.Status.CANCELLED,
            "hold": self.Hold.NONE,
            "closed_at": now,
            "spent": self.Spent.NO,
            "error_code": "undone",
            "binned_at": now,
            "binned_by": actor,
        }
        held = {"hold": self.Hold.UNDO}
        return self._move([self.Status.QUEUED], Event.Kind.CANCELLED, where=held, actor=actor, text="undone", **ended)

    def send_now(self):
        """Let it be undone no longer. No Event: all that happens is that the sending comes sooner."""
        with transaction.atomic():
            fields = {"revision": Revision.next(), "hold": self.Hold.NONE, "not_before": timezone.now()}
            return Task.objects.undoable().filter(pk=self.pk).update(**fields) == 1

    def release(self, actor):
        """A person knows that what it waits for is over: it is tried again as soon as its turn comes.

        Not for one that its author may still take back.
        """
        freed = {"hold": self.Hold.NONE, "not_before": timezone.now()}
        held = {"hold__in": self.RELEASABLE}
        return self._move([self.Status.QUEUED], Event.Kind.RESUMED, where=held, actor=actor, text="released", **freed)

    # Verbs: an admin's word

    def approve(self, actor, **price):
        """Let it be sent, for what it costs now, told by the fields. Raises OverBudget when a budget does not allow it.

        Read it after the Revision was taken, so that what it holds back is as it says.
        """
        maximum = price["price_maximum"]
        rise = (maximum or 0) - (self.price_maximum or 0)
        before = "not known" if self.price_maximum is None else dollars(self.price_maximum, ROUND_HALF_UP)
        is_same = maximum == self.price_maximum
        text = "" if is_same else f"for {dollars(maximum, ROUND_HALF_UP)}; when it was asked for: {before}"
        freed = {"hold": self.Hold.NONE, "not_before": timezone.now()} | price
        with transaction.atomic():
            Revision.next()
            if rise > 0:
                Purse.of(self.author).admit(rise)
            return self._move_asking(Event.Kind.APPROVED, actor, text, freed)

    def deny(self, actor, text="", code="denied"):
        """An admin's no, or without an actor that of time. What was sent before is as unclear as it was."""
        ended = {"status": self.Status.CANCELLED, "closed_at": timezone.now(), "spent": self.Spent.NO}
        ended |= {"hold": self.Hold.NONE, "error": text, "error_code": code}
        if self.attempt:
            ended = self._unclear(f"No admin agreed to sending it again. {text}".rstrip())
        return self._move_asking(Event.Kind.DENIED, actor, text, ended)

    def stop_asking(self):
        """What was sent before was found at Modellix: nobody has to agree any more to sending it again."""
        text = "The first sending was found."
        return self._move_asking(Event.Kind.WITHDRAWN, None, text, self._unclear(text))

    def _move_asking(self, kind, actor, text, fields):
        asking = {"hold": self.Hold.APPROVAL}
        return self._move([self.Status.QUEUED], kind, where=asking, actor=actor, text=text, **fields)

    # Verbs: sending

    def wait(self, hold, not_before, text):
        """Something is in the way before it can even be taken; it stays in the queue, at least until `not_before`."""
        later = {"hold": hold, "not_before": not_before}
        return self._move([self.Status.QUEUED], Event.Kind.HELD, where=self.CLAIMABLE, text=text, **later)

    def turn_down(self, text, code):
        """It cannot be sent as it is. Nothing was."""
        ended = {"status": self.Status.FAILED, "closed_at": timezone.now(), "spent": self.Spent.NO}
        return self._move([self.Status.QUEUED], Event.Kind.REFUSED, text=text, error=text, error_code=code, **ended)

    def claim(self, epoch, form, sent=None):
        """Take it for submission: the Attempt, or None when it is not waiting. Commits before anything is sent.

        `sent` is the body with its inputs in place, shortened, for people to read.
        """
        now = timezone.now()
        taken = {
            "status": self.Status.SUBMITTING,
            "attempt": F("attempt") + 1,
            "epoch": epoch,
            "claimed_at": now,
            "hold": "",
        }
        with transaction.atomic():
            due = self.CLAIMABLE | {"not_before__lte": now}
            if not self._move([self.Status.QUEUED], Event.Kind.CLAIMED, where=due, **taken):
                return None
            self.refresh_from_db(fields=["attempt"])
            return Attempt.objects.create(
                task=self, number=self.attempt, epoch=epoch, form=form, hook_token=new_token(), sent=sent
            )

    def put_back(self, attempt, hold, not_before, outcome, text="", **answer):
        """Nothing was bought, as proved: back to the queue until `not_before`."""
        kind = Event.Kind.WITHDRAWN if outcome == Attempt.Outcome.WITHDRAWN else Event.Kind.HELD
        back = {"status": self.Status.QUEUED, "hold": hold, "not_before": not_before}
        with transaction.atomic():
            attempt.close(outcome, text, **answer)
            return self._move([self.Status.SUBMITTING], kind, where=self._own(attempt), text=text, **back)

    def accept(self, attempt, provider_task_id, key_fingerprint="", first_look=0.0, usual=None, **answer):
        """It is bought, and this is its number. Also ends an unknown outcome.

        `first_look` is in seconds from now; `usual` tells how long such tasks take (10th, 50th, 90th percentile).
        """
        now = timezone.now()
        bought = {"status": self.Status.PENDING, "provider_task_id": provider_task_id, "accepted_at": now}
        bought |= {"key_fingerprint": key_fingerprint, "next_poll_at": now + timedelta(seconds=first_look)}
        bought |= {"closed_at": None, "error": "", "error_code": "", "spent": self.Spent.NOTHING_YET}
        if usual:
            bought |= dict(zip(("usual_low", "usual_median", "usual_high"), usual, strict=True))
        with transaction.atomic():
            attempt.close(Attempt.Outcome.ACCEPTED, provider_task_id=provider_task_id, **answer)
            where = {"attempt": attempt.number}
            sources = [self.Status.SUBMITTING, self.Status.UNKNOWN]
            return self._move(sources, Event.Kind.ACCEPTED, where=where, text=provider_task_id, **bought)

    @classmethod
    def adopt(cls, attempt, provider_task_id, key_fingerprint=""):
        """An order bought by an attempt that its task no longer waits for becomes a task of its own."""
        same = {name: getattr(attempt.task, name) for name in cls.ORDER_FIELDS}
        with transaction.atomic():
            revision = Revision.next()
            attempt.close(Attempt.Outcome.ACCEPTED, provider_task_id=provider_task_id)
            now = timezone.now()
            known = {"status": cls.Status.PENDING, "provider_task_id": provider_task_id, "accepted_at": now}
            known |= {"next_poll_at": now, "key_fingerprint": key_fingerprint, "claimed_at": attempt.started_at}
            task = cls.objects.create(
                prompt=attempt.task.prompt,
                author=attempt.task.author,
                revision=revision,
                first_revision=revision,
                **same,
                **known,
            )
            text = f"late, for attempt {attempt.number} of task {attempt.task_id}"
            Event.objects.create(kind=Event.Kind.ACCEPTED, task=task, text=text)
            attempt.task._settle()  # what it held for the attempt is held by the new one now
            task._settle()
        return task

    def refuse(self, attempt, text, code, answer="", http_status=None):
        """A clear no: nothing was bought."""
        with transaction.atomic():
            attempt.close(Attempt.Outcome.REFUSED, text, answer=answer, http_status=http_status)
            ended = {
                "status": self.Status.FAILED,
                "closed_at": timezone.now(),
                "error": text,
                "error_code": code,
                "spent": self.Spent.NO,
            }
            return self._move(
                [self.Status.SUBMITTING], Event.Kind.REFUSED, where=self._own(attempt), text=text, **ended
            )

    def lose_track(self, attempt, text, answer="", http_status=None):
        """Perhaps bought, perhaps not. Only the journal, the provider or a person leads out of this."""
        with transaction.atomic():
            attempt.close(Attempt.Outcome.UNKNOWN, text, answer=answer, http_status=http_status)
            where = self._own(attempt)
            return self._move(
                [self.Status.SUBMITTING], Event.Kind.LOST_TRACK, where=where, text=text, **self._unclear(text)
            )

    def send_again(self, actor):
        """A person's decision to pay perhaps twice, to which an admin may have to agree. Raises OverBudget when a
        budget does not allow it.
        """
        if not self.can_be_sent_again:
            return False
        back = {
            "status": self.Status.QUEUED,
            "hold": "",
            "not_before": timezone.now(),
            "error": "",
            "error_code": "",
            "spent": "",
        }
        with transaction.atomic():
            Revision.next()
            Purse.of(self.author).admit(self.price_maximum)
            asks = Purse.of(actor).asks(self.price_maximum)
            back |= self._asking() if asks else {}
            moved = self._move([self.Status.UNKNOWN], Event.Kind.SENT_AGAIN, actor=actor, **back)
            if moved and asks:
                Event.objects.create(kind=Event.Kind.ASKED_APPROVAL, task=self)
            return moved

    def hint(self, provider_task_id, actor):
        """A person found its id at the provider; the engine asks there before it is believed."""
        if self.status != self.Status.UNKNOWN:
            return False
        return self.attempts.get(number=self.attempt).hint(provider_task_id, actor)

    def dismiss(self, actor):
        """A person's word that it was not sent: it holds no money back any more. Nobody knows whether it cost any."""
        ended = {
            "status": self.Status.CANCELLED,
            "closed_at": timezone.now(),
            "error_code": "dismissed",
            "spent": self.Spent.UNKNOWN,
        }
        return self._move(
            [self.Status.UNKNOWN],
            Event.Kind.CANCELLED,
            actor=actor,
            text="said not to have been sent",
            **ended,
        )

    # Verbs: watching

    def look_now(self):
        """Something says that there is news."""
        self._watched().update(next_poll_at=timezone.now())

    def look_again(self, at, word=None):
        """Nothing new; the next look is due `at`, or now when a webhook came while we looked.

        No revision: the card stays. `word` is the provider's, if any. What was given up is looked at seldom, and no
        more once its result would be gone.
        """
        if self.status == self.Status.FAILED:
            at = self._late_look()
        since = F("next_poll_at")
        next_look = Case(When(next_poll_at=self.next_poll_at, then=Value(at, DateTimeField())), default=since)
        looked = {"next_poll_at": next_look, "last_poll_at": timezone.now(), "poll_count": F("poll_count") + 1}
        if word is not None:
            looked["word"] = word
        self._watched().update(**looked)

    def tell_silence(self):
        """Once, when its patience is over: a line of its history, and its card says so."""
        told = self.events.filter(kind=Event.Kind.SILENT)
        if told.exists():  # asked before the counter moves: each number sends all open pages to look
            return False
        with transaction.atomic():
            self.touch()
            if told.exists():  # another machine was quicker
                return False
            Event.objects.create(kind=Event.Kind.SILENT, task=self)
        return True

    def stop_watching(self, actor):
        """A person waits no longer for one that is silent: its place is free. Whether it is charged nobody knows."""
        if not self.is_silent:
            return False
        self.closed_at = timezone.now()
        ended = {
            "status": self.Status.FAILED,
            "closed_at": self.closed_at,
            "error": "No answer came.",
            "error_code": "timeout",
            "spent": self.Spent.UNKNOWN,
            "next_poll_at": self._late_look(),
        }
        at_provider = [self.Status.PENDING, self.Status.PROCESSING]
        return self._move(at_provider, Event.Kind.GIVEN_UP, actor=actor, **ended)

    def start(self, word):
        """It is being made."""
        made = {"status": self.Status.PROCESSING, "started_at": timezone.now(), "word": word}
        return self._move([self.Status.PENDING], Event.Kind.STARTED, **made)

    def finish(self, files, finished_at, result_expires_at, charged, answer):
        """The result is there: its files (list of dicts of Output's fields, in order) wait to be saved."""
        now = timezone.now()
        finished_at = finished_at or now
        lifetime = timedelta(hours=settings.RESULT_LIFETIME_HOURS)
        expires_at = result_expires_at or finished_at + lifetime
        spent = {"price_charged": charged, "spent": self.Spent.YES}
        made = {
            "status": self.Status.SAVING,
            "finished_at": finished_at,
            "result_expires_at": expires_at,
            "answer": answer,
            "next_poll_at": None,
            "closed_at": None,
            "binned_at": None,  # where it may lie, if it had been given up
            "binned_by": None,
            "error": "",
            "error_code": "",
            **spent,
        }
        with transaction.atomic():
            if not self._move(self.WATCHED, Event.Kind.FINISHED, where=self.BEING_WATCHED, **made):
                return False
            LearnedPrice.learn(self, charged)
            Output.objects.bulk_create(
                Output(task=self, position=n, deadline=expires_at, **file) for n, file in enumerate(files)
            )
        return True

    def fail(self, text, code, charged, answer):
        """The provider gave up. Whether it was charged is what the provider says, else not known."""
        spent = self.Spent.UNKNOWN if charged is None else self.Spent.YES if charged else self.Spent.NO
        ended = {
            "status": self.Status.FAILED,
            "error": text,
            "error_code": code,
            "answer": answer,
            "price_charged": charged,
        }
        return self._close(Event.Kind.FAILED, text, spent=spent, **ended)

    def be_cancelled(self, text, charged, answer):
        """The provider says it was cancelled there."""
        spent = self.Spent.UNKNOWN if charged is None else self.Spent.YES if charged else self.Spent.NO
        ended = {
            "status": self.Status.CANCELLED,
            "error": text,
            "error_code": "remote",
            "answer": answer,
            "price_charged": charged,
        }
        return self._close(Event.Kind.CANCELLED, text, spent=spent, **ended)

    def expire(self, text):
        """The provider no longer knows it."""
        ended = {
            "status": self.Status.EXPIRED,
            "error": text,
            "error_code": "gone",
            "spent": self.Spent.UNKNOWN,
        }
        return self._close(Event.Kind.EXPIRED, text, **ended)

    # Verbs: saving

    def settle_files(self):
        """Close the task once each of its files is saved or lost. Does nothing before that."""
        with transaction.atomic():
            Revision.next()
            states = list(self.outputs.values_list("status", flat=True))
            if not states or not set(states) <= {Output.Status.SAVED, Output.Status.LOST}:
                return False
            saved = states.count(Output.Status.SAVED)
            status = self.Status.DONE if saved == len(states) else self.Status.PARTIAL if saved else self.Status.EXPIRED
            kind = Event.Kind.SAVED if saved else Event.Kind.EXPIRED
            ended = {"status": status, "closed_at": timezone.now()}
            if not saved:
                ended |= {
                    "error": "The files were gone before they could be saved.",
                    "error_code": "files_gone",
                }
            return self._move([self.Status.SAVING], kind, text=f"{saved} of {len(states)}", **ended)

    def touch(self):
        """Tell the pages that something on the card changed, such as a file that arrived."""
        Task.objects.filter(pk=self.pk).touch()

    # Verbs: who sees it. As the queryset's, for one

    def bin(self, actor):
        return self._as_many("bin", actor)

    def restore(self, actor):
        return self._as_many("restore", actor)

    def make_private(self, actor):
        return self._as_many("make_private", actor)

    def make_public(self, actor):
        return self._as_many("make_public", actor)

    def _as_many(self, verb, actor):
        moved = getattr(Task.objects.filter(pk=self.pk), verb)(actor).count == 1
        if moved:
            self.refresh_from_db(fields=["binned_at", "binned_by", "is_private", "revision"])
        return moved

    # The one place where rows move

    @classmethod
    def _asking(cls):
        """For an admin to agree; `not_before` is when it is refused by itself."""
        return {"hold": cls.Hold.APPROVAL, "not_before": timezone.now() + cls.DECIDED_WITHIN}

    def _unclear(self, text):
        unclear = {"status": self.Status.UNKNOWN, "hold": self.Hold.NONE, "spent": self.Spent.UNKNOWN}
        return unclear | {"error": text, "error_code": "unknown"}

    def _own(self, attempt):
        return {"attempt": attempt.number, "epoch": attempt.epoch}

    def _watched(self):
        return Task.objects.filter(pk=self.pk, status__in=self.WATCHED, **self.BEING_WATCHED)

    def _late_look(self):
        """When to look next at one that was given up, or None."""
        at, lifetime = timezone.now() + self.LATE_LOOK_EVERY, timedelta(hours=settings.RESULT_LIFETIME_HOURS)
        return at if at < self.closed_at + lifetime else None

    def _close(self, kind, text, **fields):
        fields |= {"closed_at": timezone.now(), "next_poll_at": None}
        return self._move(self.WATCHED, kind, where=self.BEING_WATCHED, text=text, **fields)

    def _settle(self):
        if Entry.settle(Task.objects.with_money().get(pk=self.pk)):
            Alarm.look(self.author)

    def _move(self, sources, kind, *, where=None, actor=None, text="", **fields):
        with transaction.atomic():
            fields["revision"] = Revision.next()
            moved = Task.objects.filter(pk=self.pk, status__in=sources, **(where or {})).update(**fields)
            if moved:
                Event.objects.create(kind=kind, task=self, actor=actor, text=text)
            self._settle()  # in any case: an attempt may have been closed though its task had moved on
        if moved:
            for name, value in fields.items():
                if not isinstance(value, F | models.expressions.Combinable):
                    setattr(self, name, value)
        return bool(moved)
