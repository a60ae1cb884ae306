"""Looking for something on the wall: by form, by link, by address, with script and without."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generations.models import Collection, CollectionItem, Favourite, Output, Tag, Task
from tests.views.conftest import HTMX, html

pytestmark = pytest.mark.django_db
TYPED = HTMX | {"HX-Source": "form#filters"}


def cards(response):
    return [int(pk) for pk in re.findall(r'<article[^>]* id="task-(\d+)"', html(response))]


def parts(response):
    return re.findall(r'<hx-partial (?:id|hx-target)="([^"]+)"', html(response))


def options(response):
    """value of each option of a list → (how many, whether it is ticked)"""
    option = (
        r'value="([^"]*)"( checked)?\s+autocomplete="off">\s*<span>[^<]*</span>\s*<span class="faint num push">(\d+)'
    )
    return {value: (int(count), bool(ticked)) for value, ticked, count in re.findall(option, html(response))}


class WallTests:
    def test_it_shows_what_the_address_asks_for(self, mia, make_task):
        found = make_task("failed", text="a harbour at noon")
        make_task("done", text="a harbour at night"), make_task("failed", text="a fox")
        page = mia.get("/?q=harbour&status=failed")
        assert cards(page) == [found.pk]
        assert 'value="harbour"' in html(page)
        assert "1 generation" in html(page)

    def test_its_links_keep_the_filters(self, mia, make_task):
        pks = [make_task("failed").pk for _ in range(30)][::-1]
        page = html(mia.get("/?status=failed"))
        assert f'href="/tasks/{pks[0]}/?status=failed"' in page
        assert 'href="/?status=failed&amp;page=2"' in page
        older = mia.get(f"/?status=failed&page=2&before={pks[23]}", headers=HTMX)
        assert cards(older) == pks[24:]
        assert f'href="/tasks/{pks[24]}/?status=failed"' in html(older)

    def test_when_nothing_matches_there_is_a_way_out(self, mia, make_task):
        make_task("done")
        page = html(mia.get("/?q=%3Cb%3Eunicorn&person=me&kind=video"))
        assert "Nothing matches “&lt;b&gt;unicorn”." in page
        assert "search all of the team" in page
        assert 'href="/?q=%3Cb%3Eunicorn&amp;kind=video">Search the team' in page
        assert "Your wall is blank" not in page
        assert "search all of the team" not in html(mia.get("/?kind=video"))

    def test_what_is_in_use_is_told_with_a_way_to_drop_it(self, mia, make_task, colleague):
        make_task("done")
        address = f"/?kind=image&type=text-to-image&provider=xai&model=no/such&person={colleague.pk}&person=987"
        page = html(mia.get(f"{address}&status=open&rating=4&since=2026-03-01&until=2026-04-01"))
        told = re.findall(r'aria-label="Drop the filter ([^"]+)"', page)
        assert told == [
            *("Pictures", "Text to image", "xAI", "no/such", "Carl Colleague", "Somebody", "In progress"),
            *("4 stars or more", "From 1 March 2026", "Until 1 April 2026"),
        ]
        (rest,) = re.findall(r'href="([^"]+)"[^>]*aria-label="Drop the filter xAI"', page)
        assert "provider" not in rest
        assert "kind=image" in rest
        assert ">Clear all</a>" in page
        assert ">Clear all</a>" not in html(mia.get("/"))

    def test_mine_and_team_lead_to_each_other_and_keep_the_rest(self, mia, make_task, colleague):
        mine, theirs = make_task("done"), make_task("done", author=colleague)
        page = html(mia.get("/?kind=image"))
        assert re.search(r'href="/\?kind=image&amp;person=me"\s+id="scope-mine"', page)
        assert cards(mia.get("/?kind=image&person=me")) == [mine.pk]
        assert cards(mia.get("/?kind=image")) == [theirs.pk, mine.pk]


class SwapTests:
    def test_typing_brings_the_feed_and_leaves_the_form_alone(self, mia, make_task):
        found = make_task("done", text="a harbour")
        answer = mia.get("/?q=+harbour&kind=&since=", headers=TYPED)
        assert cards(answer) == [found.pk]
        assert parts(answer) == ["chips", "active", "everything", "news", "live"]
        assert answer["HX-Replace-Url"] == "/?q=harbour"
        assert "<html" not in html(answer)

    def test_a_link_brings_the_form_anew(self, mia, make_task):
        make_task("done")
        answer = mia.get("/?kind=video", headers=HTMX | {"HX-Source": "a#scope-team"})
        assert parts(answer) == ["filters", "everything", "news", "live"]
        assert re.search(r'type="hidden"\s+name="kind"\s+value="video"', html(answer))
        assert mia.get("/", headers=HTMX)["HX-Replace-Url"] == "/"

    def test_page_and_answers_are_told_apart_by_caches(self, mia):
        for headers in ({}, HTMX):
            assert {"HX-Request", "HX-Source"} <= {*mia.get("/", headers=headers)["Vary"].split(", ")}

    def test_the_poller_knows_the_filters(self, mia, make_task):
        make_task("processing")
        for answer in (mia.get("/?q=a+b&kind=image"), mia.get("/?q=a+b&kind=image", headers=TYPED)):
            assert "filters=q%3Da%2Bb%26kind%3Dimage" in html(answer)


class ListTests:
    def test_values_are_counted_under_the_other_filters(self, mia, make_task, member, colleague):
        for status in ("done", "partial", "failed", "queued"):
            make_task(status)
        make_task("failed", author=colleague)
        assert options(mia.get("/find/status/?person=me")) == {
            "open": (1, False),
            "done": (2, False),
            "unknown": (0, False),
            "failed": (1, False),
            "expired": (0, False),
            "cancelled": (0, False),
        }
        assert options(mia.get("/find/person/?status=failed&person=me")) == {
            "me": (1, True),
            str(colleague.pk): (1, False),
        }

    def test_what_a_thing_is_and_what_made_it(self, mia, make_task):
        Task.objects.filter(pk=make_task().pk).update(
            kind="video", model_type="text-to-video", model_slug="kling/a", model_name="A"
        )
        make_task(), make_task()
        assert options(mia.get("/find/type/?kind=video&model=kling/a")) == {
            "video": (1, True),
            "text-to-video": (1, False),
        }
        found = options(mia.get("/find/model/?model=kling/a"))
        assert found == {
            "alibaba": (2, False),
            "kling": (1, False),
            "alibaba/qwen-image": (2, False),
            "kling/a": (1, True),
        }

    def test_what_is_in_use_is_there_even_when_it_finds_nothing(self, mia, make_task):
        make_task()
        assert options(mia.get("/find/model/?model=no/such&status=done"))["no/such"] == (0, True)

    @pytest.mark.parametrize("name", ["type", "model", "person", "status", "tag", "collection", "more"])
    def test_a_list_counts_in_one_query_and_asks_in_one_whether_that_was_all(self, mia, make_task, name):
        make_task()
        with CaptureQueriesContext(connection) as captured:
            assert mia.get(f"/find/{name}/").status_code == 200
        beside = [query["sql"] for query in captured if "generations_heartbeat" not in query["sql"]]  # who asks
        assert sum("generations_task" in sql for sql in beside) == (0 if name == "more" else 2)

    def test_of_very_many_the_newest_are_counted_and_the_list_says_so(self, mia, make_task, colleague, monkeypatch):
        monkeypatch.setattr("generations.views.facets.MOST_COUNTED", 2)
        make_task("failed", author=colleague), make_task("done"), make_task("done")
        page = mia.get("/find/person/")
        assert options(page) == {"me": (2, False)}
        assert f'value="{colleague.pk}"' in html(page)
        assert "counted in the newest" in html(page)
        assert "counted in the newest" not in html(mia.get("/find/person/?status=failed"))

    @pytest.mark.parametrize("name", ["type", "model", "person", "status", "tag", "collection"])
    def test_of_very_many_every_list_offers_all_that_it_knows(self, mia, make_task, name, monkeypatch):
        monkeypatch.setattr("generations.views.facets.MOST_COUNTED", 1)
        make_task("done")
        offered = html(mia.get(f"/find/{name}/"))
        assert offered.count("counted in the newest") == offered.count("<legend>") > 0
        assert name != "model" or 'value="kling/kling-v3-t2v"' in offered

    def test_tags_and_collections_are_counted_by_generation(self, mia, member, colleague, make_task, make_output):
        task, other = make_task("done"), make_task("done")
        files = [make_output(task), make_output(task), make_output(other)]
        mine, theirs = (
            Collection.objects.create(owner=person, name="Sea", is_private=True) for person in (member, colleague)
        )
        for place, file in enumerate(files):
            Tag.put(["Harbour"], Output.objects.filter(pk=file.pk), member)
            for collection in (mine, theirs):
                CollectionItem.objects.create(collection=collection, output=file, position=place)
        assert options(mia.get("/find/tag/?tag=Harbour")) == {"Harbour": (2, True)}
        assert options(mia.get("/find/collection/")) == {str(mine.pk): (2, False)}

    def test_all_lists_count_what_is_liked_and_tagged(self, mia, member, make_task, make_output):
        both, liked = (make_output(make_task("done")).task for _ in range(2))
        Favourite.mark(member, Output.objects.all())
        Tag.put(["Harbour"], both.outputs.all(), member)
        for address, value in (("tag", "Harbour"), ("status", "done"), ("model", both.model_slug), ("person", "me")):
            assert options(mia.get(f"/find/{address}/?favourite=1&tag=harbour"))[value][0] == 1
            assert mia.get(f"/find/{address}/?favourite=1&tag=nobody's").status_code == 200
        wall = html(mia.get("/?favourite=1&tag=harbour"))
        assert both.get_absolute_url() in wall
        assert liked.get_absolute_url() not in wall

    def test_days_and_stars(self, mia):
        page = html(mia.get("/find/more/?since=2026-03-01&rating=4"))
        assert 'value="2026-03-01"' in page
        assert '<option value="4" selected>' in page

    def test_there_is_no_other_list(self, mia):
        assert mia.get("/find/colour/").status_code == 404
        assert mia.post("/find/type/").status_code == 405

    def test_a_visitor_signs_in_first(self, client):
        for address in ("/find/", "/find/type/"):
            assert client.get(address).url.startswith("/account/login/")

    def test_without_script_one_page_has_all_filters(self, mia, member, make_task, make_output):
        Favourite.mark(member, make_output(make_task("done")).task.outputs.all())
        page = html(mia.get("/find/?favourite=1&status=done&q=dusk"))
        for told in ('name="q"', 'name="favourite" value="1" checked', 'name="since"', 'name="rating"'):
            assert told in page
        assert 'value="done" checked' in page
        assert "/find/?" in html(mia.get("/?status=done"))


class CostTests:
    def test_the_feed_costs_ten_queries_at_most_whatever_it_holds(self, mia, member, make_task, make_output):
        def cost(number):
            for _ in range(number):
                for status in ("queued", "processing", "cancelled", "failed"):
                    make_task(status)
                Favourite.mark(member, make_output(make_task("done")).task.outputs.all())
            with CaptureQueriesContext(connection) as captured:
                assert mia.get("/?q=a&person=me", headers=TYPED).status_code == 200
            return len(captured)

        make_task()
        mia.get("/")  # writes the row of what is known of the provider
        assert cost(1) == cost(20) <= 10
