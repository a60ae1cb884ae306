"""A wall as a team has it after a day: sixty generations of many shapes, most of them done, with real pictures."""

import random
import tempfile
from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from generations.media.pictures import make_thumbnails
from generations.models import Heartbeat, Output, Prompt, Task, User
from generations.simulator.painter import paint

CARDS = 60
SUBJECTS = (
    "a harbour before sunrise, long exposure",
    "paper-cut mountains at first light",
    "dunes under a pale moon, one set of footprints",
    "a portrait in profile, side light",
    "three glazed vases on linen",
    "a city in the rain, seen from a tram",
)
SHAPES = ((1024, 1024), (1344, 768), (768, 1344), (1152, 864))  # pixels
RESTLESS = ("queued", "failed", "unknown", "cancelled")  # one of ten cards is in one of these states


def hang():
    """Fill an empty database: the admin whose wall it is."""
    admin = User.objects.create_superuser("mira@example.com", None, name="Mira Okafor")
    Heartbeat.beat("here")
    Heartbeat.objects.update(at=timezone.now() + timedelta(hours=1))  # no banner, however long the looking takes
    pictures = [painted(words, size) for words in SUBJECTS for size in SHAPES[: 2 if words == SUBJECTS[0] else 1]]
    pictures += [painted(SUBJECTS[number], size) for number, size in enumerate(SHAPES[1:])]
    for number in range(CARDS):
        if number % 10 == 9:
            ordered(admin, number, RESTLESS[number // 10 % len(RESTLESS)], (1024, 1024))
        else:
            first = pictures[number % len(pictures)]
            task = ordered(admin, number, Task.Status.DONE, (first["width"], first["height"]))
            keep(task, pictures[number % len(pictures) :][: 4 if number % 5 == 0 else 1])
    return admin


def painted(words, size):
    """A picture in the storage, with its thumbnails: the fields of an Output."""
    with tempfile.TemporaryDirectory() as folder:
        original, medium, small = (Path(folder) / name for name in ("original.png", "medium.webp", "small.webp"))
        paint(words, size, random.Random(words)).save(original)
        seen = vars(make_thumbnails(original, medium, small))
        names = {
            path.stem: default_storage.save(path.name, ContentFile(path.read_bytes()))
            for path in (original, medium, small)
        }
        return names | seen | {"size": original.stat().st_size}


def ordered(author, number, status, size):
    text = f"{SUBJECTS[number % len(SUBJECTS)]}, study {number + 1}"
    prompt = Prompt.objects.create(author=author, text=text, model_slugs=["alibaba/qwen-image"])
    named = {"model_slug": "alibaba/qwen-image", "model_name": "Qwen Image", "model_type": "text-to-image"}
    shape = {"kind": "image", "ratio_width": size[0], "ratio_height": size[1]}
    with transaction.atomic():
        task = Task.order(prompt, author, **named, **shape, body={"prompt": text})
    now = timezone.now()
    closed = {} if status in ("queued", "unknown") else {"closed_at": now}
    made = {"accepted_at": now - timedelta(seconds=14), "finished_at": now, "price_charged": "0.016", "spent": "yes"}
    Task.objects.filter(pk=task.pk).update(
        status=status, claimed_at=now - timedelta(minutes=9), **closed, **(made if status == "done" else {})
    )
    return task


def keep(task, pictures):
    for position, picture in enumerate(pictures):
        Output.objects.create(
            task=task,
            position=position,
            status=Output.Status.SAVED,
            saved_at=timezone.now(),
            deadline=timezone.now(),
            kind="image",
            mime="image/png",
            sha256=f"{task.pk:032x}{position:032x}",
            **picture,
        )
