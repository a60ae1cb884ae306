"""Several models at once: what they share is asked for once, and what one of them does not take is said."""

import uuid

import pytest
from django.http import QueryDict

from generations.forms.composer import ComposerForm
from generations.forms.offer import from_pictures, offer, on_offer
from generations.forms.shared import shared, shared_inputs
from generations.modellix import schema
from generations.models import Prompt

pytestmark = pytest.mark.django_db

MINIMAX, QWEN = "minimax/minimax-image-01-t2i", "alibaba/qwen-image-2.0"
BANANA, SEEDREAM = "google/nano-banana-2", "bytedance/seedream-4.5-t2i"
ONE, FEW, MASKED = "kling/kling-v3-i2i", "google/nano-banana-edit", "openai/gpt-image-2-edit"


def page(*slugs, shown=None, **changes):
    """The composer's inputs as a browser sends them; those of several values are lists."""
    data = QueryDict(mutable=True)
    form = ComposerForm.adapted(query(model=shown or slugs))
    data.update({setting.bound.html_name: setting.value for setting in form.settings})
    data.update({"order_key": str(uuid.uuid4()), "prompt": "paper boats", "count": "1"})
    for name, value in {"model": slugs, "shown": shown or slugs, **changes}.items():
        found = value if isinstance(value, (list, tuple)) else [value]
        data.setlist(name, [str(getattr(each, "pk", each)) for each in found])
    return data


def query(**lists):
    data = QueryDict(mutable=True)
    for name, values in lists.items():
        data.setlist(name, values)
    return data


@pytest.fixture
def composer(member):
    """composer(slug, …, **{input: value}) is the bound form."""
    return lambda *slugs, **changes: ComposerForm(page(*slugs, **changes), author=member)


def bodies(form):
    assert form.errors == {}
    return {part.model.slug: part.bodies for part in form.parts}


def ordered(form, member):
    assert form.errors == {}
    return form.order(member)


class SharedTests:
    def test_a_shape_is_asked_for_once_and_said_in_each_models_words(self, composer):
        form = composer(MINIMAX, QWEN, BANANA, **{"with-aspect_ratio": "16:9"})
        assert [setting.field.role for setting in form.main_settings] == ["aspect", "resolution"]
        (minimax,), (qwen,), (banana,) = bodies(form).values()
        assert (minimax["aspect_ratio"], qwen["size"], banana["aspectRatio"]) == ("16:9", "2688*1536", "16:9")

    def test_what_one_of_them_does_not_take_is_said_where_it_is_asked_for(self, composer):
        form = composer(QWEN, BANANA, **{"with-seed": "7"})
        seed = next(setting for setting in form.settings if setting.field.role == "seed")
        assert seed.hint.endswith("Qwen Image 2.0 only")
        assert form.notes == ["Nano Banana 2 takes no seed."]
        (qwen,), (banana,) = bodies(form).values()
        assert qwen["seed"] == 7
        assert "seed" not in banana

    def test_a_shape_that_only_one_of_them_has_can_be_chosen_and_the_others_use_their_own(self, composer):
        form = composer(MINIMAX, BANANA, **{"with-aspect_ratio": "8:1"})
        (shape, *_) = form.settings
        assert "8:1" in shape.choices
        assert shape.notes == ["MiniMax Image-01 T2I does not take 8:1 and uses 1:1."]
        (minimax,), (banana,) = bodies(form).values()
        assert (minimax["aspect_ratio"], banana["aspectRatio"]) == ("1:1", "8:1")

    def test_what_none_of_them_takes_is_an_error_at_its_field(self, composer):
        form = composer(MINIMAX, QWEN, **{"with-aspect_ratio": "9:1"})
        assert list(form.errors) == ["with-aspect_ratio"]
        assert form.errors["with-aspect_ratio"][0].startswith("MiniMax Image-01 T2I: Must be one of")

    def test_what_only_one_model_has_stands_under_its_name(self, composer):
        form = composer(QWEN, SEEDREAM)
        own = {model.slug: [setting.field.name for setting in found] for model, found in form.own_settings}
        assert "prompt_extend" in own[QWEN]
        assert "sequential_image_generation" in own[SEEDREAM]
        assert all(setting.only == "" for _, found in form.own_settings for setting in found)

    def test_the_strictest_limit_counts(self, composer):
        assert composer(BANANA, MINIMAX).longest == 1500
        form = composer(BANANA, MINIMAX, prompt="x" * 1501)
        assert form.errors == {"prompt": ["MiniMax Image-01 T2I: At most 1,500 characters; this has 1,501."]}

    def test_an_empty_prompt_is_asked_for_once(self, composer):
        assert composer(BANANA, MINIMAX, prompt="").errors == {"prompt": ["Write a prompt."]}

    def test_names_on_the_page_are_unique_and_every_parameter_of_every_model_is_among_them(self):
        for models in (
            offer()[:6],
            offer()[60:66],
            offer()[-6:],
            [model for model in offer() if model.kind == "video"],
        ):
            found = [*shared(models), *shared_inputs(models)]
            assert len({each.name for each in found}) == len(found)
            for model in models:
                own = {each.own[model.slug].name for each in found if model.slug in each.own}
                assert own >= {field.name for field in schema.fields(model) if field.required and field.role == ""}


