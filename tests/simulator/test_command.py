"""`manage.py simulator`, as `make run` starts it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Caller

ROOT = Path(__file__).parent.parent.parent


def command(*arguments):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    line = [sys.executable, "manage.py", "simulator", *map(str, arguments)]
    return subprocess.Popen(line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_told_to_stop_and_stops_at_once(tmp_path, number):
    scenario = tmp_path / "scenario.json"
    scenario.write_text(json.dumps([{"fault": "post=503", "count": 1}]))
    with command("--port", 0, "--data", tmp_path / "data", "--speed", 500, "--scenario", scenario) as process:
        caller = Caller(process.stdout.readline().split()[-1])
        assert caller.submit({"prompt": "A bay"}).status == 503
        caller.finished(caller.bought({"prompt": "A bay"}))
        process.send_signal(number)
        assert process.wait(4) == 0
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("options", "requests", "tasks"),
    [((), 100, 10), (("--tier", 500), 500, 50), (("--tier", 1000, "--running-cap", 2), 1000, 2)],
)
def test_the_limits_are_those_of_a_tier_unless_told_otherwise(tmp_path, options, requests, tasks):
    with command("--port", 0, "--data", tmp_path / "data", *options) as process:
        caller = Caller(process.stdout.readline().split()[-1])
        assert caller.get("/api/v1/models").headers["X-RateLimit-Limit"] == str(requests)
        assert f"{tasks} tasks at once".encode() in caller.get("/").body
        process.terminate()


def test_a_taken_port_is_one_line_and_exit_1(simulator, tmp_path):
    port = simulator.url.rpartition(":")[2]
    with command("--port", port, "--data", tmp_path / "data") as process:
        _, complaint = process.communicate(timeout=20)
    assert process.returncode == 1
    assert complaint.startswith(f"CommandError: The simulator cannot start on 127.0.0.1:{port}: ")
    assert complaint.count("\n") == 1
