"""Coming in and going out: signing in, passwords, the first admin. Nobody learns who has an account."""

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from generations.accounts import set_up_path
from generations.forms.accounts import SetUpForm
from generations.models import User
from tests.conftest import PASSWORD

SIGN_IN = "/account/login/"
NEW = "a lantern in the fog"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def sign_in(client, email="mia@example.com", password=PASSWORD, **data):
    return client.post(SIGN_IN, {"login": email, "password": password, **data})


def signed_in_as(client):
    return client.session.get("_auth_user_id")


def words(response):
    """What the page says, without what differs from one request to the next."""
    text = re.sub(r'(name="csrfmiddlewaretoken"|name="login"|name="email") [^>]*', "", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r'value="[^"]*"', "", text))


class SignInTests:
    def test_a_visitor_is_led_to_the_sign_in_page_and_back(self, client, member):
        asked = client.get("/account/password/change/")
        assert asked.url == f"{SIGN_IN}?next=/account/password/change/"
        assert client.get(asked.url).status_code == 200
        came = client.post(asked.url, {"login": member.email, "password": PASSWORD})
        assert came.url == "/account/password/change/"

    def test_the_email_may_be_written_in_any_case(self, client, member):
        assert sign_in(client, "MIA@Example.com").url == reverse("studio")
        assert signed_in_as(client) == str(member.pk)

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_nobody_is_sent_to_another_site(self, client, member, elsewhere):
        assert sign_in(client, next=elsewhere).url == reverse("studio")

    def test_a_wrong_password_and_an_unknown_email_are_answered_alike(self, client, member):
        wrong = sign_in(client, password="not it")
        unknown = sign_in(client, "nobody@example.com")
        assert "That email and password" in wrong.content.decode()
        assert words(wrong) == words(unknown)
        assert signed_in_as(client) is None

    def test_after_five_wrong_tries_the_right_password_has_to_wait(self, client, member):
        for _ in range(5):
            sign_in(client, password="not it")
        assert "Too many tries." in sign_in(client).content.decode()
        assert signed_in_as(client) is None

    def test_only_who_knows_the_password_learns_that_the_account_is_switched_off(self, client, member):
        User.objects.update(is_active=False)
        assert "That email and password" in sign_in(client, password="not it").content.decode()
        off = sign_in(client)
        assert "This account is switched off." in client.get(off.url).content.decode()
        assert signed_in_as(client) is None

    def test_the_session_lasts_thirty_days_or_until_the_browser_closes(self, client, member):
        sign_in(client, remember="on")
        assert client.session.get_expiry_age() == timedelta(days=30).total_seconds()
        client.logout()
        sign_in(client)
        assert client.session.get_expire_at_browser_close()

    def test_who_is_signed_in_has_no_business_there(self, client, member):
        client.force_login(member)
        assert client.get(SIGN_IN).url == reverse("studio")

    def test_nobody_invites_themselves(self, client, member):
        client.force_login(member)
        for page in ("signup", "email", "password/set", "reauthenticate", "login/code", "confirm-email", ""):
            assert client.get(f"/account/{page}/".replace("//", "/")).status_code == 404

    def test_the_page_points_to_the_set_up_link_until_there_is_an_admin(self, client, db):
        assert "set-up link" in client.get(SIGN_IN).content.decode()
        User.objects.create_superuser("ada@example.com", PASSWORD, name="Ada Admin")
        assert "set-up link" not in client.get(SIGN_IN).content.decode()

    def test_signing_out_takes_a_press_of_the_button(self, client, member):
        client.force_login(member)
        assert "Sign out?" in client.get("/account/logout/").content.decode()
        assert signed_in_as(client) == str(member.pk)
        assert client.post("/account/logout/").url == SIGN_IN
        assert signed_in_as(client) is None


class ChangePasswordTests:
    URL = "/account/password/change/"

    def test_it_is_changed_here_and_signs_out_everywhere_else(self, client, member):
        elsewhere = type(client)()
        sign_in(client)
        sign_in(elsewhere)
        assert client.post(self.URL, {"oldpassword": PASSWORD, "password1": NEW}).url == reverse("profile")
        member.refresh_from_db()
        assert member.check_password(NEW)
        assert "Your password is changed." in client.get(self.URL).content.decode()
        assert elsewhere.get(self.URL).status_code == 302

    def test_the_current_one_must_be_known_and_the_new_one_strong(self, client, member):
        client.force_login(member)
        page = client.post(self.URL, {"oldpassword": "not it", "password1": "mia@example"}).content.decode()
        assert "That is not your current password." in page
        assert "too similar to the email" in page
        member.refresh_from_db()
        assert member.check_password(PASSWORD)


