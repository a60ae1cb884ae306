"""What a model takes besides words, and how each file can get there."""

from dataclasses import replace

import pytest

from generations.modellix import schema
from generations.modellix.catalogue import find, models
from generations.modellix.inputs import (
    FREE,
    LARGEST_EMBEDDED,
    LARGEST_STORED,
    ROLES,
    inputs,
    is_placeholder,
    largest,
    placeholder,
    ways,
)

KNOWN = [model for model in models() if model.slug and model.parameters and inputs(model)]
PICTURE = inputs(find("kling/kling-v3-i2i"))[0]
ADDRESS_ONLY = replace(PICTURE, embedded="")


@pytest.mark.parametrize("model", KNOWN, ids=[model.slug for model in KNOWN])
def test_every_media_parameter_is_an_input_and_not_a_field(model):
    found = [each for each in inputs(model) if each != FREE]
    rules = model.parameters["properties"]
    assert {each.name for each in found} == {name for name, rule in rules.items() if "x-media" in rule}
    assert not {each.name for each in found} & {field.name for field in schema.fields(model)}
    assert [each.role for each in found] == sorted((each.role for each in found), key=ROLES.index)
    for each in found:
        assert each.kind in ("image", "video", "audio")
        assert each.label[0].isupper()
        assert "_" not in each.label
        assert each.many or each.maximum == 1
        assert each.by_address
        assert each.required == (each.name in model.parameters.get("required", ()))


def test_there_are_19_image_to_image_models_to_give_a_picture_to():
    assert len([model for model in KNOWN if model.type == "image-to-image"]) == 20


def test_a_model_that_works_from_files_in_ways_unknown_takes_any():
    assert inputs(find("xai/grok-imagine-image-edit")) == (FREE,)
    assert inputs(find("pixverse/motion-control")) == (FREE,)
    assert inputs(find("xai/grok-imagine-image")) == ()
    assert [FREE.takes(kind) for kind in ("image", "video", "audio", "text", "file")] == [True] * 3 + [False] * 2


def test_so_does_one_that_takes_them_within_objects():
    assert inputs(find("minimax/minimax-image-01-i2i")) == (FREE,)
    assert inputs(find("kling/kling-v1-t2v")) == ()


def test_files_without_a_parameter_have_names_of_their_own():
    assert [placeholder(number) for number in (1, 10)] == ["{{file 1}}", "{{file 10}}"]
    assert [is_placeholder(text) for text in ("{{file 1}}", "{{file 0}}", "{{ file 1 }}", "{{file 1}} ", "image")] == [
        True,
        *[False] * 4,
    ]


def test_first_and_last_frame_are_told_apart_whatever_they_are_called():
    for slug in ("kling/kling-v1.6-i2v", "google/veo-3-i2v", "pixverse/v6-fl2v", "alibaba/wanx2.1-kf2v-plus"):
        assert [each.label for each in inputs(find(slug))] == ["First frame", "Last frame"]


def test_what_a_picture_is_for_is_its_label():
    labels = {each.name: (each.label, each.role) for each in inputs(find("kling/kling-v2-mi2i"))}
    assert labels["subject_images"] == ("Subjects", "reference")
    assert labels["scene_image"] == ("Scene", "reference")
    assert [each.label for each in inputs(find("openai/gpt-image-2-edit"))] == ["Pictures", "Mask"]


def test_the_limits_are_those_of_the_schema():
    (picture,) = inputs(find("bytedance/seedream-5.0-lite-edit"))
    assert (picture.many, picture.maximum, picture.max_bytes) == (True, 14, 10_000_000)


@pytest.mark.parametrize(
    ("slug", "embedded"),
    [
        ("kling/kling-v3-i2i", "base64"),
        ("kling/kling-image-expansion", "base64"),
        ("vidu/viduq3-turbo-i2v", "data-uri"),
        ("bytedance/seedance-1.5-pro-i2v", "data-uri"),
        ("google/nano-banana-edit", ""),
        ("openai/gpt-image-2-edit", ""),
    ],
)
def test_a_file_itself_is_sent_in_the_form_that_the_model_takes(slug, embedded):
    assert inputs(find(slug))[0].embedded == embedded


@pytest.mark.parametrize(
    ("taken", "size", "public", "way"),
    [
        (PICTURE, LARGEST_STORED, True, "stored"),
        (PICTURE, LARGEST_STORED + 1, True, "public"),
        (PICTURE, LARGEST_STORED + 1, False, "embedded"),
        (PICTURE, LARGEST_EMBEDDED + 1, False, None),
        (ADDRESS_ONLY, LARGEST_STORED + 1, True, "public"),
        (ADDRESS_ONLY, LARGEST_STORED + 1, False, None),
        (replace(PICTURE, by_address=False), 1, True, "embedded"),
    ],
)
def test_the_store_of_modellix_goes_first_then_our_own_address_then_the_file_itself(taken, size, public, way):
    assert ways([(taken, size)], public) == [way]


def test_no_order_asks_for_more_places_than_there_are():
    assert ways([(ADDRESS_ONLY, 1)] * 12, public=False) == ["stored"] * 10 + [None] * 2
    assert ways([(ADDRESS_ONLY, 1)] * 12, public=True) == ["stored"] * 10 + ["public"] * 2
    assert ways([(PICTURE, 1)] * 12, public=False) == ["stored"] * 10 + ["embedded"] * 2


def test_the_largest_file_is_what_can_be_sent_and_what_the_model_takes():
    assert largest(PICTURE, public=True) is None
    assert largest(PICTURE, public=False) == LARGEST_EMBEDDED
    assert largest(ADDRESS_ONLY, public=False) == LARGEST_STORED
    assert largest(replace(PICTURE, max_bytes=10_000_000), public=False) == 10_000_000
