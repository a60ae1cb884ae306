"""Processes are kept running, and end with all they have started."""

import os
import sys
import time

import pytest

from generations.supervisor import Child, end

STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
print(os.getpid(), file=open(sys.argv[1], "a"), flush=True)
time.sleep(60)
"""


@pytest.fixture
def start():
    children = []

    def start(*command):
        children.append(Child("clerk", [sys.executable, "-c", *command], os.environ))
        return children[-1]

    yield start
    end(children, 0)


def test_one_that_ended_starts_again_after_a_pause_and_says_so(start):
    child, said = start("raise SystemExit(70)"), []
    first = child.process
    first.wait()
    child.tend(said.append)
    child.tend(said.append)
    assert said == ["The clerk ended (exit 70). It starts again in 1 s."]
    assert child.process is first
    time.sleep(1)
    child.tend(said.append)
    assert child.process is not first


def test_one_that_was_killed_is_named_so(start):
    child, said = start("import time; time.sleep(60)"), []
    child.process.kill()
    child.process.wait()
    child.tend(said.append)
    assert said == ["The clerk ended (SIGKILL). It starts again in 1 s."]


def test_pauses_grow_until_it_runs_for_a_minute(start):
    child = start("")
    assert [child.choose_pause() for _ in range(7)] == [1, 2, 5, 15, 30, 30, 30]
    child.started_at -= 61
    assert child.choose_pause() == 1


def test_one_that_ends_when_asked_is_not_waited_for(start):
    child = start("import time; time.sleep(60)")
    began = time.monotonic()
    end([child], 10)
    assert time.monotonic() - began < 5
    assert not child.is_running


def test_one_that_does_not_listen_is_killed_with_its_children(start, tmp_path):
    note = tmp_path / "pids"
    child = start(STUBBORN, str(note))
    pids = wait_for_two(note)
    end([child], 0.2)
    time.sleep(0.1)  # a killed process takes a moment to be gone
    assert [pid for pid in pids if is_alive(pid)] == []


def wait_for_two(note):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if note.exists() and len(pids := note.read_text().split()) == 2:
            return [int(pid) for pid in pids]
        time.sleep(0.02)
    raise AssertionError("the clerk did not start")


def is_alive(pid):
    """Whether it runs; what is dead and only waits to be collected does not."""
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
