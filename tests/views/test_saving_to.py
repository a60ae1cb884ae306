"""The collection that the composer saves to: chosen, kept, shown and taken back."""

import pytest

from generations.models import Collection, Draft, Preset, Prompt
from tests.views.conftest import HTMX, html, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def ridges(member):
    return Collection.objects.create(owner=member, name="Ridges")


@pytest.fixture
def hidden(colleague):
    return Collection.objects.create(owner=colleague, name="Hidden", is_private=True)


def test_what_is_ordered_knows_it_and_the_next_goes_there_too(mia, ridges):
    mia.post("/tasks/", order(collection=ridges.pk))
    assert Prompt.objects.get().collection == ridges
    assert "Save to Ridges" in html(mia.get("/"))


@pytest.mark.parametrize("nonsense", ["", "0", "x", "99999999999999999999"])
def test_nonsense_is_no_collection(mia, nonsense):
    mia.post("/tasks/", order(collection=nonsense))
    assert Prompt.objects.get().collection is None


def test_one_that_is_not_to_be_seen_or_deleted_is_none(mia, ridges, hidden):
    ridges.bin()
    for each in (ridges, hidden):
        assert "Save to R" not in html(mia.get(f"/?into={each.pk}"))
        mia.post("/tasks/", order(collection=each.pk))
    assert set(Prompt.objects.values_list("collection", flat=True)) == {None}


def test_an_address_and_the_list_choose_it_beside_what_is_written(mia, member, ridges, hidden):
    rows = html(mia.get("/collections/targets/?words=i"))
    assert f"/composer/?into={ridges.pk}" in rows
    assert "Hidden" not in rows
    Draft.keep(member, {name: [text] for name, text in order(prompt="red moon").items()}, 0)
    page = html(mia.get(f"/?into={ridges.pk}"))
    assert "red moon" in page
    assert "Save to Ridges" in page
    desk = html(mia.post(f"/composer/?into={ridges.pk}", order(prompt="red moon"), headers=HTMX))
    assert "Save to Ridges" in desk


def test_draft_preset_and_undo_keep_it(mia, member, ridges):
    held = order(collection=ridges.pk)
    mia.post("/draft/", held | {"draft": 0})
    assert "Save to Ridges" in html(mia.get("/"))
    mia.post("/presets/new/", held | {"preset-name": "Film look"})
    preset = Preset.objects.get()
    assert preset.values["collection"] == ridges.pk
    assert "Save to Ridges" in html(mia.post(f"/composer/?preset={preset.pk}", order(), headers=HTMX))
    mia.post("/tasks/", held)
    undone = html(mia.get(f"/?undone={Prompt.objects.get().pk}"))
    assert "Save to Ridges" in undone
