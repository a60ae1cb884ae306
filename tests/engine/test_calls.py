"""The webhook: signed, once where that can be known, again where it did not arrive, and only to public addresses."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from generations.engine import calls, jobs, notices
from generations.models import Call, Event, Webhook
from tests.engine.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings):
    settings.DEBUG = True  # which allows http on this machine
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def webhook(receiver):
    notices.gather()  # what was before is not told
    return Webhook.objects.create(pk=1, address=receiver.url, events=Webhook.Event.values)


def tell(task, kind=Event.Kind.SAVED):
    Event.objects.create(kind=kind, task=task)
    notices.gather()
    calls.deliver_due()


class CallTests:
    def test_it_tells_what_happened_in_a_way_that_can_be_checked(self, webhook, receiver, make_task):
        task = make_task("done")
        tell(task)
        [(headers, body)] = receiver.seen
        told = json.loads(body)
        assert (told["type"], told["data"]["id"], told["data"]["status"]) == ("generation.ready", task.pk, "done")
        key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        call = Call.objects.get()
        assert (call.state, call.tries, call.http_status, call.text) == ("Arrived", 1, 200, "thank you")

    def test_what_arrived_is_not_told_again(self, webhook, receiver, make_task):
        tell(make_task("done"))
        jobs.tick_job()
        jobs.call_job()
        stale = Call.objects.get()
        stale.tries = 0
        calls.deliver(stale)  # as a second worker would that read it before
        assert len(receiver.seen) == 1

    @pytest.mark.parametrize(
        ("changes", "private"), [({"events": ["generation.failed"]}, False), ({"is_on": False}, False), ({}, True)]
    )
    def test_nothing_is_told_that_was_not_chosen_or_is_private(self, webhook, receiver, make_task, changes, private):
        Webhook.objects.update(**changes)
        tell(make_task("done", is_private=private))
        assert receiver.seen == []
        assert not Call.objects.exists()

    @pytest.mark.parametrize("status", [500, 404, 302])
    def test_what_did_not_arrive_is_tried_for_a_day_with_growing_waits(self, webhook, receiver, make_task, status):
        receiver.status, receiver.headers = status, {"Location": receiver.url}
        tell(make_task("failed"), Event.Kind.FAILED)
        waits = []
        while (call := Call.objects.get()).due_at:
            waits.append(round((call.due_at - timezone.now()).total_seconds() / 60))
            calls.deliver_due()
            assert Call.objects.get().tries == call.tries  # not before its time
            Call.objects.update(due_at=timezone.now())
            calls.deliver_due()
        assert waits == [1, 5, 30, 120, 360, 900]
        assert (call.state, call.tries, call.http_status, len(receiver.seen)) == ("Given up", 7, status, 7)
        assert len({headers["webhook-id"] for headers, _ in receiver.seen}) == 1

    def test_of_a_long_answer_the_beginning_is_kept(self, webhook, receiver, make_task):
        receiver.answer = b"\0" + b"x" * 1_000_000
        tell(make_task("done"))
        assert Call.objects.get().text == "x" * 500

    @pytest.mark.parametrize(
        "address",
        [
            *("http://127.0.0.1:1/", "https://127.0.0.1/", "https://169.254.169.254/latest/", "ftp://x/"),
            *(
                "https://localhost/",
                "https://2130706433/",
                "https://0x7f.1/",
                "https://[::1]/",
                "https://[::ffff:a00:1]/",
            ),
        ],
    )
    def test_an_inside_address_is_refused_at_each_try(self, webhook, make_task, settings, address):
        settings.DEBUG = False
        Webhook.objects.update(address=address)
        tell(make_task("done"))
        call = Call.objects.get()
        assert call.http_status is None
        assert "nothing was sent" in call.text

    def test_a_program_that_is_away_is_said_to_be(self, webhook, receiver, make_task):
        Webhook.objects.update(address="http://127.0.0.1:1/")
        tell(make_task("done"))
        assert Call.objects.get().text.startswith("No answer came")

    def test_old_calls_are_thrown_away(self, webhook, make_task):
        tell(make_task("done"))
        Call.objects.update(made_at=timezone.now() - timedelta(days=31))
        jobs.daily_job()
        assert not Call.objects.exists()
