"""From an order to saved files, and every clear way in which it may end otherwise."""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from generations.engine import dispatcher, save
from generations.models import Attempt, Output, Provider, Task

SPEECH = "alibaba/qwen-audio-3.0-tts-plus"

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(task):
    task.refresh_from_db()
    return task


class LifeTests:
    def test_an_order_becomes_saved_pictures(self, simulator, order, work):
        task = order(n=4, aspect_ratio="3:2")
        work()
        assert fresh(task).status == Task.Status.DONE
        assert task.spent == Task.Spent.YES
        assert task.price_charged > 0
        for output in task.outputs.all():
            original = default_storage.open(output.original).read()
            assert output.sha256 == hashlib.sha256(original).hexdigest()
            assert output.size == len(original)
            assert (output.kind, output.is_saved) == (Output.Kind.IMAGE, True)
            assert default_storage.exists(output.medium)
            assert default_storage.exists(output.small)
        assert task.outputs.count() == 4

    def test_each_step_is_an_event(self, simulator, order, work):
        task = order()
        work()
        kinds = list(task.events.order_by("id").values_list("kind", flat=True))
        assert kinds[:3] == ["asked", "claimed", "accepted"]
        assert kinds[-3:] == ["finished", "file_saved", "saved"]

    def test_a_film_and_a_sound_are_kept_as_what_they_are(self, simulator, order, work):
        film = order(slug="alibaba/wan2.5-t2v-preview", model_type="text-to-video", kind="video")
        sound = order(slug=SPEECH, model_type="text-to-speech", kind="audio", body={"text": "Good morning."})
        work(seconds=40)
        assert [fresh(task).status for task in (film, sound)] == ["done", "done"]
        assert film.outputs.get().mime == "video/mp4"
        assert sound.outputs.get().mime == "audio/wav"

    def test_the_key_goes_to_the_api_alone(self, simulator, order, work):
        order()
        work()
        files = [entry for entry in simulator.requests() if entry["path"].startswith("/files/")]
        assert files
        assert not [entry for entry in files if entry["key"]]

    def test_a_job_that_arrives_twice_changes_nothing(self, simulator, order, work):
        task = order()
        work()
        before = task.events.count(), len(simulator.ledger())
        for _ in range(2):
            save.save(task.outputs.get())
            work()
        assert (task.events.count(), len(simulator.ledger())) == before

    def test_a_cancelled_order_is_never_sent(self, simulator, order, work, member):
        task = order()
        assert task.cancel(member) is True
        assert task.cancel(member) is False
        work()
        assert fresh(task).status == Task.Status.CANCELLED
        assert simulator.ledger() == []


