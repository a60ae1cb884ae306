"""The lines in virtual time: lag, requests, throughput and fairness of the rules of pace."""

import math
import random

from generations.engine.durations import Durations
from generations.engine.learned import durations_of
from generations.engine.pace import next_person
from generations.models import Duration
from tests.bench.line import Line, mean
from tests.bench.world import (
    ByDurations,
    Every,
    Order,
    World,
    backoff,
    beyond_bucket,
    beyond_fixed_minute,
    beyond_sliding_minute,
    oldest_first,
)

PER_MINUTE = 100  # requests
BUDGET = 0.95 * PER_MINUTE / 60  # requests a second: all that the hard limit lets through, submissions included
FILMS = Durations(60, 0.3)
GENERATIONS = 400  # of each seed
WARM_UP = 20  # generations that are not counted

# What is asked of the world


def drawn(durations, chance):
    return durations.median * math.exp(chance.gauss(0, durations.sigma))


def steady_orders(running, durations, seed):
    """Orders that come at random, so often that so many run at once on average (Little)."""
    chance, now = random.Random(seed), 0.0
    orders = []
    for _ in range(GENERATIONS):
        now += chance.expovariate(running / durations.mean)
        orders.append(Order(now, drawn(durations, chance)))
    return orders


def least_lag(durations, looks):
    """No policy has a lower mean lag with so many looks at each generation (durations.py): A^2 / 2n.

    A = integral of sqrt(f S), here over ln(age) for median 1; by itself, so that it does not share the engine's errors.
    """
    step, sigma = 0.01, durations.sigma
    ages = [step * n for n in range(int(-8 * sigma / step), int(8 * sigma / step))]
    tails = [(math.exp(-((x / sigma) ** 2) / 2), math.erfc(x / sigma / math.sqrt(2)) / 2, x) for x in ages]
    root = sum(math.sqrt(f / (sigma * math.sqrt(2 * math.pi)) * s * math.exp(x)) * step for f, s, x in tails)
    return root**2 * durations.median / (2 * looks)


def learnt(samples, seed):
    """What the engine believes of films after so many of them."""
    chance, row = random.Random(seed), Duration()
    for _ in range(samples):
        row.weigh_in(math.log(drawn(FILMS, chance)))
    return durations_of(row)


def long_learnt(median):
    """The row of a model that has taken so long for a hundred generations."""
    return Duration(count=100, mean_log=math.log(median), variance_log=FILMS.sigma**2)


def refusals(world):
    """By a provider that counts a sliding minute, a fixed minute, a bucket."""
    ways = (beyond_sliding_minute, beyond_fixed_minute, beyond_bucket)
    return [way(world.arrivals, PER_MINUTE) for way in ways]


def refused_nothing(name, worlds):
    counts = [sum(column) for column in zip(*map(refusals, worlds), strict=True)]
    requests = sum(len(world.arrivals) for world in worlds)
    facts = f"sliding minute {counts[0]}, fixed minute {counts[1]}, bucket {counts[2]}; of {requests} requests"
    return Line(f"{name}: requests beyond the limit, however it is counted", sum(counts), most=0, facts=facts)


# The lines


def steady(running, gate, long):
    """Films come at random, so many at once: how long a finished one waits to be noticed."""
    seeds = range(10 if long else 3)

    def worlds(watch_for):
        return [World(steady_orders(running, FILMS, seed), watch_for(seed), seed=seed).run() for seed in seeds]

    name, bound = f"steady {running}", least_lag(FILMS, BUDGET * FILMS.mean / running - 1)
    ours = worlds(lambda _: ByDurations(FILMS))
    fixed, backing = worlds(lambda _: Every(2)), worlds(lambda _: backoff())
    few = worlds(lambda seed: ByDurations(learnt(30, seed)))
    quicker = worlds(lambda _: ByDurations(Durations(2 * FILMS.median, FILMS.sigma), long_learnt(2 * FILMS.median)))
    lag, requests = lag_of(ours), requests_of(ours)
    facts = f"mean lag {lag:.2f} s, bound {bound:.2f} s, {requests:.2f} requests each"
    yield Line(f"{name}: mean lag / bound", lag / bound, most=gate, facts=facts)
    facts = f"each 2 s: mean lag {lag_of(fixed):.2f} s, {requests_of(fixed):.2f} requests each"
    yield Line(f"{name}: mean lag / looking each 2 s", lag / lag_of(fixed), most=0.6, facts=facts)
    yield Line(f"{name}: requests / looking each 2 s", requests / requests_of(fixed), most=1)
    facts = f"backing off: mean lag {lag_of(backing):.2f} s, {requests_of(backing):.2f} requests each"
    yield Line(f"{name}: mean lag / backing off 2, 4 ... 60 s", lag / lag_of(backing), facts=facts)
    yield Line(f"{name}: mean lag / bound, learned from 30 generations", lag_of(few) / bound)
    yield Line(f"{name}: mean lag / bound, the provider twice as quick as learned", lag_of(quicker) / bound)
    yield refused_nothing(name, [*ours, *few, *quicker])


