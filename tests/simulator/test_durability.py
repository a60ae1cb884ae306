"""What was accepted and charged outlives a restart, and a kill right after the answer."""

import subprocess
import sys
import time

import pytest

from .conftest import SMALL, UNKNOWN, Caller

SERVER = """
import sys, threading
from generations.simulator.server import serve
print(serve(data=sys.argv[1]).url, flush=True)
threading.Event().wait()
"""


@pytest.fixture
def separate(tmp_path):
    """A simulator in a process of its own, and the folder of its data."""
    folder = tmp_path / "separate"
    process = subprocess.Popen([sys.executable, "-c", SERVER, folder], stdout=subprocess.PIPE, text=True)
    yield process, process.stdout.readline().strip(), folder
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_task_is_on_disk_before_its_answer_leaves(separate, start):
    process, url, folder = separate
    identifier = Caller(url).bought({"prompt": "A bay"})
    process.kill()
    process.wait()
    again = start(data=folder)
    assert [row["task_id"] for row in again.ledger()] == [identifier]
    reply = Caller(again.url).task(identifier)
    assert (reply.status, reply.data["status"]) == (200, "pending")
    assert Caller(again.url).get("/api/v1/team/balance").data["balance"] == 99.9793


def test_a_dropped_submit_is_on_disk_too(separate, start):
    process, url, folder = separate
    with pytest.raises(OSError, match="closed connection"):
        Caller(url).submit({"prompt": "A bay [[sim:post=drop-after-create]]"})
    process.kill()
    process.wait()
    assert len(start(data=folder).ledger()) == 1


def test_a_running_task_goes_on_through_a_restart(start):
    first = start(speed=50)
    identifier = Caller(first.url).bought({"prompt": "A bay"})
    first.close()
    time.sleep(0.05)
    second = start(speed=1)  # the plan was made when the task was accepted
    assert Caller(second.url).finished(identifier)["duration"] < 250
    assert len(second.requests()) >= 2


def test_results_past_their_time_are_swept_from_the_disk_at_the_next_start(start, tmp_path):
    first = start(retention_hours=0.2 / 3600)
    caller = Caller(first.url)
    [resource] = caller.results(SMALL, UNKNOWN)
    assert caller.file(resource).status == 200
    files = tmp_path / "simulator" / "files"
    assert len(list(files.iterdir())) == 1
    first.close()
    time.sleep(0.2)
    start()
    assert list(files.iterdir()) == []
