"""What a body gives and costs, told before it is sent."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from generations.modellix import forecast, schema
from generations.modellix.catalogue import find, models
from generations.modellix.inputs import inputs

PRICED = [model for model in models() if model.slug and model.parameters and model.price]


@dataclass(frozen=True)
class Film:
    """A file that was given, as far as an estimate wants to know it."""

    width: int | None = None
    height: int | None = None
    duration: float | None = None


TALL, WIDE = Film(1200, 1600), Film(1000, 500)


def given(slug, files):
    """{Input: its files} of {name: file}."""
    return {taken: [files[taken.name]] for taken in inputs(find(slug)) if taken.name in files}


class ShapeTests:
    @pytest.mark.parametrize(
        ("slug", "body", "expected"),
        [
            ("alibaba/qwen-image", {"size": "1664*928"}, (52, 29)),
            ("alibaba/qwen-image", {}, (1, 1)),
            ("alibaba/z-image-turbo", {}, (2, 3)),
            ("bytedance/seedream-4.5-t2i", {"size": "2560x1440"}, (16, 9)),
            ("alibaba/wan2.7-image", {"size": "2K"}, (1, 1)),
            ("kling/kling-v3-t2i", {"aspect_ratio": "21:9"}, (7, 3)),
            ("kling/kling-v3-t2i", {}, (16, 9)),
            ("google/nano-banana-2", {"aspectRatio": "1:8"}, (1, 8)),
            ("google/nano-banana-2", {}, (1, 1)),
            ("minimax/minimax-image-01-t2i", {"width": 1024, "height": 512}, (2, 1)),
            ("minimax/minimax-image-01-t2i", {"width": 1024, "height": 512, "aspect_ratio": "2:3"}, (2, 3)),
            ("minimax/minimax-image-01-t2i", {"width": 1024}, (1, 1)),
            ("bytedance/seedance-1.5-pro-t2v", {"ratio": "adaptive"}, (16, 9)),
            ("vidu/viduq3-pro-i2v", {}, (16, 9)),
            ("vidu/viduq3-pro-t2v", {"aspect_ratio": "9:16"}, (9, 16)),
            ("openai/whisper-1", {}, (1, 1)),
            ("alibaba/qwen-image", {"size": "nonsense"}, (1, 1)),
            ("alibaba/qwen-image-plus", {"prompt": "x"}, (1, 1)),
        ],
    )
    def test_the_shape_is_known_before_the_picture(self, slug, body, expected):
        assert forecast.ratio(find(slug), body) == expected

    @pytest.mark.parametrize(
        ("slug", "body", "files", "expected"),
        [
            ("vidu/viduq3-pro-i2v", {}, {"first_frame_image": TALL}, (3, 4)),
            ("vidu/viduq3-pro-fl2v", {}, {"last_frame_image": WIDE, "first_frame_image": TALL}, (3, 4)),
            ("bytedance/seedance-1.5-pro-i2v", {"ratio": "adaptive"}, {"last_frame_image": TALL}, (3, 4)),
            ("bytedance/seedance-1.5-pro-i2v", {"ratio": "1:1"}, {"first_frame_image": TALL}, (1, 1)),
            ("kling/kling-image-o1", {"aspect_ratio": "auto"}, {"images": TALL}, (3, 4)),
            ("pixverse/upscale-video", {}, {"video": WIDE}, (2, 1)),
            ("kling/kling-avatar", {}, {"sound_file": Film(duration=7), "image": TALL}, (3, 4)),
            ("pixverse/upscale-video", {}, {"video": Film()}, (16, 9)),
        ],
    )
    def test_it_is_that_of_the_file_it_is_made_from_where_nothing_else_tells(self, slug, body, files, expected):
        assert forecast.ratio(find(slug), body, given(slug, files)) == expected

    @pytest.mark.parametrize(
        ("slug", "body", "expected"),
        [
            ("alibaba/qwen-image-2.0", {"n": 4}, 4),
            ("google/imagen-4.0-generate-001", {"sampleCount": 3}, 3),
            ("google/nano-banana-2", {}, 1),
            ("alibaba/qwen-image-2.0", {}, 1),
            ("alibaba/wan2.6-t2i", {}, 4),
            ("alibaba/wan2.7-image", {}, 12),
            ("alibaba/qwen-image-2.0", {"n": "many"}, 1),
            ("bytedance/seedream-4.5-t2i", {}, 1),
            ("bytedance/seedream-4.5-t2i", {"sequential_image_generation": "auto"}, 5),
            (
                "bytedance/seedream-4.5-t2i",
                {"sequential_image_generation": "auto", "sequential_image_generation_max_images": 9},
                9,
            ),
            ("bytedance/seedream-4.5-t2i", {"sequential_image_generation_max_images": 9}, 1),
            ("alibaba/qwen-image-plus", {}, 1),
            ("kling/kling-v3-t2v", {"duration": 5}, 1),
        ],
    )
    def test_the_number_of_files_is_known_before_they_come(self, slug, body, expected):
        assert forecast.outputs(find(slug), body) == expected


class EstimateTests:
    @pytest.mark.parametrize(
        ("slug", "body", "expected"),
        [
            ("alibaba/qwen-image", {"n": 1}, ("0.0207", "0.0207")),
            ("minimax/minimax-image-01-t2i", {"n": 4}, ("0.016", "0.016")),
            ("google/nano-banana-2", {"imageSize": "2K"}, ("0.0851", "0.0851")),
            ("google/nano-banana-2", {"imageSize": "512"}, ("0.0403", "0.0403")),
            ("google/nano-banana-2", {}, ("0.0403", "0.1248")),
            ("google/nano-banana-2-lite", {}, ("0.0274", "0.0274")),
            ("openai/gpt-image-2", {"quality": "high"}, ("0.0041", "0.3943")),
            ("bytedance/seedream-4.5-t2i", {"sequential_image_generation": "auto"}, ("0.0414", "0.2070")),
            ("alibaba/qwen-image-2.0", {"n": 1}, None),
            ("alibaba/qwen-image-plus", {}, ("0.0172", "0.0172")),
            # per second: the length is given, has a default, has only a range, or is the source's
            ("bytedance/seedance-1.0-pro-fast-t2v", {"duration": 10, "resolution": "720p"}, ("0.2480", "0.2480")),
            ("bytedance/seedance-1.0-pro-fast-t2v", {}, ("0.2485", "0.2485")),
            ("vidu/viduq3-r2v", {"resolution": "540p"}, ("0.0966", "0.5152")),
            ("vidu/viduq3-r2v", {"resolution": "540p", "duration": 4}, ("0.1288", "0.1288")),
            ("minimax/hailuo-02-t2v", {"resolution": "768P", "duration": 10}, ("0.672", "0.672")),
            ("minimax/hailuo-02-t2v", {"resolution": "768P"}, ("0.324", "0.672")),
            ("pixverse/v6-fl2v", {"quality": "720p", "duration": 2}, ("0.2070", "0.276")),
        ],
    )
    def test_it_is_exact_a_range_or_nothing(self, slug, body, expected):
        estimate = forecast.estimate(find(slug), body)
        assert (estimate and (estimate.minimum, estimate.maximum)) == (expected and tuple(map(Decimal, expected)))

    def test_a_length_that_is_the_sources_can_be_priced_with_the_source(self):
        model = replace(find("alibaba/wan2.7-videoedit"), price=find("vidu/motion-sync").price)
        assert forecast.estimate(model, {"duration": 0}) is None
        assert forecast.estimate(model, {"duration": 2}).minimum == Decimal("0.092")
        files = given("alibaba/wan2.7-videoedit", {"video_url": Film(duration=7.0)})
        assert forecast.estimate(model, {"duration": 0}, files).minimum == Decimal("0.322")
        assert forecast.estimate(model, {"duration": 2}, files).minimum == Decimal("0.092")

    @pytest.mark.parametrize(
        ("slug", "files", "expected"),
        [
            ("pixverse/upscale-video", {"video": Film(duration=4.5)}, ("0.1612", "0.2015")),
            ("vidu/lip-sync", {"video_url": Film(duration=4.0), "audio_url": Film(duration=9.0)}, ("0.0736", "0.1656")),
            ("kling/kling-avatar", {"image": TALL, "sound_file": Film(duration=0.4)}, ("0.0386", "0.0773")),
            ("pixverse/upscale-video", {"video": Film()}, None),
            ("pixverse/upscale-video", {}, None),
        ],
    )
    def test_what_is_as_long_as_its_source_costs_as_much(self, slug, files, expected):
        estimate = forecast.estimate(find(slug), {}, given(slug, files))
        assert (estimate and (estimate.minimum, estimate.maximum)) == (expected and tuple(map(Decimal, expected)))

    @pytest.mark.parametrize(
        ("body", "rate"),
        [
            ({"quality": "720p", "audio": True}, ("0.138", "0.138")),
            ({"quality": "720p", "generate_audio": False}, ("0.1035", "0.1035")),
            ({"quality": "720p", "sound": "off"}, ("0.1035", "0.1035")),
            ({"quality": "720p"}, ("0.1035", "0.138")),
        ],
    )
    def test_a_sound_has_its_price(self, body, rate):
        estimate = forecast.estimate(find("pixverse/v6-t2v"), body | {"duration": 1})
        assert (estimate.minimum, estimate.maximum) == tuple(map(Decimal, rate))

    def test_a_length_in_frames_has_its_price(self):
        estimate = forecast.estimate(find("bytedance/seedance-1.0-pro-fast-t2v"), {"frames": 60, "resolution": "480p"})
        assert (estimate.minimum, estimate.maximum) == (Decimal("0.0248"), Decimal("0.0372"))

    def test_speech_is_priced_by_the_million_characters(self):
        price = replace(
            find("vidu/motion-sync").price, unit="million characters", minimum=Decimal(12), maximum=Decimal(12)
        )
        model = replace(find("alibaba/qwen-audio-3.0-tts-flash"), price=price)
        assert forecast.estimate(model, {"text": "a" * 500, "voice": "Cherry"}).maximum == Decimal("0.006")
        assert forecast.estimate(model, {"voice": "Cherry"}) is None

    def test_it_is_never_zero(self):
        free = replace(find("alibaba/qwen-image").price, minimum=Decimal(0), maximum=Decimal(0))
        assert forecast.estimate(replace(find("alibaba/qwen-image"), price=free), {"n": 1}) is None
        per_character = replace(free, unit="million characters", maximum=Decimal(2))
        assert forecast.estimate(replace(find("alibaba/qwen-image"), price=per_character), {"n": 1}) is None

    @pytest.mark.parametrize("model", PRICED, ids=[model.slug for model in PRICED])
    def test_every_priced_model_gives_a_range_the_right_way_round(self, model):
        untouched = {field.name: field.default for field in schema.fields(model)}
        estimate = forecast.estimate(model, schema.body(model, untouched | {"prompt": "A harbour at night"}))
        assert estimate is None or 0 < estimate.minimum <= estimate.maximum


class NonsenseTests:
    @pytest.mark.parametrize("number", [10**6 + 1, 10**12, 10**30])
    def test_numbers_that_nobody_can_mean_have_no_price_and_no_shape(self, number):
        film = next(model for model in models() if model.price and model.price.unit == "second" and model.rules)
        assert forecast.estimate(film, {"duration": number}) is None
        assert forecast.units(film, {"duration": number}) is None
        assert forecast.ratio(film, {"width": number, "height": 1}) == (16, 9)
        assert forecast.outputs(film, {"n": number}) == 1000
