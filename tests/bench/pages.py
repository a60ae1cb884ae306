"""What pages cost in a studio with more than a hundred thousand generations, beside the same studio with a thousand.

On SQLite in this process, on a PostgreSQL of its own in another: `python -m tests.bench.pages` prints what it measures.
"""

import json
import os
import re
import subprocess
import sys
import time
from datetime import timedelta

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from generations.modellix import catalogue
from generations.models import (
    Collection,
    CollectionItem,
    Favourite,
    Output,
    Prompt,
    Tag,
    Tagging,
    Task,
    TaskWords,
    User,
)
from tests.bench import wall
from tests.bench.line import Line
from tests.bench.studio import begin_anew
from tests.scaled import servers

FEW, MANY = 16 * wall.CARDS, 2048 * wall.CARDS
ROUNDS = 5
EVERY = 5  # minutes somebody orders something: for more than a year
COLLECTED, TAGS, PEOPLE = 5000, 40, 6
MOST_QUERIES, MOST_OF_A_POLL = 12, 2  # session and person among them
MOST_TIMES = {"SQLite": 2.5, "PostgreSQL": 1.5}
UNBOUNDED = ("generation", "models", "usage of a month", "usage of a year")  # the first asks for more than a list does,
# the others tally all that there is
BY_VENDOR = {  # a moment so many minutes later, a new unique key
    "sqlite": ("strftime('%Y-%m-%d %H:%M:%f', created_at, '+{} minutes')", "lower(hex(randomblob(16)))"),
    "postgresql": ("created_at + interval '{} minutes'", "gen_random_uuid()"),
}


def pages(long):
    """A page is quick when its time hardly depends on how much the team has made."""
    for name, measure in {"SQLite": measured, "PostgreSQL": measured_on_postgres}.items():
        few, many = measure()
        for page, (seconds, queries) in many.items():
            ratio, most = seconds / few[page][0], None if page in UNBOUNDED else MOST_TIMES[name]
            facts = f"{1000 * seconds:.0f} ms, {queries} queries; with {FEW:,} {1000 * few[page][0]:.0f} ms"
            yield Line(f"{name}: {page}, time with {MANY:,} / {FEW:,}", ratio, most, facts=facts)
        asked = {page: queries for page, (_, queries) in many.items() if page not in UNBOUNDED}
        yield Line(f"{name}: queries of a page", max(asked.values()), most=MOST_QUERIES)
        yield Line(f"{name}: queries of a poll that finds nothing new", asked["poll"], most=MOST_OF_A_POLL)


def measured_on_postgres():
    with servers.postgres() as url:
        with psycopg.connect(f"{url}/postgres", autocommit=True) as server:
            server.execute("CREATE DATABASE bench")
        environment = os.environ | {"BENCH_DATABASE_URL": f"{url}/bench"}
        command = [sys.executable, "-m", "tests.bench.pages"]
        told = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, check=True)
        return json.loads(told.stdout)


def measured():
    """{name of a page: (seconds, queries)} with few tasks and with many."""
    begin_anew()
    wall.hang()
    fill()
    return [measured_with(number) for number in (FEW, MANY)]


def measured_with(number):
    while (count := Task.objects.count()) < number:
        double(count)
    collect()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # which it does by itself within minutes
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email="member1@example.com"))
    pages = addresses(client)
    queries = {name: asked(client, address) for name, address in pages.items()}
    # One page after the other, several times over: a moment of other work then spoils one time of each at most
    times = [{name: seconds(client, address) for name, address in pages.items()} for _ in range(ROUNDS)]
    return {name: (min(each[name] for each in times), queries[name]) for name in pages}


