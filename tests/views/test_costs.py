"""What pages ask of the database: the same number of things with a few generations and with three hundred."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generations.models import Favourite, Revision, Team
from tests.views.conftest import HTMX, html

pytestmark = pytest.mark.django_db

# Session and person among them. What is asked for most often may cost least: a poll two, the first page twelve.
COSTS = {
    "first page": 12,
    "more": 8,
    "filters": 11,
    "poll with nothing new": 2,
    "cards that changed": 12,
    "generation": 21,
    "poll of a generation with nothing new": 2,
}


@pytest.fixture
def costs(mia, make_task, make_output):
    """{name of a page: how many queries it takes}, with what there is."""
    shown = make_task("done")
    make_output(shown)
    make_task("queued")  # hears its place in line each time that something changes
    mia.get("/")  # writes the row of what is known of the provider

    def cost(address):
        headers = HTMX if "/changes/" in address or "before" in address else {}
        with CaptureQueriesContext(connection) as captured:
            assert mia.get(address, headers=headers).status_code in (200, 204)
        return len(captured)

    def measure():
        wall, alone = (polled(mia, address) for address in ("/", shown.get_absolute_url()))
        pages = {
            "first page": "/",
            "more": f"/?before={shown.pk + 2}",
            "filters": "/?kind=image&q=dusk&favourite=1&since=2020-01-01",
            "poll with nothing new": wall,
            "cards that changed": re.sub(r"seen=\d+", f"seen={Revision.latest() - 5}", wall),
            "generation": shown.get_absolute_url(),
            "poll of a generation with nothing new": alone,
        }
        return {name: cost(address) for name, address in pages.items()}

    return measure


def polled(client, address):
    """The address that this page asks for news."""
    [poll] = re.findall(r'hx-get="(/changes/[^"]+)"', html(client.get(address)))
    return poll.replace("&amp;", "&")


def test_a_few_generations_and_three_hundred_cost_the_same(costs, member, make_task, make_output):
    def make(rounds):
        for number in range(rounds):
            for status in ("unknown", "failed", "processing", "queued"):
                make_task(status)
            output = make_output(make_task("done"), saved=number < 3)
            Favourite.objects.create(person=member, output=output, task=output.task)

    make(1)
    few = costs()
    make(60)
    assert few == costs() == COSTS
    Team.objects.update_or_create(pk=1, defaults={"budget": 100})
    assert costs() == COSTS
