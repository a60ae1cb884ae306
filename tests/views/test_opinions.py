"""Favourites and stars: each person's own, given to one file or to all of a task's, in one press."""

import re

import pytest
from django.urls import reverse

from generations.models import Favourite, Rating, Revision, Task
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(make_task, make_output, colleague):
    """A colleague's task with two saved files and one that is lost."""
    task = make_task("partial", author=colleague)
    make_output(task), make_output(task), make_output(task, saved=False, status="lost")
    return task


def files(task):
    return list(task.outputs.filter(status="saved"))


def pressed(response):
    """id of each heart in the answer → whether it is pressed."""
    page = response.content.decode()
    return {
        name: state == "true"
        for name, state in re.findall(r'id="(favourite-[\w-]+)"\s+method.*?aria-pressed="(\w+)"', page, re.S)
    }


class FavouriteTests:
    def test_a_card_marks_all_its_saved_files(self, mia, member, work):
        mia.post("/favourites/", {"pick": work.pk})
        assert Favourite.of(member, work.outputs.all()) == {file.pk for file in files(work)}
        mia.post("/favourites/remove/", {"pick": work.pk})
        assert not Favourite.objects.exists()

    def test_a_file_is_marked_alone_and_its_card_is_a_favourite_then(self, mia, member, work):
        _, second = files(work)
        answer = mia.post("/favourites/", {"file": second.pk}, headers=HTMX)
        assert Favourite.of(member, files(work)) == {second.pk}
        assert pressed(answer) == {f"favourite-pick-{work.pk}": True, f"favourite-file-{second.pk}": True}
        answer = mia.post("/favourites/remove/", {"file": second.pk}, headers=HTMX)
        assert pressed(answer) == {f"favourite-pick-{work.pk}": False, f"favourite-file-{second.pk}": False}

    def test_said_twice_it_is_so_once(self, mia, work):
        for _ in range(2):
            assert mia.post("/favourites/", {"pick": work.pk}, headers=HTMX).status_code == 200
        assert Favourite.objects.count() == 2
        for _ in range(2):
            assert mia.post("/favourites/remove/", {"pick": work.pk}, headers=HTMX).status_code == 200
        assert Favourite.objects.count() == 0

    def test_it_is_ones_own(self, client, member, colleague, admin_user, work):
        for person in (member, colleague, admin_user):
            client.force_login(person)
            client.post("/favourites/", {"pick": work.pk})
        client.post("/favourites/remove/", {"pick": work.pk})
        assert set(Favourite.objects.values_list("person__name", flat=True)) == {"Mia Member", "Carl Colleague"}

    def test_many_at_once_take_one_revision_and_say_how_many(self, mia, work, make_task, make_output):
        other = make_task("done")
        make_output(other)
        seen = Revision.latest()
        answer = mia.post("/favourites/", {"pick": [work.pk, other.pk]}, headers=HTMX)
        assert "3 files are now favourites." in answer.content.decode()
        assert set(Task.objects.values_list("revision", flat=True)) == {seen + 1}
        assert len(pressed(answer)) == 5

    def test_a_card_and_a_page_of_the_feed_show_it(self, mia, member, work):
        Favourite.mark(member, work.outputs.saved())
        assert pressed(mia.get("/"))[f"favourite-pick-{work.pk}"]

    def test_without_script_one_is_back_where_one_was(self, mia, work):
        there = {"Referer": "http://testserver/?kind=image"}
        assert mia.post("/favourites/", {"pick": work.pk}, headers=there).url == "http://testserver/?kind=image"
        assert "2 files are now favourites." in mia.get("/").content.decode()
        for away in ("https://evil.example/", "javascript:alert(1)", ""):
            assert mia.post("/favourites/", {"pick": work.pk}, headers={"Referer": away}).url == "/"


class RatingTests:
    def test_stars_are_given_changed_and_taken_back(self, mia, member, work):
        first, _ = files(work)
        for stars, told in ((4, {first.pk: 4}), (2, {first.pk: 2}), (0, {})):
            answer = mia.post("/ratings/", {"file": first.pk, "stars": stars}, headers=HTMX)
            assert Rating.of(member, files(work)) == told
            lit = re.findall(r'id="rating-file-\d+-(\d)".*?(data-lit)?>', answer.content.decode(), re.S)
            assert sum(bool(mark) for _, mark in lit) == stars

    def test_the_star_that_is_given_takes_it_back(self, mia, work):
        (first, _) = files(work)
        page = mia.post("/ratings/", {"file": first.pk, "stars": 3}, headers=HTMX).content.decode()
        of_file = page[page.index("rating-file") :]
        assert re.findall(r'name="stars"\s+value="(\d)"', of_file) == ["1", "2", "0", "4", "5"]

    @pytest.mark.parametrize("stars", ["", "-1", "6", "x"])
    def test_there_are_five(self, mia, work, stars):
        assert mia.post("/ratings/", {"pick": work.pk, "stars": stars}).status_code == 400
        assert not Rating.objects.exists()


@pytest.mark.parametrize("name", ["favourite", "unfavourite", "rate"])
class AccessTests:
    def test_a_visitor_signs_in_first(self, client, work, name):
        assert client.post(reverse(name), {"pick": work.pk, "stars": 1}).url.startswith("/account/login/")
        assert (Favourite.objects.count(), Rating.objects.count()) == (0, 0)

    def test_what_is_not_there_or_not_to_be_seen_is_not_found(self, mia, member, work, make_task, name):
        empty = make_task("failed")
        work.bin(member)
        for picked in ({"pick": work.pk}, {"file": files(work)[0].pk}, {"pick": empty.pk}, {"pick": "x"}, {}):
            assert mia.post(reverse(name), picked | {"stars": 1}, headers=HTMX).status_code == 404

    def test_only_pressing_a_button_changes_anything(self, mia, name):
        assert mia.get(reverse(name)).status_code == 405
