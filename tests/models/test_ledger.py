"""The ledger says of every order what it holds back and what it cost, whatever became of it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from generations.models import Attempt, Entry, Output, Prompt, Task
from generations.models.audit import mistakes
from generations.models.entry import month_of
from tests.conftest import ORDER

pytestmark = pytest.mark.django_db
PRICES = {"price_minimum": Decimal("0.0300"), "price_maximum": Decimal("0.0400")}
HELD, NOTHING = (Decimal("0.0400"), 0), (0, 0)


@pytest.fixture(autouse=True)
def audited(db):
    """After every test the books are right."""
    yield
    assert mistakes() == []


@pytest.fixture
def ask(member):
    def make(**fields):
        prompt = Prompt.objects.create(author=member, text="a lighthouse at dusk")
        return Task.order(prompt, member, body={"prompt": "a lighthouse at dusk"}, **ORDER | PRICES | fields)

    return make


def booked(task):
    """(held back, spent) by the ledger."""
    found = Task.objects.with_money().get(pk=task.pk).booked_money
    return found.reserved, found.spent


def kinds(task):
    return list(task.entries.order_by("pk").values_list("kind", flat=True))


def claimed(task):
    return task.claim(1, "plain")


def accepted(task):
    attempt = claimed(task)
    task.accept(attempt, f"task-{task.pk}")
    return task


def finish(task, charged):
    return task.finish([{"url": "https://files.example.com/1.png"}], None, None, charged, "{}")


class LedgerTests:
    def test_an_order_holds_its_highest_estimate(self, ask, member):
        task = ask()
        assert booked(task) == HELD
        entry = task.entries.get()
        assert (entry.kind, entry.person, entry.month) == ("reserve", member, month_of(timezone.now()))

    def test_an_order_of_unknown_price_holds_nothing_known(self, ask):
        task = ask(price_minimum=None, price_maximum=None)
        assert booked(task) == NOTHING
        finish(accepted(task), Decimal("0.5"))
        assert booked(task) == (0, Decimal("0.5"))

    @pytest.mark.parametrize("verb", ["cancel", "undo"])
    def test_what_is_taken_back_is_released_once(self, ask, member, verb):
        task = ask(undo=3)
        assert getattr(task, verb)(member)
        assert not getattr(task, verb)(member)
        assert (booked(task), kinds(task)) == (NOTHING, ["reserve", "release"])

    def test_a_refusal_releases(self, ask):
        task = ask()
        task.refuse(claimed(task), "No.", "refused")
        assert booked(task) == NOTHING

    def test_a_file_that_cannot_be_brought_releases(self, ask):
        task = ask()
        task.turn_down("No.", "inputs")
        assert booked(task) == NOTHING

    def test_what_the_provider_charged_takes_the_place_of_the_estimate(self, ask):
        task = accepted(ask())
        assert booked(task) == HELD
        assert finish(task, Decimal("0.0207"))
        assert not finish(task, Decimal("0.0207"))
        assert (booked(task), kinds(task)) == ((0, Decimal("0.0207")), ["reserve", "charge"])
        assert not task.entries.filter(is_estimate=True).exists()

    def test_where_it_does_not_tell_the_estimate_stands_and_says_so(self, ask):
        task = accepted(ask())
        finish(task, None)
        assert booked(task) == (0, PRICES["price_maximum"])
        assert task.entries.get(kind="charge").is_estimate

    @pytest.mark.parametrize(
        ("charged", "expected"), [(None, HELD), (Decimal(0), NOTHING), (Decimal("0.01"), (0, Decimal("0.01")))]
    )
    def test_a_failure_costs_what_the_provider_says_and_holds_while_it_says_nothing(self, ask, charged, expected):
        task = accepted(ask())
        task.fail("Broken.", "failed", charged, "{}")
        assert booked(task) == expected

    def test_an_order_that_the_provider_forgot_stays_held(self, ask):
        task = accepted(ask())
        task.expire("Gone.")
        assert booked(task) == HELD

    def test_a_late_result_of_one_given_up_is_charged_then(self, ask, member):
        task = accepted(ask())
        Task.objects.filter(pk=task.pk).update(accepted_at=timezone.now() - timedelta(hours=2))
        task.refresh_from_db()
        assert task.stop_watching(member)
        assert booked(task) == HELD
        assert finish(task, Decimal("0.0407"))
        assert booked(task) == (0, Decimal("0.0407"))

    def test_lost_files_give_no_money_back(self, ask):
        task = accepted(ask())
        finish(task, Decimal("0.02"))
        task.outputs.update(status=Output.Status.LOST)
        task.settle_files()
        assert booked(task) == (0, Decimal("0.02"))


class UnclearTests:
    @pytest.fixture
    def unclear(self, ask):
        task = ask()
        task.lose_track(claimed(task), "No answer.")
        Task.objects.filter(pk=task.pk).update(claimed_at=timezone.now() - timedelta(minutes=5))
        task.refresh_from_db()
        return task

    def test_an_unclear_order_stays_held_until_somebody_says_that_it_was_not_sent(self, unclear, member):
        assert booked(unclear) == HELD
        assert unclear.dismiss(member)
        assert not unclear.dismiss(member)
        assert (booked(unclear), kinds(unclear)) == (NOTHING, ["reserve", "release"])

    def test_said_not_to_have_been_sent_and_found_after_all_it_is_held_as_an_order_of_its_own(self, unclear, member):
        unclear.dismiss(member)
        found = Task.adopt(unclear.attempts.get(), "task-found")
        assert (booked(unclear), booked(found)) == (NOTHING, HELD)
        finish(found, Decimal("0.02"))
        assert (booked(unclear), booked(found)) == (NOTHING, (0, Decimal("0.02")))

    def test_sent_again_it_is_held_twice_until_the_first_is_found_to_be_an_order_of_its_own(self, unclear, member):
        twice = (2 * PRICES["price_maximum"], 0)
        assert unclear.send_again(member)
        assert booked(unclear) == twice
        first, second = unclear.attempts.get(), claimed(unclear)
        assert booked(unclear) == twice
        unclear.accept(second, "task-second")
        other = Task.adopt(first, "task-first")
        assert (booked(unclear), booked(other)) == (HELD, HELD)
        finish(unclear, Decimal("0.02"))
        assert (booked(unclear), booked(other)) == ((0, Decimal("0.02")), HELD)

    def test_sent_again_and_taken_back_it_is_held_once(self, unclear, member):
        unclear.send_again(member)
        unclear.cancel(member)
        assert booked(unclear) == HELD

    def test_found_at_the_provider_it_is_held_once(self, unclear):
        unclear.accept(unclear.attempts.get(), "task-found")
        assert booked(unclear) == HELD

    def test_an_attempt_that_closes_after_its_task_moved_on_keeps_the_books_right(self, unclear):
        attempt = unclear.attempts.get()
        unclear.refuse(attempt, "No.", "refused")
        assert attempt.outcome == Attempt.Outcome.REFUSED
        assert booked(unclear) == HELD


class MonthTests:
    def test_the_month_is_the_teams(self, settings):
        settings.TIME_ZONE = "America/New_York"
        timezone.get_default_timezone.cache_clear()
        try:
            assert month_of(datetime(2026, 12, 1, 3, tzinfo=UTC)).isoformat() == "2026-11-01"
        finally:
            timezone.get_default_timezone.cache_clear()

    def test_what_was_asked_for_in_one_month_is_paid_from_it(self, ask):
        task, then = accepted(ask()), timezone.now() - timedelta(days=40)
        task.entries.update(month=month_of(then))
        finish(task, Decimal("0.02"))
        assert task.entries.get(kind="charge").month == month_of(then)

    def test_sent_again_in_another_month_each_sending_counts_for_its_own(self, ask, member):
        task = ask()
        first = claimed(task)
        task.lose_track(first, "No answer.")
        then = timezone.now() - timedelta(days=40)
        Task.objects.filter(pk=task.pk).update(created_at=then, claimed_at=then)
        task.entries.update(month=month_of(then))
        task.refresh_from_db()
        assert task.send_again(member)
        finish(accepted(task), Decimal("0.02"))
        held = dict(task.entries.order_by().values_list("month").annotate(Sum("reserved")))
        assert held == {month_of(then): Decimal("0.04"), month_of(timezone.now()): 0}
        assert task.entries.get(kind="charge").month == month_of(timezone.now())

    def test_what_two_months_hold_is_given_back_to_each(self, ask, member):
        task = ask()
        task.lose_track(claimed(task), "No answer.")
        then = timezone.now() - timedelta(days=40)
        Task.objects.filter(pk=task.pk).update(created_at=then, claimed_at=then)
        task.entries.update(month=month_of(then))
        task.refresh_from_db()
        task.send_again(member)
        task.lose_track(claimed(task), "No answer again.")
        task.dismiss(member)
        held = dict(task.entries.order_by().values_list("month").annotate(Sum("reserved")))
        assert held == {month_of(then): 0, month_of(timezone.now()): 0}


class FillTests:
    def test_a_studio_that_was_there_before_the_ledger_gets_the_same_books(self, ask, member):
        ask()
        finish(accepted(ask()), Decimal("0.02"))
        finish(accepted(ask()), None)
        accepted(ask()).fail("Broken.", "failed", None, "{}")
        ask(undo=3).cancel(member)
        unclear = ask()
        unclear.lose_track(claimed(unclear), "No answer.")
        Task.objects.filter(pk=unclear.pk).update(claimed_at=timezone.now() - timedelta(minutes=5))
        unclear.refresh_from_db()
        unclear.send_again(member)
        Entry.objects.all().delete()
        assert len(mistakes()) == 5
        import_module("generations.migrations.0022_ledger").fill(apps, None)
        assert mistakes() == []

    def test_what_was_held_for_dismissed_orders_is_given_back(self, ask, member):
        task = ask()
        task.lose_track(claimed(task), "No answer.")
        task.dismiss(member)
        task.entries.filter(kind="release").delete()
        assert len(mistakes()) == 1
        import_module("generations.migrations.0028_release_dismissed").release(apps, None)
        assert mistakes() == []


class AuditTests:
    def test_it_is_silent_when_all_is_right(self, ask):
        finish(accepted(ask()), Decimal("0.02"))
        out, err = StringIO(), StringIO()
        call_command("audit", stdout=out, stderr=err)
        assert (out.getvalue(), err.getvalue()) == ("", "")

    def test_it_lists_what_is_wrong_and_fails(self, ask):
        task, err = ask(), StringIO()
        Entry.objects.filter(task=task).update(reserved=Decimal("0.05"))
        with pytest.raises(SystemExit) as ended:
            call_command("audit", stderr=err)
        Entry.objects.filter(task=task).update(reserved=Decimal("0.04"))
        assert ended.value.code == 1
        assert f"Task {task.pk} holds back 0.0400 and cost 0" in err.getvalue()
