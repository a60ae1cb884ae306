"""`manage.py drill`: orders that go wrong on purpose, through a running studio, without ever spending money."""

import io
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from generations.engine import fetch, provider
from generations.management.commands import drill
from generations.modellix.catalogue import find
from generations.models import Heartbeat, Output, Task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def studio(simulator, work, settings, admin_user, monkeypatch):
    """A worker that runs beside the test, against the simulator."""
    monkeypatch.setattr(Output, "DELAYS", (0.1,) * 5)
    monkeypatch.setattr(fetch, "BREATH", 0.001)
    Heartbeat.beat(settings.HOST_NAME)
    over = threading.Event()

    def run():
        while not over.is_set():
            work(seconds=1)
            over.wait(0.1)
        connections.close_all()

    worker = threading.Thread(target=run)
    worker.start()
    yield simulator
    over.set()
    worker.join()


def told(*arguments, **options):
    out = io.StringIO()
    call_command("drill", *arguments, stdout=out, **options)
    return out.getvalue()


class DrillTests:
    def test_every_drill_goes_right_and_says_so(self, studio):
        lines = told().splitlines()
        assert [line.split(" ")[0] for line in lines if not line.startswith(" ")] == list(drill.DRILLS)
        orders = [line for line in lines if line.startswith("  ")]
        assert len(orders) == sum(map(len, drill.DRILLS.values()))
        assert [line for line in orders if not line.endswith("x  right")] == []
        assert not Task.objects.exclude(status__in=drill.OVER).exists()

    def test_one_that_goes_otherwise_is_named(self, studio, monkeypatch):
        monkeypatch.setitem(drill.DRILLS, "failing", {"fail=upstream": "failed", "fail=timeout": "done"})
        out = io.StringIO()
        with pytest.raises(CommandError, match="1 order went otherwise"):
            call_command("drill", "failing", stdout=out)
        assert "fail=timeout                    failed     Not known    ledger 1x  should be done" in out.getvalue()

    def test_money_is_judged_first(self):
        assert drill.judge("done", "done", "yes", 1) == "right"
        assert drill.judge("done", "done", "yes", 2) == "BOUGHT TWICE"
        assert drill.judge("failed", "failed", "no", 1) == drill.judge("done", "done", "yes", 0)
        assert drill.judge("unknown", "done", "yes", 1) == "right"

    def test_its_model_is_one_that_only_the_simulator_knows(self, simulator):
        assert find(drill.MODEL) is None
        assert drill.MODEL not in [model.slug for model in provider.client().models()]

    def test_its_orders_can_be_looked_at(self, studio, client, admin_user):
        told("failing")
        client.force_login(admin_user)
        assert "A drill at" in client.get("/").content.decode()
        assert client.get(Task.objects.first().get_absolute_url()).status_code == 200


class RefusalTests:
    def test_a_studio_that_spends_money_is_left_alone(self, settings, admin_user):
        settings.MODELLIX_BASE_URL, settings.MODELLIX_API_KEY = "https://api.modellix.ai", "mk-real"
        with pytest.raises(CommandError, match="the simulator on this machine only"):
            told()
        assert not Task.objects.exists()

    def test_another_server_on_this_machine_is_left_alone(self, settings, admin_user, live_server):
        settings.MODELLIX_BASE_URL, settings.MODELLIX_API_KEY = live_server.url, "mk-real"
        with pytest.raises(CommandError, match="No simulator answers"):
            told()

    def test_without_a_studio_it_says_what_is_missing(self, simulator, settings, admin_user):
        with pytest.raises(CommandError, match="No worker runs"):
            told()
        settings.MODELLIX_API_KEY = ""
        with pytest.raises(CommandError, match="No simulator has been started"):
            told()

    def test_names_are_listed_and_checked(self):
        assert told(list=True).splitlines()[0].startswith("sending: post=400, ")
        with pytest.raises(CommandError, match="There is no drill swimming"):
            told("swimming")
