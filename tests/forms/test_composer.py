"""What people choose becomes orders: cleaned, split, priced, and bought once."""
# ruff: noqa: RUF001 (the multiplication sign is what people read)

import random
import uuid
from decimal import Decimal
from itertools import pairwise

import pytest

from generations.forms.composer import LONGEST_PROMPT, ComposerForm
from generations.forms.offer import FIRST_MODEL, offer
from generations.forms.part import split
from generations.forms.settings import parameters, read_parked
from generations.forms.shapes import shape
from generations.forms.shared import input_name
from generations.modellix import schema
from generations.models import Prompt, Task

QWEN, LONE = "alibaba/qwen-image-2.0", "alibaba/qwen-image"
SEEDREAM, BANANA = "bytedance/seedream-4.5-t2i", "google/nano-banana-2"
SERIES = "alibaba/wan2.7-image"
TEXT = "a lighthouse at dusk"


def filled(slug=FIRST_MODEL, **changes):
    """The composer's inputs as a browser sends them when nothing but the prompt was touched."""
    form = ComposerForm.adapted({"model": slug})
    settings = {setting.bound.html_name: setting.value for setting in form.settings}
    plain = {
        "order_key": str(uuid.uuid4()),
        "model": slug,
        "shown": slug,
        "prompt": "a lighthouse at dusk",
        "count": "4",
    }
    return plain | settings | changes


def errors(slug=FIRST_MODEL, **changes):
    return {name: found[0] for name, found in ComposerForm(filled(slug, **changes)).errors.items()}


def needed(model):
    """The inputs without which it takes no order, of those that a fresh page leaves empty."""
    parameters = model.parameters or {"properties": {}}
    rules, words = parameters["properties"], schema.prompt(model)
    either = {name for way in parameters.get("anyOf", ()) for name in way["required"]}
    either |= {"alibaba/wan2.6-image": {"images"}, "pixverse/lipsync": {"audio_url"}}.get(model.slug, set())
    if words and words.name in either:  # words are enough
        return set()
    names = {name for name in parameters.get("required", ()) if "default" not in rules[name]} | either
    return {f"with-{name}" for name in names if not words or name != words.name}


def ordered(author, slug=FIRST_MODEL, **changes):
    form = ComposerForm(filled(slug, **changes))
    assert form.errors == {}
    return form.order(author)


class CleanTests:
    @pytest.mark.parametrize("model", offer(), ids=lambda model: model.slug)
    def test_every_model_on_offer_can_be_ordered_as_it_comes_unless_it_needs_more_than_words(self, model):
        assert set(errors(model.slug)) == needed(model)

    @pytest.mark.parametrize("text", ["", "   ", "\r\n\r\n"])
    def test_an_empty_prompt_is_asked_for(self, text):
        assert errors(prompt=text) == {"prompt": "Write a prompt."}

    def test_characters_are_counted_as_the_provider_counts_them(self):
        assert errors(prompt="🙂" * 1500) == {}
        assert errors(prompt="a\r\n" * 750 + " ") == {}
        assert errors(prompt="a" * 1501) == {"prompt": "At most 1,500 characters; this has 1,501."}

    def test_a_model_without_a_limit_gets_ours(self):
        assert errors(BANANA, prompt="a" * LONGEST_PROMPT) == {}
        assert errors(BANANA, prompt="a" * (LONGEST_PROMPT + 1)) == {
            "prompt": "At most 32,000 characters; this has 32,001."
        }

    @pytest.mark.parametrize("count", ["", "0", "9", "-1", "many", "1.5", "9" * 5000])
    def test_the_number_of_images_is_between_one_and_eight(self, count):
        assert errors(count=count) == {"count": "Between 1 and 8."}

    @pytest.mark.parametrize(
        ("slug", "name", "value", "sentence"),
        [
            (FIRST_MODEL, "aspect_ratio", "7:5", "Must be one of 1:1, 16:9, 4:3, 3:2, 2:3, 3:4, 9:16, 21:9."),
            (QWEN, "size", "640*480", None),
            (SEEDREAM, "size", "800x600", None),
            (QWEN, "seed", "-1", "Must be between 0 and 2,147,483,647."),
            (QWEN, "seed", "2147483648", "Must be between 0 and 2,147,483,647."),
            (QWEN, "seed", "lucky", "Must be a whole number."),
            (QWEN, "seed", "9" * 5000, None),
            (QWEN, "negative_prompt", "x" * 501, "At most 500 characters; this has 501."),
            (QWEN, "prompt_extend", "perhaps", "Must be yes or no."),
            (FIRST_MODEL, "seed", "a\0b", "Null characters are not allowed."),
        ],
    )
    def test_what_a_model_does_not_take_is_said_at_its_field(self, slug, name, value, sentence):
        found = errors(slug, **{f"with-{name}": value})
        assert list(found) == [f"with-{name}"]
        assert sentence in (None, found[f"with-{name}"])

    @pytest.mark.parametrize("slug", ["", "nobody/nothing", "google/imagen-4.0-generate-001", "../..", "x" * 5000])
    def test_a_model_that_is_not_on_offer_is_said(self, slug):
        assert list(errors(model=slug)) == ["model"]

    @pytest.mark.parametrize("key", ["", "1", "not-a-uuid"])
    def test_a_broken_order_key_is_replaced_by_a_good_one(self, key):
        form = ComposerForm(filled(order_key=key))
        assert list(form.errors) == ["order_key"]
        assert isinstance(form.key, uuid.UUID)

    def test_inputs_that_no_model_has_are_ignored(self):
        form = ComposerForm(filled(**{"with-callback": "https://evil.example", "with-n": "9", "body": "{}"}))
        assert form.is_valid()
        (body,) = form.bodies()
        assert body == {"prompt": TEXT, "aspect_ratio": "1:1", "n": 4, "prompt_optimizer": False}

    def test_the_order_key_stays_while_an_order_is_being_corrected(self):
        data = filled(prompt="")
        assert str(ComposerForm(data).key) == data["order_key"]


