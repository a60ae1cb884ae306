"""Two-step sign-in: a code from the phone after the password, recovery codes, and who may switch it off."""

import re
import time
from importlib import import_module
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from generations import sealed
from generations.accounts import CHANGED
from generations.admin import users
from tests.conftest import PASSWORD
from tests.views.conftest import html
from tests.views.test_budgets import wait_for

PROFILE, ON, OFF = "/profile/", "/account/two-step/on/", "/account/two-step/off/"
CODES, NEW_CODES, CODE = "/account/two-step/codes/", "/account/two-step/codes/new/", "/account/code/"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def sign_in(browser, person):
    return browser.post("/account/login/", {"login": person.email, "password": PASSWORD})


def confirm(browser, path, password=PASSWORD):
    """Go where the password is asked for first, and give it."""
    asked = browser.get(path)
    assert asked.url.startswith("/account/confirm/?next=")
    return browser.post(asked.url, {"password": password}, follow=True)


def code_of(key, steps=0):
    """What an authenticator app shows, so many half minutes from now."""
    return format_hotp_value(hotp_value(key, int(time.time()) // 30 + steps))


def switch_on(browser):
    """The key in the phone, and the recovery codes."""
    page = html(confirm(browser, ON))
    key = re.search(r"key <code>(\w+)</code>", page)[1]
    answer = browser.post(ON, {"code": code_of(key)}, follow=True)
    return key, re.findall(r"<code>(\d{8})</code>", html(answer))


@pytest.fixture
def mia(client, member):
    sign_in(client, member)
    return client


class SwitchOnTests:
    def test_the_password_first_then_the_code_that_the_phone_shows(self, mia, member):
        page = html(confirm(mia, ON))
        assert "<svg" in page
        assert "style=" not in page
        assert "That code is not right" in html(mia.post(ON, {"code": "12345"}))
        assert not member.has_second_step
        key = re.search(r"key <code>(\w+)</code>", html(mia.get(ON)))[1]
        assert mia.post(ON, {"code": code_of(key)}).url == CODES
        assert member.has_second_step
        assert "a code from your phone is asked for" in html(mia.get(PROFILE))

    def test_a_wrong_password_opens_nothing(self, mia):
        assert "That is not your password." in html(confirm(mia, ON, "not it"))
        assert mia.get(ON).status_code == 302

    @pytest.mark.parametrize("who", ["colleague", "viewer", "admin_user"])
    def test_everybody_may(self, request, who):
        person, browser = request.getfixturevalue(who), Client()
        sign_in(browser, person)
        _, codes = switch_on(browser)
        assert len(codes) == 10
        browser.post(NEW_CODES)
        assert browser.post(OFF).url == "/account/two-step/"
        assert browser.get("/account/two-step/").url == PROFILE
        assert not person.has_second_step

    def test_each_change_is_told_by_mail(self, mia, member, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            switch_on(mia)
            mia.post(NEW_CODES)
        mia.post(OFF)
        wait_for(lambda: len(mail.outbox) == 3)
        told = sorted(each.body.splitlines()[2].split(" Browser: ")[0] for each in mail.outbox)
        assert told == [CHANGED[name] for name in ("totp_deactivated", "recovery_codes_generated", "totp_activated")]

    def test_a_visitor_is_asked_to_sign_in(self, client, db):
        for path in (ON, OFF, CODES, NEW_CODES, f"{CODES}download/", "/account/confirm/", "/account/confirm/code/"):
            assert client.get(path).url.startswith("/account/login/")
            assert client.post(path).url.startswith("/account/login/")
        assert client.get(CODE).url == "/account/login/"


class SignInTests:
    @pytest.fixture
    def phone(self, mia):
        return switch_on(mia)

    def test_the_password_alone_does_not_suffice(self, phone, member):
        browser = Client()
        assert sign_in(browser, member).url == CODE
        assert browser.get(PROFILE).status_code == 302
        page = html(browser.get(CODE))
        assert "And the code." in page
        assert member.email not in page
        assert "That code is not right" in html(browser.post(CODE, {"code": "000 00"}))
        assert browser.get(PROFILE).status_code == 302
        assert browser.post(CODE, {"code": code_of(phone[0], 1)}).url == reverse("studio")
        assert browser.get(PROFILE).status_code == 200

    def test_a_code_and_a_recovery_code_work_once(self, phone, member):
        for code in (code_of(phone[0], 1), phone[1][0]):
            first, second = Client(), Client()
            for browser in (first, second):
                sign_in(browser, member)
            assert first.post(CODE, {"code": code}).status_code == 302
            assert "used already" in html(second.post(CODE, {"code": code}))

    def test_after_five_wrong_codes_the_right_one_has_to_wait(self, phone, member):
        browser = Client()
        sign_in(browser, member)
        for _ in range(5):
            browser.post(CODE, {"code": "12345"})
        assert "Too many tries." in html(browser.post(CODE, {"code": code_of(phone[0], 1)}))
        assert browser.get(PROFILE).status_code == 302

    def test_the_doors_of_the_history_ask_for_it_too(self, admin_user):
        own, thief = Client(), Client()
        sign_in(own, admin_user)
        switch_on(own)
        door = thief.get("/admin/", follow=True).request["PATH_INFO"]
        assert thief.post(door, {"login": admin_user.email, "password": PASSWORD}).url.startswith(CODE)
        assert thief.get("/admin/").status_code == 302


class RecoveryTests:
    def test_the_codes_are_shown_and_taken_home_by_who_gives_the_password(self, mia, member):
        _, codes = switch_on(mia)
        assert re.findall(r"^\d{8}$", html(mia.get(f"{CODES}download/")), re.M) == codes
        later = Client()
        later.force_login(member)
        assert later.get(CODES).url.startswith("/account/confirm/")
        assert later.get(f"{CODES}download/").url.startswith("/account/confirm/")

    def test_new_ones_end_the_old_ones(self, mia):
        _, codes = switch_on(mia)
        fresh = re.findall(r"<code>(\d{8})</code>", html(mia.post(NEW_CODES, follow=True)))
        assert len(fresh) == 10
        assert not set(codes) & set(fresh)

    def test_there_are_none_without_the_second_step(self, mia):
        confirm(mia, NEW_CODES)
        assert mia.get(CODES).status_code == mia.get(f"{CODES}download/").status_code == 404
        assert mia.post(NEW_CODES).status_code == 200
        assert mia.get(OFF).status_code == 404


class HelpTests:
    """For who lost the phone and the codes."""

    def test_an_admin_switches_it_off_and_they_are_told(self, mia, member, admin_user):
        switch_on(mia)
        ada = Client()
        ada.force_login(admin_user)
        path = f"/team/{member.pk}/"
        assert "Switch off two-step sign-in" in html(ada.get(path))
        assert "signs in with the password alone" in html(ada.post(f"{path}second-step/drop/", follow=True))
        assert "Only they themselves can switch it on" in html(ada.get(path))
        assert sign_in(Client(), member).url == reverse("studio")
        assert LogEntry.objects.get().get_change_message() == "Two-step sign-in switched off."
        wait_for(lambda: mail.outbox)
        [told] = mail.outbox
        assert (told.to, "Your password alone signs you in now" in told.body) == ([member.email], True)

    def test_nobody_switches_off_their_own_without_the_password(self, admin_user):
        ada = Client()
        sign_in(ada, admin_user)
        switch_on(ada)
        answer = ada.post(f"/team/{admin_user.pk}/second-step/drop/", follow=True)
        assert "That is you" in html(answer)
        assert not users.drop_second_step(admin_user, admin_user)
        assert admin_user.has_second_step

    def test_so_does_the_action_of_the_history(self, mia, member, admin_user):
        switch_on(mia)
        [action] = [each for each in users.ACTIONS if each.name == "drop_second_step"]
        assert action.fits(member)
        assert users.drop_second_step(member, admin_user)
        assert not action.fits(member)
        assert LogEntry.objects.get().change_message == "Two-step sign-in switched off."

    def test_and_a_command_for_the_last_admin(self, mia, member):
        switch_on(mia)
        call_command("drop_second_step", member.email.upper(), stdout=StringIO())
        assert not member.has_second_step
        with pytest.raises(CommandError, match="nobody's who has"):
            call_command("drop_second_step", member.email)


class SealedTests:
    """What codes are checked with lies in no database and no backup to be read."""

    @pytest.fixture
    def phone(self, mia):
        return switch_on(mia)

    def stored(self):
        return {row.type: row.data for row in Authenticator.objects.all()}

    def test_it_is_stored_so_that_only_the_secret_key_reads_it(self, phone):
        key = phone[0]
        assert key not in str(self.stored())
        assert sealed.unseal(self.stored()["totp"]["secret"]) == key

    def test_what_older_versions_stored_is_sealed_by_the_migration(self, phone):
        migration = import_module("generations.migrations.0030_sealed_second_steps")
        migration.unseal_all(apps, None)
        assert self.stored()["totp"]["secret"] == phone[0]
        migration.seal_all(apps, None)
        assert sealed.unseal(self.stored()["totp"]["secret"]) == phone[0]

    def test_codes_still_count_under_a_new_key_while_the_old_one_is_a_fallback_at_one_start(
        self, phone, member, settings
    ):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "b" * 50, [settings.SECRET_KEY]
        sealed.seal_anew()
        settings.SECRET_KEY_FALLBACKS = []
        browser = Client()
        sign_in(browser, member)
        assert browser.post(CODE, {"code": phone[1][0]}).url == reverse("studio")

    def test_under_another_key_people_are_told_who_can_help(self, phone, member, settings):
        settings.SECRET_KEY = "b" * 50
        browser = Client()
        sign_in(browser, member)
        for code in (code_of(phone[0], 1), phone[1][0]):
            assert "An admin of your team can switch" in html(browser.post(CODE, {"code": code}))
        settings.SECRET_KEY_FALLBACKS = ["c" * 50]
        sealed.seal_anew()
        assert Authenticator.objects.count() == 2

    def test_recovery_codes_that_cannot_be_read_are_made_anew(self, mia, phone, settings):
        Authenticator.objects.filter(type="recovery_codes").update(data={"seed": "of another key", "used_mask": 0})
        for path in (CODES, NEW_CODES, f"{CODES}download/"):
            assert "cannot read yours any more" in html(mia.get(path))
        assert len(re.findall(r"<code>(\d{8})</code>", html(mia.post(NEW_CODES, follow=True)))) == 10
