"""The studio's page: the composer over everybody's work."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.timezone import localdate, now
from django_q.models import OrmQ

from generations.forms.offer import FIRST_MODEL
from generations.models import Draft, Heartbeat, Prompt, Task
from tests.views.conftest import BANANA, HTMX, QWEN, html, order

pytestmark = pytest.mark.django_db


def cards(response):
    """The ids of the tasks on the wall, from top to bottom."""
    return [int(pk) for pk in re.findall(r'<article[^>]* id="task-(\d+)"', html(response))]


def on_day(task, days_ago):
    Task.objects.filter(pk=task.pk).update(created_at=now() - timedelta(days=days_ago))


class WallTests:
    def test_everybody_sees_everybodys_work_newest_first(self, client, member, colleague, admin_user, make_task):
        first, second = make_task("done"), make_task("failed", author=colleague)
        for person in (member, colleague, admin_user):
            client.force_login(person)
            assert cards(client.get("/")) == [second.pk, first.pk]

    def test_a_visitor_is_asked_to_sign_in(self, client, make_task):
        make_task("done")
        assert client.get("/").url == "/account/login/?next=/"
        assert client.post("/tasks/", order()).status_code == 302
        assert Prompt.objects.count() == 1

    def test_who_was_switched_off_sees_nothing(self, mia, member, make_task):
        make_task("done")
        type(member).objects.update(is_active=False)
        assert mia.get("/").status_code == 302

    def test_only_reading_is_asked_of_it(self, mia):
        assert mia.post("/").status_code == 405
        assert mia.head("/").status_code == 200

    def test_days_have_their_name_count_and_spend(self, mia, make_task):
        prices = [Decimal("0.04"), Decimal("0.016"), None, Decimal("0.1")]
        tasks = [make_task("done", price_charged=price) for price in prices]
        on_day(tasks[0], 400)
        on_day(tasks[1], 1)
        page = html(mia.get("/"))
        heads = re.findall(r'<h2 id="day-[^"]*">([^<]*)</h2>\s*<p>\s*(.*?)\s*</p>', page, re.S)
        told = {title: " ".join(words.split()) for title, words in heads}
        assert told["Today"] == "2 generations, $0.10 so far"
        assert told["Yesterday"] == "1 generation, $0.02"
        old = localdate() - timedelta(days=400)
        assert told[f"{old:%A} {old.day} {old:%B} {old.year}"] == "1 generation, $0.04"

    def test_the_count_of_a_day_is_that_of_the_whole_day(self, mia, make_task):
        for _ in range(30):
            make_task("done")
        page = mia.get("/")
        assert len(cards(page)) == 24
        assert "30 generations" in html(page)

    def test_an_empty_wall_offers_beginnings_that_work_without_script(self, mia):
        page = html(mia.get("/"))
        assert "Your wall is blank. Put something on it." in page
        (link, *others) = re.findall(r'class="starter"\s+href="([^"]+)"', page)
        assert len(others) == 2
        started = mia.get(link)
        assert started.context["form"].text == "Terracotta courtyard, one blue sphere, stairs to nowhere"
        assert "data-open" in html(started)

    def test_the_button_of_other_pages_opens_the_composer_with_what_was_begun(self, mia, member):
        (link,) = re.findall(r'class="create" href="([^"]+)"', html(mia.get("/models/")))
        Draft.objects.create(person=member, fields={"prompt": ["half a boat"], "model": [FIRST_MODEL]})
        assert "data-open" not in html(mia.get("/"))
        assert "data-open" in html(mia.get(link))
        assert mia.get(link).context["form"].text == "half a boat"

    def test_today_has_its_place_before_it_has_a_card(self, mia, make_task):
        on_day(make_task("done"), 3)
        page = html(mia.get("/"))
        assert page.index('id="grid"') < page.index(f'data-day="{localdate() - timedelta(days=3)}"')
        assert "Your wall is blank" not in page

    def test_the_title_counts_what_is_under_way(self, mia, make_task):
        assert "<title>Studio ·" in html(mia.get("/"))
        make_task("queued"), make_task("processing"), make_task("done"), make_task("unknown")
        assert "<title>(2) Studio ·" in html(mia.get("/"))

    def test_markup_in_a_prompt_is_text(self, mia, make_task):
        make_task("done", text='<img src=x onerror="alert(1)">')
        page = html(mia.get("/"))
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page
        assert "<script>" not in html(mia.get("/?prompt=%3Cscript%3Ealert(1)%3C/script%3E"))


class MoreTests:
    @pytest.fixture
    def wall(self, make_task):
        tasks = [make_task("done") for _ in range(60)]
        for task in tasks[:20]:
            on_day(task, 2)
        return [task.pk for task in reversed(tasks)]

    def test_a_page_shows_all_pages_up_to_it(self, mia, wall):
        assert cards(mia.get("/")) == wall[:24]
        assert cards(mia.get("/?page=2")) == wall[:48]
        assert cards(mia.get("/?page=3")) == wall
        assert 'id="load-more"' not in html(mia.get("/?page=3"))

    @pytest.mark.parametrize("page", ["0", "-1", "two", "1.5", "", "9" * 30, "²"])
    def test_a_page_that_makes_no_sense_is_the_first(self, mia, wall, page):
        assert cards(mia.get("/", {"page": page})) == wall[:24]

    def test_a_page_beyond_the_last_shows_all_there_is(self, mia, wall):
        assert cards(mia.get("/?page=999999")) == wall

    def test_what_is_loaded_goes_on_from_the_last_card(self, mia, wall, make_task):
        first = html(mia.get("/"))
        (address,) = re.findall(r'hx-get="([^"]+)"[^>]*hx-target="#more"', first)
        make_task("done")  # a newer one must not push an old one onto the next page again
        second = mia.get(address.replace("&amp;", "&"), headers=HTMX)
        assert cards(second) == wall[24:48]
        assert second["Vary"].find("HX-Request") >= 0

    def test_a_day_that_goes_on_is_filled_up_and_others_are_added(self, mia, wall):
        answer = html(mia.get("/", {"page": 2, "before": wall[23]}, headers=HTMX))
        today, old = localdate(), localdate() - timedelta(days=2)
        assert f"hx-target=\"[data-day='{today}']\"" in answer
        assert 'hx-target="#feed"' in answer
        assert f'data-day="{old}"' in answer
        assert "<!DOCTYPE" not in answer

    def test_without_htmx_the_address_is_a_page(self, mia, wall):
        page = mia.get("/", {"page": 2, "before": wall[23]})
        assert html(page).lstrip().startswith("<!DOCTYPE")
        assert cards(page) == wall[:48]


class CreateTests:
    def test_one_press_makes_a_prompt_its_tasks_and_wakes_the_dispatcher(
        self, mia, member, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            assert mia.post("/tasks/", order(BANANA, count="3")).url == "/"
        prompt = Prompt.objects.get()
        assert (prompt.author, prompt.text, prompt.tasks.count()) == (member, "paper boats", 3)
        assert OrmQ.objects.count() == 1
        assert "Sending in 3 s." in html(mia.get("/"))

    def test_htmx_gets_an_empty_composer_the_cards_the_toast_and_the_poller(self, mia, make_task):
        make_task("done")
        answer = html(mia.post("/tasks/", order(BANANA, count="2", seen="1"), headers=HTMX))
        parts = re.findall(r'<hx-partial (?:id|hx-target)="([^"]+)"', answer)
        newest = Task.objects.values_list("pk", flat=True)[:2]
        deleted = [f"task-{pk}" for pk in newest]
        assert answer.lstrip().startswith("<form")
        assert parts == [*deleted, "#grid", f"head-{localdate()}", "news", "banners", "safety", "live", "#messages"]
        assert 'hx-trigger="every 4s' in answer
        assert ">paper boats<" not in answer[: answer.index("</textarea>")]

    def test_what_others_did_meanwhile_comes_along(self, mia, colleague, make_task):
        make_task("done", author=colleague, text="a quiet pier")
        assert "a quiet pier" in html(mia.post("/tasks/", order(seen="0"), headers=HTMX))

    def test_parked_values_that_no_page_of_ours_sends_are_nothing(self, mia):
        for number, parked in enumerate(("[" * 20_000, "{", "[]", '{"seed": {}}')):
            assert mia.post("/tasks/", order(parked=parked, prompt=f"boats {number}")).url == "/"

    @pytest.mark.parametrize("half", ['"\\ud800"', '"\\u0000"', "NaN"])
    def test_nor_are_characters_that_no_page_can_hold(self, mia, half):
        left = {"parked": f'{{"seed": {half}}}', "sides": f'{{"video": {{"models": [], "count": {half}}}}}'}
        for kind in ("image", "video"):
            assert mia.post("/composer/", order(kind=kind, **left), headers=HTMX).status_code == 200
            mia.post("/draft/", order(kind=kind, draft="9", **left))
            assert mia.get("/").status_code == 200

    def test_a_double_click_buys_once(self, mia):
        pressed = order()
        first, second = mia.post("/tasks/", pressed), mia.post("/tasks/", pressed, headers=HTMX)
        assert (first.status_code, second.status_code) == (302, 200)
        assert Task.objects.count() == 1

    def test_an_error_keeps_what_was_typed(self, mia):
        long = "x" * 1501
        for headers in ({}, HTMX):
            answer = mia.post("/tasks/", order(prompt=long, count="7"), headers=headers)
            assert answer.status_code == 422
            assert f">{long}</textarea>" in html(answer)
            assert "At most 1,500 characters; this has 1,501." in html(answer)
            assert 'value="7"' in html(answer)
        assert Task.objects.count() == 0

    def test_the_answer_to_an_error_is_the_composer_alone_or_the_page(self, mia):
        alone = html(mia.post("/tasks/", order(prompt=""), headers=HTMX)).strip()
        page = html(mia.post("/tasks/", order(prompt="")))
        assert alone.startswith("<form")
        assert page.lstrip().startswith("<!DOCTYPE")
        assert "Write a prompt." in alone
        assert "Write a prompt." in page

    def test_settings_of_another_model_are_shown_before_anything_is_sent(self, mia):
        for headers in ({}, HTMX):
            answer = mia.post("/tasks/", order(model=QWEN), headers=headers)
            assert answer.status_code == 422
            assert "Nothing was sent yet." in html(answer)
            assert 'name="with-size"' in html(answer)
        assert Task.objects.count() == 0

    @pytest.mark.parametrize("change", [{"model": "no/such", "shown": FIRST_MODEL}, {"seen": "x"}, {"day": ""}])
    def test_a_tampered_form_is_answered_calmly(self, mia, change):
        assert mia.post("/tasks/", order(**change), headers=HTMX).status_code in (200, 422)

    def test_a_page_that_lost_its_thread_is_loaded_anew_after_the_order(self, mia):
        assert mia.post("/tasks/", order(seen=""), headers=HTMX)["HX-Refresh"] == "true"
        assert Task.objects.count() == 1

    def test_an_empty_post_is_an_error_at_its_fields(self, mia):
        assert mia.post("/tasks/", {}).status_code == 422
        assert mia.post("/tasks/", {"shown": FIRST_MODEL}).status_code == 422

    def test_it_takes_a_post(self, mia):
        assert mia.get("/tasks/").status_code == 405

    def test_it_takes_the_token(self, member):
        client = Client(enforce_csrf_checks=True)
        client.force_login(member)
        assert client.post("/tasks/", order()).status_code == 403
        assert Task.objects.count() == 0

    def test_orders_are_taken_while_the_worker_is_down(self, mia):
        assert not Heartbeat.is_any_fresh()
        answer = html(mia.post("/tasks/", order(), headers=HTMX))
        assert "the background worker is not running" in answer
        assert Task.objects.count() == 1


class ComposerTests:
    def ask(self, client, target, **changes):
        return client.post("/composer/", order(**changes), headers=HTMX | {"HX-Target": target})

    def test_the_price_follows_the_settings(self, mia):
        assert "about $0.004" in html(self.ask(mia, "div#estimate"))
        assert "Generate 8&ensp;·&ensp;about $0.03" in html(self.ask(mia, "div#estimate", count="8"))

    def test_an_unknown_price_is_said_and_never_zero(self, mia):
        answer = html(self.ask(mia, "div#estimate", slug=QWEN))
        assert "price not known" in answer
        assert "$" not in answer

    def test_another_model_brings_its_fields_and_keeps_the_prompt_alone(self, mia):
        answer = html(self.ask(mia, "div#settings", model=BANANA, **{"with-aspect_ratio": "16:9", "with-seed": "5"}))
        assert 'name="shown" value="google/nano-banana-2"' in answer
        assert re.search(r'name="with-aspectRatio"\s+value="16:9" checked', answer)
        assert "Nano Banana 2 does not take: Seed 5. Kept for when you switch back." in answer
        assert "<textarea" not in answer.split("<hx-partial")[0]

    def test_without_script_it_is_the_whole_page(self, mia):
        page = html(mia.post("/composer/", order(model=QWEN, prompt="kept text")))
        assert page.lstrip().startswith("<!DOCTYPE")
        assert ">kept text</textarea>" in page
        assert "Qwen Image 2.0" in page

    def test_it_is_also_an_address(self, mia):
        assert mia.get("/composer/", {"model": QWEN, "prompt": "linked"}).context["form"].chosen.slug == QWEN
        assert mia.get("/composer/", {"model": "no/such"}).status_code == 200
        assert mia.delete("/composer/").status_code == 405

    def test_nothing_is_ordered(self, mia):
        self.ask(mia, "div#settings")
        self.ask(mia, "form#composer")
        assert Task.objects.count() == Prompt.objects.count() == 0

    def test_the_picker_lists_every_model_with_its_price_once_it_is_wanted(self, mia):
        assert not re.search(r'type="checkbox"\s+name="model"', html(mia.get("/")))
        page = html(self.ask(mia, "div#model-list"))
        assert len(re.findall(r'type="checkbox"\s+name="model"', page)) == len(page_models(page)) >= 20
        assert "$0.040 to $0.125" in page
        assert "settings not documented" in page
        assert "price not known" in page


def page_models(page):
    return set(re.findall(r'name="model"\s+value="([^"]+)"', page))
