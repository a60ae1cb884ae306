"""The shelf and the page of a collection: who sees what, who may what."""

import re

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from generations.models import Collection, Output, ShareLink
from tests.views.conftest import HTMX, html

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(make_task, make_output):
    """Four saved files of as many tasks of Mia's."""
    return [make_output(make_task("done", text=f"ridge {number}")) for number in range(4)]


@pytest.fixture
def ridges(member, files):
    collection = Collection.objects.create(owner=member, name="Ridges", description="Before the colour arrives")
    collection.add(Output.objects.all(), member)
    return collection


@pytest.fixture
def by(client):
    """by(person) is the browser of that person; None is a visitor."""

    def sign_in(person):
        client.logout()
        if person:
            client.force_login(person)
        return client

    return sign_in


def shown(page):
    """The files on the page of a collection, in order."""
    return [int(pk) for pk in re.findall(r'id="item-(\d+)"', html(page))]


def names(page):
    return re.findall(r'<h2><a href="/collections/\d+/">([^<]+)</a>', html(page))


class ShelfTests:
    def test_everybody_sees_the_teams_and_admins_all(self, by, member, colleague, viewer, admin_user):
        Collection.objects.create(owner=member, name="Mine", is_private=True)
        Collection.objects.create(owner=colleague, name="Ours")
        assert names(by(member).get("/collections/")) == ["Ours", "Mine"]
        assert names(by(colleague).get("/collections/")) == ["Ours"]
        assert names(by(viewer).get("/collections/")) == ["Ours"]
        assert names(by(admin_user).get("/collections/")) == ["Ours", "Mine"]
        assert by(None).get("/collections/").status_code == 302

    def test_words_and_owner_narrow_it(self, by, member, colleague, ridges):
        Collection.objects.create(owner=colleague, name="Portraits")
        page = by(member)
        assert names(page.get("/collections/?words=COLOUR+ridg")) == ["Ridges"]
        assert names(page.get("/collections/?whose=team")) == ["Portraits"]
        assert names(page.get("/collections/?whose=mine")) == ["Ridges"]
        assert names(page.get("/collections/?whose=nonsense&page=0")) == ["Portraits", "Ridges"]
        assert "No collection matches “moon”." in html(page.get("/collections/?words=moon"))

    def test_a_cover_shows_three_the_chosen_one_first(self, by, member, ridges, files):
        def cover():
            return [int(pk) for pk in re.findall(r"/media/(\d+)/", html(by(member).get("/collections/")))]

        assert cover() == [file.pk for file in files[:3]]
        by(member).post(f"/collections/{ridges.pk}/cover/", {"file": files[3].pk})
        assert cover() == [files[each].pk for each in (3, 0, 1)]
        files[3].task.bin(member)
        assert cover() == [file.pk for file in files[:3]]

    def test_what_others_keep_to_themselves_is_neither_counted_nor_on_the_cover(self, by, colleague, ridges, files):
        for file in files[1:]:
            file.task.make_private(file.task.author)
        page = html(by(colleague).get("/collections/"))
        assert "1 file<" in page
        assert re.findall(r"/media/(\d+)/", page) == [str(files[0].pk)]

    def test_what_is_shared_says_so(self, by, member, ridges):
        link = ShareLink.objects.create(collection=ridges, creator=member)
        page = html(by(member).get("/collections/"))
        assert "1 collection, 1 shared with people outside the team." in page
        assert "Shared</span>" in page
        link.revoke(member)
        assert "Shared</span>" not in html(by(member).get("/collections/"))

    def test_many_come_in_pages(self, by, member):
        Collection.objects.bulk_create(Collection(owner=member, name=f"No. {number:02}") for number in range(30))
        page = by(member).get("/collections/")
        assert len(names(page)) == 24
        more = by(member).get("/collections/?page=2", headers=HTMX | {"HX-Target": "div#more"})
        assert len(names(more)) == 6
        assert len(names(by(member).get("/collections/?page=2"))) == 30

    def test_an_empty_one_says_how_to_begin(self, by, member):
        assert "No collections yet." in html(by(member).get("/collections/"))


