"""What is wrong is said, and nothing is said when nothing is."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from shutil import _ntuple_diskusage as Disk

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from generations.engine import deadlines
from generations.health.figures import Figures
from generations.health.lines import lines, problems
from generations.models import Attempt, Delivery, Heartbeat, Lease, Provider, Revision, Task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def well(transactional_db):
    cache.delete("health-sums")
    Heartbeat.beat("here")
    Provider.current()


def line(name):
    return next(line for line in lines(Figures.now()) if line.name == name)


class ProblemTests:
    def test_a_studio_at_rest_is_well(self, well, capsys):
        call_command("studio_health")
        assert problems() == []
        assert capsys.readouterr().err == ""

    def test_a_worker_without_a_sign_of_life_is_told(self, well, capsys):
        Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=5))
        with pytest.raises(SystemExit) as ended:
            call_command("studio_health")
        assert ended.value.code == 1
        assert "studio_worker" in capsys.readouterr().err

    def test_orders_without_a_dispatcher_are_told(self, well, make_task):
        task = make_task()
        assert problems() == []  # it may just have come
        Task.objects.filter(pk=task.pk).update(not_before=timezone.now() - timedelta(minutes=5))
        assert "no dispatcher" in problems()[0]
        Lease.acquire("somebody")
        assert problems() == []

    def test_looks_that_are_late_are_told(self, well, make_task):
        Lease.acquire("somebody")
        make_task("processing", next_poll_at=timezone.now() - timedelta(minutes=5))
        assert "1 running" in problems()[0]

    def test_a_paused_provider_is_told_in_its_words(self, well):
        Provider.current().stop(Provider.Pause.NO_CREDIT, "Payment Required: top up", "")
        assert "Payment Required: top up" in problems()[0]

    def test_results_that_cannot_be_saved_are_told(self, well, make_task, make_output):
        make_output(make_task("saving", not_before=timezone.now()), saved=False, tries=2)
        assert "Not saved yet: 1" in problems()[0]

    def test_an_order_that_never_ends_is_told_until_somebody_stops_watching_it(self, well, make_task, member):
        Lease.acquire("somebody")
        task = make_task("processing", accepted_at=timezone.now() - timedelta(hours=1))
        before = task.revision
        for _ in range(2):
            assert f"longer than usual: 1. The first is Task {task.pk}" in problems()[0]
            deadlines.watch()
        assert task.events.filter(kind="silent").count() == 1
        task.refresh_from_db()
        assert task.revision > before, "its card is drawn anew"
        assert Revision.latest() == task.revision, "once: no page has to look again"
        task.stop_watching(member)
        assert problems() == []


class LineTests:
    """What needs a look, or tells how far things are, without having to be mended at once."""

    def test_all_is_good_at_rest(self, well):
        assert {line.name: line.state for line in lines(Figures.now())}.items() >= dict.fromkeys(
            ("Workers", "Dispatcher", "Queue", "Modellix", "Results", "Unknown outcomes", "Requests", "Running"), "good"
        ).items()

    def test_what_is_open_is_counted(self, well, make_task):
        for status in ("queued", "queued", "submitting", "processing", "saving", "done", "unknown"):
            make_task(status)
        queue = line("Queue")
        assert (queue.figure, queue.detail.split(".")[0]) == ("2", "2 at Modellix, 1 being saved")
        assert (line("Running").figure, line("Running").unit) == ("3", "of 2 at once"), "an unclear order counts, too"

    def test_a_worker_that_fell_silent_is_missed_for_a_day(self, well):
        Heartbeat.objects.create(host="there", at=timezone.now() - timedelta(hours=2))
        assert (line("Workers").figure, line("Workers").unit, line("Workers").state) == ("1", "of 2", "look")
        Heartbeat.objects.filter(host="there").update(at=timezone.now() - timedelta(hours=25))
        assert line("Workers").is_good

    def test_the_dispatcher_is_named_by_its_lease(self, well):
        Lease.acquire("north:4711")
        assert (line("Dispatcher").figure, line("Dispatcher").unit) == ("north", "process 4711")

    def test_an_unknown_outcome_wants_a_decision_after_a_day(self, well, make_task):
        task = make_task("unknown")
        assert line("Unknown outcomes").state == "look"
        assert line("Unknown outcomes").link == ("/?status=unknown", "Show them")
        Task.objects.filter(pk=task.pk).update(claimed_at=timezone.now() - timedelta(hours=25))
        assert line("Unknown outcomes").state == "act"

    def test_requests_are_those_of_the_last_minute(self, well, settings):
        Lease.acquire("north:1")
        now = timezone.now().timestamp()
        Lease.note("north:1", 1, [now - 70, now - 50, now - 1])
        assert (line("Requests").figure, line("Requests").unit) == ("2", "of 100 a minute")
        Provider.current().learn(requests_per_minute=60)
        assert (line("Requests").unit, line("Requests").state) == ("of 60 a minute", "look")
        assert "MODELLIX_REQUESTS_PER_MINUTE=60" in line("Requests").advice

    def test_a_house_that_is_full_too_soon_is_told(self, well, make_task):
        make_task(hold=Task.Hold.RUNNING)
        assert line("Running").state == "look"

    @pytest.mark.parametrize(
        ("left", "state", "lasts"), [("70", "good", "10 days"), ("40", "look", "6 days"), ("7", "act", "1 day")]
    )
    def test_credit_is_told_in_days(self, well, make_task, left, state, lasts):
        make_task("done", price_charged=Decimal(49))
        Provider.current().learn(balance=Decimal(left))
        assert (line("Balance").figure, line("Balance").state) == (f"${left}.00", state)
        assert line("Balance").detail.endswith(f"Lasts {lasts}")

    def test_room_is_told_in_days(self, well, make_task, make_output, monkeypatch):
        make_output(make_task("done"), size=70 * 10**9)
        for free, state in ((900, "good"), (100, "look"), (15, "act")):
            monkeypatch.setattr("shutil.disk_usage", lambda path, free=free: Disk(10**12, 0, free * 10**9))
            assert line("Storage").state == state
        assert "Full in 2 days" in line("Storage").detail

    def test_webhooks_are_missed_where_they_could_come(self, well, make_task, settings):
        assert line("Webhooks").word == "Not needed"
        settings.PUBLIC_URL = "https://studio.example.com"
        assert line("Webhooks").word == "Waiting"
        task = make_task("done")
        assert line("Webhooks").state == "look"
        attempt = Attempt.objects.create(task=task, number=1, epoch=1, form="plain")
        Delivery.objects.create(attempt=attempt, delivery_id="one")
        assert line("Webhooks").is_good

    def test_old_prices_are_told(self, well):
        later = replace(Figures.now(), prices_as_of=date(2020, 1, 1))
        assert next(line for line in lines(later) if line.name == "Catalogue").state == "look"
