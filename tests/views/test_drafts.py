"""What is in the composer and not sent yet."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from generations.models import Draft, Preset, Task
from tests.views.conftest import BANANA, HTMX, html, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(member):
    """device() is one more browser in which Mia has signed in."""

    def open_one():
        client = Client()
        client.force_login(member)
        return client

    return open_one


def seen(page):
    """The version of the draft that a page says it has seen."""
    return re.search(r'name="draft"\s+value="(\d+)"', html(page))[1]


def save(client, version, **changes):
    return client.post("/draft/", order(**changes) | {"draft": version})


def text(page):
    return page.context["form"].text


def warns(page):
    return not re.search(r'id="draft-notice"[^>]* hidden', html(page))


class SaveTests:
    def test_what_is_written_and_chosen_is_there_on_any_device(self, mia, device):
        answer = save(
            mia, seen(mia.get("/")), slug=BANANA, prompt="half a thought", count="3", **{"with-aspectRatio": "16:9"}
        )
        assert (answer.status_code, answer.content) == (200, b"1")
        page = device().get("/")
        assert text(page) == "half a thought"
        assert 'name="shown" value="google/nano-banana-2"' in html(page)
        assert re.search(r'name="with-aspectRatio"\s+value="16:9" checked', html(page))
        assert page.context["form"]["count"].value() == "3"
        assert not warns(page)

    def test_files_that_are_held_come_back(self, mia, make_upload):
        upload = make_upload()
        save(mia, 0, slug="kling/kling-v3-i2i", **{"with-image": str(upload.pk)})
        assert f"/uploads/{upload.pk}/small/" in html(mia.get("/"))

    def test_what_belongs_to_a_page_alone_is_not_kept(self, mia, member):
        save(mia, 0)
        kept = Draft.objects.get(person=member).fields
        assert "prompt" in kept
        assert not {"order_key", "draft", "seen", "day", "worker", "csrfmiddlewaretoken"} & set(kept)

    def test_each_person_has_their_own(self, mia, client, colleague):
        save(mia, 0, prompt="half a thought")
        client.force_login(colleague)
        assert text(client.get("/")) == ""

    def test_a_visitor_keeps_nothing_here(self, client):
        assert "/account/login/" in save(client, 0).url
        assert not Draft.objects.exists()

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
    def test_what_no_page_of_ours_sends_is_refused(self, mia, version):
        assert save(mia, version).status_code == 400
        assert not Draft.objects.exists()

    def test_nonsense_in_it_does_no_harm(self, mia):
        assert mia.post("/draft/", {"draft": "0", "prompt": "a\0b", "shown": "no/such", "x": "y"}).status_code == 200
        assert mia.get("/").status_code == 200

    def test_it_takes_the_token_and_the_right_verb(self, member):
        client = Client(enforce_csrf_checks=True)
        client.force_login(member)
        assert save(client, 0).status_code == 403
        assert client.delete("/draft/", headers={"X-CSRFToken": "x"}).status_code in (403, 405)

    def test_an_address_that_wants_something_in_the_composer_wins_and_tells(self, mia):
        save(mia, 0, prompt="half a thought")
        page = mia.get("/", {"prompt": "a beginning"})
        assert (text(page), seen(page), warns(page)) == ("a beginning", "0", True)
        assert "You had begun something else: “half a thought”." in html(page)

    def test_settings_without_a_word_are_nothing_to_ask_about(self, mia):
        save(mia, 0, prompt="", count="3")
        page = mia.get("/", {"prompt": "a beginning"})
        assert (text(page), seen(page), warns(page)) == ("a beginning", "1", False)

    def test_the_first_page_costs_no_more_with_it(self, mia):
        def cost():
            with CaptureQueriesContext(connection) as captured:
                mia.get("/")
            return len(captured)

        cost()
        without = cost()
        save(mia, 0, prompt="half a thought")
        assert cost() <= without


class SendTests:
    def test_sending_ends_it(self, mia, device):
        save(mia, 0, prompt="paper boats")
        answer = mia.post("/tasks/", order() | {"draft": "1"}, headers=HTMX)
        assert (seen(answer), text(device().get("/"))) == ("2", "")
        assert save(mia, 2, prompt="the next").status_code == 200

    def test_an_error_keeps_it_and_what_the_page_has_seen(self, mia):
        save(mia, 0, prompt="paper boats")
        answer = mia.post("/tasks/", order(prompt="") | {"draft": "1"}, headers=HTMX)
        assert (answer.status_code, seen(answer)) == (422, "1")
        assert text(mia.get("/")) == "paper boats"

    def test_what_another_window_has_begun_meanwhile_stays(self, mia, device):
        save(mia, 0, prompt="paper boats")
        save(device(), 1, prompt="something else")
        mia.post("/tasks/", order() | {"draft": "1"}, headers=HTMX)
        assert Task.objects.count() == 1
        assert text(mia.get("/")) == "something else"


class BeginTests:
    """What comes into the composer of a page that has the draft is no other window's."""

    def test_a_preset_in_it_is_the_same_draft(self, mia, member):
        save(mia, 0, prompt="half a thought")
        preset = Preset.objects.create(owner=member, name="Film look", text="35 mm film")
        page = mia.post(f"/composer/?preset={preset.pk}", order() | {"draft": "1"}, headers=HTMX)
        assert (seen(page), warns(page)) == ("1", False)

    def test_what_was_undone_comes_into_an_empty_one(self, mia):
        save(mia, 0, prompt="")
        mia.post("/tasks/", order())
        page = mia.post(f"/tasks/{Task.objects.get().pk}/undo/", order(prompt="") | {"draft": "1"}, headers=HTMX)
        assert (seen(page), warns(page)) == ("1", False)


class TwoWindowsTests:
    def test_the_second_to_save_is_told_and_nothing_is_lost(self, mia, device):
        left, right = device(), device()
        versions = [seen(each.get("/")) for each in (left, right)]
        assert save(left, versions[0], prompt="from the left").status_code == 200
        answer = save(right, versions[1], prompt="from the right")
        assert (answer.status_code, answer.content) == (409, b"1")
        assert text(mia.get("/")) == "from the left"

    def test_it_may_use_the_other_one(self, mia):
        save(mia, 0, prompt="from the left")
        answer = mia.get("/draft/", headers=HTMX)
        assert 'id="desk"' in html(answer)
        assert ">from the left</textarea>" in html(answer)
        assert (seen(answer), warns(answer)) == ("1", False)
        assert mia.get("/draft/").url == "/"

    def test_it_may_keep_its_own(self, mia):
        save(mia, 0, prompt="from the left")
        refused = save(mia, 0, prompt="from the right")
        assert save(mia, refused.content.decode(), prompt="from the right").status_code == 200
        assert text(mia.get("/")) == "from the right"

    def test_an_answer_that_got_lost_is_no_other_window(self, mia):
        save(mia, 0, prompt="one")
        save(mia, 1, prompt="one, two")  # its answer never came; the page has counted on
        assert save(mia, 2, prompt="one, two, three").status_code == 200
