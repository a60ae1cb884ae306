"""The seconds before an order is sent: undo, send now, and what pages tell of it."""

import re
from datetime import timedelta

import pytest
from django.utils.html import strip_tags
from django.utils.timezone import localdate, now
from django_q.models import OrmQ

from generations.models import Event, Prompt, Revision, Task
from tests.views.conftest import HTMX, html, order

pytestmark = pytest.mark.django_db


def held(make_task, seconds=3, **fields):
    return make_task(hold="undo", not_before=now() + timedelta(seconds=seconds, milliseconds=300), **fields)


def press(client, task, action, prompt="", **changes):
    """What a page of today sends that has seen everything, with `prompt` in its composer."""
    known = {"seen": Revision.latest(), "day": localdate().isoformat(), "worker": "False", "prompt": prompt}
    return client.post(f"/tasks/{task.pk}/{action}/", known | changes, headers=HTMX)


def words(response):
    return " ".join(strip_tags(html(response)).split())


def deleted(response):
    return re.findall(r'<hx-partial id="([\w-]+)" hx-swap="delete">', html(response))


class OrderTests:
    def test_an_order_waits_as_long_as_its_author_wants(self, mia, member):
        for seconds in (3, 10):
            type(member).objects.update(undo_seconds=seconds)
            before = now()
            mia.post("/tasks/", order(prompt=f"boats {seconds}"))
            task = Task.objects.first()
            assert task.hold == "undo"
            assert seconds <= (task.not_before - before).total_seconds() < seconds + 2
            assert not Task.objects.sendable().exists()

    def test_who_wants_no_wait_sends_at_once(self, mia, member):
        type(member).objects.update(undo_seconds=0)
        assert "Sent." in html(mia.post("/tasks/", order(), headers=HTMX))
        assert (Task.objects.sendable().count(), Task.objects.get().hold) == (1, "")

    def test_the_toast_counts_down_and_offers_both_ways(self, mia):
        answer = mia.post("/tasks/", order(), headers=HTMX)
        task = Task.objects.get()
        toast = html(answer).split(f'id="press-{task.prompt_id}"')[1]
        assert re.search(r'data-clock="down"\s+data-seconds="3"', toast)
        assert f'hx-post="/tasks/{task.pk}/undo/"' in toast
        assert f'hx-post="/tasks/{task.pk}/send-now/"' in toast

    def test_the_page_looks_again_when_it_is_sent(self, mia):
        answer = html(mia.post("/tasks/", order(), headers=HTMX))
        delay = int(re.search(r"load delay:(\d+)ms", answer)[1])
        assert 3000 < delay <= 3500

    def test_run_again_can_be_undone_too(self, mia, make_task):
        mia.post(f"/tasks/{make_task('failed').pk}/order-again/")
        assert Task.objects.first().hold == "undo"


class CardTests:
    def test_its_author_sees_the_seconds_and_both_buttons(self, mia, make_task):
        task = held(make_task)
        card = html(mia.get("/")).split(f'id="task-{task.pk}"')[1].split("</article>")[0]
        assert re.search(r"Sending in <time[^>]*>3 s</time>", card)
        assert f'action="/tasks/{task.pk}/undo/"' in card
        assert f'action="/tasks/{task.pk}/send-now/"' in card
        assert "cancel" not in card

    def test_others_see_the_seconds_alone(self, client, colleague, admin_user, make_task):
        task = held(make_task)
        for person, may_cancel in ((colleague, False), (admin_user, True)):
            client.force_login(person)
            page = html(client.get("/"))
            assert "Sending in" in page
            assert "/undo/" not in page
            assert (f'action="/tasks/{task.pk}/cancel/"' in page) is may_cancel

    def test_once_the_time_is_over_it_is_cancelled_like_any_other(self, mia, make_task):
        task = held(make_task, seconds=-3)
        page = html(mia.get("/"))
        assert "Waiting its turn" in page
        assert f'action="/tasks/{task.pk}/cancel/"' in page

    def test_what_can_be_undone_is_not_ahead_of_others(self, mia, make_task):
        held(make_task)
        make_task()
        assert "It is next." in words(mia.get("/"))


class FailedTests:
    def test_what_failed_can_be_edited_or_run_again(self, mia, make_task):
        task = make_task("failed")
        card = html(mia.get("/")).split(f'id="task-{task.pk}"')[1].split("</article>")[0]
        assert f'href="/?remix={task.pk}"' in card
        assert f'action="/tasks/{task.pk}/order-again/"' in card


