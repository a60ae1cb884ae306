"""What the admins decide for the whole team."""

import pytest
from django.urls import reverse

from generations.models import ShareLink, Team
from tests.views.conftest import html

ALL_ON = dict.fromkeys(("links_allowed", "marks_source", "marks_model", "marks_task", "marks_team"), "on")
PATH = "/settings/"


class SettingsTests:
    @pytest.mark.parametrize("who", ["member", "viewer"])
    def test_they_are_for_admins_alone(self, client, request, who, db):
        assert client.get(PATH)["Location"].startswith(reverse("account_login"))
        client.force_login(request.getfixturevalue(who))
        assert client.get(PATH).status_code == 404
        assert client.post(PATH, ALL_ON).status_code in (403, 404)
        assert PATH not in html(client.get("/"))
        assert not Team.objects.exists()

    def test_they_are_kept(self, client, admin_user):
        client.force_login(admin_user)
        assert PATH in html(client.get("/"))
        changes = {"name": "Northlight", "link_longest_days": "30", "link_needs_password": "on", "marks_model": ""}
        assert client.post(PATH, ALL_ON | changes).status_code == 302
        team = Team.objects.get()
        assert (team.pk, team.name, team.link_longest_days, team.link_needs_password) == (1, "Northlight", 30, True)
        assert (team.links_allowed, team.marks_source, team.marks_model) == (True, True, False)
        client.post(PATH, ALL_ON | {"name": "", "link_longest_days": ""})
        assert Team.objects.get().link_longest_days is None

    def test_what_makes_no_sense_is_refused(self, client, admin_user):
        client.force_login(admin_user)
        response = client.post(PATH, ALL_ON | {"name": "x" * 41, "link_longest_days": "0"})
        assert (response.status_code, set(response.context["form"].errors)) == (422, {"name", "link_longest_days"})
        assert not Team.objects.exists()

    def test_it_is_said_what_became_of_open_links(self, client, admin_user, make_task):
        ShareLink.make(make_task("done"), admin_user, 30)
        client.force_login(admin_user)
        assert "1 link now" in html(client.get(PATH))
        off = {name: value for name, value in ALL_ON.items() if name != "links_allowed"}
        assert "1 link no longer opens." in html(client.post(PATH, off, follow=True))
        assert "1 link opens again." in html(client.post(PATH, ALL_ON, follow=True))