class OrderTests:
    def test_one_press_makes_one_prompt_and_tasks_for_each_model(self, composer, member):
        tasks = ordered(composer(MINIMAX, LONE := "alibaba/qwen-image", BANANA, count="2"), member)
        assert [task.model_slug for task in tasks] == [MINIMAX, LONE, LONE, BANANA, BANANA]
        assert Prompt.objects.get().model_slugs == [MINIMAX, LONE, BANANA]
        assert {task.prompt_id for task in tasks} == {Prompt.objects.get().pk}

    def test_the_next_composer_begins_with_the_same_models(self, composer, member):
        ordered(composer(BANANA, MINIMAX, count="3", **{"with-aspectRatio": "16:9"}), member)
        form = ComposerForm.fresh(member)
        assert [model.slug for model in form.models] == [BANANA, MINIMAX]
        assert (form.wanted, form["with-aspectRatio"].value()) == (3, "16:9")

    def test_the_price_is_that_of_all_and_what_is_not_known_is_told(self, composer):
        form = composer(MINIMAX, QWEN, count="2")
        assert form.price is None
        assert (form.least.minimum, [model.slug for model in form.unpriced]) == (
            composer(MINIMAX, count="2").price.minimum,
            [QWEN],
        )
        assert form.images == 4

    def test_more_than_six_at_once_are_too_many(self, composer):
        slugs = [model.slug for model in offer() if model.type == "text-to-image"][:7]
        assert composer(*slugs).errors["model"] == ["At most 6 models at once; these are 7."]

    def test_none_at_all_is_said(self, composer):
        form = composer(model=[], shown=[MINIMAX])
        assert form.errors["model"] == ["Choose a model."]


class ChangeTests:
    def adapted(self, member, *args, **changes):
        return ComposerForm.adapted(page(*args, **changes), member)

    def test_a_model_that_joins_takes_on_what_is_set(self, member):
        form = self.adapted(member, MINIMAX, QWEN, shown=[MINIMAX], **{"with-aspect_ratio": "16:9"})
        assert [model.slug for model in form.models] == [MINIMAX, QWEN]
        assert form["with-aspect_ratio"].value() == "16:9"

    def test_the_values_of_a_model_that_leaves_wait_for_it(self, member):
        form = self.adapted(member, BANANA, shown=[QWEN, BANANA], **{"with-seed": "42"})
        assert form.parked_words == "Seed 42"
        back = self.adapted(member, BANANA, QWEN, shown=[BANANA], parked=form.parked_text)
        assert (back["with-seed"].value(), back.parked) == ("42", {})

    def test_those_shown_first_stay_first(self, member):
        form = self.adapted(member, MINIMAX, BANANA, QWEN, shown=[QWEN, MINIMAX])
        assert [model.slug for model in form.models] == [QWEN, MINIMAX, BANANA]


