"""The one process that talks to the provider: it sends what waits, watches what runs, hands over what is finished.

It holds the lease, so there is one budget for all requests. HTTP happens in pool threads, which never touch the
database; all database work happens in the loop's own thread, in short transactions.
"""

import logging
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from generations.engine import poll, provider, renew, stop, submit, trace
from generations.engine.clock import Every
from generations.engine.learned import Learned
from generations.engine.pace import Cap, Window, next_delay, next_person, worth_a_look
from generations.engine.places import Places
from generations.engine.term import Term, stand_by
from generations.modellix.errors import ModellixError, NoCredit
from generations.models import Attempt, Heartbeat, Lease, Output, Provider, Task

logger = logging.getLogger(__name__)

TURN = 0.25  # seconds at most between two looks at the database
SHORTEST_REST = 0.01  # seconds
SUCCESSOR_AFTER = 55  # seconds
OFFICE_ENDS_AFTER = 600  # seconds
LAST_WORDS = 3  # seconds for requests under way when the worker stops
READERS, SENDERS = 8, 4
DUE_AT_ONCE = 500
TRACE_EVERY = 10  # seconds
PAUSE_CHECK_EVERY = 30  # seconds
SWEEP_EVERY = 15  # seconds
WEIGH_EVERY = 1  # second
HANDED_FOR = 20  # seconds after which a save that nobody began is taken for lost


def hold_office(call_successor, save_later):
    """Take the lease, waiting for it if nobody else does, and work until the office ends."""
    term = Term.begin() or stand_by()
    if term:
        Dispatcher(term, call_successor, save_later).work()


def anything_open():
    """Whether there is anything for a dispatcher to do."""
    return any(rows.exists() for rows in (Task.objects.under_way(), Task.objects.due(), Attempt.objects.hinted()))


