"""Files go into collections, out of them, and to other places in them: by whom, and how it is undone."""

import re

import pytest

from generations.models import Collection, Output
from generations.views import collecting
from tests.views.conftest import HTMX, html

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(make_task, make_output):
    return [make_output(make_task("done", text=f"ridge {number}")) for number in range(4)]


@pytest.fixture
def ridges(member):
    return Collection.objects.create(owner=member, name="Ridges")


@pytest.fixture
def carl(client, colleague):
    client.force_login(colleague)
    return client


def order(collection):
    return list(collection.items.values_list("output", flat=True))


def undo(client, answer):
    """Press Undo in the toast of an answer."""
    [(address, name, value)] = re.findall(
        r'action="(/collections/\d+/undo/)".*?name="(moment|gone)"\s+value="([^"]+)"', html(answer), re.S
    )
    return client.post(address, {name: value}, headers=HTMX)


class ChooserTests:
    def test_tells_how_much_of_what_is_picked_is_there_already(self, carl, colleague, ridges, files):
        ridges.add(Output.objects.filter(pk__in=[files[0].pk, files[1].pk]), colleague)
        Collection.objects.create(owner=colleague, name="Portraits")
        for query, words in (
            (f"file={files[0].pk}", "In it. Press to remove"),
            (f"pick={files[0].task_id}&pick={files[2].task_id}", "Some are in it"),
        ):
            page = html(carl.get(f"/collections/choose/?{query}", headers=HTMX))
            assert words in page
            assert page.index("Portraits") < page.index("Ridges")
        assert "/remove/" not in html(carl.get(f"/collections/choose/?file={files[3].pk}"))

    def test_words_find_and_name(self, carl, ridges, files):
        def page(words):
            return html(carl.post("/collections/choose/", {"file": files[0].pk, "words": words}, headers=HTMX))

        assert "Ridges" in page("rid")
        assert "New collection “rid”" in page("rid")
        assert "New collection" not in page("ridges")
        assert f'name="file" value="{files[0].pk}"' in page("rid")

    def test_works_as_a_page_without_script(self, carl, ridges, files):
        page = html(carl.get(f"/collections/choose/?pick={files[0].task_id}"))
        assert f'formaction="/collections/{ridges.pk}/add/"' in page
        assert 'hx-post="/collections' not in page

    def test_is_not_for_viewers(self, client, viewer, files):
        client.force_login(viewer)
        assert client.get(f"/collections/choose/?file={files[0].pk}").status_code == 403

    def test_does_not_offer_what_others_keep_to_themselves(self, carl, ridges, files):
        Collection.objects.update(is_private=True)
        assert "Ridges" not in html(carl.get(f"/collections/choose/?file={files[0].pk}", headers=HTMX))
        assert carl.post(f"/collections/{ridges.pk}/add/", {"file": files[0].pk}).status_code == 404


class AddTests:
    def test_who_sees_it_may_and_may_undo(self, carl, colleague, ridges, files):
        answer = carl.post(
            f"/collections/{ridges.pk}/add/", {"pick": [files[0].task_id, files[1].task_id]}, headers=HTMX
        )
        assert "2 added to Ridges" in html(answer)
        assert order(ridges) == [files[0].pk, files[1].pk]
        assert "Already in Ridges" in html(
            carl.post(f"/collections/{ridges.pk}/add/", {"file": files[0].pk}, headers=HTMX)
        )
        undo(carl, answer)
        assert order(ridges) == []

    def test_undo_takes_out_just_what_was_added(self, carl, member, ridges, files):
        ridges.add(Output.objects.filter(pk=files[0].pk), member)
        answer = carl.post(f"/collections/{ridges.pk}/add/", {"file": [files[0].pk, files[1].pk]}, headers=HTMX)
        undo(carl, answer)
        assert order(ridges) == [files[0].pk]

    def test_no_more_than_can_be_done_in_a_moment(self, carl, ridges, files, monkeypatch):
        monkeypatch.setattr(collecting, "MOST", 3)
        answer = carl.post(f"/collections/{ridges.pk}/add/", {"all": 1}, headers=HTMX)
        assert "Nothing added: 4 files; 3 at once are the most" in html(answer)
        assert order(ridges) == []

    def test_what_one_may_not_see_cannot_be_added(self, carl, member, ridges, files):
        files[0].task.make_private(member)
        carl.post(f"/collections/{ridges.pk}/add/", {"file": files[0].pk}, headers=HTMX)
        assert order(ridges) == []

    def test_a_new_one_begins_with_what_is_picked(self, carl, colleague, files):
        answer = carl.post("/collections/start/", {"words": "Peaks", "file": files[0].pk}, headers=HTMX)
        assert "Added to Peaks" in html(answer)
        assert order(Collection.objects.get(owner=colleague)) == [files[0].pk]
        again = carl.post("/collections/start/", {"words": "Peaks", "file": files[0].pk}, headers=HTMX)
        assert "You have a collection of that name already." in html(again)

    def test_without_script_one_sees_it_there(self, carl, ridges, files):
        answer = carl.post(f"/collections/{ridges.pk}/add/", {"file": files[0].pk}, follow=True)
        assert answer.redirect_chain == [(ridges.get_absolute_url(), 302)]
        assert f'id="item-{files[0].pk}"' in html(answer)