class BodyTests:
    def test_a_switch_that_is_off_is_sent_as_off(self):
        (body,) = ComposerForm(filled(QWEN, count="1", **{"with-prompt_extend": "false"})).bodies()
        assert body["prompt_extend"] is False

    def test_more_than_one_request_holds_become_several_even_ones(self):
        assert [body["n"] for body in ComposerForm(filled(QWEN, count="8")).bodies()] == [4, 4]
        assert [body["n"] for body in ComposerForm(filled(LONE, count="3")).bodies()] == [1, 1, 1]
        assert [body["n"] for body in ComposerForm(filled(count="8")).bodies()] == [8]

    def test_how_many_one_holds_may_depend_on_other_settings(self):
        assert [body["n"] for body in ComposerForm(filled(SERIES, count="8")).bodies()] == [4, 4]
        series = ComposerForm(filled(SERIES, count="8", **{"with-enable_sequential": "true"}))
        assert [body["n"] for body in series.bodies()] == [8]

    def test_a_model_without_a_count_makes_one_at_a_time(self):
        assert len(ComposerForm(filled(BANANA, count="5")).bodies()) == 5

    def test_several_requests_get_seeds_of_their_own(self):
        bodies = ComposerForm(filled(LONE, count="3", **{"with-seed": "7"})).bodies()
        assert [body["seed"] for body in bodies] == [7, 8, 9]
        assert all("seed" not in body for body in ComposerForm(filled(LONE, count="3")).bodies())

    def test_a_seed_that_stands_for_any_stays(self):
        form = ComposerForm(filled("bytedance/seedream-3.0-t2i", count="2", **{"with-seed": "-1"}))
        assert [body["seed"] for body in form.bodies()] == [-1, -1]

    @pytest.mark.parametrize(("count", "images"), [("3.0", 3), (" 3 ", 3), ("03", 3), ("none", 1), ("9" * 5000, 1)])
    def test_the_number_is_read_as_it_is_checked(self, count, images):
        assert ComposerForm(filled(count=count)).images == images

    @pytest.mark.parametrize(
        ("count", "most", "parts"),
        [(1, 1, [1]), (4, 9, [4]), (8, 6, [4, 4]), (8, 3, [3, 3, 2]), (7, 4, [4, 3])],
    )
    def test_the_parts_are_few_and_even(self, count, most, parts):
        assert split(count, most) == parts


class PriceTests:
    def test_it_is_that_of_all_requests(self):
        form = ComposerForm(filled(LONE, count="3"))
        assert (form.price.minimum, form.price.maximum) == (Decimal("0.0621"), Decimal("0.0621"))

    def test_it_is_a_range_where_the_list_gives_one(self):
        form = ComposerForm(filled(BANANA, count="2"))
        assert (form.price.minimum, form.price.maximum) == (Decimal("0.0806"), Decimal("0.2496"))

    def test_it_is_not_known_where_the_list_has_none(self):
        assert ComposerForm(filled(QWEN)).price is None

    def test_it_is_told_while_other_fields_are_wrong(self):
        assert ComposerForm(filled(prompt="", count="2")).price.maximum == Decimal("0.008")
        assert ComposerForm(filled(count="lots")).price.maximum == Decimal("0.004")