class ResetPasswordTests:
    URL = "/account/password/reset/"

    def ask(self, client, email):
        response = client.post(self.URL, {"email": email}, follow=True)
        for thread in threading.enumerate():
            if thread.name == "mail":
                thread.join()
        return response

    def link(self):
        return re.search(r"http://testserver(/account/password/reset/key/\S+)", mail.outbox[0].body)[1]

    def test_the_mailed_link_opens_once_for_a_new_password(self, client, member):
        self.ask(client, "Mia@example.com")
        assert [message.to for message in mail.outbox] == [[member.email]]
        form = client.get(self.link(), follow=True)
        assert "Choose a new password." in form.content.decode()
        saved = client.post(form.request["PATH_INFO"], {"password1": NEW}, follow=True)
        assert "Your password is changed." in saved.content.decode()
        assert "This link no longer works." in client.get(self.link()).content.decode()
        assert sign_in(client, password=NEW).url == reverse("studio")

    def test_a_weak_one_is_refused_and_the_link_still_works(self, client, member):
        self.ask(client, member.email)
        form = client.get(self.link(), follow=True).request["PATH_INFO"]
        assert "too short" in client.post(form, {"password1": "fog"}).content.decode()
        assert client.post(form, {"password1": NEW}).status_code == 302

    def test_strangers_get_the_same_answer_and_no_mail(self, client, member):
        known, unknown = (self.ask(client, email) for email in (member.email, "nobody@example.com"))
        assert words(known) == words(unknown)
        assert len(mail.outbox) == 1

    def test_a_dead_mail_server_shows_in_the_log_not_in_the_answer(self, client, member, settings, caplog):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = 1
        known, unknown = (self.ask(client, email) for email in (member.email, "nobody@example.com"))
        assert words(known) == words(unknown)
        assert [record.message for record in caplog.records if record.name == "generations.mail"] == [
            "A mail could not be delivered. Check EMAIL_URL."
        ]

    def test_without_a_mail_server_the_page_does_not_promise_a_mail(self, client, member, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        assert "This studio sends no mail." in client.get(f"{self.URL}done/").content.decode()

    def test_a_made_up_link_is_refused_kindly(self, client, member):
        page = client.get(f"/account/password/reset/key/{member.pk}-c1x2y3-0123456789abcdef/")
        assert "This link no longer works." in page.content.decode()

    def test_twenty_one_requests_in_a_minute_are_too_many(self, client, db):
        answers = [client.post(self.URL, {"email": f"{number}@example.com"}) for number in range(21)]
        assert [answer.status_code for answer in answers] == [302] * 20 + [429]
        assert "That was a lot at once." in answers[-1].content.decode()


ADA = {"name": "Ada Admin", "email": "Ada@Example.com", "password": NEW}


class SetUpTests:
    def test_it_makes_the_first_admin_and_signs_them_in(self, client, db):
        assert "Make it yours." in client.get(set_up_path()).content.decode()
        assert client.post(set_up_path(), ADA).url == reverse("studio")
        ada = User.objects.get()
        assert (ada.name, ada.email, ada.is_superuser, ada.is_staff) == ("Ada Admin", "ada@example.com", True, True)
        assert ada.check_password(NEW)
        assert signed_in_as(client) == str(ada.pk)
        assert client.get(reverse("admin:index")).status_code == 200

    def test_afterwards_the_link_is_gone_for_everybody(self, client, admin_user):
        assert client.get(set_up_path()).status_code == 404
        client.force_login(admin_user)
        assert client.post(set_up_path(), ADA).status_code == 404
        assert User.objects.count() == 1

    @pytest.mark.parametrize("token", ["x", "R9AmqE94NAVRNE_mqGFl1saI2yXGntMvJxh9Pkj4zhk", "ü"])
    def test_another_token_opens_nothing(self, client, db, token):
        assert client.get(reverse("set-up", args=[token])).status_code == 404
        assert client.post(reverse("set-up", args=[token]), ADA).status_code == 404
        assert User.objects.count() == 0

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"password": "fog"}, "too short"),
            ({"password": "ada@example"}, "too similar to the email"),
            ({"password": ""}, "This field is required."),
            ({"email": "ada"}, "Enter a valid email address."),
            ({"name": " "}, "This field is required."),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nobody_is_made(self, client, db, wrong, said):
        page = client.post(set_up_path(), ADA | wrong).content.decode()
        assert page.count('aria-invalid="true"') == 1
        assert said in page
        assert User.objects.count() == 0

    def test_two_who_race_make_one_admin(self, db):
        first, second = SetUpForm(ADA), SetUpForm(ADA | {"email": "eve@example.com"})
        assert first.is_valid()
        assert second.is_valid()
        assert first.make_admin().email == "ada@example.com"
        assert second.make_admin() is None
        assert User.objects.count() == 1