class UndoTests:
    def test_one_press_takes_back_all_that_was_ordered_with_it(self, mia, member, make_task):
        first, other = held(make_task), held(make_task)
        second = held(make_task, prompt=first.prompt)
        answer = press(mia, second, "undo")
        assert set(deleted(answer)) == {f"press-{first.prompt_id}", f"task-{second.pk}", f"task-{first.pk}"}
        assert "Taken back. Nothing was sent." in words(answer)
        for task in (first, second):
            task.refresh_from_db()
            assert (task.status, task.error_code, task.spent) == ("cancelled", "undone", "no")
            assert (task.events.first().kind, task.events.first().actor) == ("cancelled", member)
        other.refresh_from_db()
        assert other.status == "queued"

    def test_it_leaves_the_wall_and_its_page_but_not_the_history(self, mia, client, admin_user, make_task):
        task = held(make_task)
        press(mia, task, "undo")
        assert f"task-{task.pk}" not in html(mia.get("/"))
        assert mia.get(f"/tasks/{task.pk}/").status_code == 404
        client.force_login(admin_user)
        assert client.get(f"/admin/generations/task/{task.pk}/change/").status_code == 200

    def test_what_was_asked_for_returns_to_an_empty_composer(self, mia, make_task):
        answer = html(press(mia, held(make_task, text="a lantern on a lake"), "undo", prompt="  "))
        assert '<hx-partial id="desk" hx-swap="outerHTML">' in answer
        assert ">a lantern on a lake</textarea>" in answer

    def test_what_is_written_meanwhile_stays_and_it_can_be_put_back(self, mia, make_task):
        task = held(make_task, text="a lantern on a lake")
        answer = html(press(mia, task, "undo", prompt="something new"))
        assert "<textarea" not in answer
        (address,) = re.findall(r'<a href="([^"]+)"[^>]*>Put it back</a>', answer)
        assert ">a lantern on a lake</textarea>" in html(mia.get(address))

    def test_without_script_it_returns_to_the_composer(self, mia, make_task):
        task = held(make_task, text="a lantern on a lake")
        answer = mia.post(f"/tasks/{task.pk}/undo/", follow=True)
        assert ">a lantern on a lake</textarea>" in html(answer)
        assert f"task-{task.pk}" not in html(answer)

    @pytest.mark.parametrize("status", ["submitting", "pending", "done", "unknown"])
    def test_after_the_claim_it_is_too_late(self, mia, make_task, status):
        task = make_task(status)
        before = Revision.latest()
        answer = press(mia, task, "undo")
        assert "Too late to undo: it is on its way." in words(answer)
        assert (Task.objects.get().status, Revision.latest() >= before, deleted(answer)) == (
            status,
            True,
            [f"press-{task.prompt_id}"],
        )
        assert Event.objects.filter(task=task).exclude(kind="asked").count() == 0

    def test_what_is_sent_already_stays_and_is_told(self, mia, make_task):
        sent = make_task("pending")
        task = held(make_task, prompt=sent.prompt)
        answer = press(mia, task, "undo")
        assert "Taken back in part: the rest was on its way." in words(answer)
        sent.refresh_from_db()
        assert sent.status == "pending"

    def test_a_second_press_is_answered_calmly(self, mia, make_task):
        task = held(make_task)
        press(mia, task, "undo")
        answer = press(mia, task, "undo")
        assert "It is taken back already. Nothing was sent." in words(answer)
        assert Event.objects.filter(kind="cancelled").count() == 1

    def test_the_claim_and_the_undo_exclude_each_other(self, make_task, member):
        task = held(make_task, seconds=-1)
        assert task.claim(1, "plain")
        assert not task.undo(member)
        task = held(make_task, seconds=-1)
        assert task.undo(member)
        assert task.claim(1, "plain") is None


class SentAgainTests:
    """The same form sent once more: by the Back button, or by a browser that got no answer."""

    def test_what_was_ordered_is_not_ordered_again_and_that_is_told(self, mia):
        form = order()
        mia.post("/tasks/", form, follow=True)
        Task.objects.update(hold="", status="done")
        said = words(mia.post("/tasks/", form, follow=True))
        assert "This was ordered before, so nothing was sent again." in said
        assert "Sending in" not in said
        assert Task.objects.count() == 1

    def test_what_was_taken_back_is_ordered_by_another_press_and_not_by_the_same(self, mia):
        form = order()
        mia.post("/tasks/", form)
        press(mia, Task.objects.get(), "undo")
        answer = mia.post("/tasks/", form)
        assert answer.status_code == 422
        assert "You took this back. Press Generate once more to order it." in words(answer)
        assert Task.objects.count() == 1
        (key,) = re.findall(r'name="order_key" value="([^"]+)"', html(answer))
        assert mia.post("/tasks/", form | {"order_key": key}).status_code == 302
        assert Task.objects.filter(status="queued").count() == 1


