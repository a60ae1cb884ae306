"""Search, filters and order of the models page."""

from decimal import Decimal

import pytest

from generations.forms.models import CatalogueForm
from generations.modellix import catalogue
from generations.models.figures import Figures
from generations.views.models import Entry

USED = {
    "google/nano-banana-2": Figures(runs=9, usual=(5.0, 8.0, 12.0)),
    "alibaba/qwen-image": Figures(runs=3, usual=(3.0, 4.0, 6.0)),
}


@pytest.fixture(scope="module")
def entries():
    starred = {"alibaba/qwen-image"}
    return [
        Entry(each, USED.get(each.slug, Figures()), None, each.key in starred, each.is_orderable, each.price)
        for each in catalogue.models()
    ]


def found(entries, **data):
    return [entry.model for shelf in CatalogueForm(data).shelves(entries) for entry in shelf.entries]


def first(entries, **data):
    return CatalogueForm(data).shelves(entries)[0].entries[0].model.key


class FilterTests:
    def test_without_any_all_are_there(self, entries):
        assert len(found(entries)) == len(catalogue.models()) == 252

    def test_all_words_are_looked_for_in_name_house_and_description(self, entries):
        assert {model.provider for model in found(entries, q="BYTEDANCE seedream")} == {"bytedance"}
        assert found(entries, q="seedream zebra") == []

    @pytest.mark.parametrize(
        ("data", "holds"),
        [
            ({"type": "image-to-video"}, lambda model: model.type == "image-to-video"),
            ({"provider": "kling"}, lambda model: model.provider == "kling"),
            ({"new": "on"}, lambda model: model.lifecycle == "seen-after-index"),
            ({"orderable": "on"}, lambda model: model.slug and model.lifecycle != "removed"),
            ({"starred": "on"}, lambda model: model.key == "alibaba/qwen-image"),
            ({"price": "0.05"}, lambda model: model.price and model.price.minimum <= Decimal("0.05")),
            ({"price": "unknown"}, lambda model: model.price is None),
        ],
    )
    def test_each_leaves_what_it_says(self, entries, data, holds):
        assert sorted(model.key for model in found(entries, **data)) == sorted(
            model.key for model in catalogue.models() if holds(model)
        )

    def test_they_go_together(self, entries):
        assert {
            (m.provider, m.type) for m in found(entries, provider="kling", type="text-to-video", orderable="on")
        } == {("kling", "text-to-video")}

    def test_nonsense_is_left_out(self, entries):
        data = {"type": "text-to-smell", "provider": "nobody", "price": "-1", "sort": "random", "q": "x" * 101}
        form = CatalogueForm(data)
        assert form.query == ""
        assert len(found(entries, **data)) == 252

    def test_the_address_says_only_what_is_asked_for(self):
        form = CatalogueForm({"q": " a b ", "type": "", "starred": "on", "sort": "used", "price": "0.05"})
        assert form.query == "q=a+b&price=0.05&starred=on"


class OrderTests:
    def test_the_most_used_are_first(self, entries):
        assert [model.key for model in found(entries)][:2] == ["google/nano-banana-2", "alibaba/qwen-image"]

    def test_equals_begin_with_what_can_be_ordered_and_has_a_price_and_end_with_what_cannot(self, entries):
        unused = found(entries, type="text-to-image")[2:]
        assert (unused[0].lifecycle, unused[0].is_orderable, unused[0].price is None) == ("current", True, False)
        assert [model.is_orderable for model in unused] == sorted((each.is_orderable for each in unused), reverse=True)

    def test_by_time_what_is_not_known_comes_last(self, entries):
        assert first(entries, sort="time") == "alibaba/qwen-image"

    def test_by_price_what_is_not_known_comes_last(self, entries):
        prices = [entry.model.price for entry in CatalogueForm({"sort": "price"}).shelves(entries)[0].entries]
        known = [price.minimum for price in prices if price]
        assert known == sorted(known)
        assert prices[len(known) :] == [None] * (len(prices) - len(known))

    def test_by_name(self, entries):
        (video,) = CatalogueForm({"sort": "name", "type": "text-to-video"}).shelves(entries)
        names = [entry.model.name.casefold() for entry in video.entries]
        assert names == sorted(names)
        assert video.slowest == 0
