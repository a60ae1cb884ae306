"""From one generation to the next, within what was looked for."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generations.models import Collection, Event, Output
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db


def way(page, name):
    """The address behind "prev" or "next", None when there is none."""
    found = re.search(rf'id="{name}"\s+href="([^"]+)"', page.content.decode())
    return found and found[1].replace("&amp;", "&")


class BrowseTests:
    def test_the_arrows_lead_through_the_files_and_then_to_the_neighbours(self, mia, make_task, make_output):
        older, task, newer = (make_task("done") for _ in range(3))
        for each, count in ((older, 1), (task, 2), (newer, 3)):
            for _ in range(count):
                make_output(each)
        first, second = mia.get(f"/tasks/{task.pk}/"), mia.get(f"/tasks/{task.pk}/?file=2")
        assert (way(first, "prev"), way(first, "next")) == (f"/tasks/{newer.pk}/?file=3", f"/tasks/{task.pk}/?file=2")
        assert (way(second, "prev"), way(second, "next")) == (f"/tasks/{task.pk}/", f"/tasks/{older.pk}/")

    def test_the_way_ends_at_both_ends(self, mia, make_task):
        page = mia.get(f"/tasks/{make_task('done').pk}/")
        assert (way(page, "prev"), way(page, "next")) == (None, None)

    def test_it_stays_within_what_was_looked_for(self, mia, make_task):
        film, picture, other = (make_task("done", kind=kind) for kind in ("video", "image", "video"))
        page = mia.get(f"/tasks/{other.pk}/?kind=video")
        assert way(page, "next") == f"/tasks/{film.pk}/?kind=video"
        assert f'href="/?kind=video#task-{other.pk}"' in page.content.decode()
        assert f"/tasks/{picture.pk}/" not in page.content.decode()

    def test_opened_from_a_collection_it_follows_the_order_of_that_and_leads_back(
        self, mia, member, make_task, make_output
    ):
        task, other = make_task("done"), make_task("done")
        a, b, c = make_output(task), make_output(other), make_output(task)
        collection = Collection.objects.create(owner=member, name="First light")
        collection.add(Output.objects.all(), member)
        collection.move(b, a)
        within = f"collection={collection.pk}"
        page = mia.get(f"/tasks/{task.pk}/?file=1&{within}")
        assert way(page, "prev") == f"/tasks/{other.pk}/?{within}"
        assert way(page, "next") == f"/tasks/{task.pk}/?{within}&file=2"
        assert f'href="/collections/{collection.pk}/#item-{a.pk}"' in page.content.decode()
        last = mia.get(f"/tasks/{task.pk}/?file=2&{within}")
        assert (way(last, "prev"), way(last, "next")) == (f"/tasks/{task.pk}/?{within}", None)
        collection.remove(Output.objects.filter(pk=c.pk), member)
        assert "Back to the wall" in mia.get(f"/tasks/{task.pk}/?file=2&{within}").content.decode()
        assert mia.get(f"/tasks/{task.pk}/?collection=99&collection=x").status_code == 200

    def test_what_is_in_the_bin_is_passed_over(self, mia, member, make_task):
        older, binned, task = (make_task("done") for _ in range(3))
        assert binned.bin(member)
        assert way(mia.get(f"/tasks/{task.pk}/"), "next") == f"/tasks/{older.pk}/"

    def test_a_refresh_keeps_the_file_and_the_filter(self, mia, make_task, make_output):
        task = make_task("done")
        files = [make_output(task) for _ in range(3)]
        seen = f"/changes/?seen=0&day=2026-01-01&worker=False&task={task.pk}"
        where = {"HX-Current-URL": f"http://testserver/tasks/{task.pk}/?file=3&kind=image"}
        page = mia.get(seen, headers=HTMX | where)
        assert way(page, "prev") == f"/tasks/{task.pk}/?kind=image&file=2"
        stage = page.content.decode().split('class="browse"')[0]
        assert f"/media/{files[2].pk}/original/" in stage
        assert f"/media/{files[0].pk}/original/" not in stage

    def test_the_next_picture_is_fetched_ahead(self, mia, make_task, make_output):
        ahead = make_output(make_task("done"))
        page = mia.get(f"/tasks/{make_task('done').pk}/").content.decode()
        assert re.search(rf'<img src="/media/{ahead.pk}/medium/"[^>]+hidden', page)

    def test_three_and_three_hundred_cost_the_same_queries(self, mia, member, make_task, make_output):
        def cost(tasks, events):
            made = [make_task("done", text=f"harbour {number}") for number in range(tasks)]
            Event.objects.bulk_create(Event(kind="held", task=made[1], text="wait") for _ in range(events))
            for task in made:
                make_output(task, saved=False, status="saved", kind="image")
            with CaptureQueriesContext(connection) as captured:
                mia.get(f"/tasks/{made[1].pk}/?q=harbour")
            return len(captured)

        cost(3, 3)
        assert cost(3, 3) == cost(60, 300)
