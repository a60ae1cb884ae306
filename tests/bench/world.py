"""Virtual time: a modelled provider, and the dispatcher's turn around the real rules of pace.

Window, next_person, the ranking of due looks and the moments of the next ones are the product's own. Modelled are the
provider, whose durations are given, the network, the pools of threads, and the loop: land, look where a result is
likely, send, look elsewhere, rest. Seconds from 0; rows carry datetimes, because the engine's rules read those.
"""

import heapq
import math
import random
from collections import Counter, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from generations.engine import poll
from generations.engine.dispatcher import DUE_AT_ONCE, READERS, SENDERS, SHORTEST_REST, TURN, WEIGH_EVERY
from generations.engine.learned import durations_of
from generations.engine.pace import Window, next_person, worth_a_look

START = datetime(2000, 1, 1, tzinfo=UTC)
LATENCY = (0.05, 0.3)  # seconds from a request to its answer, evenly spread


def moment(seconds):
    return START + timedelta(seconds=seconds)


@dataclass(eq=False)
class Order:
    """One task: when it is asked for and how long the provider takes are given, the rest becomes known."""

    asked: float
    takes: float
    person: str = "somebody"
    looks: int = 0
    ends: float = math.inf  # at the provider
    found: float | None = None  # by us
    accepted_at: datetime | None = None
    last_poll_at: datetime | None = None
    next_poll_at: datetime | None = None

    @property
    def lag(self):
        return self.found - self.ends

    @property
    def flow(self):
        return self.found - self.asked


class ByDurations:
    """Look as the engine does, believing these durations; with a Duration row, learning from what ends."""

    def __init__(self, durations, row=None):
        self.durations, self.row = durations, row

    def learn(self, order):
        if self.row:
            self.row.weigh_in(math.log(order.takes))
            self.durations = durations_of(self.row)

    def of(self, _):
        """What poll.rank asks for each task."""
        return self.durations

    def first(self, worth):
        return poll.first_look(self.durations, worth)

    def next(self, order, now, worth):
        return poll.next_look(order, self.durations, now, worth)

    def rank(self, orders, now):
        return poll.rank(orders, self, now)


class Every:
    """Look at once, then each so many seconds, longest due first, as the official CLI does each two."""

    durations = None  # it knows nothing of them

    def __init__(self, seconds, factor=1, longest=60):
        self.seconds, self.factor, self.longest = seconds, factor, longest

    def learn(self, order):
        """It has nothing to learn."""

    def first(self, _):
        return 0

    def next(self, order, now, _):
        return now + timedelta(seconds=min(self.seconds * self.factor ** (order.looks - 1), self.longest))

    def rank(self, orders, now):
        return [(order, 0) for order in orders]


def backoff():
    """Look at once, then after 2, 4, 8 ... 60 seconds."""
    return Every(2, factor=2)


def oldest_first(waiting, running, served):
    """Whose turn it is when nobody cares who asks: first in, first out."""
    return min(waiting, key=lambda person: waiting[person][0].asked)


