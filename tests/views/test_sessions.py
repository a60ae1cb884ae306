"""Where a person is signed in, as their profile tells it, and signing out there."""

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from generations import browsers
from tests.conftest import PASSWORD
from tests.views.conftest import html

PROFILE, EVERYWHERE = "/profile/", "/profile/sessions/end/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.1 Mobile/15E148 Safari/604.1"
)
CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def browse(db):
    """browse(person, words) gives a browser of that User-Agent in which the person signed in."""

    def enter(person, words=FIREFOX):
        browser = Client(headers={"User-Agent": words})
        browser.post("/account/login/", {"login": person.email, "password": PASSWORD})
        return browser

    return enter


def is_in(browser):
    return browser.get(PROFILE).status_code == 200


def address(person):
    return f"/profile/sessions/{UserSession.objects.filter(user=person).latest('pk').pk}/end/"


class SignedInOnTests:
    def test_the_profile_tells_this_browser_and_the_others(self, browse, member, colleague):
        here, _, stranger = browse(member), browse(member, IPHONE), browse(colleague)
        page = html(here.get(PROFILE))
        assert page.index("Firefox on Linux") < page.index("Safari on iPhone")
        assert "from 127.0.0.1" in page
        assert "Safari on iPhone" not in html(stranger.get(PROFILE))
        assert "Sign out everywhere else" not in html(stranger.get(PROFILE))

    def test_one_is_signed_out_and_the_others_stay(self, browse, member):
        here, tablet, phone = browse(member), browse(member), browse(member, IPHONE)
        assert "Signed out: Safari on iPhone." in html(here.post(address(member), follow=True))
        assert [is_in(browser) for browser in (here, tablet, phone)] == [True, True, False]
        assert here.post("/profile/sessions/987654/end/").status_code == 404

    def test_everywhere_else_means_sessions_too_that_nobody_noted(self, browse, member, colleague):
        here, noted, stranger = browse(member), browse(member, IPHONE), browse(colleague)
        older = Client()
        older.force_login(member)
        assert "Signed out in 2 other browsers." in html(here.post(EVERYWHERE, follow=True))
        assert [is_in(browser) for browser in (here, noted, older, stranger)] == [True, False, False, True]

    def test_nobody_ends_somebody_elses_or_the_one_they_press_the_button_in(
        self, browse, member, colleague, admin_user, viewer
    ):
        own = browse(member)
        for person in (colleague, admin_user, viewer):
            assert browse(person).post(address(member)).status_code == 404
        assert Client().post(address(member)).status_code == Client().post(EVERYWHERE).status_code == 302
        assert own.post(address(member)).status_code == 404
        assert own.get(EVERYWHERE).status_code == own.get(address(member)).status_code == 405
        assert is_in(own)

    def test_a_viewer_may_too(self, browse, viewer):
        here, phone = browse(viewer), browse(viewer, IPHONE)
        assert here.post(EVERYWHERE).url == PROFILE
        assert not is_in(phone)

    def test_a_new_password_leaves_this_browser_alone_in_the_list(self, browse, member):
        here, phone = browse(member), browse(member, IPHONE)
        here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "a lantern in the fog"})
        page = html(here.get(PROFILE))
        assert "Firefox on Linux" in page
        assert "Safari on iPhone" not in page
        assert not is_in(phone)

    def test_requests_cost_what_they_cost_without(self, browse, member):
        here = browse(member)
        here.get("/")
        with CaptureQueriesContext(connection) as captured:
            here.get("/")
        assert not [query for query in captured.captured_queries if "usersession" in query["sql"]]


@pytest.mark.parametrize(
    ("words", "name", "is_handheld"),
    [
        (FIREFOX, "Firefox on Linux", False),
        (IPHONE, "Safari on iPhone", True),
        (CHROME.format("Windows NT 10.0; Win64; x64"), "Chrome on Windows", False),
        (CHROME.format("Windows NT 10.0; Win64; x64") + " Edg/156.0.0.0", "Edge on Windows", False),
        (CHROME.format("Linux; Android 10; K"), "Chrome on Android", True),
        (CHROME.format("Macintosh; Intel Mac OS X 10_15_7"), "Chrome on Mac", False),
        ("curl/8.9", "A browser", False),
        ("", "A browser", False),
    ],
)
def test_browsers_are_named_as_people_know_them(words, name, is_handheld):
    assert (browsers.named(words), browsers.is_handheld(words)) == (name, is_handheld)