class RunAgainTests:
    """Two presses of "Run again" are two presses, though both order what one prompt asked for."""

    @pytest.fixture
    def repeats(self, make_task):
        done = make_task("done")
        other = make_task("done", prompt=done.prompt)
        return [held(make_task, prompt=done.prompt, repeat_of=task) for task in (done, other)]

    def test_taking_one_back_leaves_the_other(self, mia, repeats):
        answer = press(mia, repeats[0], "undo")
        assert "Taken back. Nothing was sent." in words(answer)
        assert [Task.objects.get(pk=task.pk).status for task in repeats] == ["cancelled", "queued"]

    def test_hurrying_one_does_not_send_the_other(self, mia, repeats):
        press(mia, repeats[0], "send-now")
        assert list(Task.objects.sendable()) == [repeats[0]]

    def test_an_admin_who_runs_it_again_does_not_hurry_what_its_author_may_still_undo(
        self, client, admin_user, make_task
    ):
        first = held(make_task)
        again = held(make_task, prompt=first.prompt, author=admin_user, repeat_of=make_task("done"))
        client.force_login(admin_user)
        press(client, again, "send-now")
        assert list(Task.objects.sendable()) == [again]


class SendNowTests:
    def test_all_of_the_press_may_be_sent_at_once(self, mia, make_task, django_capture_on_commit_callbacks):
        first, other = held(make_task), held(make_task)
        second = held(make_task, prompt=first.prompt)
        seen = Revision.latest()
        with django_capture_on_commit_callbacks(execute=True):
            answer = press(mia, second, "send-now", seen=seen)
        assert {task.pk for task in Task.objects.sendable()} == {first.pk, second.pk}
        assert f'<hx-partial id="task-{first.pk}" hx-swap="outerMorph">' in html(answer)
        assert deleted(answer) == [f"press-{first.prompt_id}"]
        assert OrmQ.objects.count() == 1
        other.refresh_from_db()
        assert other.hold == "undo"

    def test_it_cannot_be_undone_any_more(self, mia, make_task):
        task = held(make_task)
        press(mia, task, "send-now")
        assert "Too late to undo" in words(press(mia, task, "undo"))
        assert Task.objects.get().status == "queued"

    def test_what_is_on_its_way_is_not_touched(self, mia, make_task):
        task = make_task("pending")
        press(mia, task, "send-now")
        assert Task.objects.get().status == "pending"
        assert mia.post(f"/tasks/{task.pk}/send-now/").url == "/"


@pytest.mark.parametrize("action", ["undo", "send-now"])
class WhoMayActTests:
    def test_its_author_and_nobody_else(self, client, member, colleague, admin_user, make_task, action):
        for person, status in ((colleague, 404), (admin_user, 404), (member, 200)):
            client.force_login(person)
            task = held(make_task)
            assert press(client, task, action).status_code == status
            task.refresh_from_db()
            assert (task.hold == "undo") is (status == 404)

    def test_a_visitor_changes_nothing(self, client, make_task, action):
        task = held(make_task)
        assert "/account/login/" in client.post(f"/tasks/{task.pk}/{action}/").url
        assert Task.objects.get().hold == "undo"

    def test_it_takes_a_post_to_something_that_is_there(self, mia, make_task, action):
        assert mia.get(f"/tasks/{make_task().pk}/{action}/").status_code == 405
        assert mia.post(f"/tasks/999999/{action}/").status_code == 404


class PutBackTests:
    @pytest.mark.parametrize("pk", ["999999", "x", "", "0"])
    def test_an_address_that_leads_nowhere_is_not_found(self, mia, pk):
        assert mia.get("/", {"undone": pk}).status_code == 404

    def test_what_a_colleague_took_back_is_not_shown(self, mia, colleague):
        prompt = Prompt.objects.create(author=colleague, text="a secret")
        assert mia.get("/", {"undone": prompt.pk}).status_code == 404
