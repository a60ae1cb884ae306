"""When a page cannot be had: plain words, without the database, and for htmx a toast instead of a page."""

import re

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.test import Client
from django.urls import include, path, reverse

from tests.conftest import PASSWORD

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/tasks/7/?file=2"}


def refused(request):
    raise PermissionDenied


def broken(request):
    raise RuntimeError("a fault of ours")


def too_much(request):
    raise RequestDataTooBig


refused.login_required = too_much.login_required = broken.login_required = False
urlpatterns = [
    path("refused/", refused),
    path("broken/", broken),
    path("too-much/", too_much),
    path("", include("modellix_site.urls")),
]
handler400 = "generations.views.errors.bad_request"
handler403 = "generations.views.errors.forbidden"
handler404 = "generations.views.errors.not_found"
handler500 = "generations.views.errors.server_error"
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


class PageTests:
    """None of these tests may use the database: pytest-django stops the one that tries."""

    @pytest.mark.parametrize(
        ("address", "status", "said"),
        [
            ("/nowhere/", 404, "There’s no picture in this frame."),  # noqa: RUF001
            ("/too-much/", 400, "That could not be read."),
            ("/refused/", 403, "You can’t open this one."),  # noqa: RUF001
            ("/broken/", 500, "Something broke on our side."),
        ],
    )
    def test_it_says_what_happened_and_leads_on(self, client, address, status, said):
        page = client.get(address)
        assert page.status_code == status
        assert said in page.content.decode()
        assert f'href="{reverse("studio")}"' in page.content.decode()

    def test_the_code_on_the_page_is_in_the_log(self, client, caplog):
        page = client.get("/broken/").content.decode()
        line = next(record.getMessage() for record in caplog.records if record.name == "generations.views.errors")
        code = line.split(" as ")[1].split(":")[0]
        assert f">{code}</code>" in page

    def test_nothing_of_the_fault_is_told(self, client):
        assert "a fault of ours" not in client.get("/broken/").content.decode()

    def test_a_name_that_is_not_ours_gets_a_page_and_no_line_in_the_log(self, client, caplog):
        page = client.get("/account/login/", headers={"Host": "evil.example"})
        assert (page.status_code, caplog.records) == (400, [])
        assert "That could not be read." in page.content.decode()


class HtmxTests:
    @pytest.mark.parametrize("address", ["/nowhere/", "/too-much/", "/refused/", "/broken/"])
    def test_it_gets_a_toast_that_stays_and_nothing_to_swap(self, client, address):
        answer = client.get(address, headers=HTMX).content.decode()
        assert answer.strip().startswith('<hx-partial hx-target="#messages" hx-swap="beforeend">')
        assert 'class="toast stop"' in answer
        assert "<html" not in answer

    def test_the_poller_gets_no_toast_at_each_beat(self, client):
        answer = client.get("/broken/", headers=HTMX | {"HX-Source": "div#live"})
        assert (answer.status_code, answer.content) == (500, b"")


class StaleFormTests:
    """A token from before signing in or out."""

    @pytest.fixture
    def client(self):
        return Client(enforce_csrf_checks=True)

    def test_a_form_is_asked_to_be_sent_again(self, client):
        page = client.post("/account/login/")
        assert page.status_code == 403
        assert "Please send that again." in page.content.decode()

    def test_htmx_loads_the_page_anew(self, client):
        answer = client.post("/account/login/", headers=HTMX)
        assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (403, "true", b"")


class SignedOutTests:
    """An ended session must not put the sign-in page into the studio, nor lose a draft."""

    def ask(self, client, page):
        return client.get("/account/password/change/", headers=HTMX | {"HX-Current-URL": page})

    def test_polling_ends_and_a_toast_leads_to_sign_in_and_back(self, client):
        answer = self.ask(client, "http://testserver/tasks/7/?file=2")
        text = answer.content.decode()
        assert answer.status_code == 401
        assert '<div id="live"></div>' in text
        assert "hx-get" not in text
        assert 'href="/account/login/?next=%2Ftasks%2F7%2F%3Ffile%3D2"' in text

    @pytest.mark.parametrize(
        "page", ["http://testserver//evil.example/", "https://evil.example/", "http://testserver/\\evil.example"]
    )
    def test_the_way_back_leads_nowhere_else(self, client, member, page):
        link = re.search('<a href="(.*?)"', self.ask(client, page).content.decode())[1]
        came = client.post(link, {"login": member.email, "password": PASSWORD})
        assert came.url == reverse("studio")
