"""A studio of its own for each line: worker and simulator as the product runs them, orders as the page gives them."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import requests
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from generations.data_dir import free_port
from generations.engine import jobs
from generations.models import Prompt, Task, User
from tests.bench.processes import family

KEY = "mk-bench"
SLUG = "minimax/minimax-image-01-t2i"
LOG = settings.DATA_DIR / "worker.log"
PROCESSES = 7  # of a worker that is up: itself, django-q2's sentinel, monitor, pusher, four workers


@dataclass(frozen=True)
class Simulator:
    url: str
    folder: Path

    def _rows(self, sql):
        with closing(sqlite3.connect(f"file:{self.folder / 'simulator.sqlite3'}?mode=ro", uri=True)) as database:
            return database.execute(sql).fetchall()

    def tasks(self):
        """{id: (accepted at, finished at)}, Unix seconds, as the provider knows it: to the microsecond."""
        return {row[0]: row[1:] for row in self._rows("SELECT id, created, done FROM task")}

    def requests(self):
        """[(at, method, path, status)] in order, of the API alone."""
        sql = "SELECT at, method, path, status FROM request WHERE path LIKE '/api/%' ORDER BY number"
        return self._rows(sql)

    def looks(self):
        """How often each task was asked after."""
        paths = [path for _, method, path, _ in self.requests() if method == "GET"]
        return [paths.count(f"/api/v1/tasks/{task_id}") for task_id in self.tasks()]

    def refusals(self):
        return sum(status == 429 for *_, status in self.requests())


@contextmanager
def simulator(**options):
    """Run the simulator: simulator(speed=1, rpm=100, running_cap=10, seed=0), as its command names them."""
    flags = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    with tempfile.TemporaryDirectory(prefix="bench-simulator-") as folder:
        command = [sys.executable, "manage.py", "simulator", "--port", "0", "--data", folder, *flags]
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
        try:
            yield Simulator(process.stdout.readline().split()[-1], Path(folder))
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


class Studio:
    """The worker, and what can be asked of it."""

    def __init__(self, simulator, worker):
        self.simulator, self.worker = simulator, worker

    def order(self, text):
        """One picture. Returns the Task."""
        author, _ = User.objects.get_or_create(email="bench@example.com")
        with transaction.atomic():
            prompt = Prompt.objects.create(author=author, text=text, model_slugs=[SLUG])
            named = {"model_slug": SLUG, "model_name": "A model", "model_type": "text-to-image", "kind": "image"}
            task = Task.order(prompt, author, **named, body={"prompt": text})
            jobs.dispatch_later()
        return task


@contextmanager
def studio(rpm=100, running_cap=10, webhooks=False, **options):
    """A fresh studio whose provider and settings agree on the limits; `options` are the simulator's.

    With `webhooks` it has a web server too, which the simulator tells of each end.
    """
    begin_anew()
    with simulator(rpm=rpm, running_cap=running_cap, **options) as provider, ExitStack() as stack:
        environment = os.environ | {
            "MODELLIX_API_KEY": KEY,
            "MODELLIX_BASE_URL": provider.url,
            "MODELLIX_REQUESTS_PER_MINUTE": str(rpm),
            "MODELLIX_RUNNING_CAP": str(running_cap),
        }
        connections.close_all()
        if webhooks:
            environment["PUBLIC_URL"] = stack.enter_context(web_server(environment))
        command = [sys.executable, "manage.py", "studio_worker"]
        with LOG.open("w") as log:
            worker = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stderr=log)
        try:
            wait_for(lambda: len(family(worker.pid)) >= PROCESSES)
            yield Studio(provider, worker)
        except TimeoutError:
            sys.stderr.write(LOG.read_text())
            raise
        finally:
            end(worker)


@contextmanager
def web_server(environment):
    """The product's own, and its address."""
    port = free_port(0)
    command = [sys.executable, "-m", "gunicorn", "--config", "modellix_site/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
    try:
        wait_for(lambda: answers(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


def answers(port):
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).ok
    except OSError:
        return False


def end(worker):
    worker.terminate()
    try:
        worker.wait(timeout=10)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def begin_anew():
    """Empty database, journal and media."""
    migrate()
    call_command("flush", verbosity=0, interactive=False)
    for folder in (settings.DATA_DIR / "journal", settings.MEDIA_ROOT):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()


@cache
def migrate():
    call_command("migrate", verbosity=0)


def wait_for(condition, seconds=60):
    """Until it holds. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)
