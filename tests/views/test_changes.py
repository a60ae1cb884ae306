"""Refreshing in place: a page hears what is new since it last looked, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from generations.models import Attempt, Favourite, Heartbeat, Provider, Revision, Task
from generations.views import live
from tests.views.conftest import HTMX, html

pytestmark = pytest.mark.django_db


def look(client, seen=None, **changes):
    """What a page asks that has seen all up to the revision `seen`, by default everything."""
    seen = Revision.latest() if seen is None else seen
    known = {"seen": seen, "day": localdate().isoformat(), "worker": str(Heartbeat.is_any_fresh())}
    return client.get("/changes/", known | changes, headers=HTMX)


def parts(response):
    """(target, swap) of each partial, in order."""
    return re.findall(r'<hx-partial (?:id|hx-target)="([^"]+)"\s+hx-swap="(\w+)"', html(response))


def cards(response):
    return [target for target, swap in parts(response) if target.startswith("task-") and swap == "outerMorph"]


class NothingNewTests:
    def test_it_is_204_without_content_or_tags_to_cache_by(self, mia, make_task):
        make_task("processing")
        answer = look(mia)
        assert (answer.status_code, answer.content) == (204, b"")
        assert not {"ETag", "Last-Modified"} & set(answer.headers)

    def test_it_costs_session_and_person(self, mia, make_task):
        for _ in range(5):
            make_task("processing")
        page = {"seen": Revision.latest(), "day": localdate().isoformat(), "worker": "False"}
        with CaptureQueriesContext(connection) as captured:
            assert mia.get("/changes/", page).status_code == 204
        session, person = [query["sql"] for query in captured]
        assert "django_session" in session
        assert "generations_user" in person

    def test_a_look_that_changes_nothing_on_the_card_is_nothing_new(self, mia, make_task):
        task = make_task("processing")
        seen = Revision.latest()
        task.look_again(now() + timedelta(seconds=2))
        assert look(mia, seen).status_code == 204


class ChangedTests:
    def test_only_what_changed_is_sent_and_the_region_last(self, mia, make_task):
        changed, other = make_task("pending"), make_task("processing")
        seen = Revision.latest()
        changed.start("processing")
        answer = look(mia, seen)
        assert cards(answer) == [f"task-{changed.pk}"]
        assert f'id="task-{other.pk}"' not in html(answer)
        assert parts(answer)[-1] == ("live", "outerMorph")
        assert f"seen={Revision.latest()}&amp;" in html(answer)

    def test_who_asks_twice_with_the_same_page_hears_it_twice(self, mia, make_task):
        task = make_task("pending")
        seen = Revision.latest()
        task.start("processing")
        assert cards(look(mia, seen)) == cards(look(mia, seen)) == [f"task-{task.pk}"]

    def test_what_happened_while_the_answer_was_made_comes_with_the_next_one(self, mia, make_task):
        """The revision of the answer is read before its cards."""
        make_task("pending")
        task = make_task("pending")
        seen = Revision.latest()
        make_task("pending")

        def change(execute, sql, *others):
            if 'FROM "generations_task"' in sql and "generations_heartbeat" not in sql and not changed:
                changed.append(task)
                task.start("processing")
            return execute(sql, *others)

        changed = []
        with connection.execute_wrapper(change):
            answer = look(mia, seen)
        told = int(re.search(r"seen=(\d+)", html(answer))[1])
        assert told == Revision.latest() - 1
        assert f"task-{task.pk}" in cards(look(mia, told))

    def test_what_a_button_did_is_in_its_own_answer_and_not_in_the_next(self, mia, make_task):
        task = make_task("queued")
        known = {"seen": Revision.latest(), "day": localdate().isoformat(), "worker": "False"}
        answer = mia.post(f"/tasks/{task.pk}/cancel/", known, headers=HTMX)
        assert cards(answer) == [f"task-{task.pk}"]
        assert f"seen={Revision.latest()}&amp;" in html(answer)
        assert look(mia).status_code == 204

    def test_everybody_hears_of_everybodys_work(self, client, member, colleague, admin_user, make_task):
        task = make_task("pending", author=colleague)
        seen = Revision.latest()
        task.start("processing")
        for person in (member, colleague, admin_user):
            client.force_login(person)
            assert cards(look(client, seen)) == [f"task-{task.pk}"]

    def test_buttons_are_for_the_author_and_admins(self, client, member, colleague, admin_user, make_task):
        make_task("queued", author=member)
        for person, may in ((member, True), (colleague, False), (admin_user, True)):
            client.force_login(person)
            assert ("/cancel/" in html(look(client, 0))) is may

    def test_a_new_card_goes_to_the_top_and_is_taken_away_first(self, mia, make_task):
        first = make_task()
        seen = Revision.latest()
        second, third = make_task(), make_task()
        answer = look(mia, seen)
        gone = [(f"task-{third.pk}", "delete"), (f"task-{second.pk}", "delete")]
        assert parts(answer)[:3] == [*gone, ("#grid", "afterbegin")]
        page = html(answer)
        assert page.index(f' id="task-{third.pk}"', page.index("#grid")) < page.rindex(f' id="task-{second.pk}"')
        assert f'<article class="card" id="task-{first.pk}"' not in page

    def test_what_has_just_been_finished_is_fresh(self, mia, make_task, make_output):
        task = make_task("saving")
        make_output(task)
        seen = Revision.latest()
        task.settle_files()
        assert '<article class="card fresh"' in re.sub(r"\s+", " ", html(look(mia, seen)))
        assert "card fresh" not in html(mia.get("/"))

    def test_what_still_waits_hears_its_place_in_line(self, mia, make_task):
        first, second = make_task(), make_task()
        seen = Revision.latest()
        assert first.claim(1, "plain")
        answer = look(mia, seen)
        assert (f"state-{second.pk}", "outerMorph") in parts(answer)
        assert "It is next." in html(answer)

    def test_the_head_of_today_and_the_banners_come_along(self, mia, make_task):
        make_task()
        answer = look(mia, 0)
        assert "1 generation" in html(answer)
        assert {"banners", f"head-{localdate()}"} <= dict(parts(answer)).keys()

    def test_a_page_far_behind_is_loaded_anew(self, mia, make_task):
        for _ in range(live.MANY + 1):
            make_task("done")
        assert look(mia, 0)["HX-Refresh"] == "true"
        assert "HX-Refresh" not in look(mia, 1)

    def test_a_new_day_loads_the_wall_anew(self, mia, make_task):
        make_task("done")
        yesterday = localdate() - timedelta(days=1)
        assert look(mia, day=yesterday.isoformat())["HX-Refresh"] == "true"

    def test_three_changes_and_thirty_cost_the_same(self, mia, make_task, make_output):
        def change(number):
            seen = Revision.latest()
            for _ in range(number):
                for status in ("queued", "processing", "cancelled"):
                    make_task(status)
                make_output(make_task("done"))
            with CaptureQueriesContext(connection) as captured:
                assert look(mia, seen).status_code == 200
            return len(captured)

        change(1)  # writes the row of what is known of the provider
        assert change(1) == change(10)


class HeldTests:
    """Others' new cards do not move what somebody looks at."""

    @pytest.fixture
    def theirs(self, make_task, colleague):
        return lambda text="a fox": make_task("processing", author=colleague, text=text)

    def held(self, response):
        return [int(number) for number in re.findall(r"(\d+) new · show", html(response))]

    def test_a_wall_that_is_scrolled_is_told_how_many_there_are(self, mia, make_task, theirs):
        seen = Revision.latest()
        other, mine = theirs(), make_task()
        answer = look(mia, seen, away="on")
        assert self.held(answer) == [1]
        page = html(answer)
        assert f'id="task-{mine.pk}"' in page[page.index("#grid") :]
        assert f'id="task-{other.pk}"' not in page
        assert f"displayed={seen}" in page

    def test_they_add_up_and_come_once_one_is_back_at_the_top(self, mia, theirs):
        start = Revision.latest()
        first = theirs()
        middle = Revision.latest()
        second = theirs()
        assert self.held(look(mia, middle, away="on", displayed=start)) == [2]
        answer = look(mia, middle, displayed=start)
        page = html(answer)
        assert self.held(answer) == []
        assert page.index("#grid") < page.index(
            f'article class="card" id="task-{first.pk}"'.replace(" id", "\n         id")
        )
        assert f'id="task-{second.pk}"' in page
        assert "displayed=" not in page

    def test_under_filters_only_what_matches_counts(self, mia, make_task, theirs):
        seen = Revision.latest()
        theirs("a fox"), theirs("a red fox"), theirs("an owl")
        make_task(text="my owl"), make_task(text="my fox")
        answer = look(mia, seen, filters="q=fox")
        assert self.held(answer) == [2]
        assert "my <mark>fox</mark>" in html(answer)
        assert "my owl" not in html(answer)
        assert 'href="/?q=fox"' in html(answer)
        assert "1 generation" not in html(answer)
        assert "3 generations" in html(answer)

    def test_a_card_that_matches_no_longer_stays_and_changes(self, mia, theirs):
        task = theirs()
        seen = Revision.latest()
        task.fail("no", "provider", 0, "")
        assert cards(look(mia, seen, filters="status=open")) == [f"task-{task.pk}"]

    def test_a_held_card_that_changes_is_not_put_anywhere(self, mia, theirs):
        seen = Revision.latest()
        task = theirs()
        middle = Revision.latest()
        task.fail("no", "provider", 0, "")
        answer = look(mia, middle, away="on", displayed=seen)
        assert self.held(answer) == [1]
        assert f'id="task-{task.pk}"' not in html(answer)


