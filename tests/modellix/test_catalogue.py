"""The shipped catalogue: what can be ordered, in which order it is offered, exact prices."""

from datetime import date
from decimal import Decimal

import pytest

from generations.modellix import catalogue
from generations.modellix.catalogue import DOCUMENTED_SECONDS, find, is_slug, models, orderable


class ModelTests:
    def test_a_model_is_read_whole(self):
        model = find("google/nano-banana-2")
        assert (model.name, model.provider, model.provider_name) == ("Nano Banana 2", "google", "Google")
        assert (model.type, model.kind, model.lifecycle) == ("text-to-image", "image", "current")
        assert model.parameters["required"] == ["prompt"]
        assert model.constraints == ()
        assert (model.price.unit, model.price.minimum, model.price.maximum) == (
            "image",
            Decimal("0.0403"),
            Decimal("0.1248"),
        )
        assert model.price.tiers["2K"] == Decimal("0.0851")
        assert model.price.as_of == date(2026, 8, 14)

    def test_what_is_not_known_is_none(self):
        assert find("alibaba/qwen-image-2.0").price is None
        assert find("alibaba/qwen-image-plus").parameters is None
        assert find("nobody/nothing") is None
        assert find(None) is None

    def test_every_model_that_can_be_ordered_has_a_good_slug_of_its_own(self):
        slugs = [model.slug for model in models() if model.slug]
        assert len(models()) == 252
        assert len(slugs) == len(set(slugs)) == 213
        assert all(is_slug(slug) and find(slug).slug == slug for slug in slugs)

    def test_every_model_has_a_known_kind_and_shelf(self):
        assert {model.lifecycle for model in models()} == set(catalogue.LIFECYCLES)
        assert {model.kind for model in models() if model.type} == {"image", "video", "audio", "text"}
        assert {model.kind for model in models() if not model.type} == {""}

    @pytest.mark.parametrize(
        ("type", "kind"),
        [
            ("text-to-image", "image"),
            ("image-to-image", "image"),
            ("text-to-video", "video"),
            ("video-to-video", "video"),
            ("text-to-speech", "audio"),
            ("speech-to-speech", "audio"),
            ("speech-to-text", "text"),
            ("image-to-mesh", ""),
            ("", ""),
        ],
    )
    def test_the_kind_is_what_comes_out(self, type, kind):
        assert catalogue.output_kind(type) == kind

    def test_houses_are_named_as_they_name_themselves(self):
        names = {model.provider: model.provider_name for model in models()}
        assert names["bytedance"] == "ByteDance"
        assert names["openai"] == "OpenAI"
        assert names["xai"] == "xAI"
        assert names["kling"] == "Kling"

    def test_the_documented_times_are_there(self):
        assert DOCUMENTED_SECONDS == {"image": (3, 10), "video": (30, 120)}


class PickerTests:
    def test_it_offers_whatever_can_be_ordered_and_makes_something(self):
        offered = orderable()
        assert len(offered) == 207
        assert all(model.slug and model.kind for model in offered)
        assert "removed" not in {model.lifecycle for model in offered}
        assert len([model for model in offered if not model.parameters]) == 84

    def test_they_are_on_shelves_by_type(self):
        types = [model.type for model in orderable()]
        assert sorted(types, key=catalogue.TYPES.index) == types
        assert set(types) == set(catalogue.TYPES)

    def test_current_ones_come_first_then_by_provider_and_name(self):
        offered = [model for model in orderable() if model.type == "text-to-image"]
        current = [model for model in offered if model.lifecycle == "current"]
        assert offered[: len(current)] == current
        assert current == sorted(current, key=lambda m: (m.provider_name.casefold(), m.name.casefold()))


class SlugTests:
    @pytest.mark.parametrize("slug", ["a/b", "alibaba/wan2.7-t2v", "a b/c+d", "x/" + "y" * 254])
    def test_provider_and_model_with_one_slash(self, slug):
        assert is_slug(slug)

    @pytest.mark.parametrize(
        "slug",
        ["", "a", "/", "a/", "/b", "a/b/c", "a/..", "./b", "a/b\t", "a/\u202eb", "x/" + "y" * 255, None, 7, b"a/b"],
    )
    def test_anything_else_is_none(self, slug):
        assert not is_slug(slug)
