"""Makes the bytes of a result file from the plan of its task."""

import math
import random
import wave
from array import array
from pathlib import Path

import av
from PIL import Image

from . import plan
from .faults import TOKEN
from .painter import paint
from .store import Task

FRAMES = 24  # per second of film
SAMPLES = 16_000  # per second of sound
SCALE = (220.0, 261.6, 293.7, 329.6, 392.0, 440.0)  # Hz, five tones and an octave
IMAGE_OPTIONS = {"png": {"compress_level": 3}, "jpeg": {"quality": 92}, "webp": {"quality": 88, "method": 2}}


def make(task: Task, index: int, target: Path) -> None:
    """Write that output to the file. The same task and index always give the same bytes; the next copy of the same
    body, or the next index, gives a relative."""
    output = task.outputs[index]
    words = TOKEN.sub("", plan.prompt(task.body)).strip().encode("utf-8", "replace").decode()
    chance = random.Random(f"{task.body_hash}:{task.copy}:{index}")  # noqa: S311
    if output["kind"] == "image":
        picture = paint(words, (output["width"], output["height"]), chance)
        picture.save(target, output["format"], **IMAGE_OPTIONS[output["format"]])
    elif output["kind"] == "video":
        _film(output, words, chance, target)
    elif output["kind"] == "audio":
        _sound(output, chance, target)
    else:
        target.write_text(_transcript(task), encoding="utf-8")


def _film(output: dict, words: str, chance: random.Random, target: Path) -> None:
    """A slow drift over a painted picture, as H.264 in MP4, its index at the front so that it plays at once."""
    width, height = output["width"], output["height"]
    picture = paint(words, (round(width * 1.3), round(height * 1.3)), chance)
    with av.open(str(target), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=FRAMES, options={"preset": "veryfast", "crf": "25"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.thread_count = 1  # one thread always writes the same bytes
        for image in _drift(picture, (width, height), output["duration"] * FRAMES, chance):
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode())


def _drift(picture: Image.Image, size: tuple[int, int], number: int, chance: random.Random):
    """The frames: a window that moves and closes in, slowly at both ends."""
    begin, end = ((chance.uniform(0.1, 0.9), chance.uniform(0.1, 0.9), zoom) for zoom in (1.0, 0.84))
    for index in range(number):
        share = (1 - math.cos(math.pi * index / max(number - 1, 1))) / 2
        across, down, zoom = (a + (b - a) * share for a, b in zip(begin, end, strict=True))
        wide, tall = picture.width * zoom / 1.15, picture.height * zoom / 1.15
        left, top = (picture.width - wide) * across, (picture.height - tall) * down
        box = (left, top, left + wide, top + tall)
        yield picture.transform(size, Image.Transform.EXTENT, box, Image.Resampling.BILINEAR)


def _sound(output: dict, chance: random.Random, target: Path) -> None:
    """Soft single tones, about two in a second."""
    samples = array("h")
    while len(samples) < output["duration"] * SAMPLES:
        samples.extend(_tone(chance.choice(SCALE), chance.choice((0.4, 0.4, 0.8))))
    with wave.open(str(target), "wb") as file:
        file.setparams((1, 2, SAMPLES, 0, "NONE", "not compressed"))
        file.writeframes(samples[: output["duration"] * SAMPLES].tobytes())


def _tone(pitch: float, length: float) -> list[int]:
    """One tone of that many seconds, struck softly and dying away."""
    number, turn = round(length * SAMPLES), 2 * math.pi * pitch / SAMPLES
    return [
        round(
            9000
            * min(1, index / 400, (number - index) / 800)
            * math.exp(-2.5 * index / number)
            * (math.sin(turn * index) + 0.3 * math.sin(2 * turn * index))
        )
        for index in range(number)
    ]


def _transcript(task: Task) -> str:
    return f"The Modellix simulator cannot hear. A transcript of {task.body.get('url', 'the sound')} would be here.\n"