class BinnedTests:
    def test_what_went_into_the_bin_vanishes_everywhere(self, mia, member, make_task):
        task, seen = make_task("done"), Revision.latest()
        task.bin(member)
        answer = look(mia, seen)
        assert (f"task-{task.pk}", "delete") in parts(answer)
        assert cards(answer) == []
        assert "0 generations" in html(answer)

    def test_its_own_page_is_loaded_anew(self, mia, member, make_task):
        task, seen = make_task("done"), Revision.latest()
        task.bin(member)
        assert look(mia, seen, task=task.pk)["HX-Refresh"] == "true"

    def test_a_favourite_is_no_news_and_develops_nothing_anew(self, mia, member, make_task, make_output):
        task = make_task("done", closed_at=now() - timedelta(minutes=5))
        make_output(task)
        seen = Revision.latest()
        Favourite.mark(member, task.outputs.all())
        answer = look(mia, seen)
        assert cards(answer) == [f"task-{task.pk}"]
        assert "card fresh" not in html(answer)


class PaceTests:
    @pytest.mark.parametrize(
        ("statuses", "pace"),
        [
            (["queued"], 4),
            (["queued", "processing"], 2),
            (["pending"], 2),
            (["submitting", "queued"], 1),
            (["saving", "processing"], 1),
        ],
    )
    def test_it_is_the_shortest_on_the_page(self, mia, make_task, statuses, pace):
        for status in statuses:
            make_task(status)
        assert f'hx-trigger="every {pace}s' in html(mia.get("/"))

    @pytest.mark.parametrize("status", ["done", "partial", "failed", "unknown", "expired", "cancelled"])
    def test_when_all_is_over_the_page_asks_no_more_by_the_clock(self, mia, make_task, status):
        make_task(status)
        for answer in (mia.get("/"), look(mia, 0)):
            (trigger,) = re.findall(r'id="live".*?hx-trigger="([^"]*)"', html(answer), re.S)
            assert trigger == "visibilitychange from:document, online from:window"

    def test_an_unclear_order_that_is_looked_for_keeps_its_page_asking(self, mia, make_task):
        task = make_task("unknown")
        found = {"outcome": Attempt.Outcome.UNKNOWN, "hinted_id": "task-1"}
        Attempt.objects.create(task=task, number=1, epoch=1, form="plain", **found)
        assert 'hx-trigger="every 2s' in html(mia.get(task.get_absolute_url()))


