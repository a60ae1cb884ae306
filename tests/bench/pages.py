"""What pages cost in a studio with more than a hundred thousand generations, beside the same studio with a thousand."""

import re
import time
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from generations.models import Output, Prompt, Task
from tests.bench import wall
from tests.bench.line import Line
from tests.bench.studio import begin_anew

FEW, MANY = 16 * wall.CARDS, 2048 * wall.CARDS
ROUNDS = 5
EVERY = 5  # minutes somebody orders something: for more than a year
MOST_QUERIES, MOST_OF_A_POLL = 12, 2  # session and person among them
MOST_TIMES = {"studio": 2, "poll": 2, "generation": 2}  # the others have to count or to read what there is


def pages(long):
    """A page is quick when its time hardly depends on how much the team has made."""
    begin_anew()
    admin = wall.hang()
    begin_long_ago()
    few = measured_with(FEW, admin)
    many = measured_with(MANY, admin)
    for name, (seconds, queries) in many.items():
        before = few[name][0]
        facts = f"{1000 * seconds:.0f} ms, {queries} queries; with {FEW:,} {1000 * before:.0f} ms"
        yield Line(f"pages: {name}, time with {MANY:,} / {FEW:,}", seconds / before, MOST_TIMES.get(name), facts=facts)
    yield Line("pages: queries of the first page", many["studio"][1], most=MOST_QUERIES)
    yield Line("pages: queries of a poll that finds nothing new", many["poll"][1], most=MOST_OF_A_POLL)


def measured_with(number, person):
    """{name of a page: (seconds, queries)} when there are so many tasks."""
    while (count := Task.objects.count()) < number:
        double(count)
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    return {name: measured(client, address) for name, address in addresses(client).items()}


def addresses(client):
    poll = re.search(r'hx-get="(/changes/[^"]+)"', client.get("/").content.decode())[1]
    middle = Task.objects.filter(status="done", pk__gte=Task.objects.count() // 2).order_by("pk").first()
    return {
        "studio": "/",
        "poll": poll.replace("&amp;", "&"),
        "two filters": "/?kind=image&status=done",
        "a common word": "/?q=harbour",
        "a word that nobody wrote": "/?q=zebra",
        "counts of a filter": reverse("facet", args=["type"]),
        "generation": middle.get_absolute_url(),
        "models": reverse("models"),
    }


def measured(client, address):
    """(seconds, queries), after one time to warm up; the quickest time, for other work can only make it slower."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code in (200, 204), f"{address}: {answer.status_code}"
    queries = len(captured)  # told now: the next request begins a new list
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client.get(address)
        times.append(time.perf_counter() - began)
    return min(times), queries


def begin_long_ago():
    """Ordered one after the other, so that the last of all copies is of today."""
    first = timezone.now() - timedelta(minutes=MANY * EVERY)
    for model in (Prompt, Task):
        for row in model.objects.order_by("pk"):
            model.objects.filter(pk=row.pk).update(created_at=first + timedelta(minutes=row.pk * EVERY))
    Task.objects.update(first_revision=F("pk"), revision=F("pk"))


def double(count):
    """Everything once more, later by as much as there is; what the copies are of is over."""
    later = f"strftime('%Y-%m-%d %H:%M:%f', created_at, '+{count * EVERY} minutes')"
    told = {name: f"{name} + {count}" for name in ("revision", "first_revision")}
    told["status"] = "CASE status WHEN 'queued' THEN 'cancelled' WHEN 'unknown' THEN 'failed' ELSE status END"
    copy(Prompt, id=f"id + {count}", order_key="lower(hex(randomblob(16)))", created_at=later)
    copy(Task, id=f"id + {count}", prompt_id=f"prompt_id + {count}", created_at=later, **told)
    copy(Output, id=f"id + {Output.objects.count()}", task_id=f"task_id + {count}")


def copy(model, **changed):
    """Insert all rows once more, with these expressions for some of their columns."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(changed.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {model._meta.db_table}")