class FileTests:
    def test_pictures_are_asked_for_once_and_each_model_gets_as_many_as_it_takes(self, composer, make_upload, member):
        red, blue = make_upload(color="#aa0000"), make_upload(color="#0000aa")
        form = composer(FEW, ONE, **{"with-image": [red, blue]})
        (slot,) = form.slots
        assert (slot.words, slot.notes) == (
            "Up to 3. PNG, JPEG or WebP, at most 16 MB each",
            ("Kling V3 I2I takes only 1 of these.",),
        )
        few, one = ordered(form, member)
        assert (few.inputs, one.inputs) == ({"image": [red.pk, blue.pk]}, {"image": red.pk})

    def test_a_model_that_takes_none_is_named(self, composer, make_upload):
        (slot,) = composer(ONE, MINIMAX, **{"with-image": [make_upload()]}).slots
        assert slot.notes == ("MiniMax Image-01 T2I takes none.",)

    def test_a_picture_for_words_alone_brings_the_model_of_the_family_that_takes_it(self, member, make_upload):
        picture = make_upload()
        data = page(BANANA, MINIMAX, brought="true", **{"with-spare": [picture]})
        form = ComposerForm.adapted(data, member)
        assert [model.slug for model in form.models] == ["google/nano-banana-2-edit", MINIMAX]
        assert [old.slug for old, _ in form.swaps] == [BANANA]
        assert picture in [upload for uploads in form.given.values() for upload in uploads]

    def test_it_changes_nothing_by_itself_later(self, member, make_upload):
        form = ComposerForm.adapted(page(BANANA, **{"with-spare": [make_upload()]}), member)
        assert ([model.slug for model in form.models], len(form.spare)) == ([BANANA], 1)

    @pytest.mark.parametrize(
        ("slug", "other"),
        [
            (SEEDREAM, None),
            ("bytedance/seedream-5.0-lite", "bytedance/seedream-5.0-lite-edit"),
            ("bytedance/seedance-1.5-pro-t2v", "bytedance/seedance-1.5-pro-i2v"),
            ("google/nano-banana-2-edit", None),
        ],
    )
    def test_families(self, slug, other):
        assert from_pictures(on_offer(slug)) == on_offer(other)


class SideTests:
    def test_each_side_keeps_its_models_and_values(self, member):
        image = page(BANANA, MINIMAX, kind="video", count="3", **{"with-aspectRatio": "16:9"})
        video = ComposerForm.adapted(image, member)
        assert (video.kind, [model.slug for model in video.models], video.wanted) == (
            "video",
            ["bytedance/seedance-1.5-pro-t2v"],
            1,
        )
        there = page(video.chosen.slug, kind="image", sides=video.sides_text)
        back = ComposerForm.adapted(there, member)
        assert [model.slug for model in back.models] == [BANANA, MINIMAX]
        assert (back["with-aspectRatio"].value(), back.wanted, back.text) == ("16:9", 3, "paper boats")

    def test_the_other_side_begins_with_what_was_last_ordered_there(self, composer, member):
        ordered(composer("kling/kling-v3-t2v"), member)
        ordered(composer(BANANA), member)
        form = ComposerForm.adapted(page(BANANA, kind="video"), member)
        assert form.chosen.slug == "kling/kling-v3-t2v"

    @pytest.mark.parametrize(
        "sides", ["", "{", "[]", "3", '{"video": 3}', '{"video": {"models": "x"}}', '{"video": {"models": [3]}}']
    )
    def test_sides_that_no_page_of_ours_sends_are_nothing(self, member, sides):
        form = ComposerForm.adapted(page(BANANA, kind="video", sides=sides), member)
        assert form.kind == "video"
        assert set(form.sides) == {"image"}

    def test_a_picture_goes_along_as_the_first_frame(self, member, make_upload):
        picture = make_upload()
        sides = '{"video": {"models": ["bytedance/seedance-1.5-pro-i2v"]}}'
        form = ComposerForm.adapted(page(ONE, kind="video", sides=sides, **{"with-image": [picture]}), member)
        assert {taken.role: uploads for taken, uploads in form.given.items()} == {
            "first_frame": [picture],
            "last_frame": [],
        }

    def test_a_model_of_another_side_begins_with_its_own_shape_and_number(self, composer, member):
        ordered(composer(MINIMAX, count="4", **{"with-aspect_ratio": "9:16"}), member)
        form = ComposerForm.fresh(member, slug="bytedance/seedance-1.5-pro-i2v")
        (shape, *_) = form.settings
        assert (form.wanted, shape.is_changed) == (1, False)