class OtherNewsTests:
    def test_a_worker_that_died_is_told_though_no_card_changed(self, mia, make_task):
        make_task("processing")
        answer = look(mia, worker="True")
        assert answer.status_code == 200
        assert "the background worker is not running" in html(answer)
        Heartbeat.beat("here")
        assert "the background worker is not running" not in html(look(mia, worker="False"))

    def test_what_is_on_hold_says_why(self, mia, make_task):
        make_task()
        Provider.current().stop("no_credit", "402", "")
        assert "Modellix is out of credit. Nothing was sent." in html(look(mia, 0))


class TaskPageTests:
    def test_it_hears_of_its_own_task_alone(self, mia, make_task):
        task, other = make_task("pending"), make_task("pending")
        seen = Revision.latest()
        other.start("processing")
        assert [target for target, _ in parts(look(mia, seen, task=task.pk))] == ["banners", "safety", "live"]
        task.start("processing")
        targets = [target for target, _ in parts(look(mia, seen, task=task.pk))]
        assert targets == ["stage", "facts", f"links-task-{task.pk}", "banners", "safety", "live"]

    def test_its_pace_is_that_of_its_task(self, mia, make_task):
        over, _ = make_task("done"), make_task("submitting")
        assert "every" not in re.search(r'id="live".*?>', html(look(mia, 0, task=over.pk)), re.S)[0]

    def test_a_task_that_is_not_there_is_no_news(self, mia, make_task):
        make_task()
        assert [target for target, _ in parts(look(mia, 0, task=987654))] == ["banners", "safety", "live"]


class RefusedTests:
    @pytest.mark.parametrize("seen", ["", "-1", "x", "1e3", "9" * 40])
    def test_a_page_that_says_nonsense_is_refused(self, mia, seen):
        assert look(mia, seen).status_code == 400

    @pytest.mark.parametrize("change", [{"day": "today"}, {"day": ""}, {"task": "x"}, {"task": "-3"}])
    def test_nonsense_elsewhere_is_refused_too(self, mia, change):
        assert look(mia, **change).status_code == 400

    def test_it_is_for_reading(self, mia):
        assert mia.post("/changes/").status_code == 405

    def test_who_signed_out_is_told_so_in_place(self, client, make_task):
        task = make_task("processing", text="a secret garden")
        answer = look(client, 0, task=task.pk)
        assert answer.status_code == 401
        assert "You are signed out." in html(answer)
        assert "a secret garden" not in html(answer)

    def test_the_feed_is_empty_until_something_is_made(self, mia):
        assert Task.objects.count() == 0
        assert look(mia, 0).status_code == 204