class RemoveTests:
    def test_who_may_not_is_told(self, carl, member, ridges, files):
        ridges.add(Output.objects.all(), member)
        answer = carl.post(f"/collections/{ridges.pk}/remove/", {"file": files[0].pk}, headers=HTMX)
        assert "Not removed: others put it into Ridges" in html(answer)
        assert len(order(ridges)) == 4
        ridges.items.all().delete()
        answer = carl.post(f"/collections/{ridges.pk}/remove/", {"file": files[0].pk}, headers=HTMX)
        assert "No longer in Ridges" in html(answer)

    def test_undo_puts_it_back_to_its_place(self, mia, member, ridges, files):
        ridges.add(Output.objects.all(), member)
        before = order(ridges)
        answer = mia.post(f"/collections/{ridges.pk}/remove/", {"file": files[1].pk}, headers=HTMX)
        assert f"#item-{files[1].pk}" in html(answer)
        assert order(ridges) == [pk for pk in before if pk != files[1].pk]
        undo(mia, answer)
        assert order(ridges) == before

    def test_an_undo_of_another_collection_or_made_up_is_refused(self, mia, member, ridges, files):
        ridges.add(Output.objects.all(), member)
        other = Collection.objects.create(owner=member, name="Peaks")
        answer = mia.post(f"/collections/{ridges.pk}/remove/", {"file": files[1].pk}, headers=HTMX)
        [gone] = re.findall(r'name="gone"\s+value="([^"]+)"', html(answer))
        assert mia.post(f"/collections/{other.pk}/undo/", {"gone": gone}).status_code == 400
        for nonsense in ({"gone": gone[:-1]}, {"moment": "2026-99-99T00:00:00"}, {}):
            assert mia.post(f"/collections/{ridges.pk}/undo/", nonsense).status_code == 400
        assert len(order(ridges)) == 3


class MoveTests:
    def test_to_a_neighbour_or_by_a_word(self, mia, member, ridges, files):
        a, b, c, d = (file.pk for file in files)
        ridges.add(Output.objects.all(), member)
        for told, wanted in (
            ({"file": d, "before": b}, [a, d, b, c]),
            ({"file": a, "after": c}, [d, b, c, a]),
            ({"file": a, "to": "first"}, [a, d, b, c]),
            ({"file": a, "to": "later"}, [d, a, b, c]),
            ({"file": b, "to": "earlier"}, [d, b, a, c]),
            ({"file": d, "to": "last"}, [b, a, c, d]),
        ):
            answer = mia.post(f"/collections/{ridges.pk}/move/", told, headers=HTMX)
            assert order(ridges) == wanted
            assert f"Moved to place {wanted.index(told['file']) + 1} of 4." in html(answer)

    def test_steps_over_what_one_does_not_see(self, mia, member, colleague, ridges, files, make_task, make_output):
        hidden = make_output(make_task("done", author=colleague, is_private=True))
        ridges.add(Output.objects.filter(pk=files[0].pk), member)
        ridges.add(Output.objects.filter(pk=hidden.pk), colleague)
        ridges.add(Output.objects.filter(pk=files[1].pk), member)
        mia.post(f"/collections/{ridges.pk}/move/", {"file": files[1].pk, "to": "earlier"})
        assert order(ridges) == [files[1].pk, files[0].pk, hidden.pk]

    def test_only_its_owner_and_admins_may(self, client, member, colleague, viewer, ridges, files):
        ridges.add(Output.objects.all(), member)
        for person, refusal in ((colleague, 404), (viewer, 403)):
            client.force_login(person)
            told = {"file": files[1].pk, "to": "first"}
            assert client.post(f"/collections/{ridges.pk}/move/", told).status_code == refusal
            assert client.post(f"/collections/{ridges.pk}/cover/", told).status_code == refusal

    def test_what_is_gone_is_told(self, mia, member, ridges, files):
        ridges.add(Output.objects.filter(pk=files[0].pk), member)
        there = f"/collections/{ridges.pk}/move/"
        assert mia.post(there, {"file": files[1].pk, "before": files[0].pk}, headers=HTMX).status_code == 409
        assert mia.post(there, {"file": "x"}, headers=HTMX).status_code == 400


class ItemTests:
    def test_the_menu_offers_what_one_may(self, client, member, colleague, viewer, ridges, files):
        ridges.add(Output.objects.all(), member)
        there = f"/collections/{ridges.pk}/files/{files[1].pk}/"
        for person, words in ((member, True), (colleague, False), (viewer, False)):
            client.force_login(person)
            for headers in (HTMX, {}):
                page = html(client.get(there, headers=headers))
                assert [each in page for each in ("Use as cover", "Move to the front", "Remove from")] == [words] * 3
                assert ("Add to another collection" in page) == (person != viewer)

    def test_without_script_it_is_a_page_of_forms(self, mia, member, ridges, files):
        ridges.add(Output.objects.all(), member)
        page = html(mia.get(f"/collections/{ridges.pk}/files/{files[1].pk}/"))
        assert f'action="/collections/{ridges.pk}/move/"' in page


class GenerationTests:
    def test_tells_in_which_collections_its_file_is(self, carl, member, colleague, ridges, files):
        page = html(carl.get(f"/tasks/{files[0].task_id}/"))
        assert "In none yet." in page
        ridges.add(Output.objects.filter(pk=files[0].pk), colleague)
        page = html(carl.get(f"/tasks/{files[0].task_id}/"))
        assert f'href="/collections/{ridges.pk}/"' in page
        assert "Remove from Ridges" in page
        Collection.objects.update(is_private=True)
        assert "Ridges" not in html(carl.get(f"/tasks/{files[0].task_id}/"))
