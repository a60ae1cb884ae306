"""A person's own page: name, time to undo, shortcuts."""

import re

import pytest
from django.urls import reverse

from generations.models import User

URL = "/profile/"
MINE = {"name": "Mia Moon", "undo_seconds": "7", "has_shortcuts": "on"}


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
