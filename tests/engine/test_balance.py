"""The credit at Modellix is asked for, and what it took is held beside what the ledger says."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from generations.engine import balance, jobs, save
from generations.engine.dispatcher import hold_office
from generations.models import Entry, Provider, Statement, Task, statement

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """The simulator never tells an old balance."""
    monkeypatch.setattr(statement, "STALE", timedelta(0))


@pytest.fixture
def watched(simulator):
    """watched() is the newest statement after another minute."""

    def watch():
        balance.watch()
        return Statement.objects.first()

    return watch


def works():
    hold_office(lambda: None, save.save)
    assert not Task.objects.unfinished().exists()


class WatchTests:
    def test_the_tick_learns_the_balance(self, simulator):
        jobs.tick_job()
        known = Provider.current()
        assert (known.balance, timezone.now() - known.balance_at < timedelta(minutes=1)) == (Decimal(100), True)

    def test_it_is_asked_for_again_only_after_a_while_or_when_orders_have_ended(self, simulator, order, watched):
        def asked():
            return sum(1 for call in simulator.requests() if call["path"].endswith("/balance"))

        watched(), watched()
        assert asked() == 1
        order()
        works()
        watched(), watched()
        assert asked() == 2
        Provider.objects.update(balance_at=timezone.now() - balance.EVERY - timedelta(seconds=1))
        watched()
        assert asked() == 3

    def test_what_makes_no_sense_is_not_believed(self, simulator, watched):
        simulator.set_faults([{"fault": "balance=string"}])
        assert watched() is None
        assert Provider.current().balance is None

    def test_silence_changes_nothing(self, watched, settings):
        told = watched()
        settings.MODELLIX_BASE_URL = "http://127.0.0.1:9"
        Provider.objects.update(balance_at=None)
        assert watched() == told
        assert Provider.current().balance == told.balance

    def test_without_a_key_nothing_is_asked(self, db, settings):
        settings.MODELLIX_API_KEY = ""
        balance.watch()
        assert Provider.current().balance_at is None


class StatementTests:
    def test_what_modellix_took_is_what_the_ledger_says(self, order, watched):
        watched()
        for text in ("a lighthouse", "a harbour"):
            order(text)
            works()
            found = watched()
        assert Statement.objects.count() == 1
        assert found.is_right
        assert found.taken == found.booked > 0

    def test_nothing_is_compared_while_something_is_made(self, order, watched):
        watched()
        task = order()
        assert task.claim(1, "plain")
        Provider.objects.update(balance_at=None)
        assert watched().booked == 0
        assert statement.quiet() is None

    def test_an_unclear_order_that_was_charged_is_suspected(self, simulator, order, watched):
        watched()
        simulator.set_faults([{"fault": "post=drop-after-create"}])
        task = order()
        hold_office(lambda: None, save.save)
        found = watched()
        task.refresh_from_db()
        assert task.status == "unknown"
        assert found.unexplained > 0
        [told] = statement.differing()
        assert (told, told.suspects) == (found, [task])

    def test_credit_that_is_added_is_told_and_what_follows_is_compared_anew(self, simulator, order, watched):
        watched()
        Statement.objects.update(balance=Decimal(40))
        Provider.objects.update(balance_at=None)
        added = watched()
        order()
        works()
        after = watched()
        assert (added.unexplained, after.is_right, Statement.objects.count()) == (Decimal(-60), True, 3)

    def test_another_key_begins_anew(self, settings, watched):
        watched()
        settings.MODELLIX_API_KEY = "mk-other"
        Provider.objects.update(balance_at=None)
        assert (watched().taken, Statement.objects.count()) == (0, 2)

    def test_every_line_of_the_ledger_is_in_one_statement(self, order, watched):
        watched()
        order()
        works()
        assert watched().up_to == Entry.objects.first().pk
