"""From a model's parameters to a form, from its values to a body, and what that body is told."""

import json
import re
from decimal import Decimal

import pytest

from generations.modellix import forecast, schema, sizes
from generations.modellix.catalogue import find, models

KNOWN = [model for model in models() if model.slug and model.parameters]
TEXT_TO_IMAGE = [model for model in KNOWN if model.type == "text-to-image"]
KINDS = {"text", "choice", "integer", "number", "boolean", "size", "lines", "json"}


def every(models):
    return pytest.mark.parametrize("model", models, ids=[model.slug for model in models])


def field(slug, name):
    return next(field for field in schema.fields(find(slug)) if field.name == name)


def as_typed(model, given=()):
    """What a browser sends for an untouched form, with a prompt and these changes."""
    untouched = {f.name: "" if f.default is None else str(f.default) for f in schema.fields(model)}
    return schema.body(model, untouched | {"prompt": "A harbour at night"} | dict(given))


class FieldTests:
    def test_there_are_23_text_to_image_models_to_try(self):
        assert len(TEXT_TO_IMAGE) == 23

    @every(KNOWN)
    def test_every_parameter_but_media_is_a_field_in_good_order(self, model):
        fields = schema.fields(model)
        rules = model.parameters["properties"]
        written = {name for name, rule in rules.items() if "x-media" not in rule}
        assert {f.name for f in fields} == written | ({schema.further(model)} if not model.is_complete else set())
        assert [f.role for f in fields] == sorted((f.role for f in fields), key=schema.ORDER.index)
        for f in fields:
            assert f.kind in KINDS
            assert f.label[0].isupper()
            assert "_" not in f.label + f.help
            assert not f.choices or f.default is None or f.default in f.choices
            assert f.main or f.role not in schema.MAIN_ROLES

    @every(TEXT_TO_IMAGE)
    def test_a_picture_has_a_prompt_and_few_main_fields(self, model):
        first, *others = schema.fields(model)
        assert (first.name, first.role, first.kind, first.required) == ("prompt", "prompt", "text", True)
        assert len([f for f in others if f.main]) <= 3

    def test_a_choice_offers_text(self):
        size = field("openai/gpt-image-2", "size")
        assert (size.kind, size.role, size.label, size.default) == ("choice", "size", "Size", "1024x1024")
        assert size.choices[:2] == ("1024x1024", "1536x1024")

    def test_a_number_has_its_range(self):
        guidance = field("bytedance/seedream-3.0-t2i", "guidance_scale")
        assert (guidance.kind, guidance.minimum, guidance.maximum, guidance.default) == ("number", 1, 10, 2.5)
        width = field("minimax/minimax-image-01-t2i", "width")
        assert (width.kind, width.minimum, width.maximum, width.step) == ("integer", 512, 2048, 8)

    def test_nobody_buys_four_by_leaving_a_field_alone(self):
        count = field("alibaba/wan2.6-t2i", "n")
        assert (count.label, count.role, count.kind, count.default, count.maximum) == (
            "Images",
            "count",
            "integer",
            1,
            4,
        )

    def test_a_count_of_one_stays_a_number(self):
        count = field("alibaba/qwen-image", "n")
        assert (count.kind, count.minimum, count.maximum, count.choices) == ("integer", 1, 1, ())

    def test_labels_are_plain_words(self):
        assert field("alibaba/qwen-image", "negative_prompt").label == "Negative prompt"
        assert field("google/veo-3.1-i2v", "negativePrompt").label == "Negative prompt"
        assert field("kling/kling-v3-t2v", "duration").label == "Length"
        assert field("bytedance/seedance-1.5-pro-t2v", "camera_fixed").label == "Fixed camera"

    def test_help_speaks_of_other_fields_by_their_labels(self):
        assert field("alibaba/wan2.7-image", "thinking_mode").help == "Slower. Only without “Series of related images”"
        assert field("alibaba/qwen-image", "size").help == ""

    @every(KNOWN)
    def test_help_is_for_people(self, model):
        for f in schema.fields(model):
            assert not re.search(r"docs|blog|seen|official|index|page|[a-z]_[a-z]", f.help.replace("image_file", ""))
            assert not f.help.endswith(".")

    def test_what_each_choice_costs_is_told_where_it_changes_the_price(self):
        size = field("google/nano-banana-2", "imageSize")
        assert dict(zip(size.choices, size.rates, strict=True))["2K"] == (Decimal("0.0851"), Decimal("0.0851"))
        assert size.rate_unit == "image"
        length = field("minimax/hailuo-02-t2v", "duration")
        assert length.rates == ((Decimal("0.054"), Decimal("0.106")), (Decimal("0.0672"), Decimal("0.0672")))
        assert length.rate_unit == "second"

    def test_a_choice_without_a_price_of_its_own_has_none(self):
        mode = field("skywork/skyreels-t2v", "mode")
        assert (mode.choices, mode.rates[0], mode.main) == (("fast", "std"), None, True)
        assert field("google/nano-banana-2", "aspectRatio").rates == ()
        assert field("openai/gpt-image-2", "quality").rates == ()

    def test_what_is_needed_is_in_view(self):
        assert field("kling/kling-video-effects", "effect_scene").main
        assert field("alibaba/wan2.2-animate-move", "mode").main
        assert not field("kling/kling-v3-i2v", "cfg_scale").main

    def test_a_switch_of_which_nobody_knows_how_it_stands_is_a_choice(self):
        rewrite = field("minimax/minimax-s2v-01", "prompt_optimizer")
        assert (rewrite.kind, rewrite.choices, rewrite.default) == ("choice", ("true", "false"), None)
        model = find("minimax/minimax-s2v-01")
        assert "prompt_optimizer" not in schema.body(model, {"prompt_optimizer": ""})
        assert schema.body(model, {"prompt_optimizer": "false"})["prompt_optimizer"] is False

    def test_a_ratio_without_choices_gets_the_usual_ones(self):
        aspect = field("google/nano-banana-2-lite", "aspectRatio")
        assert (aspect.kind, aspect.choices, aspect.default) == ("choice", schema.USUAL_RATIOS, None)

    def test_a_model_without_known_parameters_has_a_prompt_and_room_for_the_rest(self):
        prompt, further = schema.fields(find("alibaba/qwen-image-plus"))
        assert (prompt.name, prompt.required, prompt.max_length) == ("prompt", True, None)
        assert (further.kind, further.role, further.main) == ("json", "further", True)

    def test_only_what_is_made_of_words_needs_them_when_nothing_is_known(self):
        assert not schema.prompt(find("kling/kolors-virtual-try-on-v1")).required

    def test_a_model_of_which_some_parameters_are_known_has_room_for_the_rest_too(self):
        further = schema.fields(find("google/nano-banana-2-lite"))[-1]
        assert (further.kind, further.label, further.main) == ("json", "Further parameters", False)

    def test_words_to_speak_are_the_prompt_of_a_voice(self):
        assert schema.prompt(find("alibaba/qwen-audio-3.0-tts-flash")).name == "text"
        assert schema.prompt(find("openai/whisper-1")) is None