class OrderTests:
    def test_the_task_says_all_that_was_ordered(self, member):
        (task,) = ordered(member, LONE, count="1", **{"with-size": "1664*928"})
        assert (task.author, task.status, task.kind, task.model_name) == (member, "queued", "image", "Qwen Image")
        assert (task.model_slug, task.model_type, task.expected_outputs) == (LONE, "text-to-image", 1)
        assert (task.ratio_width, task.ratio_height) == (52, 29)
        chosen = {"size": "1664*928", "negative_prompt": "", "seed": "", "prompt_extend": "true"}
        assert task.body == {"prompt": TEXT, "size": "1664*928", "n": 1, "prompt_extend": True}
        assert (task.price_minimum, task.price_maximum) == (Decimal("0.0207"), Decimal("0.0207"))
        assert (task.prompt.text, task.prompt.values) == (TEXT, chosen | {"count": 1})

    def test_an_unknown_price_is_kept_as_unknown(self, member):
        (task,) = ordered(member, QWEN)
        assert (task.price_minimum, task.price_maximum) == (None, None)

    def test_the_same_key_buys_once(self, member):
        data = filled(order_key=str(uuid.uuid4()))
        first = ordered(member, **data)
        assert ordered(member, **data) == first
        assert Task.objects.count() == Prompt.objects.count() == 1

    def test_something_else_under_the_same_key_is_another_order(self, member):
        key = str(uuid.uuid4())
        ordered(member, order_key=key)
        ordered(member, order_key=key, prompt="a lighthouse at dawn")
        ordered(member, order_key=key, count="2")
        assert Prompt.objects.count() == 3

    def test_and_it_too_is_bought_once(self, member, colleague):
        key = str(uuid.uuid4())
        ordered(member, order_key=key)
        for author, text in ((member, "a lighthouse at dawn"), (colleague, TEXT)):
            first = ordered(author, order_key=key, prompt=text)
            assert ordered(author, order_key=key, prompt=text) == first
        assert Task.objects.count() == Prompt.objects.count() == 3

    def test_a_key_of_somebody_else_is_no_key(self, member, colleague):
        key = str(uuid.uuid4())
        (first,), (second,) = ordered(member, order_key=key), ordered(colleague, order_key=key)
        assert (first.author, second.author) == (member, colleague)
        assert first.prompt != second.prompt

    def test_line_ends_are_those_of_the_text(self, member):
        (task,) = ordered(member, prompt="  one\r\ntwo ")
        assert task.prompt.text == task.body["prompt"] == "one\ntwo"


class FreshTests:
    def test_the_first_time_it_offers_four_of_the_first_model(self, member):
        form = ComposerForm.fresh(member)
        assert (form.chosen.slug, form.text, form.wanted) == (FIRST_MODEL, "", 4)

    def test_model_shape_and_number_of_the_last_order_stay_and_nothing_else(self, member):
        ordered(member, LONE, count="2", **{"with-size": "928*1664", "with-seed": "7", "with-negative_prompt": "fog"})
        form = ComposerForm.fresh(member)
        assert (form.chosen.slug, form.text, form.wanted) == (LONE, "", 2)
        assert {setting.field.name: setting.value for setting in form.settings} == {
            "size": "928*1664",
            "negative_prompt": "",
            "seed": "",
            "prompt_extend": "true",
        }

    def test_the_orders_of_others_change_nothing(self, member, colleague):
        ordered(colleague, LONE)
        assert ComposerForm.fresh(member).chosen.slug == FIRST_MODEL

    @pytest.mark.parametrize("slug", ["google/imagen-4.0-generate-001", "gone/for-good"])
    def test_a_model_that_is_gone_is_not_offered_again(self, member, slug):
        Prompt.objects.create(author=member, text="old", model_slugs=[slug], values={"count": 2})
        assert ComposerForm.fresh(member).chosen.slug == FIRST_MODEL

    def test_values_that_the_model_no_longer_takes_are_forgotten(self, member):
        Prompt.objects.create(author=member, text="old", model_slugs=[LONE], values={"size": "1*1"})
        (size, *_) = ComposerForm.fresh(member).settings
        assert size.value == "1328*1328"

    def test_an_order_that_does_not_tell_how_many_leaves_the_models_own_number(self, member):
        Prompt.objects.create(author=member, text="old", model_slugs=[FIRST_MODEL])
        assert ComposerForm.fresh(member)["count"].value() == 4


def switched(old, new, parked="", **changes):
    """The composer after another model was chosen."""
    return ComposerForm.adapted(filled(old, **changes) | {"model": new, "parked": parked})


