"""Turning a kind of mail off from the mail itself."""

import pytest
from django.test import Client

from generations.engine.notices import stop_token
from generations.models import User
from tests.views.conftest import html

WISHES = ["ready:mail", "ready:sound", "failed:mail", "weekly:mail"]


@pytest.fixture
def address(member):
    """address(wish) as it stands in Mia's mails."""
    User.objects.filter(pk=member.pk).update(wishes=WISHES)
    return lambda wish: f"/mail/stop/{stop_token(member, wish)}/"


def kept(member):
    return User.objects.get(pk=member.pk).wishes


class StopTests:
    def test_looking_changes_nothing(self, client, address, member):
        assert "No more of these mails?" in html(client.get(address("ready")))
        assert kept(member) == WISHES

    def test_one_post_without_signing_in_turns_this_kind_off(self, address, member):
        strict = Client(enforce_csrf_checks=True)  # mail programs have no cookie
        for _ in range(2):
            assert "No more of these mails." in html(strict.post(address("ready")))
        assert kept(member) == WISHES[1:]

    @pytest.mark.parametrize("who", ["member", "colleague", "viewer", "admin_user"])
    def test_who_is_signed_in_makes_no_difference(self, client, address, member, who, request):
        client.force_login(request.getfixturevalue(who))
        client.post(address("weekly"))
        assert kept(member) == WISHES[:-1]

    def test_a_guessed_address_is_none(self, client, address, member):
        for wrong in (address("ready").replace(":ready", ":failed"), "/mail/stop/1:ready/", "/mail/stop/x/"):
            assert client.get(wrong).status_code == client.post(wrong).status_code == 404
        assert kept(member) == WISHES