class SizeTests:
    FREE = [(m, m.parameters["properties"]["size"]) for m in KNOWN if "size" in m.parameters["properties"]]
    FREE = [(model, rule) for model, rule in FREE if "enum" not in rule]

    @pytest.mark.parametrize(("model", "rule"), FREE, ids=[model.slug for model, _ in FREE])
    def test_every_suggestion_is_allowed_and_the_default_is_first(self, model, rule):
        found = sizes.suggestions(rule)
        assert len(found) >= 7
        assert found[0] == rule.get("default", found[0])
        assert [text for text in found if sizes.problem(text, rule)] == []

    @pytest.mark.parametrize(
        ("slug", "some"),
        [
            ("bytedance/seedream-4.5-t2i", {"2048x2048", "2560x1440", "1728x2304"}),
            ("alibaba/wanx2.0-t2i-turbo", {"1280*1280", "1280*720", "960*1440"}),
            ("alibaba/wan2.7-image", {"2K", "1K", "2560*1440"}),
        ],
    )
    def test_suggestions_are_written_as_the_model_writes_them(self, slug, some):
        assert some <= set(field(slug, "size").choices)

    @pytest.mark.parametrize(
        ("text", "size"),
        [
            ("1664*928", (1664, 928)),
            ("1664x928", (1664, 928)),
            (" 1664 X 928 ", (1664, 928)),
            ("1664\u00d7928", (1664, 928)),
            ("0x928", None),
            ("1664", None),
            ("1664x", None),
            ("2K", None),
            ("16:9", None),
            (None, None),
        ],
    )
    def test_any_sign_is_read(self, text, size):
        assert sizes.parse(text) == size

    def test_limits_are_read_from_the_words(self):
        assert sizes.limits({"description": "WxH, 3,686,400-16,777,216 pixels"}).pixels == (3_686_400, 16_777_216)
        assert sizes.limits({"description": "between 768*768 and 1440*1440"}).pixels == (589_824, 2_073_600)
        assert sizes.limits({"description": "width*height, each side 512-1440"}).side == (512, 1440)
        assert sizes.limits({}) == sizes.Limits()