class World:
    """One provider and one dispatcher; `watch` is a way of looking, `turn` a rule like next_person."""

    def __init__(self, orders, watch, *, per_minute=100, cap=math.inf, turn=next_person, seed=0):
        self.orders, self.watch, self.cap, self.turn = sorted(orders, key=lambda order: order.asked), watch, cap, turn
        self.now, self.window = 0.0, Window(per_minute, 0.0)
        self.coming = deque(self.orders)
        self.waiting: dict[str, deque] = {}
        self.watched: list[Order] = []  # accepted, not yet found finished
        self.in_hands: set[Order] = set()  # of a reader
        self.sending = 0
        self.flying, self.numbers = [], count()  # heap of (lands at, number, what lands it, order, arrived at)
        self.arrivals: list[float] = []  # of requests, at the provider
        self.running, self.served = Counter(), {}
        self.worth, self.weighed_at = 0.0, -math.inf
        self.chance = random.Random(f"network {seed}")

    def run(self):
        """Until every order is found finished. Returns itself."""
        left = len(self.orders)
        while left:
            left -= self.land()
            self.enter()
            self.weigh()
            self.act()
            self.rest()
        return self

    def accept(self, order, ends):
        """The provider has it, and we know."""
        order.ends, order.accepted_at = ends, moment(self.now)
        order.next_poll_at = moment(self.now + self.watch.first(self.worth))
        self.watched.append(order)

    # One turn

    def land(self):
        """Take in the answers that have come: how many orders they found finished."""
        found = 0
        while self.flying and self.flying[0][0] <= self.now:
            _, _, landed, order, arrived = heapq.heappop(self.flying)
            found += landed(order, arrived)
        return found

    def landed_post(self, order, arrived):
        self.sending -= 1
        self.accept(order, arrived + order.takes)
        return False

    def landed_look(self, order, arrived):
        self.in_hands.remove(order)
        order.looks += 1
        if arrived >= order.ends:
            order.found = self.now
            self.watched.remove(order)
            self.running[order.person] -= 1
            self.watch.learn(order)
            return True
        now = moment(self.now)
        order.next_poll_at, order.last_poll_at = self.watch.next(order, now, self.worth), now
        return False

    def enter(self):
        while self.coming and self.coming[0].asked <= self.now:
            order = self.coming.popleft()
            if not order.accepted_at:
                self.waiting.setdefault(order.person, deque()).append(order)

    def weigh(self):
        if self.watch.durations and self.now - self.weighed_at >= WEIGH_EVERY:
            self.weighed_at, waiting = self.now, sum(map(len, self.waiting.values()))
            running = [self.watch.durations] * len(self.watched)
            self.worth = worth_a_look(running, waiting, self.cap, self.window, self.now)

    def act(self):
        now = moment(self.now)
        self.next_turn = self.now + TURN
        due = [order for order in self.watched if order.next_poll_at <= now and order not in self.in_hands]
        due = self.watch.rank(sorted(due, key=lambda order: order.next_poll_at)[:DUE_AT_ONCE], now)
        self.look(order for order, ready in due if ready >= poll.LIKELY)
        self.send()
        self.look(order for order, ready in due if ready < poll.LIKELY)

    def look(self, orders):
        for order in orders:
            if len(self.in_hands) >= READERS or not self.may_ask():
                return
            self.in_hands.add(order)
            self.fly(self.landed_look, order)

    def send(self):
        while self.waiting and self.sending < SENDERS and self.running.total() < self.cap:
            if not self.may_ask():
                return
            person = self.turn(self.waiting, self.running, self.served)
            order = self.waiting[person].popleft()
            if not self.waiting[person]:
                del self.waiting[person]
            self.running[person] += 1
            self.served[person] = self.now
            self.sending += 1
            self.fly(self.landed_post, order)

    def may_ask(self):
        if self.window.take(self.now):
            return True
        self.next_turn = min(self.next_turn, self.now + self.window.wait(self.now))
        return False

    def fly(self, landed, order):
        latency = self.chance.uniform(*LATENCY)
        self.arrivals.append(self.now + latency / 2)
        heapq.heappush(self.flying, (self.now + latency, next(self.numbers), landed, order, self.now + latency / 2))

    def rest(self):
        """Until an answer comes, a look falls due, the budget opens, or a turn's time is over."""
        landing = self.flying[0][0] if self.flying else math.inf
        looks = [order.next_poll_at for order in self.watched if order not in self.in_hands]
        due = min((look for look in looks if look > moment(self.now)), default=None)
        falls_due = (due - START).total_seconds() if due else math.inf
        self.now = max(min(self.next_turn, landing, falls_due), self.now + SHORTEST_REST)


# How many of the requests a provider would refuse, by how it counts a minute


def beyond_sliding_minute(arrivals, per_minute):
    """Those that are one too many within the 60 seconds before them."""
    moments = sorted(arrivals)
    return sum(late - early < 60 for early, late in zip(moments, moments[per_minute:], strict=False))


def beyond_fixed_minute(arrivals, per_minute):
    """Those that are too many of a minute of the clock, whichever second its minutes begin at."""
    return max(
        sum(max(number - per_minute, 0) for number in Counter((at - phase) // 60 for at in arrivals).values())
        for phase in range(60)
    )


def beyond_bucket(arrivals, per_minute):
    """Those that find a bucket empty which holds a minute's worth and is filled evenly."""
    level, last, refused = per_minute, 0.0, 0
    for at in sorted(arrivals):
        level, last = min(level + (at - last) * per_minute / 60, per_minute), at
        if level >= 1:
            level -= 1
        else:
            refused += 1
    return refused
