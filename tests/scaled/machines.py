"""Two machines on PostgreSQL, Redis and S3, and what breaks under them. Each test goes on where the last one ended.

Run by test_servers.py, in a process whose database is the PostgreSQL.
"""

import hashlib
import time
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

from generations.models import Attempt, Lease, Output, Task, User
from generations.simulator.server import serve
from tests.scaled.machine import Machine
from tests.views.conftest import order

SOON = 20  # seconds
AT_LAST = 60  # seconds for all of a test's orders, where this machine has much else to do


@pytest.fixture(scope="module", autouse=True)
def database(django_db_modify_db_settings, django_test_environment, django_db_blocker):
    """One for all tests: the machines go on working between them."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    with serve(data=tmp_path_factory.mktemp("simulator"), speed=10, rpm=6000, running_cap=100) as running:
        yield running


@pytest.fixture(scope="module")
def machines(database, simulator, redis_server, s3, tmp_path_factory):
    """The left one and the right one, at work."""
    variables = {"REDIS_URL": redis_server.url, "MODELLIX_BASE_URL": simulator.url, "MODELLIX_API_KEY": "mk-tests"}
    variables |= {"MODELLIX_REQUESTS_PER_MINUTE": "6000", "MODELLIX_RUNNING_CAP": "100"} | s3
    pair = [Machine(name, tmp_path_factory.mktemp(name), variables) for name in ("left", "right")]
    client = Client()
    client.force_login(User.objects.create_user("mia@example.com", "correct horse battery", name="Mia", undo_seconds=0))
    for machine in pair:
        machine.start_worker()
        machine.sign_in(client.cookies["sessionid"].value)
    within(SOON, lambda: all(answers(machine) for machine in pair))
    yield pair
    for machine in pair:
        machine.end()


def answers(machine):
    try:
        return machine.get("/readyz").ok
    except OSError:
        return False


def within(seconds, condition):
    """What the condition gives, as soon as that is something."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)
    return found


def ask(machine, text, count=1):
    """Press Generate on a machine's page: the tasks."""
    before = Task.objects.count()
    assert machine.post("/tasks/", order(prompt=text, count=str(count))).status_code == 302
    return list(Task.objects.order_by("pk")[before:])


def states(tasks):
    return set(Task.objects.filter(pk__in=[task.pk for task in tasks]).values_list("status", flat=True))


def all_done(tasks):
    return lambda: states(tasks) == {"done"}


def with_dispatcher(machines):
    """The machine whose worker holds the lease, then the other."""
    holder = within(SOON, lambda: Lease.is_held() and Lease.objects.get().holder)  # name:process
    return sorted(machines, key=lambda machine: not holder.startswith(machine.name))


def assert_bought_once(simulator):
    """Each order, and what was bought is known to us."""
    bought = [entry["task_id"] for entry in simulator.ledger()]
    assert len(bought) == Task.objects.count()
    assert set(bought) == set(Task.objects.values_list("provider_task_id", flat=True))


def test_one_dispatches_and_both_save(machines, simulator):
    tasks = [task for n in range(10) for task in ask(machines[n % 2], f"harbour {n}", count=2)]
    within(AT_LAST, all_done(tasks))
    assert all(machine.has_saved for machine in machines)
    epochs = list(Attempt.objects.order_by("started_at").values_list("epoch", flat=True))
    assert epochs == sorted(epochs)
    assert_bought_once(simulator)


def test_every_machine_gives_out_what_any_machine_saved(machines):
    for output in Output.objects.all()[:4]:
        for machine in machines:
            whole = machine.get(f"/media/{output.pk}/original/")
            assert hashlib.sha256(whole.content).hexdigest() == output.sha256
            part = machine.get(f"/media/{output.pk}/original/", Range="bytes=100-199")
            assert (part.status_code, part.content) == (206, whole.content[100:200])
            assert part.headers["Content-Range"] == f"bytes 100-199/{output.size}"
            again = machine.get(f"/media/{output.pk}/medium/", **{"If-None-Match": f'"{output.sha256}-medium"'})
            assert (again.status_code, again.content) == (304, b"")
            assert machine.get(f"/media/{output.pk}/original/", Cookie="").status_code == 302
    assert not any((machine.folder / "media" / "g").exists() for machine in machines)


def test_a_dispatcher_that_dies_is_followed_and_the_journal_of_its_machine_settles_what_it_did(machines, simulator):
    """Killed after the journal's line and before the commit: the moment that only this machine's disk knows of."""
    before = simulator.ledger()
    with a_hold_on_acceptances() as let_go:
        [bought] = ask(machines[0], "a pier in fog")
        dead, alive = with_dispatcher(machines)
        within(SOON, lambda: len(dead.journal) + len(alive.journal) > len(before))
        dead.kill_worker()
        let_go()
    [late] = ask(alive, "asked when it was dead")
    within(SOON, lambda: states([late]) - {"queued", "submitting"})
    assert with_dispatcher(machines)[0] is alive
    within(AT_LAST, all_done([late]))
    assert states([bought]) == {"unknown"}

    dead.start_worker()
    within(AT_LAST, all_done([bought]))
    assert_bought_once(simulator)


def test_a_saver_that_dies_is_followed(machines, simulator):
    simulator.set_faults([{"fault": "file=slow"}])
    tasks = [task for n in range(4) for task in ask(machines[n % 2], f"slow harbour {n}", count=2)]
    _, dead = with_dispatcher(machines)
    within(AT_LAST, lambda: any((dead.folder / "media" / ".incoming").iterdir()))
    dead.kill_worker()
    simulator.set_faults([])
    cut_off = Output.objects.filter(status=Output.Status.SAVING)
    assert cut_off.exists()
    cut_off.update(lease_until="2000-01-01T00:00Z")  # as a minute later
    [late] = ask(dead, "asked of the web server beside it")
    within(SOON, all_done([late]))
    within(AT_LAST, all_done(tasks))
    assert_bought_once(simulator)
    dead.start_worker()


def test_redis_may_restart_and_lose_what_it_held(machines, redis_server, simulator):
    tasks = [task for n in range(3) for task in ask(machines[n % 2], f"before {n}", count=2)]
    redis_server.stop()
    tasks += [task for n in range(2) for task in ask(machines[n], f"without {n}")]
    redis_server.start()
    tasks += [task for n in range(2) for task in ask(machines[n], f"after {n}")]
    within(AT_LAST, all_done(tasks))
    assert_bought_once(simulator)


def test_the_database_may_cut_every_connection(machines, simulator):
    tasks = [task for n in range(3) for task in ask(machines[n % 2], f"cut {n}", count=2)]
    for n in range(3):
        cut_connections_of_others()
        tasks += ask(machines[0], f"after cut {n}")
    within(AT_LAST, all_done(tasks))
    assert_bought_once(simulator)


@contextmanager
def a_hold_on_acceptances():
    """Until let go, the database keeps everybody waiting who wants to record that an order was accepted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN NEW; END';
            CREATE TRIGGER wait BEFORE UPDATE ON generations_attempt FOR EACH ROW
                WHEN (NEW.outcome = 'accepted') EXECUTE FUNCTION wait();
            SELECT pg_advisory_lock(7);
            """
        )
        yield lambda: cursor.execute("SELECT pg_advisory_unlock(7)")
        cursor.execute("DROP TRIGGER wait ON generations_attempt; DROP FUNCTION wait")


def cut_connections_of_others():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