class CollectionTests:
    def test_shows_its_files_in_order_and_what_one_may_do(
        self, by, member, colleague, viewer, admin_user, ridges, files
    ):
        for person, may_order, may_remove in (
            (member, True, True),
            (admin_user, True, True),
            (colleague, False, False),
            (viewer, False, False),
        ):
            page = by(person).get(f"/collections/{ridges.pk}/")
            assert shown(page) == [file.pk for file in files]
            assert ("data-grip" in html(page), "Delete collection" in html(page)) == (may_order, may_order)
            assert (f"Remove from {ridges}" in html(page)) == may_remove
            assert f'href="/collections/{ridges.pk}/zip/"' in html(page)
        assert by(None).get(f"/collections/{ridges.pk}/").status_code == 302

    def test_a_private_one_is_its_owners_and_the_admins(self, by, member, colleague, viewer, admin_user, ridges):
        Collection.objects.update(is_private=True)
        answers = [by(person).get(f"/collections/{ridges.pk}/").status_code for person in (member, admin_user)]
        assert answers == [200, 200]
        assert [by(person).get(f"/collections/{ridges.pk}/").status_code for person in (colleague, viewer)] == [404] * 2

    def test_leads_to_each_file_among_the_others(self, by, member, ridges, make_output, files):
        second = make_output(files[0].task)
        ridges.add(Output.objects.filter(pk=second.pk), member)
        assert f"/tasks/{second.task_id}/?file=2&amp;collection={ridges.pk}" in html(
            by(member).get(ridges.get_absolute_url())
        )

    def test_many_files_come_in_pages_with_as_few_queries(self, by, member, ridges, make_task, make_output):
        def cost(address, **headers):
            with CaptureQueriesContext(connection) as captured:
                page = by_mia.get(address, headers=headers)
            assert html(page).count("data-grip") == len(shown(page))
            return len(captured), shown(page)

        by_mia = by(member)
        few, _ = cost(ridges.get_absolute_url())
        shelf, _ = cost("/collections/")
        task = make_task("done")
        one = make_output(task)
        copies = [Output(**fields(one) | {"position": number}) for number in range(1, 60)]
        Output.objects.bulk_create(copies)
        ridges.add(Output.objects.all(), member)
        ridges.items.update(position=F("position") - 500_000)  # as after many moves to the front
        many, first = cost(ridges.get_absolute_url())
        assert (few, shelf) == (many, cost("/collections/")[0])
        assert max(few, shelf) <= 12
        [address] = re.findall(
            r'hx-get="(/collections/\d+/\?page=2[^"]+)"', html(by_mia.get(ridges.get_absolute_url()))
        )
        more, rest = cost(address.replace("&amp;", "&"), **HTMX, **{"HX-Target": "div#more"})
        assert more <= 8
        assert first + rest == list(ridges.files(member).values_list("pk", flat=True))


def fields(output):
    kept = {field.attname: getattr(output, field.attname) for field in Output._meta.concrete_fields}
    return {name: value for name, value in kept.items() if name != "id"}


class MakeTests:
    def test_a_name_is_enough(self, by, colleague):
        answer = by(colleague).post("/collections/new/", {"name": "First light"})
        made = Collection.objects.get()
        assert (answer.url, made.owner, made.is_private) == (made.get_absolute_url(), colleague, False)

    def test_says_what_is_wrong(self, by, member, ridges):
        page = by(member)
        assert page.get("/collections/new/").status_code == 200
        for name, wrong in (("", "Give it a name."), ("Ridges", "already"), ("x" * 81, "At most 80")):
            for headers in ({}, HTMX):
                answer = page.post("/collections/new/", {"name": name, "description": "x"}, headers=headers)
                assert answer.status_code == 422
                assert wrong in html(answer)

    def test_viewers_and_visitors_make_none(self, by, viewer):
        assert by(viewer).post("/collections/new/", {"name": "x"}).status_code == 403
        assert by(viewer).get("/collections/new/").status_code == 403
        assert by(None).post("/collections/new/", {"name": "x"}).status_code == 302
        assert not Collection.objects.exists()


class ChangeTests:
    def test_its_owner_and_admins_describe_and_delete_it(self, by, member, colleague, viewer, admin_user, ridges):
        edit, delete = f"/collections/{ridges.pk}/edit/", f"/collections/{ridges.pk}/delete/"
        told = {"name": "Peaks", "description": "", "is_private": "on"}
        for person, refusal in ((colleague, 404), (viewer, 403)):
            assert by(person).post(edit, told).status_code == refusal
            assert by(person).post(delete).status_code == refusal
        assert by(colleague).get(edit).status_code == 404
        assert by(admin_user).post(edit, told).status_code == 302
        ridges.refresh_from_db()
        assert (ridges.name, ridges.owner, ridges.is_private) == ("Peaks", member, True)
        assert by(member).get(edit).status_code == 200

    def test_a_deleted_one_can_be_taken_back_from_the_message_and_from_its_page(
        self, by, member, colleague, ridges, files
    ):
        page = by(member)
        shelf = page.post(f"/collections/{ridges.pk}/delete/", follow=True)
        assert f'hx-post="/collections/{ridges.pk}/restore/"' in html(shelf)
        gone = page.get(ridges.get_absolute_url())
        assert (gone.status_code, "can be restored until" in html(gone)) == (404, True)
        assert "Restore Ridges" in html(page.get("/bin/"))
        assert "Ridges" not in html(by(colleague).get("/bin/"))
        assert by(colleague).get(ridges.get_absolute_url()).status_code == 404
        assert by(colleague).post(f"/collections/{ridges.pk}/restore/").status_code == 404
        assert shown(by(member).post(f"/collections/{ridges.pk}/restore/", follow=True)) == [file.pk for file in files]

    def test_links_to_a_deleted_one_are_over(self, by, member, ridges):
        link = ShareLink.objects.create(collection=ridges, creator=member)
        assert ShareLink.objects.live().exists()
        by(member).post(f"/collections/{ridges.pk}/delete/")
        assert not ShareLink.objects.live().exists()
        assert not ShareLink.objects.get(pk=link.pk).is_live
