"""Makes the bytes of a result file from the plan of its task."""

import io
import random

from . import plan
from .faults import TOKEN
from .painter import paint
from .store import Task


def make(task: Task, index: int) -> bytes:
    """The bytes of that output: the same task and index always give the same picture."""
    output = task.outputs[index]
    words = TOKEN.sub("", plan.prompt(task.body)).strip()
    chance = random.Random(f"{task.body_hash}:{task.copy}:{index}")  # noqa: S311
    return _image(output, words, chance)


def _image(output: dict, words: str, chance: random.Random) -> bytes:
    picture = paint(words, (output["width"], output["height"]), chance)
    target = io.BytesIO()
    options = {"png": {"compress_level": 3}, "jpeg": {"quality": 92}, "webp": {"quality": 88, "method": 2}}
    picture.save(target, output["format"], **options[output["format"]])
    return target.getvalue()
