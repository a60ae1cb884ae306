"""The request budget and the running cap. Pure: time comes in as seconds of any one clock."""

from collections import deque
from statistics import fmean

MINUTE = 60  # seconds


class Window:
    """Permission for requests: never more than 95 percent of the limit within any 60 seconds.

    An idle window may burst. Once four fifths of it are used, requests keep a distance that grows with the share used,
    so that a busy studio settles at an even pace just below the limit instead of stopping and starting:

        gap = (60 / limit) x ((used / limit - 0.8) / 0.2)^2 seconds

    Refused requests count, and so does what a predecessor sent: its log of send times is taken over.
    """

    SHARE = 0.95
    KNEE, WIDTH = 0.8, 0.2
    SLOWER, FASTER = 0.7, 1.05  # the limit after a refusal; after each quiet minute
    FLOOR = 0.1  # of the limit, below which refusals do not push it

    def __init__(self, per_minute, now, sent=()):
        self.full = max(self.SHARE * per_minute, 1.0)
        self.limit = self.full
        self.sent = deque(sorted(sent))
        self.closed_until, self.quiet_since = now, now

    def take(self, now):
        """Note a request that is about to be sent; False when it has to wait."""
        self._recover(now)
        used = self.used(now)
        last = self.sent[-1] if self.sent else float("-inf")
        if now < self.closed_until or used + 1 > self.limit or now - last < self.gap(used):
            return False
        self.sent.append(now)
        return True

    def wait(self, now):
        """Seconds until a request may be sent, as far as can be told now."""
        used = self.used(now)
        opens = [self.closed_until]
        if self.sent:
            opens.append(self.sent[-1] + self.gap(used))
        if used + 1 > self.limit:
            opens.append(self.sent[0] + MINUTE)
        return max(max(opens) - now, 0.0)

    def used(self, now):
        """Requests sent within the last minute."""
        while self.sent and self.sent[0] <= now - MINUTE:
            self.sent.popleft()
        return len(self.sent)

    def gap(self, used):
        """Seconds to keep from the last request."""
        excess = max(used / self.limit - self.KNEE, 0) / self.WIDTH
        return MINUTE / self.limit * excess**2

    def supply(self, now, span):
        """Requests that can be sent within the next `span` seconds."""
        in_the_way = sum(moment > now + span - MINUTE for moment in self.sent)
        return self.limit * max(span / MINUTE, 1) - in_the_way

    def refuse(self, now, seconds):
        """The provider said 429: nobody asks for `seconds`, and fewer may ask after that."""
        self.closed_until = max(self.closed_until, now + seconds)
        self.limit = max(self.limit * self.SLOWER, self.full * self.FLOOR, 1.0)
        self.quiet_since = self.closed_until

    def learn(self, per_minute):
        """The provider tells its limit: a lower one than the setting holds."""
        self.full = max(min(self.full, self.SHARE * per_minute), 1.0)
        self.limit = min(self.limit, self.full)

    def _recover(self, now):
        while now - self.quiet_since >= MINUTE and self.limit < self.full:
            self.limit = min(self.limit * self.FASTER, self.full)
            self.quiet_since += MINUTE


class Cap:
    """How many tasks may run at once: the setting, less when the provider finds it too many, one more each minute."""

    def __init__(self, limit, now):
        self.limit, self.value, self.at = limit, limit, now

    def room(self, running, now):
        if now - self.at >= 60 and self.value < self.limit:
            self.value, self.at = self.value + 1, now
        return max(self.value - running, 0)

    def refuse(self, running, now):
        """The provider refused one more beside `running` others."""
        self.value, self.at = max(1, min(self.value, running)), now


def worth_a_look(durations, waiting, cap, window, now):
    """The price of a request: look at a task once its result has been waiting so many seconds, in expectation.

    `durations` of the tasks that run, to which come `waiting` others of their kind; at most `cap` run at once. Until
    all are done the window supplies so many requests, of which those that wait take one each. The others are looks: one
    a task at least. With A the vagueness of a task's durations, looking whenever p seconds are to be gained takes
    A / sqrt(2 p) looks at it (durations.py), so they last to the end at p = (sum of A / looks)^2 / 2. Four fifths of
    that have proved best: where a task ends sooner than was to be expected, looks are left over.
    """
    if not durations:
        return 0.0
    tasks = len(durations) + waiting
    span = fmean(each.mean for each in durations) * max(tasks / cap, 1)
    looks = max(window.supply(now, span) - waiting, tasks)
    return (fmean(each.vagueness for each in durations) * tasks / looks) ** 2 / 2.5


def next_delay(failures):
    """Seconds to wait after so many failures in a row to reach the provider: 1, 2, 4 … 60."""
    return min(2 ** max(failures - 1, 0), 60)


def next_person(waiting, running, served):
    """Whose turn it is among people who wait: fewest running first, then the one served longest ago.

    `running` counts by person, `served` holds the moment of each one's last turn.
    """
    return min(waiting, key=lambda person: (running[person], served.get(person, 0.0)))
