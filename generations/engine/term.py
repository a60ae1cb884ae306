"""Holding the lease: how a dispatcher takes office, stays in it, and knows when it must not send any more."""

import os
import time

from django.conf import settings

from generations.engine import stop
from generations.models import Lease

RENEW_EVERY = 5  # seconds
SAFE_FOR = Lease.TTL - 5  # seconds after the last good renewal in which a POST may leave
STANDBY_FOR = 2 * Lease.TTL  # seconds
TRY_EVERY = 0.25  # seconds
A_TURNS_WORTH = 12  # requests that may leave in one turn: as many as the dispatcher has threads


def stand_by():
    """Wait for the lease as the one successor. None when another waits already, or it does not come free."""
    if Lease.is_awaited():
        return None
    deadline = time.monotonic() + STANDBY_FOR
    while time.monotonic() < deadline and not stop.is_asked():
        Lease.wait()
        if term := Term.begin():
            return term
        time.sleep(TRY_EVERY)
    return None


class Term:
    """One dispatcher's time in office. The monotonic clock, read before each renewal, judges how long it is valid."""

    def __init__(self, holder, epoch, since, sent=()):
        self.holder, self.epoch, self.sent = holder, epoch, sent
        self.began = self.renewed = since

    @classmethod
    def begin(cls):
        """A term, or None when somebody else holds the lease."""
        holder, since = f"{settings.HOST_NAME}:{os.getpid()}", time.monotonic()
        before = Lease.acquire(holder)
        return before and cls(holder, before.epoch + 1, since, sent_before(before))

    @property
    def age(self):
        return time.monotonic() - self.began

    @property
    def may_send(self):
        return time.monotonic() - self.renewed < SAFE_FOR

    def keep(self):
        """Renew in time; False when the lease has passed to somebody else."""
        now = time.monotonic()
        if now - self.renewed < RENEW_EVERY:
            return True
        if not Lease.renew(self.holder, self.epoch):
            return False
        self.renewed = now
        return True

    def note(self, sent):
        """Keep the log of send times for a successor: moments of the monotonic clock."""
        if list(sent) != self.sent:
            self.sent = list(sent)
            offset = time.time() - time.monotonic()
            Lease.note(self.holder, self.epoch, [round(moment + offset, 2) for moment in self.sent])

    def end(self):
        Lease.release(self.holder, self.epoch)


def sent_before(lease):
    """What predecessors sent, by the monotonic clock. One that died may have sent another turn's worth just now."""
    offset = time.time() - time.monotonic()
    unknown = 0 if lease.was_released else A_TURNS_WORTH
    return [moment - offset for moment in lease.sent] + [time.monotonic()] * unknown
