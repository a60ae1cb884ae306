"""The provider's few places for files. Inputs that go by address are uploaded there just in time (engine.md §7).

serve()  before an order is claimed: does all that it needs lie there? If not, it is brought; meanwhile the order waits
         in the queue, where it costs nothing, can be cancelled, and is not lost by a crash
tidy()   what no open order needs any more is taken away

Each request has the budget's permission and runs in a pool thread without the database; what it brought is recorded
in the loop's own thread. What lies there is asked once in each term of office: the files of others take places too,
and what an upload without a clear answer left behind is known by its name.
"""

import logging
import re
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from generations.engine import inputs, provider
from generations.engine.pace import next_delay
from generations.modellix.answers import StoredFile
from generations.modellix.errors import KeyRefused, ModellixError, NoCredit, NotFound, Refused, SlowDown
from generations.modellix.inputs import STORED_FILES
from generations.models import Deposit, Event, Task, Upload

logger = logging.getLogger(__name__)

AT_ONCE = 2  # uploads that the provider takes at a time
AHEAD = 4  # orders in a turn whose files are on the way; those behind them have to wait
LOOK_AGAIN_AFTER = 60  # seconds, when all places are taken by others
UNREADABLE_FOR = 60  # seconds until a file that our storage does not give out is tried again
NO_ROOM = "All places for files at Modellix are taken."


class Places:
    """What the one dispatcher knows of the places, and what it is doing there."""

    def __init__(self, window):
        self.window = window
        self.pool = ThreadPoolExecutor(AT_ONCE, "files")
        self.under_way: dict[Future, tuple] = {}  # → (what records it, row)
        self.stored: set[str] = set()  # ids of all files that lie there, ours or not
        self.is_known = False  # whether `stored` can be relied upon
        self.looked_at = self.quiet_until = time.monotonic()
        self.failures = 0
        self.passed: list[int] = []  # orders passed over in this turn
        self.needed: set[int] = set()  # uploads whose places must not be given to others in this turn

    # Before an order is claimed

    def begin(self):
        """A new turn: nobody has been passed over yet. What running orders need stays where it is."""
        self.passed = []
        self.needed = pks(Task.objects.running().exclude(inputs={}))

    def choose(self, tasks):
        """The first of these orders that need not wait for files, as far as can be told, or None."""
        tasks = tasks.exclude(pk__in=self.passed)
        busy = len(self.passed) == AHEAD or self.is_quiet
        return (tasks.filter(inputs={}) if busy else tasks).first()

    def serve(self, task):
        """Whether all that the order needs lies there. If not, it is passed over until what is missing was brought."""
        try:
            uploads = {step.upload.pk: step.upload for step in inputs.plan(task) if step.way == "stored"}
        except inputs.Unsendable as error:
            task.turn_down(str(error), "inputs")
            return False
        if not uploads or self.has(task, uploads):
            return True
        self.passed.append(task.pk)
        return False

    def has(self, task, uploads):
        self.needed |= uploads.keys()
        if not self.is_known:
            self.look(task)
            return False
        there = self.deposits().filter(upload__in=uploads).values_list("upload", flat=True)
        missing = uploads.keys() - set(there)
        for pk in missing:
            self.bring(task, uploads[pk])
        return not missing

    def deposits(self):
        return Deposit.objects.usable(provider.fingerprint())

    @property
    def is_quiet(self):
        return time.monotonic() < self.quiet_until

    # Requests

    def may_ask(self):
        """Whether pool and budget have room for one more request; it is taken."""
        return len(self.under_way) < AT_ONCE and self.window.take(time.monotonic())

    def ask(self, record, row, request, *args):
        self.under_way[self.pool.submit(outcome, request, *args)] = (record, row)

    def look(self, task):
        """Ask what lies there, while nothing else is changing it."""
        if not self.under_way and self.may_ask():
            self.looked_at = time.monotonic()
            self.ask(self.record_look, task, files)

    def bring(self, task, upload):
        coming = {row[1].pk for record, row in self.under_way.values() if record == self.record_upload}
        if upload.pk in coming:
            return
        if len(self.stored) + len(coming) >= STORED_FILES:
            self.make_room(task)
        elif self.may_ask():
            self.ask(self.record_upload, (task, upload), put, upload)

    def make_room(self, task):
        """Take away what only orders further behind need; if nothing of ours is left, the order waits."""
        deposit = self.deposits().exclude(upload__in=self.needed).first()
        if deposit:
            self.remove(deposit)
            return
        if task.hold != Task.Hold.INPUTS:
            task.wait(Task.Hold.INPUTS, timezone.now(), NO_ROOM)
        self.is_known = time.monotonic() - self.looked_at < LOOK_AGAIN_AFTER

    def tidy(self):
        """Take away what no open order needs."""
        if self.is_quiet or not self.deposits().exists():
            return
        for deposit in self.deposits().exclude(upload__in=pks(Task.objects.needing_inputs()))[:AT_ONCE]:
            self.remove(deposit)

    def remove(self, deposit):
        """Forget it, then free its place: no order may be sent with an address that is about to end."""
        if self.may_ask():
            file_id = deposit.file_id
            deposit.delete()
            self.ask(self.record_removal, file_id, drop, file_id)

    # What came back. May be recorded twice, when the database took it only at the second time.

    def land(self, office):
        """Record what is done; the futures to forget once that is committed."""
        done = [future for future in self.under_way if future.done()]
        for future in done:
            record, row = self.under_way[future]
            record(row, future.result(), office)
        return done

    def forget(self, done):
        for future in done:
            del self.under_way[future]

    def record_look(self, task, answer, office):
        match answer:
            case tuple():
                self.stored, self.is_known = {file.file_id for file in answer}, True
                settle(answer)
                office.heard()
            case Refused() if is_final(answer):  # no such list here: what uploads say will do
                self.stored, self.is_known = set(), True
            case ModellixError(status=None):
                hold_up(task, max(self.stumble(answer, office), office.missed()), answer)
            case _:
                hold_up(task, self.stumble(answer, office), answer)

    def record_upload(self, row, answer, office):
        task, upload = row
        match answer:
            case StoredFile():
                Deposit.note(upload.pk, provider.fingerprint(), answer)
                self.stored.add(answer.file_id)
                self.failures = 0
                office.heard()
            case Refused() if is_final(answer):
                task.turn_down(answer.message, "inputs")
            case inputs.Unreadable():  # the trouble of this file alone
                hold_up(task, UNREADABLE_FOR, answer)
            case _:
                hold_up(task, self.stumble(answer, office), answer)

    def record_removal(self, file_id, answer, office):
        match answer:
            case None | NotFound():
                self.stored.discard(file_id)
            case Refused() if is_final(answer):
                logger.warning("A file cannot be taken away from the provider: %s", answer)
            case _:
                self.stumble(answer, office)

    def stumble(self, answer, office):
        """It did not work, and how things stand has to be asked anew: the seconds until the next request."""
        logger.warning("The provider's file store: %s", answer)
        self.is_known = False
        self.failures += 1
        delay = next_delay(self.failures)
        match answer:
            case KeyRefused() | NoCredit():
                office.paused(answer)
            case SlowDown(scope="rate"):
                delay = office.refused(answer)
        self.quiet_until = time.monotonic() + delay
        return delay


