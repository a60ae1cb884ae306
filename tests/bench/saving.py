"""How much of the time of a core that saving a picture takes is the picture's own: decoding, resizing, encoding."""

import contextlib
import io
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from PIL import Image

from generations.engine import save
from generations.media.pictures import EFFORT, MEDIUM, QUALITY, SMALL
from generations.models import Output, Prompt, Task, User
from tests.bench.line import Line, mean
from tests.bench.studio import SLUG, begin_anew

SIZES = ((1024, "PNG"), (1536, "PNG"), (2048, "JPEG"))  # pixels a side


def saving(long):
    """Pictures from a file host on this machine through the saver and, by turns, through Pillow alone."""
    begin_anew()
    settings.MODELLIX_BASE_URL = "http://127.0.0.1"  # a provider on this machine: its files may come from here
    number = 150 if long else 45
    with tempfile.TemporaryDirectory(prefix="bench-files-") as folder, file_host(folder) as url:
        paths = [paint(Path(folder), n) for n in range(len(SIZES))]
        named = [paths[n % len(paths)] for n in range(number)]
        outputs = ordered([f"{url}/{path.name}" for path in named])
        save.save(outputs.pop())  # warm
        pairs = [
            (core_time(save.save, output), core_time(shrink, path))
            for output, path in zip(outputs, named, strict=False)
        ]
    ours, raw = (sum(core for core, _ in side) for side in zip(*pairs, strict=True))
    wall = mean(clock for (_, clock), _ in pairs)
    lost = Output.objects.exclude(status=Output.Status.SAVED).count()
    facts = (
        f"{len(outputs) / ours:.1f} pictures/s/core saved, {len(outputs) / raw:.1f} raw; "
        f"{1000 * wall:.0f} ms each by the clock"
    )
    yield Line("saving: pictures/s/core / decoding, resizing, encoding alone", raw / ours, least=0.8, facts=facts)
    yield Line("saving: not saved", lost, most=0)


@contextlib.contextmanager
def file_host(folder):
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield re.search(r"http://[\d.:]+", process.stdout.readline())[0]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def paint(folder, number):
    """A picture that costs about as much as photographs do: shapes of all sizes, and grain."""
    side, form = SIZES[number]
    chance = random.Random(number)
    path = folder / f"{number}.{form.lower()}"
    Image.merge("RGB", [band(side, chance) for _ in "RGB"]).save(path, form, quality=90)
    return path


def band(side, chance):
    whole = Image.new("L", (side, side))
    for cells, weight in ((8, 1), (32, 0.35), (128, 0.2), (512, 0.1)):
        shapes = Image.frombytes("L", (cells, cells), chance.randbytes(cells**2))
        whole = Image.blend(whole, shapes.resize((side, side), Image.Resampling.BICUBIC), weight)
    return Image.blend(whole, Image.effect_noise((side, side), 50), 0.05)


def ordered(urls):
    """Outputs that wait to be saved, one of each finished task."""
    author = User.objects.create(email="bench@example.com")
    outputs = []
    for url in urls:
        with transaction.atomic():
            prompt = Prompt.objects.create(author=author, text="a harbour", model_slugs=[SLUG])
            named = {"model_slug": SLUG, "model_name": "A model", "model_type": "text-to-image", "kind": "image"}
            task = Task.order(prompt, author, **named, body={"prompt": "a harbour"})
            task.accept(task.claim(1, "plain"), f"task-{task.pk}")
            task.finish([{"url": url}], None, None, None, "")
        outputs.append(Output.objects.select_related("task__prompt").get(task=task))
    return outputs


def shrink(path):
    """What has to be done to a picture, whoever does it."""
    with Image.open(io.BytesIO(path.read_bytes())) as picture:
        picture.draft("RGB", (MEDIUM, MEDIUM))
        picture.load()
        for side in (MEDIUM, SMALL):
            picture.thumbnail((side, side), reducing_gap=1.0)
            picture.save(io.BytesIO(), "WEBP", quality=QUALITY, method=EFFORT)


def core_time(work, *args):
    """(Seconds of a core, of the clock) that it took this process."""
    core, clock = time.process_time(), time.perf_counter()
    work(*args)
    return time.process_time() - core, time.perf_counter() - clock
