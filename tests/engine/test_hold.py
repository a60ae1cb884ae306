"""Who saves a file for long keeps it; who died over it is followed soon."""

import time
from datetime import timedelta

import pytest
from django.db import connections

from generations.engine import hold
from generations.models import Heartbeat, Output

pytestmark = pytest.mark.django_db(transaction=True)
LONG = timedelta(seconds=0.6)


@pytest.fixture
def output(make_task, make_output, monkeypatch):
    """A file that is being saved, under a lease of 0.6 s."""
    monkeypatch.setattr(Output, "LEASE", LONG)
    monkeypatch.setattr(hold, "TELL_EVERY", 0.1)
    output = make_output(make_task("saving"), saved=False)
    assert output.claim()
    yield output
    connections.close_all()


def may_be_taken(output):
    return Output.objects.savable().filter(pk=output.pk).exists()


def test_a_saver_at_work_keeps_its_file_and_its_machine_is_alive(output):
    with hold.held(output):
        time.sleep(2 * LONG.total_seconds())
        assert not may_be_taken(output)
        assert Heartbeat.is_any_fresh()


def test_a_saver_that_died_is_followed_when_its_lease_is_over(output):
    assert not may_be_taken(output)
    time.sleep(LONG.total_seconds())
    assert may_be_taken(output)


def test_what_was_settled_meanwhile_is_not_taken_back(output):
    with hold.held(output):
        assert output.store(sha256="")
        time.sleep(0.3)
    output.refresh_from_db()
    assert (output.status, output.lease_until) == (Output.Status.SAVED, None)
