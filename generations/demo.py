"""A studio as a team leaves it after some weeks, for looking around: people, generations of each day, what they liked.

Nothing is ordered from anybody. Each order goes through the verbs of a Task in one transaction, so that no worker ever
sees it waiting; then its times are moved to the day that it is to be of. Files are painted here and stored as results.
"""

import hashlib
import random
import shutil
import uuid
from datetime import datetime, time, timedelta
from decimal import ROUND_UP, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from generations.engine import learned, save
from generations.engine.fetch import Fetched
from generations.forms.composer import ComposerForm
from generations.modellix import catalogue
from generations.models import (
    Collection,
    Entry,
    Event,
    Favourite,
    Output,
    Rating,
    ShareLink,
    Statement,
    Tag,
    Task,
    Team,
    User,
)
from generations.models.entry import exact, month_of
from generations.simulator import makers, plan
from generations.simulator.painter import paint
from generations.simulator.store import Task as Simulated

PEOPLE = ("Art director", "Illustrator", "Film editor", "Copywriter", "Set designer", "Photo editor", "Art buyer")
MODELS = {  # slug → how often it is chosen, and the median of the seconds that it takes
    "bytedance/seedream-4.5-t2i": (9, 11),
    "google/nano-banana-2": (8, 9),
    "alibaba/qwen-image-2.0": (6, 13),
    "minimax/minimax-image-01-t2i": (5, 7),
    "openai/gpt-image-2": (3, 24),
    "bytedance/seedance-2.0-t2v": (3, 80),
}
SUBJECTS = (
    "a harbour before sunrise, long exposure",
    "paper-cut mountains at first light",
    "dunes under a pale moon, one set of footprints",
    "a portrait in profile, side light",
    "three glazed vases on linen",
    "a city in the rain, seen from a tram",
    "a greenhouse at night",
    "an orchard in the fog",
)
STYLES = ("matte print", "wide lens, soft shadows", "ink and wash", "overcast, muted colours", "risograph, two inks")
SHAPES = ((640, 640), (768, 512), (512, 768))  # pixels
FILM = {"kind": "video", "role": "primary", "format": "mp4", "width": 640, "height": 360, "duration": 2}
ENDINGS = ("done",) * 46 + ("provider", "refused", "cancelled", "partly")
REFUSAL = "The prompt was not accepted by the model’s filter."  # noqa: RUF001
TAGS = ("campaign", "key visual", "draft", "print", "social")
COLLECTIONS = ("Spring campaign", "Mood board", "Title sequence")
TAKES = 2  # pictures of each prompt
PAUSE = 0.05  # seconds between orders: on SQLite, a worker beside this finds its moment to write then
DAILY = 8  # orders on an ordinary weekday


