"""A database that is locked for longer than SQLite waits for it, under a real worker. Run by test_kill.py beside the
other tests there: it mostly waits.
"""

import sqlite3
import time
from contextlib import closing

import pytest
from django.conf import settings

from generations.engine import jobs
from generations.models import Attempt, Output, Task
from tests.engine.test_kill import assert_all_is_well
from tests.engine.test_worker import module, wait_until, worker  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db(transaction=True)

LOCKED_FOR = 30  # seconds; SQLite gives up after 20, a lease is over after 15
AT_LAST = 60  # seconds, where this machine has much else to do


@pytest.fixture
def simulator(start_simulator):
    return start_simulator(speed=2)  # so that something is at every stage for a while


def test_thirty_seconds_without_the_database_buy_nothing_twice_and_lose_nothing(simulator, order, worker):  # noqa: F811
    tasks = [order(f"harbour {n}") for n in range(12)]
    jobs.dispatch_later()
    assert wait_until(Output.objects.exists, AT_LAST)
    tasks += [order(f"pier {n}") for n in range(6)]
    assert wait_until(lambda: len(simulator.ledger()) > 12, AT_LAST)
    with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        time.sleep(LOCKED_FOR)
    assert wait_until(lambda: {task.status for task in Task.objects.all()} == {"done"}, AT_LAST), states()
    assert worker.poll() is None
    assert len(simulator.ledger()) == Attempt.objects.count() == len(tasks)
    assert_all_is_well(simulator)


def states():
    return list(Task.objects.values_list("pk", "status", "error"))
