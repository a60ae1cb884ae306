"""What is wrong is said, and nothing is said when nothing is."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from generations.engine import deadlines, health
from generations.models import Heartbeat, Lease, Provider, Revision, Task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def well(transactional_db):
    Heartbeat.beat("here")
    Provider.current()


class HealthTests:
    def test_a_studio_at_rest_is_well(self, well, capsys):
        call_command("studio_health")
        assert health.problems() == []
        assert capsys.readouterr().err == ""

    def test_a_worker_without_a_sign_of_life_is_told(self, well, capsys):
        Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=5))
        with pytest.raises(SystemExit) as ended:
            call_command("studio_health")
        assert ended.value.code == 1
        assert "studio_worker" in capsys.readouterr().err

    def test_orders_without_a_dispatcher_are_told(self, well, make_task):
        task = make_task()
        assert health.problems() == []  # it may just have come
        Task.objects.filter(pk=task.pk).update(not_before=timezone.now() - timedelta(minutes=5))
        assert "no dispatcher" in health.problems()[0]
        Lease.acquire("somebody")
        assert health.problems() == []

    def test_looks_that_are_late_are_told(self, well, make_task):
        Lease.acquire("somebody")
        make_task("processing", next_poll_at=timezone.now() - timedelta(minutes=5))
        assert "1 running" in health.problems()[0]

    def test_a_paused_provider_is_told_in_its_words(self, well):
        Provider.current().stop(Provider.Pause.NO_CREDIT, "Payment Required: top up", "")
        assert "Payment Required: top up" in health.problems()[0]

    def test_results_that_cannot_be_saved_are_told(self, well, make_task, make_output):
        make_output(make_task("saving", not_before=timezone.now()), saved=False, tries=2)
        assert "Not saved yet: 1" in health.problems()[0]

    def test_an_order_that_never_ends_is_told_until_somebody_stops_watching_it(self, well, make_task, member):
        Lease.acquire("somebody")
        task = make_task("processing", accepted_at=timezone.now() - timedelta(hours=1))
        before = task.revision
        for _ in range(2):
            assert f"longer than usual: 1. The first is Task {task.pk}" in health.problems()[0]
            deadlines.watch()
        assert task.events.filter(kind="silent").count() == 1
        task.refresh_from_db()
        assert task.revision > before, "its card is drawn anew"
        assert Revision.latest() == task.revision, "once: no page has to look again"
        task.stop_watching(member)
        assert health.problems() == []


class ProbeTests:
    def test_anyone_may_ask_whether_it_lives_and_is_ready(self, client, transactional_db):
        assert [client.get(address).status_code for address in ("/healthz", "/readyz")] == [200, 200]
        assert client.post("/healthz").status_code == 405
        assert client.cookies == {}

    def test_alive_asks_no_database(self, client, transactional_db, django_assert_num_queries):
        with django_assert_num_queries(0):
            client.get("/healthz")
