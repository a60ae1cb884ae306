"""The files are real: they open, have the size and length they were announced with, and are worth looking at."""

import io
import wave
from collections import Counter

import av
import pytest
from PIL import Image, ImageStat

from .conftest import PICTURE, TEXT_IN_MOTION, UNKNOWN, Caller

SEEDREAM = "/api/v1/bytedance/seedream-4.5-t2i"
LITE = "/api/v1/bytedance/seedream-5.0-lite"
NANO = "/api/v1/google/nano-banana-2"
KLING = "/api/v1/kling/kling-v3-t2i"
MINIMAX = "/api/v1/minimax/minimax-image-01-t2i"


def picture(caller, body, path=PICTURE, index=0):
    resource = caller.results({"prompt": "A quiet bay"} | body, path)[index]
    return resource, caller.file(resource)


@pytest.mark.parametrize(
    ("path", "body", "form", "size"),
    [
        (PICTURE, {}, "PNG", (1328, 1328)),
        (PICTURE, {"size": "928*1664"}, "PNG", (928, 1664)),
        (SEEDREAM, {"size": "4096x1024"}, "JPEG", (4096, 1024)),
        (LITE, {"output_format": "png"}, "PNG", (2048, 2048)),
        (LITE, {}, "JPEG", (2048, 2048)),
        (NANO, {"imageSize": "512", "aspectRatio": "16:9"}, "PNG", (688, 384)),
        (NANO, {"imageSize": "1K", "aspectRatio": "1:8"}, "PNG", (368, 2896)),
        (NANO, {}, "PNG", (1024, 1024)),
        (KLING, {"aspect_ratio": "3:2", "resolution": "1k"}, "PNG", (1248, 832)),
        (MINIMAX, {"width": 512, "height": 768}, "JPEG", (512, 768)),
        (MINIMAX, {"width": 512, "height": 768, "aspect_ratio": "1:1"}, "JPEG", (1024, 1024)),
        ("/api/v1/reve/reve-create", {"width": 640, "height": 480}, "WEBP", (640, 480)),
        (UNKNOWN, {"size": "64*64", "output_format": "webp"}, "WEBP", (64, 64)),
    ],
)
def test_a_picture_has_the_asked_form_and_size(caller, path, body, form, size):
    resource, reply = picture(caller, body, path)
    with Image.open(io.BytesIO(reply.body)) as image:
        image.load()
        assert (image.format, image.size, image.mode) == (form, size, "RGB")
    assert (resource["width"], resource["height"]) == size
    assert resource["format"] == form.lower() == resource["url"].rpartition(".")[2]
    assert reply.headers["Content-Type"] == f"image/{form.lower()}"


def test_one_task_gives_as_many_relatives_as_asked(caller):
    resources = caller.results({"prompt": "A quiet bay", "n": 4, "size": "480*320"}, UNKNOWN)
    files = [caller.file(resource).body for resource in resources]
    assert len(set(files)) == 4


@pytest.mark.parametrize(
    ("path", "body", "number"),
    [
        ("/api/v1/alibaba/wan2.7-image", {}, 4),
        ("/api/v1/alibaba/wan2.7-image", {"enable_sequential": True, "n": 7}, 7),
        (SEEDREAM, {"sequential_image_generation": "auto", "sequential_image_generation_max_images": 3}, 3),
        (SEEDREAM, {"sequential_image_generation_max_images": 3}, 1),
        (KLING, {"n": 9}, 9),
    ],
)
def test_each_model_counts_in_its_own_words(caller, path, body, number):
    assert len(caller.results({"prompt": "A quiet bay"} | body, path)) == number


def test_a_picture_has_light_and_shade_and_many_colours(caller):
    for words in ("Mountains in mist", "Three vases", "A city at dusk", "abstract", "a portrait"):
        _, reply = picture(caller, {"prompt": words, "size": "480*320"}, UNKNOWN)
        image = Image.open(io.BytesIO(reply.body))
        assert max(ImageStat.Stat(image).stddev) > 15
        assert len(Counter(image.resize((64, 64)).get_flattened_data())) > 400


def test_the_same_body_gives_the_same_picture_on_another_machine_and_a_new_one_when_bought_again(start, tmp_path):
    def buy(folder):
        caller = Caller(start(data=tmp_path / folder).url)
        return picture(caller, {"seed": 7, "size": "480*320"}, UNKNOWN)[1].body

    first, elsewhere = buy("one"), buy("two")
    assert first == elsewhere
    assert buy("one") != first


@pytest.mark.parametrize(
    ("body", "size", "seconds"),
    [
        ({"duration": 2, "resolution": "480p"}, (426, 240), 2),
        ({"duration": 2, "ratio": "9:16", "resolution": "480p"}, (240, 426), 2),
        ({"duration": 12, "ratio": "1:1", "resolution": "480p"}, (240, 240), 10),
    ],
)
def test_a_film_plays_at_its_size_and_length(caller, body, size, seconds):
    [resource] = caller.results({"prompt": "A quiet bay"} | body, TEXT_IN_MOTION)
    reply = caller.file(resource)
    assert reply.headers["Content-Type"] == "video/mp4"
    assert reply.body[4:8] == b"ftyp"
    assert reply.body.index(b"moov") < reply.body.index(b"mdat")  # it plays before all of it is there
    with av.open(io.BytesIO(reply.body)) as film:
        stream = film.streams.video[0]
        frames = [frame.to_image() for index, frame in enumerate(film.decode(stream)) if index % 24 == 0]
        assert (stream.width, stream.height) == size == (resource["width"], resource["height"])
        assert float(stream.duration * stream.time_base) == seconds == resource["duration"]
    assert len(frames) == seconds
    assert frames[0].tobytes() != frames[-1].tobytes()


def test_speech_is_a_sound_of_the_announced_length(caller):
    [resource] = caller.results({"text": "Hello " * 10}, "/api/v1/alibaba/qwen-audio-3.0-tts-plus")
    reply = caller.file(resource)
    assert (resource["type"], resource["format"], reply.headers["Content-Type"]) == ("audio", "wav", "audio/wav")
    with wave.open(io.BytesIO(reply.body)) as sound:
        assert sound.getnframes() / sound.getframerate() == resource["duration"] == 4
        loud = memoryview(sound.readframes(sound.getnframes())).cast("h")
        assert 2000 < max(loud) < 32767


def test_a_transcript_is_a_text(caller):
    [resource] = caller.results({"url": "https://example.org/a.wav"}, "/api/v1/openai/whisper-1")
    reply = caller.file(resource)
    assert (resource["type"], resource["format"]) == ("document", "txt")
    assert b"https://example.org/a.wav" in reply.body


@pytest.mark.parametrize(
    "words", ["", " ", "海辺の灯台", "\ud800 broken", "x" * 800, "line\nbreak\ttab", "[[sim:file=slowx0]]"]
)
def test_any_prompt_can_be_painted(caller, words):
    _, reply = picture(caller, {"prompt": words, "size": "240*320"}, UNKNOWN)
    assert Image.open(io.BytesIO(reply.body)).size == (240, 320)
