"""What people read of a learned price, from the composer to the ledger: the same figure everywhere."""

import re
from decimal import Decimal

import pytest

from generations.models import Task, User
from tests.models.test_learned_price import settle
from tests.views.conftest import HTMX, html, order

pytestmark = pytest.mark.django_db
QWEN = "alibaba/qwen-image"
PAID = Decimal("0.0300")


@pytest.fixture
def mia(client, member):
    User.objects.filter(pk=member.pk).update(undo_seconds=0)
    client.force_login(member)
    return client


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", html(answer)).split())


def ordered(client):
    client.post("/tasks/", order(QWEN, again="x"))
    return Task.objects.first()


def composed(client):
    return words(client.post("/composer/", order(QWEN), headers=HTMX | {"HX-Target": "div#estimate"}))


def test_what_was_charged_is_what_the_next_one_is_expected_to_cost(mia, make_output):
    assert "about $0.02" in composed(mia)
    for _ in range(3):
        settle(task := ordered(mia), str(PAID))
        task.outputs.all().delete()
        make_output(task)
        task.settle_files()
        Task.objects.update(created_at="2026-01-01T00:00Z")  # long enough ago to ask for the same
    assert "Price from your last 3. Generate 1&ensp;·&ensp;about $0.03" in composed(mia)
    task = ordered(mia)
    assert task.entries.get().reserved == task.price_maximum == PAID
    assert "about $0.03, from the last 3" in words(mia.get(task.get_absolute_url()))
    before = Task.objects.exclude(pk=task.pk).first()
    assert "Run again for about $0.03" in html(mia.get(before.get_absolute_url()))
    assert "$0.030 an image from your last 3" in words(mia.get("/models/?q=qwen-image"))
    assert "as your last 3 were charged Listed at $0.021" in words(mia.get(f"/models/{QWEN}/"))
    lines = b"".join(mia.get("/usage/csv/?period=year")).decode().splitlines()
    assert ["own charges" in line for line in lines[1:]].count(True) == 1