def is_final(refusal):
    """Whether it says no to this one thing, and not to all that we ask, or just for now."""
    return not isinstance(refusal, (NoCredit, SlowDown)) and refusal.status != 401


def hold_up(task, seconds, reason):
    """Not before so many seconds, and a minute once it has failed often."""
    seconds = max(seconds, next_delay(task.events.filter(kind=Event.Kind.HELD).count()))
    task.wait(Task.Hold.INPUTS, timezone.now() + timedelta(seconds=seconds), str(reason))


# In pool threads


def outcome(request, *args):
    """What the request gave, or the error."""
    try:
        return request(*args)
    except (ModellixError, inputs.Unreadable) as error:
        return error
    except Exception:
        logger.exception("A request to the provider's file store failed in an unforeseen way.")
        return ModellixError("Something broke on our side.")


def files():
    return provider.client().files()


def put(upload):
    return provider.client().upload(filename(upload), upload.mime, inputs.content(upload.original))


def drop(file_id):
    provider.client().delete(file_id)


# What lies there


def settle(files):
    """Bring our notes in line with what lies there: forget what is gone, remember what is ours by its name."""
    fingerprint = provider.fingerprint()
    ours = Deposit.objects.filter(key_fingerprint=fingerprint)
    ours.exclude(file_id__in=[file.file_id for file in files]).delete()
    named = {file.file_id: match["pk"] for file in files if (match := NAME.fullmatch(file.filename))}
    uploads = Upload.objects.in_bulk(set(map(int, named.values())))
    for file in files:
        upload = uploads.get(int(named.get(file.file_id, 0)))
        if upload and file.filename == filename(upload):
            Deposit.note(upload.pk, fingerprint, file)


NAME = re.compile(r"studio-[0-9a-f]{8}-(?P<pk>[0-9]{1,18})-[0-9a-f]{12}\.[a-z0-9]+", re.ASCII)


def filename(upload):
    """What we call it there: ours by the first figures, this upload by its number, this content by its hash."""
    installation = salted_hmac(__name__, "file names").hexdigest()[:8]
    return f"studio-{installation}-{upload.pk}-{upload.sha256[:12]}.{upload.extension}"


def pks(tasks):
    """The uploads of these tasks."""
    return {pk for task in tasks for pk in task.upload_pks}
