"""The engine against a real simulator over HTTP: time runs twenty times as fast, nothing else differs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.brokers import get_broker

from generations.engine import dispatcher, learned, poll, save
from generations.engine.durations import Durations
from generations.models import Lease, Prompt, Task
from generations.simulator.server import serve
from tests.engine.file_host import FileHost

QUICK = dict.fromkeys(["image", "video", "audio", "text"], Durations(0.3, 0.6))
SLUG = "minimax/minimax-image-01-t2i"


@pytest.fixture
def start_simulator(tmp_path, settings):
    """start_simulator(**options) runs one and points the studio at it; all are stopped in the end."""
    running = []

    def start(**options):
        folder = tmp_path / f"simulator-{len(running)}"
        simulator = serve(**{"data": folder, "speed": 20, "rpm": 6000, "running_cap": 100} | options)
        running.append(simulator)
        settings.MODELLIX_BASE_URL, settings.MODELLIX_API_KEY = simulator.url, "mk-tests"
        settings.MODELLIX_REQUESTS_PER_MINUTE, settings.MODELLIX_RUNNING_CAP = 6000, 100
        return simulator

    yield start
    for simulator in running:
        simulator.close()


@pytest.fixture
def simulator(start_simulator):
    return start_simulator()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The waits that the speed of the simulator does not shorten."""
    monkeypatch.setattr(learned, "BY_KIND", QUICK)
    monkeypatch.setattr(poll, "SOONEST", 0.05)
    monkeypatch.setattr(poll, "WORTH_A_LOOK", 0.02)
    monkeypatch.setattr(poll, "PATIENCE", timedelta(seconds=0.2))
    monkeypatch.setattr(dispatcher, "TURN", 0.02)


@pytest.fixture
def order(transactional_db, member):
    """order(text, **fields of the body) puts a task in the queue, as the composer does."""

    def make(
        text="a lighthouse at dusk",
        author=None,
        slug=SLUG,
        model_type="text-to-image",
        kind="image",
        body=None,
        inputs=None,
        undo=0,
        asks=False,
        **fields,
    ):
        author = author or member
        shape = {"width": 512, "height": 512} if slug == SLUG and "aspect_ratio" not in fields else {}
        with transaction.atomic():
            prompt = Prompt.objects.create(author=author, text=text, model_slugs=[slug])
            named = {"model_slug": slug, "model_name": "A model", "model_type": model_type, "kind": kind}
            named |= {"price_minimum": Decimal("0.01"), "price_maximum": Decimal("0.02")}
            sent = {"body": body or {"prompt": text, **shape, **fields}, "inputs": inputs or {}}
            return Task.order(prompt, author, undo=undo, asks=asks, **named, **sent)

    return make


@pytest.fixture
def work(transactional_db):
    """work() dispatches and saves, in this process, until nothing is unfinished or `until()` holds."""

    def run(until=None, seconds=20):
        Lease.objects.update(expires_at=None)  # whoever held it is dead
        successors = []
        office = dispatcher.Dispatcher(dispatcher.Term.begin(), lambda: successors.append(1), save.save)
        office.over_at = timezone.now() + timedelta(seconds=seconds)
        is_over = office.is_over
        office.is_over = lambda: is_over() or (until and until()) or timezone.now() > office.over_at
        office.work()

    return run


@pytest.fixture
def host():
    host = FileHost()
    yield host
    host.close()


@pytest.fixture
def broker():
    """What holds the jobs that nobody has begun: a table, or Redis. It is empty."""
    broker = get_broker()
    broker.purge_queue()
    return broker