class Dispatcher:
    def __init__(self, term, call_successor, save_later):
        now = time.monotonic()
        self.term, self.call_successor, self.save_later = term, call_successor, save_later
        self.window = Window(settings.MODELLIX_REQUESTS_PER_MINUTE, now, term.sent)
        self.cap = Cap(settings.MODELLIX_RUNNING_CAP, now)
        self.places = Places(self.window)
        self.senders = ThreadPoolExecutor(SENDERS, "send")
        self.readers = ThreadPoolExecutor(READERS, "read")
        self.sending: dict[Future, tuple] = {}  # → (task, attempt)
        self.reading: dict[Future, tuple] = {}  # → (what records it, row)
        self.traced: dict[int, float] = {}  # attempts whose hint was asked after → when
        self.handed: dict[tuple, float] = {}  # outputs given to the savers, (pk, tries before) → when
        self.is_canary = False  # the next submission goes alone, to see whether all is well again
        self.failures, self.quiet_until = int(Provider.current().unreachable_since is not None), now
        self.successor_called = False
        self.next_turn = now + TURN
        self.learned = Learned()
        self.served: dict[int, float] = {}  # person → when an order of theirs was last sent
        self.savers = 0  # processes, on all machines
        self.worth = 0.0  # seconds of waiting to be gained from which a look is worth its request
        self.pause_check, self.sweep, self.weighing = Every(PAUSE_CHECK_EVERY), Every(SWEEP_EVERY), Every(WEIGH_EVERY)

    def work(self):
        """Turn after turn until the office ends; then record what is still under way, and let go."""
        sync_fully()
        try:
            submit.recover(self.term.epoch)
            while self.goes_on():
                self.rest()
        finally:
            self.leave()

    def goes_on(self):
        """One turn. False when the office is over."""
        try:
            if stop.is_asked() or not self.term.keep():
                return False
            self.turn()
            return not self.is_over()
        except (OperationalError, InterfaceError) as error:  # locked or away: what is under way waits for it in hand
            logger.warning("The database does not answer: %s", error)
            connection.close()
            time.sleep(1)
            return True

    def turn(self):
        self.next_turn = time.monotonic() + TURN
        self.land()
        if self.sweep:
            Heartbeat.beat(settings.HOST_NAME)
            self.savers = settings.Q_CLUSTER["workers"] * Heartbeat.how_many_fresh() - 1
            self.learned = Learned()
            submit.give_up_lost_posts(self.term.epoch, [task.pk for task, _ in self.sending.values()])
        if self.weighing:
            self.weigh()
        self.call(Provider.current())
        self.term.note(self.window.sent)
        self.hand_to_savers()

    def call(self, state):
        """Send and look, as far as the key and the credit allow."""
        if not provider.has_key():
            state.stop(Provider.Pause.KEY_MISSING, "", "")
        elif state.is_paused and self.pause_check and is_mended(state, self.window):
            state.resume()
            self.is_canary = True
        elif state.pause in (Provider.Pause.NONE, Provider.Pause.NO_CREDIT):
            self.trace()
            self.renew()
            due = poll.rank(self.due(), self.learned, timezone.now())
            self.look(task for task, ready in due if ready >= poll.LIKELY)
            if not state.is_paused:
                self.send()
            self.look(task for task, ready in due if ready < poll.LIKELY)
            self.places.tidy()

    def rest(self):
        """Until an answer comes, a look falls due, the budget opens, or a turn's time is over."""
        under_way = [*self.sending, *self.reading, *self.places.under_way]
        seconds = max(self.next_turn - time.monotonic(), SHORTEST_REST)
        if under_way:
            wait(under_way, timeout=seconds, return_when=FIRST_COMPLETED)
        else:
            time.sleep(seconds)

    # One turn's work

    def land(self):
        """Record what came back, in one transaction; forget it only once that is committed."""
        sent = [future for future in self.sending if future.done()]
        read = [future for future in self.reading if future.done()]
        with transaction.atomic():
            for future in sent:
                submit.record(*self.sending[future], outcome_of(future), self)
            for future in read:
                record, row = self.reading[future]
                record(row, future.result(), self)
            landed = self.places.land(self)
        for future in sent:
            del self.sending[future]
        for future in read:
            del self.reading[future]
        self.places.forget(landed)

    def send(self):
        """Claim and send as many as budget, cap and lease allow, each time for the person whose turn it is."""
        if self.is_leaving or time.monotonic() < self.quiet_until:
            return
        running = Counter(Task.objects.running().values_list("author", flat=True))
        room = min(self.cap.room(running.total(), time.monotonic()), self.senders_free())
        waiting = set(Task.objects.sendable().order_by().values_list("author", flat=True).distinct()) if room else ()
        self.places.begin()
        while room > 0 and waiting and self.term.may_send:
            person = next_person(waiting, running, self.served)
            task = self.places.choose(Task.objects.sendable().filter(author=person))
            if task is None:
                waiting.discard(person)
            elif not self.places.serve(task):
                continue  # its files are on the way
            elif not self.may_ask():
                return
            elif claimed := submit.claim(task, self.term.epoch):
                attempt, order = claimed
                self.sending[self.senders.submit(submit.post, order, self.term)] = (task, attempt)
                self.served[person] = time.monotonic()
                running[person] += 1
                room -= 1

    def senders_free(self):
        """How many may be under way at once; one alone until the provider is known to be well."""
        allowed = 1 if self.is_canary or self.failures else SENDERS
        return max(allowed - len(self.sending), 0)

    def due(self):
        """Those to be looked at now. The turn ends when the first of the others falls due."""
        asked = [row.pk for _, row in self.reading.values() if isinstance(row, Task)]
        now = timezone.now()
        rows = Task.objects.due(now + timedelta(seconds=TURN)).exclude(pk__in=asked)[:DUE_AT_ONCE]
        later = [row.next_poll_at for row in rows if row.next_poll_at > now]
        if later:
            self.wake_in((later[0] - now).total_seconds())
        return [row for row in rows if row.next_poll_at <= now]

    def wake_in(self, seconds):
        """There will be something to do so soon."""
        self.next_turn = min(self.next_turn, time.monotonic() + seconds)

    def may_ask(self):
        """Whether the budget has a request for us now. If not, the turn ends when it has."""
        now = time.monotonic()
        if self.window.take(now):
            return True
        self.wake_in(self.window.wait(now))
        return False

    def look(self, tasks):
        """Ask after them, as many as the budget allows."""
        for task in tasks:
            if not self.ask(task.provider_task_id, poll.record, task):
                return

    def weigh(self):
        """What a look is worth, so that the requests last for all that is open."""
        running = Task.objects.running().only("model_slug", "body", "kind")
        durations, waiting = [self.learned.of(task) for task in running], Task.objects.sendable().count()
        self.worth = worth_a_look(durations, waiting, self.cap.value, self.window, time.monotonic())

    def trace(self):
        """Ask after the ids that somebody says belong to unclear attempts."""
        for attempt in Attempt.objects.hinted().select_related("task"):
            if time.monotonic() - self.traced.get(attempt.pk, float("-inf")) < TRACE_EVERY:
                continue
            if not self.ask(attempt.hinted_id, trace.record, attempt):
                return
            self.traced[attempt.pk] = time.monotonic()

    def renew(self):
        """Ask where the files are now that their host does not give out."""
        asked = [row.pk for _, row in self.reading.values() if isinstance(row, Task)]
        for task in Task.objects.refused().exclude(pk__in=asked):
            if not self.ask(task.provider_task_id, renew.record, task):
                return

    def ask(self, provider_task_id, record, row):
        """Read one task's state in the pool; False when budget or pool are used up for now."""
        if len(self.reading) >= READERS or not self.may_ask():
            return False
        self.reading[self.readers.submit(poll.read, provider_task_id)] = (record, row)
        return True

    def hand_to_savers(self):
        """Give the savers the files with the nearest deadlines; few at once, since a broker may lose them."""
        room = 2 * self.savers - self.in_savers_hands()
        if room <= 0:
            return
        for output in Output.objects.savable().exclude(pk__in=self.handed_pks())[:room]:
            self.handed[output.pk, output.tries] = time.monotonic()
            self.save_later(output)

    def in_savers_hands(self):
        """How many files are being saved or wait in the broker. One that nobody took for so long is given out again."""
        recent = time.monotonic() - HANDED_FOR
        waiting = Output.objects.filter(pk__in=self.handed_pks(), status=Output.Status.WAITING)
        untaken = set(waiting.values_list("pk", "tries"))
        self.handed = {row: when for row, when in self.handed.items() if row in untaken and when > recent}
        return len(self.handed) + Output.objects.being_saved().count()

    def handed_pks(self):
        return [pk for pk, _ in self.handed]

    # What outcomes mean for others

    def heard(self, limits=None, **learnt):
        """The provider answered, and perhaps told its limits."""
        if limits and limits.limit:
            self.window.learn(limits.limit)
            learnt["requests_per_minute"] = limits.limit
        self.is_canary = False
        if self.failures:
            Provider.current().hear()
        self.failures, self.quiet_until = 0, time.monotonic()
        if learnt and any(getattr(Provider.current(), name) != value for name, value in learnt.items()):
            Provider.current().learn(**learnt)

    def missed(self):
        """It could not be reached: the seconds for which nothing is sent."""
        self.failures += 1
        Provider.current().miss()
        delay = next_delay(self.failures)
        self.quiet_until = time.monotonic() + delay
        return delay

    def refused(self, error):
        """429: the seconds to wait. A full house lowers the cap; too many requests slow everybody."""
        now = time.monotonic()
        if error.scope == "running":
            self.cap.refuse(max(Task.objects.running().count() - 1, 1), now)
            return submit.CONCURRENCY_WAIT  # the hint in the headers speaks of requests a minute
        delay = error.retry_after or next_delay(4)
        self.window.refuse(now, delay)
        return delay

    def paused(self, error):
        """The key or the credit was refused: everything waits, once for all."""
        pause = Provider.Pause.NO_CREDIT if isinstance(error, NoCredit) else Provider.Pause.KEY_REFUSED
        Provider.current().stop(pause, error.message, provider.fingerprint())

    # The end of the office

    @property
    def is_leaving(self):
        return self.term.age > SUCCESSOR_AFTER and Lease.is_awaited()

    def is_over(self):
        """Nothing left to do, or a successor stands by and nothing is being sent."""
        if self.term.age > SUCCESSOR_AFTER and not self.successor_called:
            self.successor_called = True
            self.call_successor()
        if self.sending or self.places.under_way:
            return False
        return self.is_leaving or self.term.age > OFFICE_ENDS_AFTER or not anything_open()

    def leave(self):
        """Record what can be, let go of the lease, and look once more for an order that came just now."""
        wait([*self.sending, *self.reading, *self.places.under_way], timeout=LAST_WORDS)
        self.senders.shutdown(wait=False)
        self.readers.shutdown(wait=False)
        self.places.pool.shutdown(wait=False)
        self.land()
        self.term.end()
        if not stop.is_asked() and anything_open() and not Lease.is_awaited():
            self.call_successor()


def outcome_of(future):
    """What a sender returned; anything unforeseen leaves the outcome unknown."""
    error = future.exception()
    if error is None:
        return future.result()
    logger.error("Sending failed in an unforeseen way.", exc_info=error)
    return ModellixError("Something broke on our side while sending.")


def is_mended(state, window):
    """Whether a refused key or an empty balance is all right again. Costs one request."""
    if state.key_fingerprint != provider.fingerprint():
        return True
    if not window.take(time.monotonic()):
        return False
    try:
        if state.pause == Provider.Pause.NO_CREDIT:
            return provider.client().balance() > 0
        return provider.client().validate()
    except ModellixError:
        return False


def sync_fully():
    """SQLite: our claims must be on disk before the POST leaves, or a power cut could send an order twice."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
