"""One dispatcher at a time, handed over without a gap, and whatever breaks under it, work goes on."""

import sqlite3
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from django_q.signing import SignedPackage

from generations.engine import dispatcher, jobs, journal, save, stop
from generations.engine import term as terms
from generations.engine.dispatcher import hold_office
from generations.engine.term import Term, stand_by
from generations.models import Attempt, Delivery, Heartbeat, Lease, Output, Revision, Task

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(function, *args):
    """Run it in a thread with a database connection of its own."""

    def run():
        try:
            function(*args)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


class LeaseTests:
    def test_one_holder_at_a_time_and_a_higher_epoch_with_each(self):
        first = Term.begin()
        assert Term.begin() is None
        first.end()
        second = Term.begin()
        assert second.epoch == first.epoch + 1

    def test_a_holder_whose_lease_passed_on_learns_it_at_the_next_renewal(self):
        first = Term.begin()
        Lease.objects.update(expires_at=None)
        Term.begin()
        first.renewed -= terms.RENEW_EVERY
        assert first.keep() is False

    def test_nothing_is_sent_by_a_holder_that_has_not_renewed_for_ten_seconds(self, simulator, order, work):
        task = order()
        term = Term.begin()
        office = dispatcher.Dispatcher(term, lambda: None, save.save)
        term.renewed -= terms.SAFE_FOR
        office.send()
        task.refresh_from_db()
        assert task.status == Task.Status.QUEUED
        assert simulator.ledger() == []

    def test_one_successor_waits_at_most(self):
        Term.begin()
        Lease.wait()
        assert stand_by() is None

    def test_a_successor_takes_over_while_orders_are_open(self, simulator, order, monkeypatch):
        monkeypatch.setattr(dispatcher, "SUCCESSOR_AFTER", 0.2)
        tasks = [order(f"harbour {n}") for n in range(8)]
        successors = []

        def call_successor():
            successors.append(in_thread(hold_office, call_successor, save.save))  # each may call one in its turn

        hold_office(call_successor, save.save)
        for thread in successors:
            thread.join(30)
        assert {Task.objects.get(pk=task.pk).status for task in tasks} == {"done"}
        assert Lease.objects.get().epoch > 1
        assert len(simulator.ledger()) == len(tasks)


class TroubleTests:
    @pytest.mark.skipif(settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="locks one file")
    def test_a_locked_database_delays_and_loses_nothing(self, simulator, order, work, monkeypatch):
        monkeypatch.setattr(dispatcher, "HANDED_FOR", 0.5)  # a saver that was locked out is followed by another
        task = order()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=50")
        blocker = sqlite3.connect(settings.DATABASES["default"]["NAME"], check_same_thread=False)
        release = threading.Timer(2, blocker.rollback)

        def lock_it_under_way():
            if not release.ident and Task.objects.exclude(status=Task.Status.QUEUED).exists():
                blocker.execute("BEGIN IMMEDIATE")
                release.start()

        work(until=lock_it_under_way)
        release.join()
        blocker.close()
        task.refresh_from_db()
        assert task.status == Task.Status.DONE
        assert len(simulator.ledger()) == 1

    def test_a_save_that_the_broker_lost_is_given_out_again(self, simulator, order, work, monkeypatch):
        monkeypatch.setattr(dispatcher, "HANDED_FOR", 0.3)
        task = order()
        handed = []

        def lose_the_first(output):
            handed.append(output.pk)
            if len(handed) > 1:
                save.save(output)

        Lease.objects.update(expires_at=None)
        hold_office(lambda: None, lose_the_first)
        task.refresh_from_db()
        assert (task.status, len(handed)) == (Task.Status.DONE, 2)

    def test_a_saver_that_died_is_followed_by_another(self, simulator, order, work):
        task = order()
        work(until=Output.objects.exists)
        Output.objects.filter(task=task).update(status=Output.Status.SAVING, lease_until=task.created_at)
        work()
        task.refresh_from_db()
        assert task.status == Task.Status.DONE

    @pytest.mark.parametrize(("machines", "handed"), [(1, 6), (2, 14)])
    def test_each_machine_is_given_as_many_files_as_it_has_savers_twice_over(
        self, simulator, make_task, make_output, machines, handed
    ):
        for _ in range(8):  # those of savers that died take nobody's place
            make_output(task := make_task("saving"), saved=False)
            Output.objects.filter(task=task).update(status=Output.Status.SAVING, lease_until=task.created_at)
        for _ in range(20):
            make_output(task, saved=False)
        for n in range(1, machines):
            Heartbeat.beat(f"machine {n}")
        given = []
        dispatcher.Dispatcher(Term.begin(), lambda: None, given.append).turn()
        assert len(given) == handed

    def test_the_stop_flag_ends_the_office_and_frees_the_lease(self, simulator, order, monkeypatch):
        simulator.set_faults([{"fault": "get=503"}])
        order()
        ends_at = time.monotonic() + 1
        monkeypatch.setattr(stop, "is_asked", lambda: time.monotonic() > ends_at)
        hold_office(lambda: None, save.save)
        assert not Lease.is_held()


