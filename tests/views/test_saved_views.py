"""Filters under a name: saved, applied, shared with the team, renamed and deleted; with script and without."""

import pytest

from generations.models import SavedView
from tests.views.conftest import HTMX, html

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(member):
    return SavedView.objects.create(owner=member, name="Night", query="q=night&status=done")


def views():
    return list(SavedView.objects.order_by("pk").values_list("owner", "name", "query", "is_shared"))


class SavingTests:
    def test_the_filters_in_use_get_a_name(self, mia, member):
        assert 'value="q=sea&amp;status=done"' in html(mia.get("/views/?status=done&q=sea&page=3", headers=HTMX))
        data = {"query": "status=done&q=+sea&nonsense=1", "name": " Sea ", "is_shared": "on"}
        answer = mia.post("/views/", data)
        assert answer["Location"] == "/?q=sea&status=done"
        assert views() == [(member.pk, "Sea", "q=sea&status=done", True)]

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"name": ""}, "Give it a name."),
            ({"name": "x" * 81}, "At most 80 characters."),
            ({"name": "Night"}, "You have a view of that name already."),
            ({"name": "All", "query": "page=2"}, "Nothing is filtered"),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field(self, mia, night, data, said):
        before = views()
        for headers in (HTMX, {}):
            answer = mia.post("/views/", {"query": "q=sea"} | data, headers=headers)
            assert answer.status_code == 422
            assert said in html(answer)
            assert ("<html" in html(answer)) == (not headers)
        assert views() == before

    def test_nothing_can_be_saved_where_nothing_is_filtered(self, mia, night):
        page = html(mia.get("/views/", headers=HTMX))
        assert "Save these filters" not in page
        assert 'href="/?q=night&amp;status=done"' in page


class ApplyingTests:
    def test_the_one_in_use_is_marked_in_the_list(self, mia, night):
        SavedView.objects.create(owner=night.owner, name="Day", query="q=day")
        assert html(mia.get("/views/?status=done&q=night", headers=HTMX)).count("aria-current") == 1
        assert "aria-current" not in html(mia.get("/views/?q=night", headers=HTMX))

    def test_others_see_only_what_is_for_the_team(self, client, colleague, night):
        client.force_login(colleague)
        assert "Night" not in html(client.get("/views/"))
        SavedView.objects.update(is_shared=True)
        page = html(client.get("/views/"))
        assert "Night" in page
        assert f"/views/{night.pk}/" not in page


class ChangingTests:
    def test_another_name_and_for_the_team(self, mia, member, night):
        assert 'value="Night"' in html(mia.get(f"/views/{night.pk}/"))
        answer = mia.post(f"/views/{night.pk}/", {"name": "Nights", "is_shared": "on"})
        assert answer["Location"] == "/?q=night&status=done"
        assert views() == [(member.pk, "Nights", "q=night&status=done", True)]
        assert mia.post(f"/views/{night.pk}/", {"name": ""}).status_code == 422

    def test_deleted_it_is_gone_and_its_filters_are_still_in_use(self, mia, night):
        answer = mia.post(f"/views/{night.pk}/delete/", follow=True)
        assert answer.redirect_chain == [("/?q=night&status=done", 302)]
        assert "“Night” is deleted." in html(answer)
        assert views() == []

    def test_only_its_owner_and_admins_of_what_is_shared(self, client, colleague, viewer, admin_user, night):
        for person, status in ((colleague, 404), (viewer, 403), (admin_user, 404)):
            client.force_login(person)
            assert client.get(f"/views/{night.pk}/").status_code == status
            assert client.post(f"/views/{night.pk}/delete/").status_code == status
        assert client.get(f"/views/{night.pk}/delete/").status_code == 405
        SavedView.objects.update(is_shared=True)
        assert client.get(f"/views/{night.pk}/").status_code == 200
        client.force_login(viewer)
        assert client.post("/views/", {"query": "q=x", "name": "x"}).status_code == 403
        client.logout()
        assert client.get("/views/")["Location"].startswith("/account/login/")
        assert len(views()) == 1