def lag_of(worlds):
    """Mean seconds, without the first generations and those that ended after the last one came."""
    return mean(
        order.lag for world in worlds for order in world.orders[WARM_UP:] if order.ends < world.orders[-1].asked
    )


def requests_of(worlds):
    return mean(len(world.arrivals) / len(world.orders) for world in worlds)


def batch(long):
    """A thousand films that were all submitted at once: how soon the last one is noticed."""
    number, durations = 1000, Durations(60, 0.4)
    worlds = []
    for seed in range(3 if long else 1):
        chance = random.Random(seed)
        world = World([Order(0.0, drawn(durations, chance)) for _ in range(number)], ByDurations(durations), seed=seed)
        for order in world.orders:
            world.accept(order, order.takes)
        worlds.append(world.run())
    makespan, least = mean(world.now for world in worlds), number / BUDGET
    facts = f"{makespan:.0f} s, {requests_of(worlds):.3f} looks each; {number} looks take {least:.0f} s"
    yield Line("batch of 1000: makespan / time for one look each", makespan / least, most=1.15, facts=facts)
    yield refused_nothing("batch of 1000", worlds)


def rush(long):
    """120 pictures at once, ten of them running: each needs two requests, and eager looks take them from the others."""
    durations, number = Durations(5.8, 0.25), 120

    def worlds(watch):
        made = []
        for seed in range(10 if long else 4):
            chance = random.Random(seed)
            orders = [Order(0.001 * n, drawn(durations, chance)) for n in range(number)]
            made.append(World(orders, watch, cap=10, seed=seed).run())
        return made

    ours, fixed, least = worlds(ByDurations(durations)), worlds(Every(2)), 2 * number / BUDGET
    makespan = mean(world.now for world in ours)
    facts = f"{makespan:.0f} s, mean flow {flow_of(ours):.0f} s, {requests_of(ours):.2f} requests each; " + (
        f"each 2 s: {mean(world.now for world in fixed):.0f} s, {flow_of(fixed):.0f} s, {requests_of(fixed):.2f}"
    )
    yield Line("rush of 120: makespan / time for two requests each", makespan / least, most=1.15, facts=facts)
    yield refused_nothing("rush of 120", ours)


def burst(long):
    """One person asks for 120 films, then four others for 20 each, 50 run at once: who waits how long."""
    durations = Durations(60, 0.4)

    def world(turn, seed):
        chance = random.Random(seed)
        people = ["big"] * 120 + [f"small {n}" for n in range(4) for _ in range(20)]
        orders = [Order(0.001 * n, drawn(durations, chance), person) for n, person in enumerate(people)]
        return World(orders, ByDurations(durations), cap=50, turn=turn, seed=seed).run()

    seeds = range(10 if long else 4)
    fair, fifo = [world(next_person, seed) for seed in seeds], [world(oldest_first, seed) for seed in seeds]
    facts = "mean flow of the four, the one, all: " + "; ".join(
        f"{name} {flow_of(worlds, 'small'):.0f}, {flow_of(worlds, 'big'):.0f}, {flow_of(worlds):.0f} s"
        for name, worlds in (("fair", fair), ("first come", fifo))
    )
    gain = flow_of(fair, "small") / flow_of(fifo, "small")
    yield Line("burst of 200: the four's mean flow, fair / first come", gain, most=0.6, facts=facts)
    yield Line("burst of 200: everybody's mean flow, fair / first come", flow_of(fair) / flow_of(fifo), most=1.1)
    yield refused_nothing("burst of 200", [*fair, *fifo])


def flow_of(worlds, person=""):
    """Mean seconds from asking to noticing, of people with such a name."""
    return mean(order.flow for world in worlds for order in world.orders if order.person.startswith(person))
