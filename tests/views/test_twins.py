"""What was ordered a moment ago, or is still open, is not ordered again by mistake."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils.html import strip_tags
from django.utils.timezone import now

from generations.models import Task
from tests.views.conftest import BANANA, HTMX, order

pytestmark = pytest.mark.django_db


def press(client, **changes):
    return client.post("/tasks/", order(BANANA, **changes), headers=HTMX)


def words(response):
    return " ".join(strip_tags(response.content.decode()).split())


def stamp(response):
    return re.search(r'name="again"\s+value="(\w+)"', response.content.decode())[1]


def settle(status, minutes):
    Task.objects.update(status=status, created_at=now() - timedelta(minutes=minutes))


class TwinTests:
    def test_the_same_again_asks_first_with_its_price_and_a_way_to_the_first(self, mia):
        press(mia)
        Task.objects.update(created_at=now() - timedelta(seconds=40))
        answer = press(mia)
        task = Task.objects.get()
        assert answer.status_code == 422
        assert re.search(r"You sent this 4[01] s ago \(task \d+, still under way\)", words(answer))
        assert re.search(r"Send it again for about \$\d\.\d+( to \$\d\.\d+)?\?", words(answer))
        assert f'href="/tasks/{task.pk}/"' in answer.content.decode()

    def test_a_yes_sends_it_once(self, mia):
        press(mia)
        key = str(uuid.uuid4())
        again = stamp(press(mia, order_key=key))
        for _ in range(2):  # a double click on it
            assert press(mia, order_key=key, again=again).status_code == 200
        assert Task.objects.count() == 2

    def test_a_yes_is_to_exactly_this(self, mia):
        press(mia), press(mia, prompt="pears")
        again = stamp(press(mia))
        assert press(mia, prompt="pears", again=again).status_code == 422
        assert Task.objects.count() == 2

    def test_without_script_it_asks_on_the_page(self, mia):
        press(mia)
        page = mia.post("/tasks/", order(BANANA))
        assert page.status_code == 422
        assert mia.post("/tasks/", order(BANANA, again=stamp(page))).url == "/"

    @pytest.mark.parametrize("change", [{"prompt": "pears"}, {"with-aspectRatio": "16:9"}, {"count": "2"}])
    def test_another_request_is_not_the_same(self, mia, change):
        press(mia)
        expected = 422 if "count" in change else 200  # more of the same is the same again
        assert press(mia, **change).status_code == expected

    def test_another_seed_makes_another_request(self, mia):
        for seed in ("5", "6"):
            assert mia.post("/tasks/", order(**{"with-seed": seed}), headers=HTMX).status_code == 200

    def test_what_a_colleague_ordered_is_theirs(self, client, member, colleague):
        for person in (member, colleague):
            client.force_login(person)
            assert press(client).status_code == 200

    @pytest.mark.parametrize(
        ("status", "minutes", "asks"),
        [
            ("queued", 60, True),
            ("processing", 60, True),
            ("unknown", 60, True),
            ("done", 1, True),
            ("partial", 1, True),
            ("done", 3, False),
            ("failed", 1, False),
            ("expired", 1, False),
            ("cancelled", 1, False),
        ],
    )
    def test_it_asks_while_the_first_is_open_and_for_two_minutes(self, mia, status, minutes, asks):
        press(mia)
        settle(status, minutes)
        assert press(mia).status_code == (422 if asks else 200)

    def test_what_was_undone_may_be_sent_at_once(self, mia):
        press(mia)
        mia.post(f"/tasks/{Task.objects.get().pk}/undo/")
        assert press(mia).status_code == 200