class BodyTests:
    @every(TEXT_TO_IMAGE)
    def test_an_untouched_form_passes(self, model):
        body = as_typed(model)
        assert schema.check(model, body) == {}
        assert json.loads(json.dumps(body)) == body

    @every(KNOWN)
    def test_of_any_untouched_form_only_what_has_no_default_is_asked_for(self, model):
        problems = schema.check(model, as_typed(model))
        assert set(problems.values()) <= {
            "This is needed.",
            "At least one of these is needed.",
            "Write the words to speak.",
            "At least one is needed, unless “Words and pictures mixed” is on.",
            "Either this is needed, or “Speaker” and “Words to speak”.",
        }
        assert not {f.name for f in schema.fields(model) if f.default is not None} & problems.keys()

    @every(TEXT_TO_IMAGE)
    def test_the_number_of_images_is_always_stated(self, model):
        body = schema.body(model, {"prompt": "A harbour"})
        counts = [f.name for f in schema.fields(model) if f.role == "count"]
        assert body == {"prompt": "A harbour"} | dict.fromkeys(counts, 1)
        assert schema.check(model, body) == {}

    def test_text_becomes_what_the_schema_asks_for(self):
        model = find("alibaba/qwen-image-2.0")
        values = {"prompt": " A harbour ", "n": "3", "seed": "7", "size": "2688x1536", "prompt_extend": "false"}
        assert schema.body(model, values) == {
            "prompt": "A harbour",
            "n": 3,
            "seed": 7,
            "size": "2688*1536",
            "prompt_extend": False,
        }

    def test_values_already_typed_stay(self):
        values = {"prompt": "A harbour", "seed": 0, "size": "1024x1024", "guidance_scale": Decimal("2.5")}
        body = schema.body(find("bytedance/seedream-3.0-t2i"), values)
        assert body == {"prompt": "A harbour", "seed": 0, "size": "1024x1024", "guidance_scale": 2.5}

    def test_choices_get_their_own_type(self):
        assert schema.body(find("kling/kling-v1-i2v"), {"duration": "10"})["duration"] == 10
        assert schema.body(find("google/veo-3.1-t2v"), {"durationSeconds": 8})["durationSeconds"] == "8"

    def test_the_empty_and_the_unknown_are_left_out(self):
        values = {"prompt": "A harbour", "negative_prompt": "  ", "seed": "", "size": None, "steps": "20", "n": "2"}
        assert schema.body(find("alibaba/qwen-image-2.0"), values) == {"prompt": "A harbour", "n": 2}

    def test_a_list_of_texts_has_one_to_a_line(self):
        model = find("kling/kling-v3-omni-image")
        assert schema.body(model, {"element_ids": " a, b\r\n\nc "})["element_ids"] == ["a, b", "c"]
        assert "element_ids" not in schema.body(model, {"element_ids": " \n "})

    def test_json_is_read(self):
        model = find("kling/kling-v1-t2v")
        assert schema.body(model, {"camera_control": '{"type": "simple"}'})["camera_control"] == {"type": "simple"}

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ('{"type": simple}', "This is not JSON yet. Look at line 1, character 10: a value is missing."),
            ('{\n  "a": 1\n  "b": 2}', "line 3, character 3: a comma or a closing bracket is missing."),
            ('{"a": NaN}', "A number in it cannot be sent."),
            ('{"a": 1e999}', "A number in it cannot be sent."),
            ("[1]", "Must be an object in JSON: { … }."),
            ("3", "Must be an object in JSON: { … }."),
            ('"a"', "Must be an object in JSON: { … }."),
            ("[" * 100_000, "It is nested deeper than 100 levels."),
            ('{"a": ' * 101 + "1" + "}" * 101, "It is nested deeper than 100 levels."),
            (r'{"a": "\u0000"}', "A text in it has a character that cannot be sent."),
            (r'{"\ud83d": 1}', "A text in it has a character that cannot be sent."),
        ],
    )
    @pytest.mark.parametrize(
        ("slug", "name"),
        [("kling/kling-v1-t2v", "camera_control"), ("vidu/viduq3-pro-t2v", "further-vidu-viduq3-pro-t2v")],
    )
    def test_where_json_goes_wrong_is_told(self, slug, name, text, sentence):
        model = find(slug)
        problems = schema.check(model, schema.body(model, {"prompt": "x", name: text}))
        assert list(problems) == [name]
        assert sentence in problems[name]

    def test_a_model_without_known_parameters_takes_a_prompt(self):
        model = find("alibaba/qwen-image-plus")
        body = schema.body(model, {"prompt": "A harbour", "n": "4"})
        assert body == {"prompt": "A harbour"}
        assert schema.check(model, body) == {}
        assert schema.check(model, {}) == {"prompt": "Write a prompt."}

    def test_and_whatever_is_written_in_json(self):
        model = find("alibaba/qwen-image-plus")
        body = schema.body(model, {"prompt": "A harbour", schema.further(model): '{"n": 2, "style": {"name": "ink"}}'})
        assert body == {"prompt": "A harbour", "n": 2, "style": {"name": "ink"}}
        assert (schema.check(model, body), forecast.outputs(model, body)) == ({}, 2)
        assert schema.body(model, {schema.further(model): '{"prompt": "In JSON"}'}) == {"prompt": "In JSON"}

    def test_further_parameters_of_one_model_mean_nothing_to_another(self):
        plus, pro = find("alibaba/qwen-image-plus"), find("alibaba/qwen-image-2.0-pro")
        assert schema.body(pro, {"prompt": "x", schema.further(plus): '{"n": 2}'}) == {"prompt": "x"}
        complete = find("alibaba/qwen-image")
        assert schema.body(complete, {"prompt": "x", schema.further(complete): '{"n": 2}'}) == {"prompt": "x", "n": 1}


