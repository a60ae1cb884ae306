"""The whole studio as people meet it: its own processes, a provider over HTTP, a real Chromium."""

import math
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from generations.modellix.catalogue import orderable
from generations.simulator.server import serve
from tests.chromium import find, find_shell

PASSWORD = "paper mountains 7"
SPEED = 10  # times as fast as Modellix
SECONDS = {"image": 6, "video": 60, "audio": 4, "text": 4}  # that it usually takes, at speed 1
LEARNED = """INSERT INTO generations_duration (model_slug, bucket, count, mean_log, variance_log, updated_at)
             VALUES (?, '', 100, ?, 0.2, '2026-01-01')"""
FLAGS = ["--no-sandbox", "--disable-gpu"]
QUIET = (  # browsers' own chatter, and what a test does on purpose
    "Transition was aborted",
    "Failed to load resource",
    "Failed to fetch",
)


@pytest.fixture(scope="session")
def provider(tmp_path_factory):
    """A server that speaks Modellix's API; that it is the built-in one, the studio does not know."""
    with serve(data=tmp_path_factory.mktemp("provider"), speed=SPEED, rpm=6000, running_cap=50) as running:
        yield running


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A server in this process, and the settings by which browsers get static files from it as from a studio."""
    QuietWSGIRequestHandler.disable_nagle_algorithm = True  # or half of an answer waits 40 ms for the other
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "modellix_site.styles.StaticStorage"}}
    collected = {"STORAGES": storages, "STATIC_ROOT": str(tmp_path_factory.mktemp("static"))}
    with override_settings(**collected, WHITENOISE_SKIP_COMPRESS_EXTENSIONS=("css", "js", "svg", "txt", "woff2")):
        call_command("collectstatic", interactive=False, verbosity=0)
        server = LiveServer("localhost", start=False)
        server.thread.static_handler = lambda application: application  # as in a studio, WhiteNoise serves them
        server.start()
    yield server, collected
    server.stop()


@pytest.fixture
def live_server(served, settings):
    server, collected = served
    for name, value in collected.items():
        setattr(settings, name, value)
    return server


class Studio:
    """`manage.py studio` on a data folder of its own."""

    def __init__(self, provider, folder):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder, self.log = folder, []
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MODELLIX_")}
        self.environment = kept | {
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "modellix_site.settings",
            "MODELLIX_API_KEY": "mk-browser",
            "MODELLIX_BASE_URL": provider.url,
            "MODELLIX_REQUESTS_PER_MINUTE": "6000",
            "MODELLIX_RUNNING_CAP": "50",
            "PORT": str(self.port),
        }

    def start(self):
        command = [sys.executable, "manage.py", "studio"]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(command, env=self.environment, cwd=settings.BASE_DIR, **streams)
        ready = threading.Event()
        threading.Thread(target=self.read, args=[ready], daemon=True).start()
        assert ready.wait(60), "".join(self.log)

    def read(self, ready):
        for line in self.process.stdout:
            self.log.append(line)
            if "Ctrl-C" in line:
                ready.set()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(10)

    def teach(self):
        """How long this provider takes: it is looked at as often as one that it has known for long."""
        usual = [(model.slug, math.log(SECONDS[model.kind] / SPEED)) for model in orderable()]
        with closing(sqlite3.connect(self.folder / "studio.sqlite3", timeout=20)) as database, database:
            database.executemany(LEARNED, usual)

    def let_undo(self, seconds):
        """So long may everybody undo. Not at all to begin with: the walks need not wait each time."""
        self.change("UPDATE generations_user SET undo_seconds = ?", seconds)

    def forget_drafts(self):
        self.change("DELETE FROM generations_draft")

    def change(self, statement, *values):
        """Straight in its database, for what a walk does not want to press buttons for."""
        with closing(sqlite3.connect(self.folder / "studio.sqlite3", timeout=20)) as database, database:
            database.execute(statement, values)

    @property
    def set_up_link(self):
        return re.search(r"http://\S+/set-up/\S+", "".join(self.log))[0]

    @property
    def complaints(self):
        return [line for line in self.log if re.search(r"WARNING|ERROR|CRITICAL|Traceback", line)]


@pytest.fixture(scope="session")
def chromium():
    """Playwright's, to launch one."""
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def chrome(chromium):
    with chromium.launch(executable_path=find_shell(), args=FLAGS) as browser:
        yield browser


@pytest.fixture(scope="session")
def whole_chrome(chromium):
    """Back is served from the page cache, as people have it; Playwright switches that off otherwise."""
    ours = {"ignore_default_args": ["--disable-back-forward-cache"], "args": FLAGS}
    with chromium.launch(executable_path=find(), **ours) as browser:
        yield browser


@pytest.fixture(scope="session")
def studio(provider, tmp_path_factory, chrome):
    """Running, with its first admin made by the set-up link, whose session is `studio.session`."""
    running = Studio(provider, tmp_path_factory.mktemp("studio") / "data")
    running.start()
    running.teach()
    context = chrome.new_context()
    page = context.new_page()
    page.goto(running.set_up_link)
    page.get_by_label("Name").fill("Mira Okafor")
    page.get_by_label("Email").fill("mira@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Start the studio").click()
    page.wait_for_url(f"{running.url}/")
    running.session = context.storage_state()
    running.let_undo(0)
    context.close()
    yield running
    running.stop()
    assert running.complaints == []


@pytest.fixture
def browse(chrome, studio):
    """browse(signed_in=True, **context options) gives a page of a new browser window; its console must stay silent."""
    contexts, complaints = [], []
    studio.forget_drafts()  # what an earlier walk left in the composer

    def note(text):
        if not any(known in text for known in QUIET):
            complaints.append(text)

    def new(signed_in=True, **options):
        options = {"reduced_motion": "reduce"} | options
        if signed_in:
            options["storage_state"] = studio.session
        context = chrome.new_context(base_url=studio.url, **options)
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and note(message.text))
        page.on("pageerror", lambda error: note(str(error)))
        return page

    yield new
    for context in contexts:
        context.set_offline(True)  # a page that goes would save its draft, into the next walk
        context.close()
    assert complaints == []


@pytest.fixture
def page(browse):
    return browse()
