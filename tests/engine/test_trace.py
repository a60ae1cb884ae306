"""Out of the unknown: a hint is asked after, believed only if it fits, and nothing paid is thrown away."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from generations.engine import journal
from generations.models import Attempt, Delivery, Task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unclear(simulator, order, work):
    """unclear() is a task that was bought while its answer got lost, and the id the provider gave it."""

    def make(text="a pier in fog"):
        task = order(f"{text} [[sim:post=drop-after-create]]")
        work()
        task.refresh_from_db()
        assert task.status == Task.Status.UNKNOWN
        return task, simulator.ledger()[-1]["task_id"]

    return make


def call_hook(attempt, provider_task_id, delivery="dlv-1", event="prediction.task.succeeded"):
    headers = {
        "X-Modellix-Event": event,
        "X-Modellix-Task-ID": provider_task_id,
        "X-Modellix-Delivery-ID": delivery,
    }
    return Client(enforce_csrf_checks=True).post(
        f"/hooks/modellix/{attempt.hook_token}/", b'{"code":0}', "application/json", headers=headers
    )


def accepted(task):
    """The attempt that bought it."""
    bought = {"outcome": Attempt.Outcome.ACCEPTED, "provider_task_id": task.provider_task_id}
    return Attempt.objects.create(task=task, number=1, epoch=1, form="plain", hook_token="secret", **bought)


class HintTests:
    def test_a_pasted_id_brings_the_result_home(self, unclear, work, member, simulator):
        task, provider_task_id = unclear()
        assert task.attempts.get().hint(provider_task_id, member) is True
        work()
        task.refresh_from_db()
        assert (task.status, task.provider_task_id) == (Task.Status.DONE, provider_task_id)
        assert len(simulator.ledger()) == 1

    def test_an_id_nobody_knows_changes_nothing_and_says_so(self, unclear, work, member):
        task, _ = unclear()
        task.attempts.get().hint("task-invented", member)
        work()
        task.refresh_from_db()
        assert task.status == Task.Status.UNKNOWN
        assert task.attempts.get().hinted_id == ""
        assert task.events.filter(kind="checked", actor=member).exists()

    def test_the_id_of_another_order_is_not_taken(self, simulator, order, unclear, work, member):
        mine = order("somebody's harbour")
        work()
        mine.refresh_from_db()
        task, _ = unclear()
        task.attempts.get().hint(mine.provider_task_id, member)
        work()
        task.refresh_from_db()
        assert task.status == Task.Status.UNKNOWN

    def test_a_late_answer_to_an_earlier_attempt_becomes_an_extra(self, unclear, work, member, simulator):
        task, provider_task_id = unclear()
        Task.objects.filter(pk=task.pk).update(
            claimed_at=task.claimed_at - Task.SEND_AGAIN_AFTER, body={"prompt": "a pier in fog"}
        )
        task.refresh_from_db()
        assert task.send_again(member)
        work()
        task.attempts.get(number=1).hint(provider_task_id)
        work()
        extra = Task.objects.exclude(pk=task.pk).get()
        assert [Task.objects.get(pk=pk).status for pk in (task.pk, extra.pk)] == ["done", "done"]
        assert extra.provider_task_id == provider_task_id
        assert extra.prompt == task.prompt

    def test_a_journal_line_of_an_earlier_attempt_is_not_forgotten(self, unclear, work, member):
        task, provider_task_id = unclear()
        journal.write(task.pk, 1, provider_task_id)
        assert task.dismiss(member)
        work()  # recovery is the first act of each dispatcher
        assert Task.objects.get(provider_task_id=provider_task_id).status == Task.Status.DONE


class HookTests:
    def test_each_attempt_sends_an_address_of_its_own(self, simulator, order, work, settings):
        settings.PUBLIC_URL = "https://studio.example.com"
        order("one")
        order("two")
        work()
        sent = [e["headers"].get("x-webhook-url") for e in simulator.requests() if e["method"] == "POST"]
        tokens = Attempt.objects.values_list("hook_token", flat=True)
        assert sorted(sent) == sorted(f"https://studio.example.com/hooks/modellix/{token}/" for token in tokens)

    def test_nothing_is_sent_where_modellix_could_not_reach_us(self, simulator, order, work):
        order()
        work()
        assert not [e for e in simulator.requests() if "x-webhook-url" in e["headers"]]

    def test_a_hook_brings_the_result_of_an_unclear_order(self, unclear, work, simulator):
        task, provider_task_id = unclear()
        assert call_hook(task.attempts.get(), provider_task_id).status_code == 204
        work()
        task.refresh_from_db()
        assert task.status == Task.Status.DONE

    def test_a_hook_makes_a_running_task_due_at_once(self, make_task):
        task = make_task("processing", next_poll_at="2100-01-01T00:00Z")
        call_hook(accepted(task), task.provider_task_id)
        assert Task.objects.due().get() == task

    def test_a_hook_that_comes_while_we_look_is_not_forgotten(self, make_task):
        task = make_task("processing")
        call_hook(accepted(task), task.provider_task_id)
        later = timezone.now() + timedelta(minutes=1)
        task.look_again(later)  # what the look found is older than the hook
        assert Task.objects.due().get() == task
        Task.objects.get(pk=task.pk).look_again(later)
        assert not Task.objects.due().exists()

    def test_forged_repeated_and_belated_calls_change_nothing(self, simulator, order, work, unclear):
        task, provider_task_id = unclear()
        attempt = task.attempts.get()
        call_hook(attempt, provider_task_id)
        work()
        before = list(Task.objects.values()), task.events.count(), list(Attempt.objects.values())
        for said in (provider_task_id, "task-forged", "", "x" * 5000):
            for delivery in ("dlv-1", f"dlv-{said[:9]}"):
                assert call_hook(attempt, said, delivery, "prediction.task.failed").status_code == 204
        work(seconds=1)
        assert (list(Task.objects.values()), task.events.count(), list(Attempt.objects.values())) == before
        assert Delivery.objects.filter(delivery_id="dlv-1").count() == 1

    def test_an_unknown_address_is_not_there(self, db, simulator, order):
        order()
        assert Client().post("/hooks/modellix/None/").status_code == 404
        assert Client().post("/hooks/modellix/invented/").status_code == 404
        assert Client().get("/hooks/modellix/invented/").status_code == 405
