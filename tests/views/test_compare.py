"""Files side by side, and the choice without names."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from django.utils.timezone import now

from generations.models import Favourite, Vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(make_task, make_output):
    """Two files of two models, of which the first was quicker and the second cheaper."""
    begun = now()
    quick = {"finished_at": begun + timedelta(seconds=8), "price_charged": Decimal("0.085"), "body": {"seed": 7}}
    cheap = {"finished_at": begun + timedelta(seconds=26), "price_charged": Decimal("0.04"), "body": {}}
    other = {"model_slug": "openai/gpt-image-2", "model_name": "GPT Image 2"}
    tasks = make_task("done", accepted_at=begun, **quick), make_task("done", accepted_at=begun, **cheap, **other)
    return [make_output(task) for task in tasks]


def side_by_side(files, **more):
    return {"file": [file.pk for file in files], **more}


def words(response):
    return " ".join(strip_tags(response.content.decode().replace("<", " <")).split())


def best(response):
    return re.findall(r'class="best">([^<]+)', response.content.decode())


class CompareTests:
    def test_what_differs_stands_under_each_and_what_does_not_is_said_once(self, mia, pair):
        page = mia.get("/compare/", side_by_side(pair))
        assert best(page) == ["8 s", "$0.040"]
        alike = words(page).split("The same in all")[1]
        assert "Asked by Mia Member" in alike
        assert "Size 96 × 64" in alike  # noqa: RUF001
        assert "Seed 7" in words(page)
        assert "Seed Not set" in words(page)

    def test_the_order_is_that_of_the_address_and_four_are_the_most(self, mia, make_task, make_output):
        files = [make_output(make_task("done")) for _ in range(5)]
        asked = [files[2], files[0], files[2], files[1], files[4], files[3]]
        page = mia.get("/compare/", side_by_side(asked)).content.decode()
        shown = re.findall(r'<img src="/media/(\d+)/medium/"', page)
        assert shown == [str(files[number].pk) for number in (2, 0, 1, 4)]

    def test_a_generation_stands_with_its_first_saved_file(self, mia, make_task, make_output):
        task = make_task("done")
        first, _ = make_output(task), make_output(task)
        page = mia.get("/compare/", {"task": [task.pk, make_task("failed").pk, 999]}).content.decode()
        assert re.findall(r'<img src="/media/(\d+)/medium/"', page) == [str(first.pk)]

    def test_each_can_be_taken_out_and_others_put_in(self, mia, pair, make_task, make_output):
        other = make_output(make_task("done"))
        page = mia.get("/compare/", side_by_side(pair)).content.decode()
        assert f'href="?file={pair[1].pk}"' in page
        assert f'href="?file={pair[0].pk}&amp;file={pair[1].pk}&amp;file={other.pk}"' in page

    @pytest.mark.parametrize("query", ["", "?file=x", "?file=999999", "?blind=1", "?task=0&file=" + "9" * 30])
    def test_nothing_to_compare_says_how_to_begin(self, mia, query):
        page = mia.get(f"/compare/{query}")
        assert page.status_code == 200
        assert "Choose two to four" in words(page)

    def test_what_is_in_the_bin_is_gone_from_it(self, mia, member, pair):
        assert pair[0].task.bin(member)
        page = mia.get("/compare/", side_by_side(pair)).content.decode()
        assert f"/media/{pair[0].pk}/" not in page

    def test_everybody_of_the_team_compares_and_visitors_do_not(self, client, colleague, admin_user, pair):
        assert client.get("/compare/", side_by_side(pair)).url.startswith("/account/login/")
        for person in (colleague, admin_user):
            client.force_login(person)
            assert "GPT Image 2" in words(client.get("/compare/", side_by_side(pair)))

    def test_films_and_sounds_and_what_has_no_picture_are_compared_too(self, mia, make_task, make_output):
        files = [make_output(make_task("done", kind=kind), kind=kind, medium="") for kind in ("video", "audio", "file")]
        page = mia.get("/compare/", side_by_side(files)).content.decode()
        assert ("<video" in page, "<audio" in page, "Download" in page, 'id="seek"' in page) == (True,) * 4

    def test_one_press_of_the_page_of_a_generation_leads_here(self, mia, pair, make_task, make_output):
        sibling = make_output(make_task("done", prompt=pair[0].task.prompt, model_slug="b/c"))
        page = mia.get(f"/tasks/{pair[0].task_id}/").content.decode()
        assert f'href="/compare/?file={pair[0].pk}&amp;file={sibling.pk}"' in page

    def test_two_and_four_cost_the_same_queries(self, mia, make_task, make_output):
        def cost(number):
            files = [make_output(make_task("done")) for _ in range(number)]
            Favourite.mark(files[0].task.author, type(files[0]).objects.filter(pk=files[0].pk))
            with CaptureQueriesContext(connection) as captured:
                mia.get("/compare/", side_by_side(files))
            return len(captured)

        cost(2)
        assert cost(3) == cost(2)


class BlindTests:
    @pytest.fixture
    def address(self, mia, pair):
        return mia.get("/compare/", side_by_side(pair, blind=1)).url

    def test_it_hides_who_made_what_and_a_reload_keeps_the_order(self, mia, address):
        page = mia.get(address)
        for name in ("Qwen", "GPT", "Alibaba", "OpenAI", "Seed", "0.04"):
            assert name not in page.content.decode()
        media = re.compile(r"/media/\d+/medium/")
        assert media.findall(page.content.decode()) == media.findall(mia.get(address).content.decode())

    def test_the_order_is_by_chance(self, mia, pair):
        addresses = [mia.get("/compare/", side_by_side(pair, blind=1)).url for _ in range(12)]
        orders = {re.search(r"/media/(\d+)/medium/", mia.get(address).content.decode())[1] for address in addresses}
        assert orders == {str(file.pk) for file in pair}

    def test_choosing_is_counted_once_and_tells_the_names(self, mia, member, pair, address):
        after = mia.post(f"{address}vote/", {"best": pair[1].pk}, follow=True)
        assert "You chose GPT Image 2." in words(after)
        again = mia.post(f"{address}vote/", {"best": pair[0].pk}, follow=True)
        assert "Your first choice counts." in words(again)
        votes = Vote.objects.order_by("output").values_list("person", "output", "won")
        assert list(votes) == [(member.pk, pair[0].pk, False), (member.pk, pair[1].pk, True)]
        assert Vote.objects.values("ballot").distinct().count() == 1

    @pytest.mark.parametrize("best", ["", "x", "999999"])
    def test_choosing_nothing_or_something_else_counts_nothing(self, mia, address, best):
        assert "Choose one first." in words(mia.post(f"{address}vote/", {"best": best}, follow=True))
        assert not Vote.objects.exists()

    def test_a_ballot_is_one_persons_and_not_to_be_forged(self, client, colleague, pair, address):
        client.force_login(colleague)
        for token in (address, "/compare/eyJudW1iZXIiOiIxIn0:1abc:xyz/"):
            assert client.get(token).status_code == 404
            assert client.post(f"{token}vote/", {"best": pair[0].pk}).status_code == 404
        assert not Vote.objects.exists()

    def test_a_ballot_of_what_went_into_the_bin_is_gone(self, mia, member, pair, address):
        assert pair[0].task.bin(member)
        assert mia.get(address).status_code == 404

    def test_one_model_alone_cannot_win_against_itself(self, mia, make_task, make_output):
        files = [make_output(make_task("done")) for _ in range(2)]
        page = mia.get("/compare/", side_by_side(files, blind=1))
        assert page.status_code == 200
        assert "blind=1" not in page.content.decode()

    def test_a_visitor_casts_nothing(self, client, pair, address):
        client.logout()
        assert client.post(f"{address}vote/", {"best": pair[0].pk}).url.startswith("/account/login/")
        assert not Vote.objects.exists()
