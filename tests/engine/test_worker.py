"""The real worker process: it works, it stops when told, and it leaves nothing behind however it dies."""

import inspect
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django_q.cluster import Cluster
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task, result

from generations.engine import jobs
from generations.engine.worker import STALLED
from generations.models import Heartbeat, Lease, Task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def children_of(pid):
    """All living processes below this one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            child, _, rest = path.read_text().partition(" (")
            state, parent = rest.rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue
        if int(parent) == pid and state != "Z":
            found += [int(child), *children_of(int(child))]
    return found


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def module():
    """What Python is asked to run."""
    return ["manage.py", "studio_worker"]


@pytest.fixture
def worker(simulator, module):
    environment = os.environ | {
        "MODELLIX_API_KEY": "mk-tests",
        "MODELLIX_BASE_URL": simulator.url,
        "MODELLIX_REQUESTS_PER_MINUTE": "6000",
        "MODELLIX_RUNNING_CAP": "100",
    }
    connections.close_all()
    process = subprocess.Popen([sys.executable, *module], env=environment, cwd=settings.BASE_DIR)
    assert wait_until(lambda: len(children_of(process.pid)) >= 7), "the cluster did not start"
    yield process
    family = [process.pid, *children_of(process.pid)]
    process.kill()
    process.wait()
    assert wait_until(lambda: not any(map(is_alive, family)), 5)


class WorkerTests:
    def test_an_order_becomes_a_saved_picture(self, worker, order):
        task = order(n=2)
        jobs.dispatch_later()
        assert wait_until(lambda: Task.objects.get(pk=task.pk).status == Task.Status.DONE)
        assert wait_until(lambda: not Lease.is_held(), 5), "an idle dispatcher lets go of the lease"
        assert Heartbeat.is_any_fresh()

    def test_a_term_signal_ends_it_within_five_seconds(self, worker, order):
        order("a long wait [[sim:get=503]]")
        jobs.dispatch_later()
        assert wait_until(Lease.is_held)
        family = children_of(worker.pid)
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) == 0
        assert time.monotonic() - began < 5
        assert not any(map(is_alive, family))
        assert not Lease.is_held()

    def test_nothing_outlives_a_killed_worker(self, worker):
        family = children_of(worker.pid)
        worker.kill()
        worker.wait()
        assert wait_until(lambda: not any(map(is_alive, family)), 5)

    def test_a_job_for_something_already_done_leaves_no_trace(self, worker):
        jobs.kick(jobs.dispatch_job)
        assert wait_until(lambda: not OrmQ.objects.exists())
        assert not Lease.is_held()

    def test_its_children_leave_what_they_share_out_when_they_search_for_garbage(self, worker):
        """They would write to it, and have it copied."""
        asked = async_task("gc.get_freeze_count")
        assert wait_until(lambda: result(asked) is not None)
        assert result(asked) > 100_000

    def test_schedules_are_written_by_code_once(self, worker):
        names = Schedule.objects.values_list("name", flat=True)
        assert sorted(names) == ["daily", "tick"]


class ChildDeathTests:
    """Whichever process of the cluster is killed: work goes on, or all of it ends for the supervisor to start anew."""

    @pytest.fixture
    def module(self):
        return ["-m", "tests.engine.impatient"]

    @pytest.mark.parametrize("role", ["sentinel", "first worker", "last worker", "monitor", "pusher"])
    def test_one_is_killed(self, worker, order, role):
        sentinel, *others = children_of(worker.pid)
        place = {"sentinel": None, "first worker": 0, "last worker": -3, "monitor": -2, "pusher": -1}[role]
        family = [sentinel, *others]
        os.kill(sentinel if place is None else sorted(others)[place], signal.SIGKILL)
        task = order()
        jobs.dispatch_later()

        def goes_on():
            return Task.objects.get(pk=task.pk).status == Task.Status.DONE

        assert wait_until(lambda: goes_on() or worker.poll() is not None)
        if worker.poll() is not None:
            assert worker.returncode == STALLED
            assert wait_until(lambda: not any(map(is_alive, family)), 5)

    def test_a_pool_that_hangs_ends_within_its_patience(self, worker):
        """Stopped workers take jobs and never finish them, as after a child died holding the queue's lock."""
        sentinel, *others = children_of(worker.pid)
        for child in sorted(others)[:4]:
            os.kill(child, signal.SIGSTOP)
        assert worker.wait(timeout=30) == STALLED
        assert wait_until(lambda: not any(map(is_alive, [sentinel, *others])), 5)

    def test_a_signal_to_the_whole_group_leaves_nothing(self, worker):
        family = children_of(worker.pid)
        for child in [worker.pid, *family]:
            os.kill(child, signal.SIGTERM)
        assert wait_until(lambda: worker.poll() is not None, 20)
        assert wait_until(lambda: not any(map(is_alive, family)), 5)


class InternalsTests:
    def test_what_we_use_of_django_q_is_where_it_was(self):
        assert list(inspect.signature(Cluster.sig_handler).parameters) == ["self", "signum", "frame"]
        assert list(inspect.signature(Cluster.start).parameters) == ["self"]
        assert isinstance(Cluster.has_stopped, property)