class Demo:
    """Fills an empty studio with `days` days of `people` people. The same numbers give the same studio."""

    def __init__(self, days, people):
        self.chance = random.Random(f"{days} {people}")  # noqa: S311
        self.days = days
        self.people = [self._person(number) for number in range(people)]
        self.models = [slug for slug in MODELS if catalogue.is_orderable(catalogue.find(slug))]

    def fill(self, tell):
        """`tell(day, days)` is called after each day."""
        with TemporaryDirectory() as folder:
            self.folder, self.files = Path(folder), {}
            for number in range(self.days):
                day = timezone.localdate() - timedelta(days=self.days - 1 - number)
                for at in self._moments(day):
                    self._order(at)
                tell(number + 1, self.days)
        self._arrange()

    def _person(self, number):
        name = PEOPLE[number % len(PEOPLE)] + (f" {number // len(PEOPLE) + 1}" if number >= len(PEOPLE) else "")
        email = f"{name.lower().replace(' ', '.')}@demo.invalid"
        return User.objects.create_user(email, None, name=name, undo_seconds=0)

    def _moments(self, day):
        """When something is ordered on that day: in office hours, seldom at weekends, never in the future."""
        busy = DAILY * self.chance.uniform(0.4, 1.6) * (0.2 if day.weekday() >= 5 else 1)
        midnight = timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())
        moments = [midnight + timedelta(hours=self.chance.triangular(8, 20, 11)) for _ in range(round(busy))]
        return sorted(at for at in moments if at < timezone.now() - timedelta(minutes=10))

    # One order

    def _order(self, at):
        person, slug = self.chance.choice(self.people), self.chance.choices(self.models, self._weights())[0]
        text = f"{self.chance.choice(SUBJECTS)}, {self.chance.choice(STYLES)}"
        self._drawn(catalogue.find(slug).kind, text)
        sleep(PAUSE)
        with transaction.atomic():
            form = ComposerForm(self._pressed(slug, text), author=person)
            if not form.is_valid():
                raise ValueError(f"{slug}: {form.errors.as_text()}")
            for task in form.order(person):
                self._end(task, at, self.chance.choice(ENDINGS))

    def _weights(self):
        return [MODELS[slug][0] for slug in self.models]

    def _pressed(self, slug, text):
        """What a browser sends when Generate is pressed."""
        form = ComposerForm.adapted({"model": slug})
        settings = {each.bound.html_name: each.value for each in form.settings}
        count = str(self.chance.choice((1, 1, 2, 4))) if form.chosen.kind == "image" else "1"
        order = {"order_key": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)), "model": slug, "shown": slug}
        return settings | order | {"prompt": text, "count": count}

    def _end(self, task, at, ending):
        seconds = MODELS[task.model_slug][1] * self.chance.lognormvariate(0, 0.35)
        if ending == "cancelled":
            task.cancel(task.author)
        else:
            attempt = task.claim(0, "plain")
            if ending == "refused":
                task.refuse(attempt, REFUSAL, "http_400", http_status=400)
            else:
                task.accept(attempt, f"demo-{task.pk}")
                self._finish(task, ending)
                learned.learn(task, seconds)
        self._move_to(task, at, timedelta(seconds=seconds))

    def _finish(self, task, ending):
        if ending == "provider":
            task.fail("The provider could not make it.", "provider", Decimal(0), "")
            return
        listed = task.listed_maximum or task.price_maximum  # what is learned would sink a little with each order
        cost = listed and (listed * Decimal(str(self.chance.uniform(0.85, 1)))).quantize(Decimal("0.0001"))
        files = [{"url": "https://demo.invalid/"} for _ in range(max(task.expected_outputs or 1, 1))]
        task.finish(files, None, None, cost, "")
        for output in task.outputs.all():
            output.claim()
            if ending == "partly" and output.position:
                output.lose("The file was never there.")
                task.settle_files()
            else:
                save.settle(output, lambda output=output: save.write_down(output, self._kept(output)))

    def _kept(self, output):
        path, sha256 = self._file(output.task)
        with save.folder_for(output) as folder:
            copy = folder / "original"
            shutil.copyfile(path, copy)
            return save.store(output, Fetched(copy, copy.stat().st_size, sha256), folder)

    def _move_to(self, task, at, took):
        """As if it had been ordered then."""
        back = timezone.now() - at
        ended = at + took
        times = {"created_at": at, "claimed_at": at, "accepted_at": at + timedelta(seconds=1), "closed_at": ended}
        times |= {"started_at": at, "finished_at": ended, "result_expires_at": ended + timedelta(days=1)}
        reached = Task.objects.filter(pk=task.pk).values(*times).get()
        Task.objects.filter(pk=task.pk).update(**{name: at for name, at in times.items() if reached[name]})
        task.outputs.update(saved_at=ended, deadline=ended + timedelta(days=1))
        task.attempts.update(started_at=at, ended_at=at)
        task.entries.update(at=ended, month=month_of(at))
        Event.objects.filter(task=task).update(at=F("at") - back)

    # What people did with it

    def _file(self, task):
        """(path, SHA-256) of one of the few files that generations with this prompt take turns with."""
        return self.chance.choice(self._drawn(task.kind, task.body["prompt"]))

    def _drawn(self, kind, words):
        """All of those, made when they are first asked for: before a transaction, for others want to write, too."""
        name = words if kind == "image" else words.split(",")[0]
        if name not in self.files:
            self.files[name] = [self._draw(kind, name, take) for take in range(TAKES if kind == "image" else 1)]
        return self.files[name]

    def _draw(self, kind, words, take):
        path = self.folder / f"{len(self.files)}-{take}"
        draw(path, kind, words, take)
        return path, hashlib.sha256(path.read_bytes()).hexdigest()

    def _arrange(self):
        saved = list(Output.objects.filter(status=Output.Status.SAVED).values_list("pk", flat=True))
        for person in self.people:
            liked = self.chance.sample(saved, len(saved) // 12)
            Favourite.mark(person, Output.objects.filter(pk__in=liked))
            Rating.give(person, Output.objects.filter(pk__in=liked[::2]), self.chance.randint(3, 5))
        for name in TAGS:
            Tag.put([name], Output.objects.filter(pk__in=self.chance.sample(saved, len(saved) // 15)), self.people[0])
        for name in COLLECTIONS:
            collection = Collection.objects.create(name=name, owner=self.people[0])
            picked = self.chance.sample(saved, min(24, len(saved)))
            collection.add(Output.objects.filter(pk__in=picked), self.people[0])
        used = exact(Entry.objects.filter(month=month_of(timezone.now())).aggregate(used=Sum("spent"))["used"])
        budget = (used * Decimal("0.14")).to_integral_value(ROUND_UP) * 10  # two thirds of it are used
        Team.objects.update_or_create(pk=1, defaults={"budget": budget})
        newest = Task.objects.filter(status=Task.Status.DONE).order_by("-pk").first()
        if newest:
            ShareLink.make(newest, newest.author, 30)
        Statement.objects.all().delete()  # nobody took this money: the ledger and Modellix are compared from here on


def draw(path, kind, words, take):
    """A picture or a film. The same words and take give the same file."""
    if kind == "video":
        makers.make(simulated({"prompt": words}), 0, path)
    else:
        chance = random.Random(f"{words} {take}")  # noqa: S311
        paint(words, chance.choice(SHAPES), chance).save(path, "JPEG", quality=88)


def simulated(body):
    """An order as the simulator has it, for what paints its film."""
    never = {"amount": 0, "created": 0, "processing": 0, "done": 0, "expires": 0}
    named = {"id": "demo", "key": "", "model": "", "token": "", "faults": []}
    return Simulated(body=body, body_hash=plan.body_hash(body), outputs=[FILM], **named, **never)


def is_empty():
    """Whether nobody has generated anything here yet."""
    return not Task.objects.exists()