def addresses(client):
    poll = re.search(r'hx-get="(/changes/[^"]+)"', client.get("/").content.decode())[1]
    middle = Task.objects.filter(status="done", pk__gte=Task.objects.count() // 2).order_by("pk").first()
    return {
        "studio": "/",
        "poll": poll.replace("&amp;", "&"),
        "two filters": "/?kind=image&status=done",
        "a tag": "/?tag=tag+3",
        "favourites": "/?favourite=1",
        "favourites with a tag": "/?favourite=1&tag=tag+3",
        "a word that everybody wrote": "/?q=study",
        "a common word": "/?q=harb",
        "two words and a filter": "/?q=harb+exposure&status=done",
        "a word that nobody wrote": "/?q=zebra",
        "counts of types": reverse("facet", args=["type"]),
        "counts of models for a word": reverse("facet", args=["model"]) + "?q=study",
        "counts of tags": reverse("facet", args=["tag"]),
        "counts of collections": reverse("facet", args=["collection"]),
        "collection": Collection.objects.get().get_absolute_url(),
        "the feed of a collection": f"/?collection={Collection.objects.get().pk}",
        "generation": middle.get_absolute_url(),
        "models": reverse("models"),
        "usage of a month": f"{reverse('usage')}?period=30",
        "usage of a year": f"{reverse('usage')}?period=year",
    }


def asked(client, address):
    """How many queries a page takes. It is warm then."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code in (200, 204), f"{address}: {answer.status_code}"
    return len(captured)


def seconds(client, address):
    began = time.perf_counter()
    client.get(address)
    return time.perf_counter() - began


def fill():
    """As a team leaves them after a year: several people, many models, files by the half dozen, opinions and tags.

    Ordered one after the other, so that the last of all copies is of today.
    """
    people = [User.objects.create_user(f"member{n}@example.com", None, name=f"Member {n}") for n in range(PEOPLE)]
    models = [model for model in catalogue.orderable() if model.kind == "image"]
    first = timezone.now() - timedelta(minutes=MANY * EVERY)
    Collection.objects.create(owner=people[0], name="Best")
    for task in Task.objects.order_by("pk"):
        model, at = models[task.pk % len(models)], first + timedelta(minutes=task.pk * EVERY)
        named = {"model_slug": model.slug, "model_name": model.name, "model_type": model.type}
        owned = {"author": people[task.pk % PEOPLE], "is_private": task.pk % 10 == 0}
        Task.objects.filter(pk=task.pk).update(
            created_at=at, revision=task.pk, first_revision=task.pk, **named, **owned
        )
        Prompt.objects.filter(pk=task.prompt_id).update(created_at=at)
        if task.pk % 4 < 2 and task.outputs.count() == 1:
            output = task.outputs.get()
            for output.position in (1, 2, 3):
                output.pk = None
                output.save()
    tags = Tag.objects.bulk_create(Tag(name=f"tag {n}") for n in range(TAGS))
    for output in Output.objects.order_by("pk"):
        Tagging.objects.create(tag=tags[output.pk % TAGS], output=output, task_id=output.task_id)
        if output.pk % 29 == 0:
            Favourite.objects.create(person=people[1], output=output, task_id=output.task_id)


def collect():
    """The newest files, in the one collection."""
    CollectionItem.objects.all().delete()
    collection, newest = Collection.objects.get(), Output.objects.order_by("-pk").values_list("pk", flat=True)
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=collection, output_id=pk, position=place)
        for place, pk in enumerate(newest[:COLLECTED])
    )


def double(count):
    """Everything once more, later by as much as there is; what the copies are of is over."""
    later, key = BY_VENDOR[connection.vendor]
    later, outputs = later.format(count * EVERY), Output.objects.count()
    told = {name: f"{name} + {count}" for name in ("revision", "first_revision")}
    told["status"] = "CASE status WHEN 'queued' THEN 'cancelled' WHEN 'unknown' THEN 'failed' ELSE status END"
    copy(Prompt, id=f"id + {count}", order_key=key, created_at=later)
    copy(Task, id=f"id + {count}", prompt_id=f"prompt_id + {count}", created_at=later, **told)
    copy(TaskWords, task_id=f"task_id + {count}")
    copy(Output, id=f"id + {outputs}", task_id=f"task_id + {count}")
    for model in (Tagging, Favourite):
        moved = {"output_id": f"output_id + {outputs}", "task_id": f"task_id + {count}"}
        copy(model, id=f"id + {model.objects.count()}", **moved)


def copy(model, **changed):
    """Insert all rows once more, with these expressions for some of their columns."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {model._meta.db_table}")


if __name__ == "__main__":
    json.dump(measured(), sys.stdout)
