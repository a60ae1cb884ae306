"""What stands in the log, and in a mail about an error: nothing that opens a door, and no word of a prompt."""

import io
import logging

import pytest
from django.test import Client
from django.utils.log import AdminEmailHandler

from generations.engine import calls, notices, save
from generations.models import Event, Output, ShareLink, Task, User, Webhook
from tests.engine.conftest import SLUG
from tests.views import conftest as pages

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "quincunx"
SIGNED = "Signature=d41d8cd98f"
KEY = "mk-7c1e9b"
LOGGERS = ("", "django", "django-q")  # those that write (settings.LOGGING)


@pytest.fixture
def log():
    """All lines that come to be written, as they are written, and those that ours would with more told."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.getLogger("django").handlers[0].formatter)
    ours = logging.getLogger("generations")
    ours.setLevel(logging.DEBUG)
    for name in LOGGERS:
        logging.getLogger(name).addHandler(handler)
    yield stream
    ours.setLevel(logging.NOTSET)
    for name in LOGGERS:
        logging.getLogger(name).removeHandler(handler)


@pytest.fixture
def browser(member):
    browser = Client(raise_request_exception=False)
    browser.force_login(member)
    return browser


def told(text, browser):
    """Which of the things that nobody may read there are in it."""
    secrets = {
        "key": KEY,
        "prompt": WORDS,
        "signature": SIGNED,
        "session": browser.cookies["sessionid"].value,
        "link": ShareLink.objects.get().token if ShareLink.objects.exists() else "no link",
        "secret": Webhook.objects.get().secret if Webhook.objects.exists() else "no webhook",
    }
    return [name for name, secret in secrets.items() if secret in text]


def test_a_life_of_orders_leaves_no_secret_in_the_log(log, simulator, browser, work, settings):
    settings.MODELLIX_API_KEY = KEY
    User.objects.update(undo_seconds=0)
    for fault in ("", "post=400", "post=drop-after-create", "post=200-nojson", "fail", "get=not-jsonx1"):
        text = f"a {WORDS} garden [[sim:{fault}]]"
        browser.post("/tasks/", pages.order(SLUG, prompt=text))
    work()
    statuses = set(Task.objects.values_list("status", flat=True))
    assert {"done", "failed", "unknown"} <= statuses
    assert told(log.getvalue(), browser) == []


@pytest.mark.parametrize("host", ["http://127.0.0.1:1", "https://no-such-host.invalid", "https://[::1"])
def test_a_file_that_cannot_be_had_leaves_no_signature_in_it(log, browser, make_task, make_output, settings, host):
    settings.MODELLIX_BASE_URL = "http://127.0.0.1:1"  # which allows http on this machine
    output = make_output(make_task("saving"), saved=False, url=f"{host}/a.png?{SIGNED}")
    save.save(output)
    assert "could not be saved" in log.getvalue()
    assert told(log.getvalue(), browser) == []
    assert SIGNED not in Output.objects.get().error


def test_nor_does_a_program_that_is_away(log, browser, make_task, settings):
    settings.DEBUG = True  # which allows http on this machine
    notices.gather()
    Webhook.objects.create(pk=1, address=f"http://127.0.0.1:1/?{SIGNED}", events=Webhook.Event.values)
    Event.objects.create(kind=Event.Kind.SAVED, task=make_task("done", text=WORDS))
    notices.gather()
    calls.deliver_due()
    assert told(log.getvalue(), browser) == []


def test_an_error_of_ours_is_told_without_them(log, browser, member, make_task, settings, monkeypatch, mailoutbox):
    """As Django mails it to who is in ADMINS, on machines that wish so."""
    settings.MODELLIX_API_KEY, settings.ADMINS = KEY, [("Ada", "ada@example.com")]
    ShareLink.make(make_task("done"), member, 30)
    handler = AdminEmailHandler(include_html=True)
    logging.getLogger("django.request").addHandler(handler)
    monkeypatch.setattr(Task, "order", None)  # a fault of ours
    try:
        form = pages.order(SLUG, prompt=f"a {WORDS} garden")
        assert browser.post("/tasks/", form, headers={"Authorization": f"Bearer {KEY}"}).status_code == 500
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    [mail] = mailoutbox
    assert "TypeError" in mail.body
    assert told(mail.body + mail.alternatives[0][0], browser) == []
    assert told(log.getvalue(), browser) == []
