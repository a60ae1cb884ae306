"""A person's own page: name, time to undo, shortcuts."""

import re
import threading
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from generations.models import User
from tests.conftest import PASSWORD

URL = "/profile/"
MINE = {"name": "Mia Moon", "undo_seconds": "7", "has_shortcuts": "on"}


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def saved(person):
    return User.objects.values_list("name", "undo_seconds", "has_shortcuts").get(pk=person.pk)


class ProfileTests:
    def test_a_person_changes_themselves_and_nobody_else(self, client, member, colleague, admin_user):
        client.force_login(member)
        assert client.post(URL, MINE).url == URL
        assert saved(member) == ("Mia Moon", 7, True)
        assert saved(colleague) == ("Carl Colleague", 3, True)
        page = client.get(URL).content.decode()
        assert "Saved." in page
        assert "Mia Moon" in page

    def test_a_visitor_is_asked_to_sign_in(self, client):
        assert client.get(URL).url == client.post(URL, MINE).url == f"{reverse('account_login')}?next={URL}"

    def test_nobody_makes_themselves_an_admin_or_takes_another_address(self, client, member):
        client.force_login(member)
        client.post(URL, MINE | {"is_superuser": "on", "is_staff": "on", "email": "ada@example.com"})
        member.refresh_from_db()
        assert (member.is_superuser, member.is_staff, member.email) == (False, False, "mia@example.com")

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"name": " "}, "This field is required."),
            ({"name": "x" * 81}, "at most 80 characters"),
            ({"undo_seconds": "11"}, "Choose from 0 to 10 seconds."),
            ({"undo_seconds": "-1"}, "Choose from 0 to 10 seconds."),
            ({"undo_seconds": ""}, "This field is required."),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(self, client, member, wrong, said):
        client.force_login(member)
        answer = client.post(URL, MINE | wrong)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert page.count('aria-invalid="true"') == 1
        assert said in page
        assert saved(member) == ("Mia Member", 3, True)
        assert 'aria-label="Account: Mia Member"' in page

    @pytest.mark.parametrize("on", [True, False])
    def test_every_page_tells_whether_single_keys_may_act(self, client, member, on):
        client.force_login(member)
        client.post(URL, MINE if on else {key: value for key, value in MINE.items() if key != "has_shortcuts"})
        body = re.search(r"<body[^>]*>", client.get(URL).content.decode())[0]
        assert ("data-shortcuts" in body) is on