def values(form):
    return {setting.field.name: setting.value for setting in form.settings}


class SwitchTests:
    def test_text_number_and_key_stay(self):
        data = filled(prompt="kept", count="7")
        form = ComposerForm.adapted(data | {"model": QWEN})
        assert (form.text, form.wanted, str(form.key)) == ("kept", 7, data["order_key"])

    def test_what_the_new_model_takes_stays(self):
        form = switched(LONE, QWEN, **{"with-seed": "7", "with-negative_prompt": "fog", "with-prompt_extend": "false"})
        assert values(form) == {
            "size": "2048*2048",
            "negative_prompt": "fog",
            "seed": "7",
            "prompt_extend": "false",
        }
        assert form.parked == {}

    @pytest.mark.parametrize(
        ("old", "name", "value", "new", "other_name", "other_value"),
        [
            (FIRST_MODEL, "aspect_ratio", "16:9", QWEN, "size", "2688*1536"),
            (QWEN, "size", "2368*1728", FIRST_MODEL, "aspect_ratio", "4:3"),
            (FIRST_MODEL, "aspect_ratio", "9:16", BANANA, "aspectRatio", "9:16"),
        ],
    )
    def test_a_shape_stays_in_the_words_of_the_new_model(self, old, name, value, new, other_name, other_value):
        form = switched(old, new, **{f"with-{name}": value})
        assert values(form)[other_name] == other_value
        assert form.parked_words == ""

    def test_what_it_does_not_take_is_said_and_comes_back(self):
        away = switched(QWEN, BANANA, **{"with-seed": "42", "with-negative_prompt": "fog"})
        assert away.parked == {"seed": "42", "negative_prompt": "fog"}
        assert set(away.parked_words.split(", ")) == {"Seed 42", "Negative prompt fog"}
        back = switched(BANANA, QWEN, parked=away.parked_text)
        assert (values(back)["seed"], values(back)["negative_prompt"], back.parked) == ("42", "fog", {})

    def test_what_nobody_changed_is_not_carried(self):
        assert switched(QWEN, BANANA).parked == {}
        assert values(switched(QWEN, LONE))["size"] == "1328*1328"

    def test_the_same_model_keeps_even_what_is_wrong(self):
        assert values(switched(QWEN, QWEN, **{"with-seed": "lucky"}))["seed"] == "lucky"

    def test_any_model_can_follow_any_other(self):
        models = random.Random(1).sample(offer(), len(offer()))
        for old, new in pairwise(models):
            form = switched(old.slug, new.slug)
            bound = ComposerForm(filled(new.slug) | {f"with-{name}": value for name, value in values(form).items()})
            assert set(bound.errors) == needed(new), (old.slug, new.slug)

    @pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"seed": 3, "x": null}', '"seed"'])
    def test_nonsense_in_the_parked_values_is_ignored(self, text):
        assert read_parked(text) == {}


class ShapeTests:
    @pytest.mark.parametrize(
        ("value", "label", "detail"),
        [
            ("16:9", "16:9", ""),
            ("1664*928", "16:9", "1664 × 928"),
            ("1472*1140", "4:3", "1472 × 1140"),
            ("1024x1536", "2:3", "1024 × 1536"),
            ("2048x2048", "1:1", "2048 × 2048"),
            ("1000x300", "1000:300", "1000 × 300"),
            ("2K", "2K", ""),
            ("", "Auto", ""),
        ],
    )
    def test_a_shape_is_named_by_its_ratio(self, value, label, detail):
        found = shape(value)
        assert (found.label, found.detail) == (label, detail)

    @pytest.mark.parametrize("value", ["1:1", "16:9", "1:8", "8:1", "3840x2160", "1:99999"])
    def test_it_is_drawn_within_its_square(self, value):
        x, y, width, height = shape(value).box
        assert x >= 0
        assert y >= 0
        assert x + width <= 20
        assert y + height <= 20


class ParameterTests:
    def test_a_ratio_leaves_no_room_for_width_and_height(self):
        by_slug = {model.slug: [field.name for field in parameters(model)] for model in offer()}
        assert by_slug[FIRST_MODEL] == ["aspect_ratio", "seed", "prompt_optimizer"]

    def test_every_setting_has_an_input_and_a_label(self):
        for model in offer():
            form = ComposerForm.adapted({"model": model.slug})
            for field in parameters(model):
                assert input_name(field) in form.fields
                assert field.label

    def test_the_roles_handled_elsewhere_are_those_of_the_schema(self):
        roles = {field.role for model in offer() for field in schema.fields(model)}
        assert {"prompt", "count"} <= roles
