"""The lines with real parts, in real time: worker, simulator, HTTP, SQLite, signals."""

import os
import signal
import threading
import time

from generations.engine.durations import Durations
from generations.models import Duration, Event, Lease, Task
from tests.bench.cli import CommandLine
from tests.bench.line import Line, mean
from tests.bench.processes import core_seconds, family
from tests.bench.studio import simulator, studio, wait_for
from tests.bench.virtual import BUDGET, least_lag

SCATTER = 0.25  # sigma of ln(seconds) that the simulator gives its tasks
PICTURES = [f"harbour number {n}" for n in range(20)]


def pictures(long):
    """Twenty pictures at once, ten of them running; beside it a client like the official CLI does the same."""
    with studio(seed=1) as ours, simulator(rpm=100, running_cap=10, seed=1) as theirs:
        cli = CommandLine(theirs.url)
        thread = threading.Thread(target=cli.run, args=(PICTURES, 10))
        thread.start()
        finish(ours, PICTURES)
        thread.join()
        yield from pictures_lines("20 pictures, 10 running", ours.simulator)
        ends = {task_id: end for task_id, (_, end) in theirs.tasks().items()}
        lag = mean(at - ends[task_id] for task_id, at in cli.noticed.items())
        facts = (
            f"CLI: mean lag {lag:.2f} s, {mean(theirs.looks()):.2f} looks each, {theirs.refusals()} refusals, "
            f"all were made after {makespan(theirs):.0f} s"
        )
        ratio = mean(lags_of(ours.simulator)) / lag
        yield Line("20 pictures, 10 running: mean lag / a client like the CLI", ratio, facts=facts)
        known = list(Duration.objects.all())
    with studio(seed=1) as ours:
        Duration.objects.bulk_create(known)
        finish(ours, PICTURES)
        yield from pictures_lines("20 more, from what was learned", ours.simulator)


def pictures_lines(name, provider):
    lags, looks = lags_of(provider), provider.looks()
    facts = f"longest {max(lags):.2f} s; all were made after {makespan(provider):.0f} s"
    yield Line(f"{name}: mean lag, s", mean(lags), most=1.2, facts=facts)
    yield Line(f"{name}: looks each", mean(looks), most=4, facts=f"at most {max(looks)}")
    yield Line(f"{name}: not saved", unsaved(), most=0)
    yield Line(f"{name}: refusals (429)", provider.refusals(), most=0)


def two_running(long):
    """Twenty pictures where two may run: how well the two places are used while others wait for them."""
    name = "20 pictures, 2 running"
    with studio(running_cap=2, seed=2) as ours:
        finish(ours, PICTURES, seconds=180)
        spans = spans_of(ours)
        use, best = use_of_places(spans, 2), best_use(mean(end - start for start, end in spans), 2)
        facts = f"{100 * best:.1f} % at best; {places_facts(ours, use)}"
        yield Line(f"{name}: use of the places / best that looking can do", use / best, least=0.95, facts=facts)
        yield from nothing_dropped(name, ours)


def two_told(long):
    """The same where the provider tells of each end: no look is late, so the places need never be empty."""
    name = "20 pictures, 2 running, with webhooks"
    with studio(running_cap=2, webhooks=True, seed=2) as ours:
        finish(ours, PICTURES, seconds=180)
        use = use_of_places(spans_of(ours), 2)
        yield Line(f"{name}: use of the places", use, least=0.95, facts=places_facts(ours, use))
        yield from nothing_dropped(name, ours)


def spans_of(ours):
    return sorted(ours.simulator.tasks().values())


def places_facts(ours, use):
    return (
        f"places used {100 * use:.1f} % of the time while others waited; "
        f"mean lag {mean(lags_of(ours.simulator)):.2f} s, {mean(ours.simulator.looks()):.2f} looks each, "
        f"all were made after {makespan(ours.simulator):.0f} s"
    )


def nothing_dropped(name, ours):
    yield Line(f"{name}: not saved", unsaved(), most=0)
    yield Line(f"{name}: refusals (429)", ours.simulator.refusals(), most=0)


def use_of_places(spans, places):
    """Their share of the time up to the last submission; after that nothing waits for a place."""
    first, last = spans[0][0], spans[-1][0]
    return sum(min(end, last) - start for start, end in spans) / (places * (last - first))


def best_use(seconds, places):
    """What no policy of looking exceeds: a place stays empty until its task is seen to be finished.

    Each round of a place, `seconds` and the lag, has its share of the budget for one submission and the looks.
    """
    lag = 0.0
    for _ in range(20):
        lag = least_lag(Durations(seconds, SCATTER), BUDGET * (seconds + lag) / places - 1)
    return seconds / (seconds + lag)


def makespan(provider):
    """Seconds from the first submission to the end of the last task."""
    starts, ends = zip(*provider.tasks().values(), strict=True)
    return max(ends) - min(starts)


def finish(ours, texts, seconds=120):
    for text in texts:
        ours.order(text)
    wait_for(lambda: not Task.objects.unfinished().exists(), seconds)


def lags_of(provider):
    """Seconds from the provider's end of each task to our record of it."""
    ends = provider.tasks()
    known = Event.objects.filter(kind=Event.Kind.FINISHED).values_list("task__provider_task_id", "at")
    return [at.timestamp() - ends[task_id][1] for task_id, at in known]


def unsaved():
    return Task.objects.exclude(status=Task.Status.DONE).count()


def idle(long):
    """A worker with nothing to do."""
    seconds = 120 if long else 15
    with studio() as ours:
        time.sleep(3)  # until it has settled
        pids = family(ours.worker.pid)
        before, began = core_seconds(pids), time.monotonic()
        time.sleep(seconds)
        share = 100 * (core_seconds(pids) - before) / (time.monotonic() - began)
        yield Line("idle worker: percent of a core", share, most=1.5, facts=f"{len(pids)} processes, {seconds} s")


def kills(long):
    """SIGKILL of the process that holds the lease, then SIGTERM of the worker."""
    with studio() as ours:
        for n in range(10):
            ours.order(f"never ready, number {n} [[sim:stuck]]")
        wait_for(lambda: len(polls(ours)) >= 10)
        gaps = [gap_after_kill(ours) for _ in range(10 if long else 1)]
        facts = f"{', '.join(f'{gap:.1f}' for gap in gaps)} s; lease {Lease.TTL} s"
        yield Line(
            "SIGKILL of the dispatcher: longest gap / life of the lease", max(gaps) / Lease.TTL, most=1.2, facts=facts
        )
        ours.worker.send_signal(signal.SIGTERM)
        told = time.monotonic()
        ours.worker.wait(timeout=60)
        yield Line("SIGTERM while dispatching: seconds to the end", time.monotonic() - told, most=5)


def polls(ours):
    return [at for at, method, *_ in ours.simulator.requests() if method == "GET"]


def gap_after_kill(ours):
    """Seconds between the last request before the kill and the first after it."""
    wait_for(Lease.is_held)
    os.kill(int(Lease.objects.get().holder.rpartition(":")[2]), signal.SIGKILL)
    time.sleep(0.5)
    before = polls(ours)
    wait_for(lambda: len(polls(ours)) > len(before), 150)
    return polls(ours)[len(before)] - before[-1]
