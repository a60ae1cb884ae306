"""The page of one generation, and what may be done with it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from django.utils.timezone import localdate, now
from django_q.models import OrmQ

from generations.models import Attempt, Event, Favourite, Output, Rating, Revision, Task
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db
ACTIONS = ("cancel", "send-again", "dismiss", "stop-watching", "order-again")
READY = {
    "cancel": "queued",
    "send-again": "unknown",
    "dismiss": "unknown",
    "stop-watching": "processing",
    "order-again": "failed",
}


def words(response):
    """What the page says."""
    apart = re.sub(r"<(dd|small|time|li)\b", r" <\1", response.content.decode())
    return " ".join(strip_tags(apart).split())


def press(client, task, action, **options):
    return client.post(f"/tasks/{task.pk}/{action}/", **options)


def long_ago():
    return {"accepted_at": now() - timedelta(hours=2)}


def seen(task=None):
    """What a page sends along that has seen everything up to now."""
    known = {"seen": Revision.latest(), "day": localdate().isoformat(), "worker": "False"}
    return known | ({"task": task.pk} if task else {})


class PageTests:
    @pytest.mark.parametrize("status", Task.Status.values)
    def test_everybody_in_the_team_sees_it_in_every_state(
        self, client, member, colleague, admin_user, make_task, make_output, status
    ):
        task = make_task(status)
        make_output(task, saved=status in ("done", "partial"))
        for person in (member, colleague, admin_user):
            client.force_login(person)
            page = client.get(f"/tasks/{task.pk}/")
            assert page.status_code == 200
            assert "a lighthouse at dusk" in words(page)

    def test_a_visitor_is_asked_to_sign_in(self, client, make_task):
        task = make_task("done")
        assert client.get(f"/tasks/{task.pk}/").url == f"/account/login/?next=/tasks/{task.pk}/"

    @pytest.mark.parametrize("pk", ["999999", "0", "9" * 25])
    def test_what_is_not_there_is_not_found(self, mia, pk):
        assert mia.get(f"/tasks/{pk}/").status_code == 404

    def test_it_is_for_reading(self, mia, make_task):
        assert mia.post(f"/tasks/{make_task().pk}/").status_code == 405

    def test_the_order_is_told_in_plain_words(self, mia, make_task):
        body = {"prompt": "x", "size": "1664*928", "n": 2, "prompt_extend": False, "seed": 7}
        prices = {"price_minimum": Decimal("0.04"), "price_maximum": Decimal("0.12"), "price_charged": Decimal("0.05")}
        told = words(mia.get(f"/tasks/{make_task('done', body=body, **prices).pk}/"))
        for line in (
            "Model Qwen Image",
            "Provider Alibaba",
            "Size use 1664 × 928",  # noqa: RUF001
            "Images use 2",
            "Rewrite the prompt use No",
            "Seed use 7",
            "Estimated about $0.04 to $0.12",
            "Charged $0.05",
        ):
            assert line in told

    def test_prices_that_are_not_known_are_said_to_be(self, mia, make_task):
        assert "Estimated Not known Charged Nothing yet" in words(mia.get(f"/tasks/{make_task().pk}/"))
        unclear = words(mia.get(f"/tasks/{make_task('unknown').pk}/"))
        assert "Charged Not known" in unclear
        assert "Charged Nothing" in words(mia.get(f"/tasks/{make_task('failed').pk}/"))

    def test_each_file_has_its_measures_its_hash_and_its_original(self, mia, make_task, make_output):
        task = make_task("done")
        outputs = [make_output(task, color=color) for color in ("#111111", "#222222")]
        page = mia.get(f"/tasks/{task.pk}/")
        assert words(page).count("96 × 64, image/png,") == 2  # noqa: RUF001
        for output in outputs:
            assert output.sha256 in words(page)
            assert f"/media/{output.pk}/original/?download" in page.content.decode()

    def test_any_of_several_files_can_be_on_the_stage(self, mia, make_task, make_output):
        task = make_task("done")
        outputs = [make_output(task) for _ in range(3)]
        for asked, shown in (("", 1), ("1", 1), ("2", 2), ("3", 3), ("4", 3), ("0", 1), ("-1", 1), ("x", 1)):
            page = mia.get(f"/tasks/{task.pk}/", {"file": asked})
            assert f"{shown} of 3" in words(page)
            stage = page.content.decode().split('class="stage-main"')[1].split('class="filmstrip"')[0]
            assert f"/media/{outputs[shown - 1].pk}/medium/" in stage

    def test_lost_and_late_files_are_told(self, mia, make_task, make_output):
        task = make_task("partial")
        make_output(task)
        make_output(task, saved=False, status=Output.Status.LOST, error="the host answered 410")
        assert "File 2 is lost. the host answered 410." in words(mia.get(f"/tasks/{task.pk}/"))
        saving = make_task("saving")
        make_output(saving, saved=False, error="timed out")
        assert "File 1 is not saved yet. timed out. Next try at" in words(mia.get(f"/tasks/{saving.pk}/"))

    def test_a_film_plays_and_a_stranger_is_only_downloaded(self, mia, make_task, make_output):
        film, other = make_task("done"), make_task("done")
        make_output(film, kind="video", small="", medium="")
        make_output(other, kind="file", small="", medium="")
        assert "<video" in mia.get(f"/tasks/{film.pk}/").content.decode()
        page = mia.get(f"/tasks/{other.pk}/")
        assert "Download file" in words(page)
        assert not re.search("<(img|video|audio|iframe|object|embed)", page.content.decode().split("inspector")[0])

    def test_the_timeline_tells_what_happened_and_when(self, mia, member, make_task):
        task = make_task()
        attempt = task.claim(1, "plain")
        task.accept(attempt, "task-7f31c0")
        Event.objects.filter(task=task, kind="accepted").update(at=now() + timedelta(seconds=12))
        told = words(mia.get(f"/tasks/{task.pk}/"))
        assert re.search(
            r"Asked for \S+ By Mia Member Sending \S+ At once Accepted by Modellix \S+ After 1[12] s", told
        )
        assert "Modellix task task-7f31c0" in told

    def test_attempts_that_came_to_nothing_are_told_with_their_status(self, mia, make_task):
        task = make_task()
        attempt = task.claim(1, "plain")
        task.put_back(attempt, "rate", now(), Attempt.Outcome.THROTTLED, "Too many.", http_status=429)
        assert "Attempt 1: told to wait, HTTP 429" in words(mia.get(f"/tasks/{task.pk}/"))

    def test_all_but_viewers_share(self, client, member, colleague, admin_user, viewer, make_task, make_output):
        task = make_task("done")
        make_output(task)
        for person, may in ((member, True), (colleague, True), (admin_user, True), (viewer, False)):
            client.force_login(person)
            assert ("/links/new/" in client.get(f"/tasks/{task.pk}/").content.decode()) is may

    def test_a_text_is_read_on_the_page(self, mia, make_task, make_output):
        task = make_task("done", kind="text")
        name = default_storage.save("heard.txt", ContentFile("<b>Good evening</b> \N{SNOWMAN}"))
        make_output(task, kind="text", original=name, small="", medium="", mime="text/plain")
        page = mia.get(f"/tasks/{task.pk}/").content.decode()
        assert "&lt;b&gt;Good evening&lt;/b&gt; \N{SNOWMAN}" in page

    def test_a_text_without_end_is_shown_from_its_beginning(self, mia, make_task, make_output):
        task = make_task("done", kind="text")
        name = default_storage.save("heard.txt", ContentFile("word " * 20_000))
        make_output(task, kind="text", original=name, small="", medium="", mime="text/plain")
        assert "This is the beginning" in words(mia.get(f"/tasks/{task.pk}/"))

    def test_everybody_has_an_opinion_of_their_own(self, client, member, colleague, make_task, make_output):
        file = make_output(make_task("done"))
        Favourite.mark(member, file.task.outputs.all())
        Rating.give(member, file.task.outputs.all(), 4)
        for person, pressed, lit in ((member, "true", 4), (colleague, "false", 0)):
            client.force_login(person)
            page = client.get(f"/tasks/{file.task_id}/").content.decode()
            heart = re.search(rf'id="favourite-file-{file.pk}".*?aria-pressed="(\w+)"', page, re.DOTALL)
            assert (heart[1], page.count("data-lit")) == (pressed, lit)

    def test_deleting_is_for_who_may_change_it_once_it_is_over(self, client, member, colleague, make_task, make_output):
        over, running = make_task("done"), make_task("pending")
        make_output(over)
        for person, task, offered in ((member, over, True), (member, running, False), (colleague, over, False)):
            client.force_login(person)
            assert ("Move this generation to the bin?" in words(client.get(f"/tasks/{task.pk}/"))) is offered
        client.force_login(member)
        assert (
            client.post("/bin/add/", {"pick": over.pk}, headers={"Referer": f"http://testserver/tasks/{over.pk}/"}).url
            == "/"
        )
        assert client.get(f"/tasks/{over.pk}/").status_code == 404

    def test_only_an_unfinished_page_reloads_itself_without_script(self, mia, make_task):
        refresh = '<meta http-equiv="refresh"'
        assert refresh in mia.get(f"/tasks/{make_task('pending').pk}/").content.decode()
        assert refresh not in mia.get(f"/tasks/{make_task('failed').pk}/").content.decode()

    def test_one_file_and_ten_cost_the_same_queries(self, mia, make_task, make_output):
        def cost(number):
            task = make_task("done")
            for _ in range(number):
                make_output(task)
                Attempt.objects.create(task=task, number=number + task.attempts.count(), epoch=1, form="plain")
            with CaptureQueriesContext(connection) as captured:
                mia.get(f"/tasks/{task.pk}/")
            return len(captured)

        cost(1)  # writes the row of what is known of the provider
        assert cost(1) == cost(10)


class WhoMayActTests:
    @pytest.mark.parametrize("action", ACTIONS)
    def test_author_and_admins_and_nobody_else(self, client, member, colleague, admin_user, make_task, action):
        for person, may in ((colleague, False), (member, True), (admin_user, True)):
            client.force_login(person)
            task = make_task(READY[action], **long_ago() if action == "stop-watching" else {})
            assert press(client, task, action).status_code == (302 if may else 404)
            changed = Event.objects.filter(task__prompt=task.prompt, actor=person).exclude(kind="asked", task=task)
            assert changed.exists() is may

    @pytest.mark.parametrize("action", ACTIONS)
    def test_a_visitor_changes_nothing(self, client, make_task, action):
        task = make_task(READY[action])
        assert "/account/login/" in press(client, task, action).url
        assert (Task.objects.count(), Task.objects.get().status) == (1, READY[action])

    @pytest.mark.parametrize("action", ACTIONS)
    def test_it_takes_a_post_to_something_that_is_there(self, mia, make_task, action):
        assert mia.get(f"/tasks/{make_task().pk}/{action}/").status_code == 405
        assert mia.post(f"/tasks/999999/{action}/").status_code == 404

    @pytest.mark.parametrize("action", ACTIONS)
    def test_what_cannot_be_done_any_more_is_said_and_changes_nothing(self, mia, make_task, action):
        task = make_task("saving")
        before = Revision.latest()
        answer = press(mia, task, action, follow=True)
        assert answer.redirect_chain == [(f"/tasks/{task.pk}/", 302)]
        assert re.search("Too late|Not sent again|Nothing changed|Still watched|Nothing was sent", words(answer))
        assert (Task.objects.get().status, Task.objects.count()) == ("saving", 1)
        assert not Event.objects.filter(task=task).exclude(kind="asked").exists()
        assert Revision.latest() >= before


class CancelTests:
    def test_it_is_taken_back_free_of_charge(self, mia, member, make_task):
        task = make_task()
        assert press(mia, task, "cancel").url == f"/tasks/{task.pk}/"
        task.refresh_from_db()
        assert (task.status, task.spent) == ("cancelled", "no")
        assert task.events.first().actor == member

    def test_htmx_gets_the_card_where_it_is(self, mia, make_task):
        task, other = make_task(), make_task()
        page = seen()
        answer = press(mia, task, "cancel", data=page, headers=HTMX).content.decode()
        assert f'<hx-partial id="task-{task.pk}" hx-swap="outerMorph">' in answer
        assert f'id="state-{other.pk}"' in answer
        assert answer.index('<hx-partial id="live"') > answer.index('data-state="cancelled"')

    def test_on_its_own_page_the_stage_changes(self, mia, make_task):
        task = make_task()
        answer = press(mia, task, "cancel", data=seen(task), headers=HTMX).content.decode()
        assert '<hx-partial id="stage"' in answer
        assert 'data-state="cancelled"' in answer

    def test_a_page_that_says_nonsense_is_sent_to_the_task(self, mia, make_task):
        task = make_task()
        answer = press(mia, task, "cancel", data={"seen": "x"}, headers=HTMX)
        assert answer["HX-Redirect"] == f"/tasks/{task.pk}/"


class SendAgainTests:
    def test_it_waits_until_the_first_request_cannot_be_under_way(self, mia, make_task):
        task = make_task("unknown", claimed_at=now() - timedelta(seconds=110))
        page = mia.get(f"/tasks/{task.pk}/")
        assert re.search(r"You can send it again in (9|10) s\.", words(page))
        assert "/send-again/" not in page.content.decode()
        press(mia, task, "send-again")
        assert Task.objects.get().status == "unknown"

    def test_the_double_cost_is_named(self, mia, make_task):
        task = make_task("unknown", price_minimum=Decimal("0.04"), price_maximum=Decimal("0.04"))
        told = words(mia.get(f"/tasks/{task.pk}/"))
        assert "you pay for both: about $0.08 instead of $0.04." in told
        assert "Send again for $0.04" in told
        unpriced = words(mia.get(f"/tasks/{make_task('unknown').pk}/"))
        assert "you pay for both." in unpriced

    def test_it_goes_back_to_the_queue_with_the_name_of_who_decided(
        self, mia, member, make_task, django_capture_on_commit_callbacks
    ):
        task = make_task("unknown")
        with django_capture_on_commit_callbacks(execute=True):
            press(mia, task, "send-again")
            press(mia, task, "send-again")
        assert Task.objects.get().status == "queued"
        assert [event.actor for event in Event.objects.filter(kind="sent_again")] == [member]
        assert OrmQ.objects.count() == 1

    def test_who_may_not_decide_is_told_who_may(self, client, colleague, make_task):
        client.force_login(colleague)
        page = client.get(f"/tasks/{make_task('unknown').pk}/")
        assert "Mia Member or an admin can decide what to do." in words(page)
        assert "<form" not in page.content.decode().split('id="main"')[1].split("</main>")[0]


class DismissTests:
    def test_it_is_settled_without_claiming_that_it_was_free(self, mia, make_task):
        task = make_task("unknown", price_maximum=Decimal("0.04"))
        press(mia, task, "dismiss")
        task.refresh_from_db()
        assert (task.status, task.spent) == ("cancelled", "unknown")
        assert "You may have been charged $0.04." in words(mia.get(f"/tasks/{task.pk}/"))


class StopWatchingTests:
    def test_it_is_over_for_us_without_claiming_that_it_was_free(self, mia, member, make_task):
        task = make_task("processing", price_maximum=Decimal("0.04"), **long_ago())
        press(mia, task, "stop-watching")
        task.refresh_from_db()
        assert (task.status, task.error_code, task.spent) == ("failed", "timeout", "unknown")
        assert (task.events.first().kind, task.events.first().actor) == ("given_up", member)
        assert not Task.objects.running().exists()
        told = "No answer after 2 h We stopped waiting. If it turns up within 24 hours we still save it."
        assert f"{told} You may have been charged $0.04." in words(mia.get(f"/tasks/{task.pk}/"))

    def test_it_is_not_offered_and_does_nothing_before_its_patience_is_over(self, mia, make_task):
        for kind, minutes, usual, silent in (
            ("image", 14, None, False),
            ("image", 16, 100, True),
            ("image", 16, 200, False),
            ("video", 59, None, False),
            ("video", 61, None, True),
        ):
            accepted_at = now() - timedelta(minutes=minutes)
            task = make_task("processing", kind=kind, accepted_at=accepted_at, usual_low=1, usual_high=usual)
            assert ("/stop-watching/" in mia.get(f"/tasks/{task.pk}/").content.decode()) is silent
            press(mia, task, "stop-watching")
            task.refresh_from_db()
            assert task.status == ("failed" if silent else "processing")


class OrderAgainTests:
    @pytest.mark.parametrize("status", ["failed", "expired", "cancelled"])
    def test_the_same_order_is_made_anew(self, mia, make_task, status, django_capture_on_commit_callbacks):
        task = make_task(status)
        with django_capture_on_commit_callbacks(execute=True):
            answer = press(mia, task, "order-again")
        new = Task.objects.exclude(pk=task.pk).get()
        assert answer.url == f"/tasks/{new.pk}/"
        assert (new.status, new.prompt, new.body) == ("queued", task.prompt, task.body)
        assert OrmQ.objects.count() == 1

    def test_a_second_press_does_not_buy_again(self, mia, make_task):
        task = make_task("failed")
        press(mia, task, "order-again")
        answer = press(mia, task, "order-again", follow=True)
        assert "Nothing was sent: it is not over, or its last repeat is not." in words(answer)
        assert Task.objects.count() == 2

    def test_what_is_done_runs_again_for_a_price_that_the_button_names(self, mia, make_task, make_output):
        task = make_task("done", price_minimum=Decimal("0.04"), price_maximum=Decimal("0.04"))
        make_output(task)
        assert "Run again for about $0.04" in words(mia.get(f"/tasks/{task.pk}/"))
        press(mia, task, "order-again")
        press(mia, task, "order-again")
        (new,) = Task.objects.exclude(pk=task.pk)
        assert (new.body, new.prompt, new.status) == (task.body, task.prompt, "queued")

    def test_while_nobody_knows_whether_it_was_bought_again_it_is_not_bought_once_more(self, mia, make_task):
        task = make_task("failed")
        make_task("unknown", prompt=task.prompt, repeat_of=task)
        press(mia, task, "order-again")
        assert Task.objects.count() == 2

    def test_each_of_several_alike_may_run_again(self, mia, make_task):
        first = make_task("failed")
        second = make_task("failed", prompt=first.prompt)
        press(mia, first, "order-again"), press(mia, second, "order-again")
        assert Task.objects.count() == 4

    def test_what_failed_again_may_be_tried_again(self, mia, make_task):
        task = make_task("failed")
        for _ in range(2):
            press(mia, task, "order-again")
            Task.objects.filter(status="queued").update(status="failed")
        assert Task.objects.count() == 3

    def test_htmx_gets_the_new_card_at_the_top(self, mia, make_task):
        task = make_task("failed")
        answer = press(mia, task, "order-again", data=seen(), headers=HTMX).content.decode()
        new = Task.objects.exclude(pk=task.pk).get()
        assert f'<hx-partial id="task-{new.pk}" hx-swap="delete">' in answer
        assert 'hx-trigger="every 4s' in answer

    def test_on_its_own_page_it_leads_to_the_new_one(self, mia, make_task):
        task = make_task("failed")
        answer = press(mia, task, "order-again", data=seen(task), headers=HTMX)
        new = Task.objects.exclude(pk=task.pk).get()
        assert answer["HX-Redirect"] == f"/tasks/{new.pk}/"
