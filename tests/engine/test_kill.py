"""The worker is SIGKILLed at each step and at random: nothing is bought twice, nothing bought is lost.

More kills, here and on PostgreSQL, with what became of the orders (two a kill):

    export STUDIO_RANDOM_KILLS=1000
    .venv/bin/python -m pytest -s -k "any_moment or kills" tests/engine/test_kill.py tests/scaled/test_servers.py
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.utils import timezone

from generations.models import Attempt, Lease, Output, Task
from generations.models.audit import mistakes

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = int(os.environ.get("STUDIO_KILLS", "3"))  # at each step
RANDOM_KILLS = int(os.environ.get("STUDIO_RANDOM_KILLS", "30"))
ON_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
UNKNOWN, DONE = "unknown", "done"
SENDING = [
    (("generations/models/task.py", "claim", "return"), UNKNOWN),
    (("generations/engine/submit.py", "post", "call"), UNKNOWN),
    (("generations/modellix/client.py", "submit", "return"), UNKNOWN),
    (("generations/engine/journal.py", "write", "return"), DONE),
    (("generations/models/task.py", "accept", "call"), DONE),
]
BRINGING = [
    ("generations/modellix/client.py", "upload", "return"),
    ("generations/models/deposit.py", "note", "return"),
]
WATCHING_AND_SAVING = [
    ("generations/engine/poll.py", "record_state", "call"),
    ("generations/models/task.py", "finish", "return"),
    ("generations/engine/fetch.py", "fetch", "return"),
    ("generations/media/pictures.py", "make_thumbnails", "return"),
    ("generations/models/output.py", "store", "call"),
    ("generations/engine/save.py", "write_down", "return"),
    ("generations/models/task.py", "settle_files", "return"),
]


@pytest.fixture(scope="module", autouse=True)
def locked():
    """A run of locked.py, begun before all tests here, for the last one to judge."""
    if not ON_SQLITE:
        yield None
        return
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/engine/locked.py"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, **told) as process:
        yield process
        process.kill()


@pytest.fixture(scope="module")
def nursery():
    """The process that forks workers."""
    command = [sys.executable, "-m", "tests.engine.crash"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=settings.BASE_DIR, **pipes) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def start(nursery, simulator):
    """start(at=None) forks a worker and gives its process id; `end()` tells how it ended."""

    def start_worker(at=None):
        Lease.objects.update(expires_at=None)  # as fifteen seconds later
        Output.objects.filter(status=Output.Status.SAVING).update(lease_until=timezone.now() - timedelta(1))
        connections.close_all()
        nursery.stdin.write(json.dumps({"url": simulator.url, "at": at}) + "\n")
        nursery.stdin.flush()
        return int(nursery.stdout.readline())

    start_worker.end = lambda: int(nursery.stdout.readline())
    return start_worker


def twice_bought(simulator):
    """Request bodies that were charged more than once."""
    bodies = Counter(json.dumps(entry["body"], sort_keys=True) for entry in simulator.ledger())
    return [body for body, count in bodies.items() if count > 1]


def lost_ids(simulator):
    """Issued ids that no attempt knows and no order of that body tells to be unclear."""
    known = set(Attempt.objects.values_list("provider_task_id", flat=True))
    unclear = [task.body for task in Task.objects.filter(status=Task.Status.UNKNOWN)]
    return [e["task_id"] for e in simulator.ledger() if e["task_id"] not in known and e["body"] not in unclear]


def wrong_files():
    """Saved files whose bytes are not what was recorded."""
    saved = Output.objects.filter(status=Output.Status.SAVED)
    return [o for o in saved if hashlib.sha256(default_storage.open(o.original).read()).hexdigest() != o.sha256]


def assert_all_is_well(simulator):
    assert twice_bought(simulator) == []
    assert lost_ids(simulator) == []
    assert wrong_files() == []
    assert mistakes() == []


class StepTests:
    @pytest.mark.parametrize(("moment", "expected"), SENDING, ids=[f"{name}-{when}" for (_, name, when), _ in SENDING])
    def test_a_kill_while_sending_buys_nothing_twice(self, simulator, order, start, moment, expected):
        tasks = []
        for n in range(KILLS):
            tasks.append(order(f"harbour {n}"))
            self.kill(start, moment)
        start()
        assert start.end() == 0
        assert [Task.objects.get(pk=task.pk).status for task in tasks] == [expected] * KILLS
        assert Attempt.objects.count() == KILLS
        assert_all_is_well(simulator)

    @pytest.mark.parametrize("moment", BRINGING, ids=[name for _, name, _ in BRINGING])
    def test_a_kill_while_bringing_a_file_leaves_its_order_in_the_queue(
        self, simulator, order, start, make_upload, moment
    ):
        task = order(slug="kling/kling-v3-i2i", model_type="image-to-image", inputs={"image": make_upload().pk})
        self.kill(start, moment)
        assert Task.objects.get(pk=task.pk).status == Task.Status.QUEUED
        start()
        assert start.end() == 0
        assert Task.objects.get(pk=task.pk).status == Task.Status.DONE
        uploads = [entry for entry in simulator.requests() if entry["path"] == "/api/v1/media/files"]
        assert len([entry for entry in uploads if entry["method"] == "POST"]) == 1
        assert_all_is_well(simulator)

    @pytest.mark.parametrize("moment", WATCHING_AND_SAVING, ids=[name for _, name, _ in WATCHING_AND_SAVING])
    def test_a_kill_while_watching_or_saving_loses_nothing(self, simulator, order, start, moment):
        task = order(n=4)
        for _ in range(KILLS):
            self.kill(start, moment)
        start()
        assert start.end() == 0
        task.refresh_from_db()
        assert (task.status, task.outputs.filter(status="saved").count()) == (Task.Status.DONE, 4)
        assert len(simulator.ledger()) == 1
        assert_all_is_well(simulator)

    def kill(self, start, moment):
        start(moment)
        assert start.end() == -signal.SIGKILL, "the worker ended without passing the point where it should die"

    def test_what_a_dead_worker_left_unclear_is_not_sent_by_later_ones(self, simulator, order, start):
        task = order()
        start(("generations/modellix/client.py", "submit", "return"))
        start.end()
        for _ in range(3):
            start()
            start.end()
        task.refresh_from_db()
        assert (task.status, task.spent) == (Task.Status.UNKNOWN, Task.Spent.UNKNOWN)
        assert len(simulator.ledger()) == 1


class RandomTests:
    def test_kills_at_any_moment_buy_nothing_twice_and_lose_nothing(self, simulator, order, start):
        chance = random.Random(7)
        for n in range(RANDOM_KILLS):
            for copy in range(2):
                order(f"harbour {n} {copy}")
            worker = start()
            time.sleep(chance.uniform(0.02, 0.4))
            os.kill(worker, signal.SIGKILL)
            start.end()
        start()
        assert start.end() == 0
        states = Counter(Task.objects.values_list("status", flat=True))
        print(f"{RANDOM_KILLS} kills on {connection.vendor}: {dict(states)}, {len(simulator.ledger())} bought")
        assert set(states) <= {Task.Status.DONE, Task.Status.UNKNOWN}
        assert states[Task.Status.DONE] > RANDOM_KILLS
        assert_all_is_well(simulator)

    def test_a_holder_that_slept_does_not_send_what_another_may_have_sent(self, simulator, order, start):
        """It wakes up when another holds the lease, and leaves at its next renewal."""
        task = order()
        simulator.set_faults([{"fault": "get=503"}])  # keeps the holder busy
        other = order("kept busy")
        worker = start()
        for _ in range(200):
            if Task.objects.filter(pk=other.pk, status=Task.Status.PENDING).exists():
                break
            time.sleep(0.02)
        os.kill(worker, signal.SIGSTOP)
        simulator.set_faults([])
        Lease.objects.update(expires_at=None)
        before = Lease.objects.get().epoch
        late = order("asked while it slept")
        assert Lease.acquire("another") is not None  # a second holder, of a higher epoch
        os.kill(worker, signal.SIGCONT)
        assert start.end() == 0, "it notices at its next renewal and leaves"
        assert Lease.objects.get().epoch == before + 1
        assert late.attempts.filter(epoch__gt=before).count() == 0
        start()
        assert start.end() == 0
        assert {Task.objects.get(pk=t.pk).status for t in (task, other, late)} == {"done"}
        assert_all_is_well(simulator)


@pytest.mark.skipif(not ON_SQLITE, reason="locks one file")
def test_a_database_locked_for_thirty_seconds_delays_and_loses_nothing(locked):
    words, _ = locked.communicate(timeout=240)
    assert locked.returncode == 0, words
