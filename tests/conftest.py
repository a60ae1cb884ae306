"""The cast and the things they made.

`make_task` and `make_output` put rows straight into a state, for tests of what is seen in it. Tests of how a state
is reached use the verbs of the models.
"""

import gc
import hashlib
import os
import shutil
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import timezone
from PIL import Image

from generations.forms.uploads import take
from generations.modellix import catalogue
from generations.modellix.inputs import inputs
from generations.models import Output, Prompt, Task, User

PASSWORD = "correct horse battery"


def pytest_xdist_auto_num_workers():
    """Three for two cores: the tests wait more than they work, and one of them for runs of others all the time."""
    return os.cpu_count() * 3 // 2


def pytest_collection_finish():
    """Thousands of tests, which last to the end, need not be searched for garbage again and again.

    Nor have Django's permissions, which nothing here asks for, to be written anew after each that empties the database.
    """
    gc.freeze()
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


def pytest_unconfigure():
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport():
    """In continuous integration every test has to run: a skipped one has failed."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"was skipped: {report.longrepr[2]}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request):
    """Parallel runs need names of their own on a database server; on SQLite each has its own data folder.

    Processes that tests start find the database of the tests under its name too.
    """
    if connection.vendor != "sqlite":
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
        name = connection.settings_dict["TEST"]["NAME"] or f"test_{connection.settings_dict['NAME']}"
        os.environ["DATABASE_URL"] = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture(autouse=True)
def empty_journal():
    """Tasks are numbered anew in each test: what the journal tells of an earlier one's must be gone."""
    yield
    for path in (settings.DATA_DIR / "journal").iterdir():
        path.unlink()


@pytest.fixture(autouse=True)
def fresh_minute():
    """People are numbered anew in each test too: what an earlier one asked for does not count."""
    yield
    caches["limits"].clear()


# The cast; everybody's password is PASSWORD


@pytest.fixture
def member(db):
    return User.objects.create_user("mia@example.com", PASSWORD, name="Mia Member")


@pytest.fixture
def colleague(db):
    return User.objects.create_user("carl@example.com", PASSWORD, name="Carl Colleague")


@pytest.fixture
def viewer(db):
    return User.objects.create_user("vera@example.com", PASSWORD, name="Vera Viewer", role=User.Role.VIEWER)


@pytest.fixture
def admin_user(db):
    return User.objects.create_superuser("ada@example.com", PASSWORD, name="Ada Admin")


# What they made


@pytest.fixture
def make_task(member):
    """make_task(status="queued", author=member, text="a lighthouse at dusk", **fields) gives a Task."""

    def make(status=Task.Status.QUEUED, author=member, text="a lighthouse at dusk", **fields):
        prompt = fields.pop("prompt", None) or Prompt.objects.create(
            author=author, text=text, model_slugs=[ORDER["model_slug"]]
        )
        task = Task.order(prompt, author, **ORDER | {"body": {"prompt": text}})
        Task.objects.filter(pk=task.pk).update(**state(status, task.pk) | fields)
        return Task.objects.get(pk=task.pk)

    return make


@pytest.fixture
def make_output(db):
    """make_output(task, saved=True, position=the next, color="#3b6ea5", **fields) gives an Output.

    A saved one has real files.
    """

    def make(task, saved=True, position=None, color="#3b6ea5", **fields):
        position = task.outputs.count() if position is None else position
        where = {
            "url": f"https://files.example.com/{task.pk}-{position}.png",
            "deadline": timezone.now() + timedelta(hours=24),
        }
        kept = kept_picture(f"{task.pk}-{position}", color) if saved else {}
        return Output.objects.create(task=task, position=position, **where | kept | fields)

    return make


@pytest.fixture
def make_upload(member):
    """make_upload(owner=member, color="#3b6ea5", size=(96, 64), form="PNG") gives an Upload, as a form takes it."""

    def make(owner=member, color="#3b6ea5", size=(96, 64), form="PNG"):
        content = encoded(Image.new("RGB", size, color), form)
        return take(owner, SimpleUploadedFile(f"{color[1:]}.{form.lower()}", content), ANY_PICTURE)

    return make


ANY_PICTURE = inputs(catalogue.find("kling/kling-v3-i2i"))[0]
ORDER = {
    "model_slug": "alibaba/qwen-image",
    "model_name": "Qwen Image",
    "model_type": "text-to-image",
    "kind": Task.Kind.IMAGE,
}


def state(status, pk):
    """The fields that tell of a task in this state, claimed nine minutes ago."""
    now = timezone.now()
    ago = {minutes: now - timedelta(minutes=minutes) for minutes in range(10)}
    claimed = {"attempt": 1, "epoch": 1, "claimed_at": ago[9]}
    accepted = claimed | {
        "accepted_at": ago[8],
        "provider_task_id": f"task-{pk}",
        "next_poll_at": now,
        "word": "pending",
    }
    started = accepted | {"started_at": ago[7], "word": "processing"}
    finished = started | {
        "next_poll_at": None,
        "finished_at": ago[1],
        "result_expires_at": now + timedelta(hours=24),
        "spent": "yes",
        "word": "success",
    }
    closed = {"closed_at": now, "next_poll_at": None}
    fields = {
        "queued": {},
        "submitting": claimed,
        "pending": accepted,
        "processing": started,
        "saving": finished,
        "done": finished | closed,
        "partial": finished | closed,
        "unknown": claimed | {"error": "No answer came.", "error_code": "unknown", "spent": "unknown"},
        "failed": started
        | closed
        | {"error": "The model could not make it.", "error_code": "failed", "spent": "no", "word": "failed"},
        "expired": started
        | closed
        | {"error": "Modellix no longer knows it.", "error_code": "gone", "spent": "unknown"},
        "cancelled": closed | {"error_code": "cancelled", "spent": "no"},
    }
    return fields[status] | {"status": status}


def kept_picture(name, color):
    """A picture of 96 by 64 pixels on disk, with its two thumbnails: the fields of a saved Output."""
    picture = Image.new("RGB", (96, 64), color)
    original = encoded(picture, "PNG")
    return {
        "status": Output.Status.SAVED,
        "saved_at": timezone.now(),
        "kind": Output.Kind.IMAGE,
        "mime": "image/png",
        "original": default_storage.save(f"{name}.png", ContentFile(original)),
        "medium": default_storage.save(f"{name}-medium.webp", ContentFile(encoded(picture, "WEBP"))),
        "small": default_storage.save(f"{name}-small.webp", ContentFile(encoded(picture.resize((48, 32)), "WEBP"))),
        "color": color,
        "width": picture.width,
        "height": picture.height,
        "size": len(original),
        "sha256": hashlib.sha256(original).hexdigest(),
    }


def encoded(picture, form):
    buffer = BytesIO()
    picture.save(buffer, form)
    return buffer.getvalue()
