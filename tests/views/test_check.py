"""An unclear order can be looked for by its id at the provider."""

import pytest

from generations.models import Attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def unclear(make_task):
    task = make_task("unknown")
    Attempt.objects.create(task=task, number=1, epoch=1, form="plain", outcome=Attempt.Outcome.UNKNOWN)
    return task


def paste(client, task, text):
    return client.post(f"/tasks/{task.pk}/check/", {"provider_task_id": text})


class CheckTests:
    def test_the_id_is_kept_for_the_engine_with_the_name_of_who_found_it(self, client, unclear, member):
        client.force_login(member)
        assert paste(client, unclear, " task-7f31c0 ").status_code == 302
        attempt = unclear.attempts.get()
        assert (attempt.hinted_id, attempt.hinted_by) == ("task-7f31c0", member)

    @pytest.mark.parametrize("text", ["", "two words", "<b>", "x" * 513])
    def test_what_is_no_id_is_answered_with_what_to_do(self, client, unclear, member, text):
        client.force_login(member)
        response = client.post(f"/tasks/{unclear.pk}/check/", {"provider_task_id": text}, follow=True)
        assert any(word in response.content.decode() for word in ("Paste the task id", "That is no task id"))
        assert unclear.attempts.get().hinted_id == ""

    def test_only_its_author_and_admins_may(self, client, unclear, colleague, admin_user):
        client.force_login(colleague)
        assert paste(client, unclear, "task-1").status_code == 404
        client.force_login(admin_user)
        assert paste(client, unclear, "task-1").status_code == 302

    def test_a_task_that_is_known_is_left_alone(self, client, make_task, member):
        task = make_task("done")
        client.force_login(member)
        assert (
            b"outcome is known"
            in client.post(f"/tasks/{task.pk}/check/", {"provider_task_id": "task-1"}, follow=True).content
        )