class WishesTests:
    @pytest.fixture(autouse=True)
    def with_mail(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def test_they_are_kept_and_shown(self, client, member):
        client.force_login(member)
        client.post(URL, MINE | {"ready": ["browser", "sound"], "failed": ["mail"], "weekly": ["mail"]})
        kept = User.objects.get(pk=member.pk)
        assert kept.wishes == ["ready:browser", "ready:sound", "failed:mail", "weekly:mail"]
        assert kept.digest_of is not None
        assert client.get(URL).content.decode().count('type="checkbox"') == 9
        assert client.get(URL).content.decode().count("checked") >= 4

    def test_nothing_is_told_unasked(self, client, member):
        assert member.wishes == []
        client.force_login(member)
        page = client.get("/").content.decode()
        assert "data-tell" not in page
        assert "js/tell" not in page

    def test_pages_of_who_wishes_it_can_notify(self, client, member):
        User.objects.filter(pk=member.pk).update(wishes=["ready:sound"])
        client.force_login(member)
        page = client.get("/").content.decode()
        assert 'data-tell="ready:sound"' in page
        assert "js/tell" in page

    def test_an_unknown_wish_is_refused(self, client, member):
        client.force_login(member)
        assert client.post(URL, MINE | {"weekly": ["sound"]}).status_code == 422

    def test_viewers_are_asked_about_the_week_alone(self, client, viewer):
        client.force_login(viewer)
        page = client.get(URL).content.decode()
        assert 'name="weekly"' in page
        assert 'name="ready"' not in page

    def test_without_a_mail_server_mail_is_not_offered_and_old_wishes_stay(self, client, member, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        User.objects.filter(pk=member.pk).update(wishes=["ready:mail"])
        client.force_login(member)
        assert 'value="mail"' not in client.get(URL).content.decode()
        client.post(URL, MINE | {"ready": ["sound"]})
        assert User.objects.get(pk=member.pk).wishes == ["ready:mail", "ready:sound"]


class AppearanceTests:
    @pytest.mark.parametrize("theme", ["", "light", "dark"])
    def test_every_page_of_theirs_looks_as_they_chose(self, client, member, colleague, theme):
        client.force_login(member)
        assert client.post(URL, MINE | {"theme": theme}).url == URL
        page = client.get("/").content.decode()
        assert ("data-theme" in page) is bool(theme)
        assert f'name="color-scheme" content="{theme or "light dark"}"' in page
        client.force_login(colleague)
        assert "data-theme" not in client.get("/").content.decode()

    @pytest.mark.parametrize("wrong", [{"theme": "pink"}, {"time_zone": "Europe/Atlantis"}, {"time_zone": "../etc"}])
    def test_what_is_not_offered_is_refused(self, client, member, wrong):
        client.force_login(member)
        assert client.post(URL, MINE | wrong).status_code == 422
        member.refresh_from_db()
        assert (member.theme, member.time_zone) == ("", "")


class TimeZoneTests:
    def test_days_and_times_are_told_where_the_person_is(self, client, member, colleague, make_task):
        made = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
        task = make_task("done", created_at=made, closed_at=made)
        client.force_login(member)
        assert client.post(URL, MINE | {"time_zone": "Asia/Tokyo"}).url == URL
        assert "1 February" in client.get("/").content.decode()
        client.force_login(colleague)
        assert "31 January" in client.get("/").content.decode()
        assert client.get(task.get_absolute_url()).status_code == 200

    def test_a_zone_that_this_machine_does_not_know_is_the_studios(self, client, member):
        User.objects.update(time_zone="Mars/Olympus")
        client.force_login(member)
        assert client.get("/").status_code == 200
        assert timezone.get_current_timezone_name() == "UTC"


class EmailTests:
    PATH = "/profile/email/"

    @pytest.fixture
    def confirmed(self, client, member):
        """The browser of somebody who just gave the password."""
        client.force_login(member)
        asked = client.get(self.PATH).url
        assert asked.startswith("/account/confirm/")
        assert client.post(asked, {"password": PASSWORD}).url == self.PATH
        return client

    def test_the_new_address_signs_in_and_the_old_one_is_told(self, confirmed, member, mailoutbox):
        EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
        assert confirmed.post(self.PATH, {"email": "Mia.Moon@Example.com"}).url == URL
        assert "sign in with mia.moon@example.com" in confirmed.get(URL).content.decode()
        for thread in threading.enumerate():
            if thread.name == "mail":
                thread.join()
        assert [mail.to for mail in mailoutbox] == [["mia@example.com"]]
        assert "mia.moon@example.com" in mailoutbox[0].body
        for address, worked in (("mia@example.com", 200), ("mia.moon@example.com", 302)):
            answer = Client().post("/account/login/", {"login": address, "password": PASSWORD})
            assert answer.status_code == worked

    @pytest.mark.parametrize("wrong", ["Carl@example.com", "mia", ""])
    def test_what_cannot_be_an_address_of_theirs_is_refused(self, confirmed, member, colleague, wrong, mailoutbox):
        assert confirmed.post(self.PATH, {"email": wrong}).status_code == 422
        member.refresh_from_db()
        assert (member.email, mailoutbox) == ("mia@example.com", [])

    def test_nothing_is_changed_without_the_password(self, client, member):
        client.force_login(member)
        assert client.post(self.PATH, {"email": "eve@example.com"}).url.startswith("/account/confirm/")
        assert client.post("/account/confirm/?next=/profile/email/", {"password": "not it"}).status_code == 200
        member.refresh_from_db()
        assert member.email == "mia@example.com"