class RefusalTests:
    def test_a_refused_body_fails_uncharged_with_the_providers_words(self, simulator, order, work):
        task = order(n=400)
        work()
        assert fresh(task).status == Task.Status.FAILED
        assert "Value out of range" in task.error
        assert task.spent == Task.Spent.NO
        assert simulator.ledger() == []

    def test_a_refused_key_holds_everything_and_fails_nothing(self, simulator, order, work, settings):
        settings.MODELLIX_API_KEY = "wrong-key"
        tasks = [order(f"harbour {n}") for n in range(3)]
        work(until=lambda: Provider.current().is_paused)
        assert Provider.current().pause == Provider.Pause.KEY_REFUSED
        work(seconds=1)
        assert [fresh(task).status for task in tasks] == ["queued"] * 3
        settings.MODELLIX_API_KEY = "mk-right"
        work()
        assert [fresh(task).status for task in tasks] == ["done"] * 3
        assert Provider.current().is_paused is False

    def test_an_empty_account_holds_everything(self, start_simulator, order, work):
        start_simulator(balance="0.0001")
        task = order()
        work(until=lambda: Provider.current().is_paused)
        assert Provider.current().pause == Provider.Pause.NO_CREDIT
        assert fresh(task).status == Task.Status.QUEUED

    def test_no_key_holds_everything(self, simulator, order, work, settings):
        settings.MODELLIX_API_KEY = ""
        task = order()
        work(until=lambda: Provider.current().is_paused)
        assert Provider.current().pause == Provider.Pause.KEY_MISSING
        assert fresh(task).status == Task.Status.QUEUED
        assert simulator.requests() == []

    def test_what_an_admin_has_to_agree_to_is_not_sent_before_and_keeps_nobody_at_work(
        self, simulator, order, work, admin_user
    ):
        task, other = order("a costly harbour", asks=True), order()
        Task.objects.filter(pk=task.pk).update(not_before=timezone.now())
        work()
        assert [fresh(each).status for each in (task, other)] == ["queued", "done"]
        assert (len(simulator.ledger()), dispatcher.anything_open()) == (1, False)
        task.approve(admin_user, price_minimum=task.price_minimum, price_maximum=task.price_maximum)
        work()
        assert (fresh(task).status, len(simulator.ledger())) == ("done", 2)

    def test_a_provider_that_is_away_is_waited_for(self, start_simulator, order, work, settings):
        gone = start_simulator()
        gone.close()
        task = order()
        work(until=lambda: task.attempts.filter(outcome=Attempt.Outcome.NOT_SENT).exists())
        assert fresh(task).status == Task.Status.QUEUED
        assert task.hold == Task.Hold.UNREACHABLE
        start_simulator()
        work()
        assert fresh(task).status == Task.Status.DONE
        assert Provider.current().unreachable_since is None

    def test_a_path_form_that_is_gone_leads_to_the_next(self, start_simulator, order, work):
        simulator = start_simulator(forms=("plain",))
        first, second = order("one"), order("two")
        work()
        assert fresh(first).status == fresh(second).status == Task.Status.DONE
        assert list(first.attempts.values_list("form", "outcome")) == [
            ("typed", "refused"),
            ("async", "refused"),
            ("plain", "accepted"),
        ]
        assert Provider.current().submit_form == "plain"
        assert len(simulator.ledger()) == 2

    def test_an_unknown_model_fails_after_all_forms(self, simulator, order, work):
        task = order(slug="alibaba/no-such-model")
        work()
        assert fresh(task).status == Task.Status.FAILED
        assert task.attempts.count() == 3
        assert task.spent == Task.Spent.NO

    def test_too_many_at_once_waits_and_lowers_the_cap(self, start_simulator, order, work):
        simulator = start_simulator(running_cap=2)
        tasks = [order(f"harbour {n}") for n in range(6)]
        work(seconds=40)
        assert [fresh(task).status for task in tasks] == ["done"] * 6
        assert len(simulator.ledger()) == 6


class UnknownTests:
    @pytest.mark.parametrize("fault", ["drop-before", "drop-after-create", "200-nojson", "500", "504-created"])
    def test_an_unclear_answer_is_never_repeated_by_a_machine(self, simulator, order, work, fault, member):
        task = order(f"a pier [[sim:post={fault}]]")
        work()
        assert fresh(task).status == Task.Status.UNKNOWN
        assert task.spent == Task.Spent.UNKNOWN
        work(seconds=1)
        assert task.attempts.count() == 1
        assert task.send_again(member) is False  # not before the request can no longer be under way

    def test_a_person_may_send_again_after_two_minutes(self, simulator, order, work, member, settings):
        task = order("a pier")
        simulator.set_faults([{"fault": "post=500", "count": 1}])
        work()
        Task.objects.filter(pk=task.pk).update(claimed_at=fresh(task).claimed_at - Task.SEND_AGAIN_AFTER)
        assert fresh(task).send_again(member) is True
        work()
        assert fresh(task).status == Task.Status.DONE
        assert task.events.get(kind="sent_again").actor == member

    def test_a_person_may_say_that_it_was_not_sent(self, simulator, order, work, member):
        task = order("a pier [[sim:post=drop-before]]")
        work()
        assert fresh(task).dismiss(member) is True
        assert task.status == Task.Status.CANCELLED


class WatchingTests:
    @pytest.mark.parametrize("fault", ["429", "500", "503", "not-json", "wrong-id", "no-status"])
    def test_a_read_that_fails_is_tried_again(self, simulator, order, work, fault):
        simulator.set_faults([{"fault": f"get={fault}", "count": 2}])
        task = order()
        work()
        assert fresh(task).status == Task.Status.DONE
        assert len(simulator.ledger()) == 1

    def test_a_record_that_vanished_after_it_was_seen_is_expired(self, start_simulator, order, work):
        simulator = start_simulator(speed=2)  # slow enough to be looked at in the making
        task = order()
        work(until=lambda: Task.objects.filter(poll_count__gt=0).exists())
        simulator.set_faults([{"fault": "get=404"}])
        work()
        assert fresh(task).status == Task.Status.EXPIRED
        assert task.spent == Task.Spent.UNKNOWN


class UndoTests:
    def test_an_order_is_sent_as_soon_as_it_cannot_be_undone_any_more(self, simulator, order, work):
        task = order(undo=1)
        work()
        late = fresh(task).claimed_at - task.not_before
        assert 0 <= late.total_seconds() < 0.5
