"""What a person asked for before, to take up again."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generations.models import Prompt
from generations.models.prompt import LOOK_BACK

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(member):
    """write(*texts, author=member) makes Prompts that nothing was ordered for."""

    def make(*texts, author=member):
        return Prompt.objects.bulk_create(Prompt(author=author, text=text) for text in texts)

    return make


def texts(client, **query):
    page = client.get("/prompts/", query).content.decode()
    return [unescape(value) for value in re.findall(r'<button type="button"\s+value="([^"]*)"', page)]


class PromptsTests:
    @pytest.mark.parametrize("query", [{"page": "9" * 18}, {"words": "w " * 2000}, {"words": "bo\0ats"}])
    def test_no_address_is_too_much_for_it(self, mia, write, query):
        write("boats")
        assert mia.get("/prompts/", query).status_code == 200

    def test_own_texts_come_newest_first_and_each_once(self, mia, write):
        write("boats", "pears", "boats", "a kite")
        assert texts(mia) == ["a kite", "boats", "pears"]

    def test_what_had_no_words_is_not_among_them(self, mia, write):
        write("", "boats")
        assert texts(mia) == ["boats"]

    def test_others_do_not_see_them(self, client, member, colleague, admin_user, write):
        write("boats")
        for person, seen in ((member, ["boats"]), (colleague, []), (admin_user, [])):
            client.force_login(person)
            assert texts(client) == seen

    def test_a_visitor_is_asked_to_sign_in(self, client):
        assert "/account/login/" in client.get("/prompts/").url

    def test_it_is_for_reading(self, mia):
        assert mia.post("/prompts/").status_code == 405

    def test_a_search_finds_what_has_all_the_words(self, mia, write):
        write("Boats at dawn", "boats at dusk", "pears at dawn")
        assert texts(mia, words="dawn BOATS") == ["Boats at dawn"]
        page = mia.get("/prompts/", {"words": "<b>zebra"}).content.decode()
        assert "Nothing you asked for has “&lt;b&gt;zebra” in it." in page

    def test_signs_are_only_signs(self, mia, write):
        write("100% wool", "wool")
        assert texts(mia, words="%") == ["100% wool"]
        for words in ("_", "'", '"', "\\"):
            assert texts(mia, words=words) == []
        assert texts(mia, words="\0 ") == ["wool", "100% wool"]

    def test_texts_are_kept_to_the_letter(self, mia, write):
        text = 'two\nlines, "quoted" & <b>bold</b>\n\n  \N{FISH} שלום ' + "x" * 400
        write(text)
        assert texts(mia) == [text]
        assert "<b>bold" not in mia.get("/prompts/").content.decode()

    def test_pages_follow_one_another_without_gap(self, mia, write):
        write(*(f"number {n}" for n in range(45)))
        seen, address = [], "/prompts/"
        while address:
            page = mia.get(address).content.decode()
            seen += re.findall(r'value="(number \d+)"', page)
            address = next(map(unescape, re.findall(r'hx-get="([^"]+)"', page)), None)
        assert seen == [f"number {n}" for n in reversed(range(45))]

    @pytest.mark.parametrize("page", ["x", "-1", "0", "99", "9" * 30])
    def test_a_page_that_is_not_there_is_calm(self, mia, write, page):
        write("boats")
        assert mia.get("/prompts/", {"page": page}).status_code == 200

    def test_its_settings_come_along_where_something_is_left_of_it(self, mia, make_task, write):
        write("never ordered")
        older, newer = make_task("done", text="boats"), make_task("done", text="boats")
        make_task("cancelled", text="undone", binned_at="2026-01-01T00:00Z")
        page = mia.get("/prompts/").content.decode()
        assert re.findall(r'href="(/\?[^"]+)"', page) == [f"/?remix={newer.pk}"]
        assert older.pk != newer.pk

    def test_it_costs_the_same_with_ten_and_with_thousands(self, mia, write):
        def cost():
            with CaptureQueriesContext(connection) as captured:
                mia.get("/prompts/")
            return len(captured)

        write(*(f"number {n}" for n in range(10)))
        few = cost()
        write(*(f"more {n}" for n in range(LOOK_BACK * 2)))
        assert cost() == few <= 4
        assert texts(mia, words="number")[:2] == ["number 9", "number 8"]
