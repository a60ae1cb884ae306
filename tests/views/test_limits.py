"""Who asks for costly pages without end waits for a minute; nobody else does."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from generations.models import ShareLink
from generations.urls import urlpatterns
from generations.views import limits
from modellix_site.urls import accounts
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db


@pytest.fixture
def output(make_task, make_output):
    return make_output(make_task("done"))


@pytest.fixture
def few(monkeypatch):
    """Two requests in a minute, instead of many."""
    monkeypatch.setattr(limits, "RATES", dict.fromkeys(limits.RATES, 2))


class LimitTests:
    def test_each_limit_is_of_an_address_that_there_is(self):
        assert set(limits.RATES) <= {pattern.name for pattern in (*urlpatterns, *accounts)}

    def test_the_third_is_told_when_to_come_again(self, client, member, few):
        client.force_login(member)
        answers = [client.get(reverse("models")) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert 0 < int(answers[-1]["Retry-After"]) <= 60
        assert f"Wait {answers[-1]['Retry-After']} seconds" in answers[-1].content.decode()

    def test_htmx_gets_a_toast(self, client, member, few):
        client.force_login(member)
        answers = [client.get("/", {"q": "dusk"}, headers=HTMX) for _ in range(3)]
        assert 'class="toast ask"' in answers[-1].content.decode()

    def test_it_is_of_one_person_and_one_page(self, client, member, colleague, few):
        for person, page, status in (
            *[(member, "models", 200)] * 2,
            (member, "models", 429),
            (member, "find", 200),
            (colleague, "models", 200),
        ):
            client.force_login(person)
            assert client.get(reverse(page)).status_code == status

    def test_it_ends_with_the_minute(self, client, member, few, monkeypatch):
        client.force_login(member)
        for _ in range(3):
            client.get("/models/")
        now = limits.time.time()
        monkeypatch.setattr(limits.time, "time", lambda: now + 60)
        assert client.get("/models/").status_code == 200

    def test_where_nothing_can_be_counted_everybody_comes_in(self, client, member, few, monkeypatch):
        monkeypatch.setattr(caches["limits"], "_dir", "/proc/nowhere")
        client.force_login(member)
        assert [client.get("/models/").status_code for _ in range(3)] == [200] * 3

    def test_visitors_count_by_address(self, member, output, few):
        link = ShareLink.make(output.task, member, 30)
        seen = [Client(REMOTE_ADDR=f"2001:db8::{number}").get(link.get_absolute_url()) for number in (1, 2, 3)]
        assert [answer.status_code for answer in seen] == [200, 200, 429]
        assert "Mia" not in seen[-1].content.decode()
        assert Client(REMOTE_ADDR="203.0.113.7").get(link.get_absolute_url()).status_code == 200

    def test_thumbnails_do_not_count_and_originals_do(self, client, member, output, few):
        client.force_login(member)
        for variant, statuses in (("small", [200] * 3), ("original", [200, 200, 429])):
            address = reverse("media", args=[output.pk, variant])
            assert [client.get(address).status_code for _ in range(3)] == statuses
