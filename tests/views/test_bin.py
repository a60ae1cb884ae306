"""The bin: thrown away, gone everywhere at once, and taken out again by who may."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from generations.models import Heartbeat, Revision, ShareLink, Task
from tests.views.conftest import HTMX, html

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(make_task, make_output):
    """A task of Mia's with a saved file."""
    task = make_task("done", text="a lighthouse at dusk")
    make_output(task)
    return task


def on_wall(seen=None, **more):
    """What a page of the wall sends along."""
    known = {"seen": Revision.latest() if seen is None else seen, "day": localdate().isoformat()}
    return known | {"worker": str(Heartbeat.is_any_fresh())} | more


def parts(response):
    return re.findall(r'<hx-partial (?:id|hx-target)="([^"]+)"\s+hx-swap="(\w+)"', html(response))


def in_bin():
    return set(Task.objects.binned().values_list("pk", flat=True))


class AddTests:
    def test_on_the_wall_the_card_goes_and_it_can_be_undone(self, mia, work):
        answer = mia.post("/bin/add/", on_wall(pick=work.pk), headers=HTMX)
        assert in_bin() == {work.pk}
        assert (f"task-{work.pk}", "delete") in parts(answer)
        assert "Moved to the bin." in html(answer)
        [revision] = re.findall(r'action="/bin/restore/".*name="revision" value="(\d+)".*Undo', html(answer), re.S)
        mia.post("/bin/restore/", on_wall(revision=revision), headers=HTMX)
        assert in_bin() == set()

    def test_many_at_once(self, mia, work, make_task, colleague):
        failed, running, theirs = make_task("failed"), make_task("processing"), make_task("done", author=colleague)
        picked = [work.pk, failed.pk, running.pk, theirs.pk]
        answer = html(mia.post("/bin/add/", on_wall(pick=picked), headers=HTMX))
        assert in_bin() == {work.pk, failed.pk}
        assert "2 moved to the bin; 1 is not finished yet and 1 is somebody else" in answer

    def test_it_is_gone_everywhere_at_once(self, mia, work, member):
        link = ShareLink.make(work, member, days=30)
        output = work.outputs.get()
        visitor = Client()
        places = [f"/media/{output.pk}/original/", f"/media/{output.pk}/small/", work.get_absolute_url()]
        doors = [
            link.get_absolute_url(),
            f"/s/{link.token}/{output.pk}/original/",
            f"/s/{link.token}/{output.pk}/small/",
        ]
        assert {mia.get(place).status_code for place in places} == {200}
        assert {visitor.get(door).status_code for door in doors} == {200}
        mia.post("/bin/add/", {"pick": work.pk})
        assert {mia.get(place).status_code for place in places} == {404}
        assert {visitor.get(door).status_code for door in doors} == {410}
        wall = html(mia.get("/?q=lighthouse"))
        assert f'id="task-{work.pk}"' not in wall
        assert "Nothing matches" in wall
        assert 'class="faint num push">1' not in html(mia.get("/find/status/"))
        for address in ("favourites/", "ratings/", f"tasks/{work.pk}/links/", f"tasks/{work.pk}/order-again/"):
            assert mia.post(f"/{address}", {"pick": work.pk, "stars": 3, "days": 7}).status_code == 404
        mia.post("/bin/restore/", {"pick": work.pk})
        assert {mia.get(place).status_code for place in places} == {200}
        assert {visitor.get(door).status_code for door in doors} == {200}

    def test_without_script_one_is_back_and_can_undo_it(self, mia, work):
        there = {"Referer": "http://testserver/?kind=image"}
        assert mia.post("/bin/add/", {"pick": work.pk}, headers=there).url == "http://testserver/?kind=image"
        assert re.search("Moved to the bin.*Undo", html(mia.get("/")), re.S)

    @pytest.mark.parametrize("htmx", [{}, HTMX])
    def test_from_its_own_page_one_comes_to_the_wall(self, mia, work, htmx):
        there = {"Referer": f"http://testserver{work.get_absolute_url()}?file=1"}
        answer = mia.post("/bin/add/", on_wall(pick=work.pk, task=work.pk), headers=there | htmx)
        assert (answer.get("HX-Redirect") or answer.url) == "/"

    def test_only_who_may_change_it(self, client, work, colleague, admin_user):
        client.force_login(colleague)
        client.post("/bin/add/", {"pick": work.pk})
        assert in_bin() == set()
        assert "Nothing changed: 1 is somebody else" in html(client.get("/"))
        client.force_login(admin_user)
        client.post("/bin/add/", {"pick": work.pk})
        assert Task.objects.get(pk=work.pk).binned_by == admin_user
        assert Client().post("/bin/add/", {"pick": work.pk}).url.startswith("/account/login/")
        assert client.get("/bin/add/").status_code == 405


