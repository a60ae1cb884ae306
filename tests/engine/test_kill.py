"""The worker is SIGKILLed at each step: nothing is bought twice, nothing bought is lost, and the card says so."""

import hashlib
import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connections

from generations.models import Attempt, Lease, Output, Task

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 5


@pytest.fixture
def kill(simulator):
    """kill(path, function, "call" or "return") runs a worker until it dies there."""

    def run(*moment):
        Lease.objects.update(expires_at=None)
        connections.close_all()
        environment = os.environ | {
            "MODELLIX_API_KEY": "mk-tests",
            "MODELLIX_BASE_URL": simulator.url,
            "MODELLIX_REQUESTS_PER_MINUTE": "6000",
            "MODELLIX_RUNNING_CAP": "100",
        }
        command = [sys.executable, "-m", "tests.engine.crash", *moment]
        worker = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, timeout=60, check=False)
        assert worker.returncode == -signal.SIGKILL, "the worker ended without passing the point where it should die"

    return run


def bodies_bought(simulator):
    """How often each request body was charged."""
    return Counter(str(entry["body"]) for entry in simulator.ledger())


def unknown_to_us(simulator):
    """Issued ids that neither an attempt knows nor an order of that body tells to be unclear."""
    known = set(Attempt.objects.values_list("provider_task_id", flat=True))
    unclear = [task.body for task in Task.objects.filter(status=Task.Status.UNKNOWN)]
    return [e["task_id"] for e in simulator.ledger() if e["task_id"] not in known and e["body"] not in unclear]


def wrong_files():
    """Saved files whose bytes are not what was recorded."""
    saved = Output.objects.filter(status=Output.Status.SAVED)
    return [o for o in saved if hashlib.sha256(default_storage.open(o.original).read()).hexdigest() != o.sha256]


class KillTests:
    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            (("generations/models/task.py", "claim", "return"), "unknown"),
            (("generations/engine/submit.py", "post", "call"), "unknown"),
            (("generations/modellix/client.py", "submit", "return"), "unknown"),
            (("generations/engine/journal.py", "write", "return"), "done"),
            (("generations/models/task.py", "accept", "call"), "done"),
            (("generations/engine/fetch.py", "write", "return"), "done"),
            (("generations/media/pictures.py", "make_thumbnails", "return"), "done"),
            (("generations/models/output.py", "store", "call"), "done"),
        ],
        ids=lambda value: value[1] + "-" + value[2] if isinstance(value, tuple) else value,
    )
    def test_a_kill_buys_nothing_twice_and_loses_nothing(self, simulator, order, work, kill, moment, expected):
        tasks = []
        for n in range(KILLS):
            tasks.append(order(f"harbour {n}"))
            kill(*moment)
        Output.objects.filter(status=Output.Status.SAVING).update(lease_until=None)  # as fifteen minutes later
        work()
        assert [Task.objects.get(pk=task.pk).status for task in tasks] == [expected] * KILLS
        assert set(bodies_bought(simulator).values()) <= {1}
        assert unknown_to_us(simulator) == []
        assert wrong_files() == []
        assert Attempt.objects.count() == KILLS

    def test_what_a_dead_worker_left_unclear_is_not_sent_by_later_ones(self, simulator, order, work, kill):
        task = order()
        kill("generations/modellix/client.py", "submit", "return")
        for _ in range(3):
            work(seconds=1)
        task.refresh_from_db()
        assert (task.status, task.spent) == (Task.Status.UNKNOWN, Task.Spent.UNKNOWN)
        assert len(simulator.ledger()) == 1