class JobTests:
    def test_the_tick_beats_and_revives_a_dead_dispatcher(self, broker, order):
        order()
        jobs.tick_job()
        assert Heartbeat.is_any_fresh()
        assert broker.queue_size() == 1
        [(_, job)] = broker.dequeue()
        assert SignedPackage.loads(job)["func"] == "generations.engine.jobs.dispatch_job"

    def test_nothing_is_started_while_somebody_works_or_nothing_is_open(self, broker, order):
        jobs.tick_job()
        order()
        Term.begin()
        jobs.tick_job()
        assert broker.queue_size() == 0

    def test_orders_that_come_at_once_call_one_dispatcher(self, broker, order):
        for n in range(3):
            order(f"harbour {n}")
            jobs.dispatch_later()
        assert broker.queue_size() == 1
        Term.begin().end()  # it came, and is gone again
        jobs.dispatch_later()
        assert broker.queue_size() == 2

    def test_one_that_was_called_and_does_not_come_is_called_again(self, broker, order, monkeypatch):
        monkeypatch.setattr(Lease, "ON_ITS_WAY", 0)
        order()
        jobs.dispatch_later()
        jobs.dispatch_later()
        assert broker.queue_size() == 2

    def test_a_broker_that_is_away_does_not_break_the_page(self, order, monkeypatch):
        def away(*_, **__):
            raise OSError("no broker")

        monkeypatch.setattr(jobs, "async_task", away)
        order()
        jobs.dispatch_later()

    def test_the_daily_job_throws_away_old_webhooks_only(self, order):
        order().claim(1, "plain")
        for delivery in ("dlv-old", "dlv-young"):
            Delivery.objects.create(attempt=Attempt.objects.get(), delivery_id=delivery)
        month = timezone.now() - timedelta(days=31)
        Delivery.objects.filter(delivery_id="dlv-old").update(at=month)
        jobs.daily_job()
        assert Delivery.objects.get().delivery_id == "dlv-young"

    def test_the_daily_job_throws_away_old_journals_only(self):
        journal.write(1, 1, "task-young")
        old = journal.folder() / "2020-01-01.jsonl"
        old.write_text('{"task": 2, "attempt": 1, "id": "task-old"}\n')
        jobs.daily_job()
        assert not old.exists()
        assert journal.read()[1, 1] == "task-young"


class JournalTests:
    def test_a_torn_line_hides_nothing_but_itself(self):
        journal.write(11, 1, "task-a")
        path = max(journal.folder().glob("*.jsonl"))
        path.write_text(path.read_text() + '{"task": 12, "attem')
        assert journal.read()[11, 1] == "task-a"
        assert (12, 1) not in journal.read()
        journal.write(13, 1, "task-c")
        assert journal.read()[13, 1] == "task-c"


class RevisionTests:
    def test_numbers_rise_by_one_and_start_at_one(self):
        assert [Revision.next(), Revision.next(), Revision.latest()] == [1, 2, 2]
