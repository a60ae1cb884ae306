"""`manage.py studio`, as people start it: real processes, a data folder of its own, a port of its own.

Each test goes on where the one before ended, with the same folder.
"""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

SECONDS = 90  # for a start on a busy machine


class Studio:
    """One run of the command. Its words go to a file: a pipe that nobody reads would stop it in the end."""

    def __init__(self, log, variables):
        self.log = log
        environment = {name: text for name, text in os.environ.items() if name != "SECRET_KEY"} | variables
        with open(log, "w") as output:
            command = [sys.executable, "manage.py", "studio"]
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)

    @property
    def output(self):
        return self.log.read_text()

    def read_until(self, words):
        """The output as soon as it has these words or the command has ended."""
        within_seconds(SECONDS, lambda: words in self.output or self.process.poll() is not None)
        return self.output

    def read(self):
        """All the output, and how it ended."""
        self.process.wait(SECONDS)
        return self.output, self.process.returncode

    def stop(self):
        """Seconds it took after Ctrl-C."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(SECONDS)
        return time.monotonic() - began


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The variables of the one installation of this file."""
    return {"DATA_DIR": str(tmp_path_factory.mktemp("studio") / "data"), "PORT": str(free_port())}


@pytest.fixture
def start(place, tmp_path):
    studios = []

    def start(**variables):
        studios.append(Studio(tmp_path / f"{len(studios)}.log", place | variables))
        return studios[-1]

    yield start
    for studio in studios:
        studio.stop()


def test_a_new_studio_says_where_it_is_and_makes_its_first_admin(start, place):
    studio = start()
    said = studio.read_until("Ctrl-C")
    address = f"http://127.0.0.1:{place['PORT']}"
    assert f"Modellix Studio is ready at {address}\n" in said
    assert "Demo: " in said
    assert place["DATA_DIR"] in said
    visitor = requests.Session()
    link = re.search(rf"{address}/set-up/\S+", said)[0]
    assert visitor.get(link).status_code == 200
    form = {"name": "Ada", "email": "ada@example.com", "password": "correct horse battery"}
    form |= {"csrfmiddlewaretoken": visitor.cookies["csrftoken"]}
    assert visitor.post(link, form, headers={"Referer": link}).url == f"{address}/"
    assert requests.get(link).status_code == 404

    assert studio.stop() < 15
    assert studio.process.returncode == 0
    assert processes_of(place) == []
    assert "Traceback" not in studio.output


def test_the_key_is_for_the_owner_alone(place):
    assert stat.S_IMODE(Path(place["DATA_DIR"], "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(place["DATA_DIR"]).stat().st_mode) == 0o700


def test_another_start_is_quick_keeps_all_and_outlives_its_worker(start, place):
    before = kept(place)
    began = time.monotonic()
    studio = start()
    said = studio.read_until("Ctrl-C")
    assert time.monotonic() - began < 30
    assert "/set-up/" not in said
    assert kept(place) == before

    [worker] = [pid for pid, parent in processes_of(place, "studio_worker") if parent == studio.process.pid]
    os.kill(worker, signal.SIGKILL)
    assert "The worker ended (SIGKILL). It starts again in 1 s." in studio.read_until("worker ended")

    said, status = start(PORT=str(free_port())).read()
    assert said == f"Another studio runs on {place['DATA_DIR']}. Stop it, or set another DATA_DIR.\n"
    assert status == 1

    studio.process.kill()
    studio.process.wait()
    assert within_seconds(3, lambda: processes_of(place) == [])


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("DEBUG", "maybe", "DEBUG is wrong: it is neither true nor false. Write true or false"),
        ("DATA_DIR", __file__, f"DATA_DIR cannot be used: {__file__} is not a folder"),
        ("DATABASE_URL", f"sqlite:///{__file__}", "The database cannot be used: file is not a database."),
        ("MODELLIX_BASE_URL", "https://api.modellix.ai", "MODELLIX_BASE_URL is set, but MODELLIX_API_KEY is not."),
    ],
)
def test_what_is_in_the_way_is_one_line(start, variable, value, words):
    said, status = start(**{variable: value}).read()
    assert said.startswith(words)
    assert (said.count("\n"), status) == (1, 1)


def test_a_taken_port_is_one_line(start, place):
    with socket.create_server(("127.0.0.1", int(place["PORT"]))):
        said, status = start().read()
    assert said == f"Port {place['PORT']} is taken. Choose a free one, such as PORT=9000.\n"
    assert status == 1


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def kept(place):
    """What a second start must leave alone: the key, and where unfinished work looks for the simulator."""
    folder = Path(place["DATA_DIR"])
    return [(folder / name).read_text() for name in ("secret_key", "simulator/port")]


def processes_of(place, word=""):
    """(process id, its parent's) of all that run on this data folder, by the environment they were given."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            command = (process / "cmdline").read_text()
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended just now
            continue
        if f"DATA_DIR={place['DATA_DIR']}".encode() in environment and word in command:
            found.append((int(process.name), parent))
    return found


def within_seconds(seconds, is_so):
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_so()