class RestoreTests:
    def test_undone_the_card_returns_beside_its_neighbour(self, mia, make_task):
        older, task, newer = (make_task("done") for _ in range(3))
        mia.post("/bin/add/", {"pick": task.pk})
        answer = mia.post("/bin/restore/", on_wall(pick=task.pk), headers=HTMX)
        assert in_bin() == set()
        assert parts(answer)[1] == (f"task-{older.pk}", "beforebegin")
        assert "Restored." in html(answer)
        mia.post("/bin/add/", {"pick": [older.pk, task.pk]})
        answer = mia.post("/bin/restore/", on_wall(pick=older.pk), headers=HTMX)
        assert parts(answer)[1] == (f"task-{newer.pk}", "afterend")

    def test_neighbours_return_together_in_their_order(self, mia, make_task):
        """Partials find their places before any of them is put there."""
        first, second, newest = (make_task("done") for _ in range(3))
        mia.post("/bin/add/", {"pick": [first.pk, second.pk]})
        answer = mia.post("/bin/restore/", on_wall(pick=[first.pk, second.pk]), headers=HTMX)
        assert [part for part in parts(answer) if part[1] == "afterend"] == [(f"task-{newest.pk}", "afterend")]
        page = html(answer)
        assert page.index(f'id="task-{second.pk}"') < page.index(f'id="task-{first.pk}"')

    def test_alone_today_it_is_put_there_and_on_an_earlier_day_it_comes_with_the_page(self, mia, work):
        mia.post("/bin/add/", {"pick": work.pk})
        answer = mia.post("/bin/restore/", on_wall(pick=work.pk), headers=HTMX)
        assert ("grid", "afterbegin") in parts(answer)
        Task.objects.update(created_at=now() - timedelta(days=2))
        mia.post("/bin/add/", {"pick": work.pk})
        assert mia.post("/bin/restore/", on_wall(pick=work.pk), headers=HTMX)["HX-Refresh"] == "true"

    def test_who_may_and_until_when(self, client, work, member, colleague, admin_user):
        work.bin(member)
        for person, status in ((colleague, 404), (admin_user, 302)):
            client.force_login(person)
            assert client.post("/bin/restore/", {"pick": work.pk}).status_code == status
        work.bin(member)
        Task.objects.update(binned_at=now() - timedelta(days=30, seconds=1))
        assert client.post("/bin/restore/", {"pick": work.pk}).status_code == 404
        assert in_bin() == {work.pk}


class ContentsTests:
    def test_everybody_sees_their_own_and_admins_all(self, client, work, make_task, member, colleague, admin_user):
        theirs = make_task("failed", author=colleague)
        work.bin(member), theirs.bin(admin_user)
        for person, seen in ((member, {work}), (colleague, {theirs}), (admin_user, {work, theirs})):
            client.force_login(person)
            page = html(client.get("/bin/"))
            assert set(re.findall(r'id="binned-(\d+)"', page)) == {str(task.pk) for task in seen}
        assert "Binned by Ada Admin · 30 days left" in " ".join(page.split())
        assert Client().get("/bin/").url.startswith("/account/login/")

    def test_its_small_pictures_are_for_who_may_restore(self, client, work, member, colleague):
        picture = f"/bin/{work.outputs.get().pk}/"
        client.force_login(member)
        assert client.get(picture).status_code == 404
        work.bin(member)
        assert client.get(picture)["Content-Type"] == "image/webp"
        client.force_login(colleague)
        assert client.get(picture).status_code == 404

    def test_an_empty_one_says_so(self, mia):
        assert "Nothing in the bin." in html(mia.get("/bin/"))

    def test_its_own_page_leads_there_who_may_restore(self, client, work, member, colleague):
        work.bin(member)
        for person, led in ((member, True), (colleague, False)):
            client.force_login(person)
            answer = client.get(work.get_absolute_url())
            assert answer.status_code == 404
            assert ("This one is in the bin." in html(answer)) is ("/bin/restore/" in html(answer)) is led