class CheckTests:
    @pytest.mark.parametrize(
        ("slug", "given", "problems"),
        [
            ("alibaba/qwen-image", {"prompt": ""}, {"prompt": "Write a prompt."}),
            ("alibaba/qwen-image", {"prompt": "   "}, {"prompt": "Write a prompt."}),
            ("alibaba/qwen-image", {"prompt": "a" * 912}, {"prompt": "At most 800 characters; this has 912."}),
            ("openai/gpt-image-2", {"prompt": "a" * 32001}, {"prompt": "At most 32,000 characters; this has 32,001."}),
            (
                "alibaba/qwen-image",
                {"size": "1*1"},
                {"size": "Must be one of 1664*928, 1472*1140, 1328*1328, 1140*1472, 928*1664."},
            ),
            ("alibaba/qwen-image", {"n": "2"}, {"n": "Must be 1."}),
            ("alibaba/qwen-image-2.0", {"n": "7"}, {"n": "Must be between 1 and 6."}),
            ("alibaba/qwen-image-2.0", {"n": "0"}, {"n": "Must be between 1 and 6."}),
            ("alibaba/qwen-image-2.0", {"n": "two"}, {"n": "Must be a whole number."}),
            ("alibaba/qwen-image-2.0", {"n": "2.5"}, {"n": "Must be a whole number."}),
            ("alibaba/qwen-image-2.0", {"n": 2.5}, {"n": "Must be a whole number."}),
            ("alibaba/qwen-image-2.0", {"n": True}, {"n": "Must be a whole number."}),
            ("alibaba/qwen-image-2.0", {"n": float("inf")}, {"n": "Must be a whole number."}),
            ("alibaba/qwen-image", {"seed": "-1"}, {"seed": "Must be between 0 and 2,147,483,647."}),
            ("minimax/minimax-image-01-t2i", {"seed": "-1"}, {"seed": "Must be at least 0."}),
            ("alibaba/qwen-image", {"prompt_extend": "perhaps"}, {"prompt_extend": "Must be yes or no."}),
            ("bytedance/seedream-3.0-t2i", {"guidance_scale": "much"}, {"guidance_scale": "Must be a number."}),
            ("bytedance/seedream-3.0-t2i", {"guidance_scale": "nan"}, {"guidance_scale": "Must be a number."}),
            ("bytedance/seedream-3.0-t2i", {"guidance_scale": "11"}, {"guidance_scale": "Must be between 1 and 10."}),
            ("minimax/minimax-image-01-t2i", {"width": "513", "height": "512"}, {"width": "Must be a multiple of 8."}),
            ("minimax/minimax-image-01-t2i", {"width": "512"}, {"height": "Width and height go together."}),
            ("bytedance/seedream-4.5-t2i", {"size": "big"}, {"size": "Must be width and height, such as 1024x1024."}),
            (
                "bytedance/seedream-4.5-t2i",
                {"size": "800*600"},
                {"size": "Must have between 3,686,400 and 16,777,216 pixels; 800x600 has 480,000."},
            ),
            ("alibaba/wanx2.0-t2i-turbo", {"size": "1600x512"}, {"size": "Each side must be between 512 and 1,440."}),
            ("alibaba/wan2.7-image", {"size": "4K"}, {"size": "Must be width and height, such as 1024*1024."}),
            ("alibaba/wan2.7-image", {"size": "1K"}, {}),
            ("google/nano-banana-2-lite", {"aspectRatio": "5:4"}, {}),
            ("alibaba/qwen-image", {"prompt": "", "n": "2", "seed": "x"}, {"prompt", "n", "seed"}),
        ],
    )
    def test_a_wrong_value_is_told_at_its_field(self, slug, given, problems):
        model = find(slug)
        found = schema.check(model, schema.body(model, {"prompt": "A harbour"} | given))
        assert (set(found) if isinstance(problems, set) else found) == problems

    @every(TEXT_TO_IMAGE)
    def test_every_limit_of_every_model_has_words(self, model):
        for f in (f for f in schema.fields(model) if f.role != "further"):
            wrong = {f.name: "a" * (f.max_length + 1)} if f.max_length else {f.name: [1, {}]}
            problems = schema.check(model, {"prompt": "x"} | wrong)
            assert f.name in problems
            assert problems[f.name].endswith(".")

    def test_lists_and_missing_media_have_words(self):
        problems = schema.check(find("google/nano-banana-2-edit"), {"prompt": "x"})
        assert problems == dict.fromkeys(["image", "video"], "At least one of these is needed.")
        many = {"prompt": "x", "image": ["https://a.example/1.png"] * 15}
        assert schema.check(find("google/nano-banana-2-edit"), many)["image"] == "At most 14; these are 15."

    def test_what_the_schema_does_not_name_is_left_to_the_provider(self):
        assert schema.check(find("alibaba/qwen-image"), {"prompt": "x", "steps": 20}) == {}

    @pytest.mark.parametrize(
        ("slug", "most"),
        [
            ("alibaba/qwen-image", 1),
            ("alibaba/qwen-image-2.0", 6),
            ("kling/kling-v3-t2i", 9),
            ("google/nano-banana", 1),
        ],
    )
    def test_a_request_has_a_most(self, slug, most):
        assert schema.count_limit(find(slug)) == most
