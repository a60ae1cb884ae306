"""How the studio is: for admins on a page, for Prometheus behind a token, for supervisors without either."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from generations.models import Event, Heartbeat, Provider
from tests.views.conftest import HTMX, html

PAGE, METRICS = "/health/", "/metrics"


@pytest.fixture
def ada(client, admin_user, monkeypatch):
    """The browser of an admin, on a day on which the catalogue is not old yet."""
    monkeypatch.setattr("generations.modellix.catalogue.prices_as_of", timezone.localdate)
    cache.delete("health-sums")
    Heartbeat.beat("here")
    client.force_login(admin_user)
    return client


class PageTests:
    @pytest.mark.parametrize("who", ["member", "viewer"])
    def test_it_is_for_admins_alone(self, client, request, who, db):
        assert client.get(PAGE)["Location"].startswith(reverse("account_login"))
        client.force_login(request.getfixturevalue(who))
        assert client.get(PAGE).status_code == client.get(PAGE, headers=HTMX).status_code == 404
        assert PAGE not in html(client.get("/"))

    def test_admins_find_it_and_it_is_not_posted_to(self, ada):
        assert PAGE in html(ada.get("/"))
        assert ada.post(PAGE).status_code == 405

    def test_all_parts_are_told_and_that_all_is_well(self, ada):
        page = html(ada.get(PAGE))
        names = re.findall(r'aria-label="([^"]+)">\s*<header>', page)
        assert names == [
            *("Workers", "Dispatcher", "Queue", "Modellix", "Results", "Unknown outcomes"),
            *("Requests", "Running", "Balance", "Storage", "Catalogue", "Webhooks"),
        ]
        assert "All is well" in page
        assert "Nothing went wrong." in page

    def test_what_is_amiss_is_told_first_with_what_to_do(self, ada, make_task):
        make_task("unknown")
        Provider.current().stop(Provider.Pause.NO_CREDIT, "Payment <Required>", "")
        page = html(ada.get(PAGE))
        assert "2 things need a look" in page
        assert page.index("Payment &lt;Required&gt;") < page.index("may have been bought, or not.")
        assert "Top up at Modellix; sending goes on by itself." in page
        assert 'href="/?status=unknown"' in page
        assert "Sending paused: Payment" in page[page.index("Lately") :]

    def test_lately_is_what_went_wrong_last(self, ada, make_task):
        task = make_task()
        Event.objects.create(kind=Event.Kind.FILE_LOST, task=task, text="file 1")
        lately = html(ada.get(PAGE)).partition("Lately")[2]
        assert "File lost: file 1" in lately
        assert reverse("admin:generations_task_change", args=[task.pk]) in lately
        assert "Asked for" not in lately

    def test_htmx_is_given_the_part_that_changes(self, ada):
        part = html(ada.get(PAGE, headers=HTMX)).strip()
        assert part.startswith('<div class="stack" id="health">')
        assert part.endswith("</div>")

    def test_it_costs_the_same_with_much_to_tell(self, ada, make_task, make_output):
        ada.get(PAGE)

        def cost():
            cache.delete("health-sums")
            with CaptureQueriesContext(connection) as captured:
                assert ada.get(PAGE).status_code == 200
            return len(captured)

        few = cost()
        for status in ("queued", "unknown", "processing", "saving", "done") * 6:
            make_output(make_task(status), saved=False)
        assert few == cost() == 12


class MetricsTests:
    @pytest.fixture(autouse=True)
    def token(self, settings, db):
        cache.delete("health-sums")
        settings.METRICS_TOKEN = "only-prometheus-knows"

    def ask(self, client, token="only-prometheus-knows"):
        return client.get(METRICS, headers={"Authorization": f"Bearer {token}"})

    def test_without_a_token_nothing_is_there(self, client, settings):
        settings.METRICS_TOKEN = ""
        assert [self.ask(client, token).status_code for token in ("", "x")] == [404, 404]

    def test_who_does_not_know_it_is_refused(self, client, admin_user):
        client.force_login(admin_user)
        answers = [client.get(METRICS), self.ask(client, ""), self.ask(client, "x"), self.ask(client, "ü")]
        assert [answer.status_code for answer in answers] == [401] * 4
        assert answers[0]["WWW-Authenticate"] == "Bearer"
        assert client.post(METRICS).status_code == 405

    def test_prometheus_reads_what_the_page_tells(self, client, make_task):
        Heartbeat.beat("here")
        for status in ("queued", "queued", "processing", "unknown"):
            make_task(status)
        response = self.ask(client)
        assert response["Content-Type"].startswith("text/plain")
        families = list(text_string_to_metric_families(html(response)))
        told = {
            (sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples
        }
        assert told["studio_workers",] == 1
        assert [told["studio_tasks", status] for status in ("queued", "processing", "saving")] == [2, 1, 0]
        assert (told["studio_running",], told["studio_running_limit",]) == (2, 2)
        assert (told["studio_health", "workers"], told["studio_health", "unknown_outcomes"]) == (0, 1)
        assert ("studio_balance_dollars",) not in told, "not known is not zero"
        assert all(family.documentation and family.type == "gauge" for family in families)

    def test_it_opens_no_session(self, client):
        assert self.ask(client).cookies == {}


class ProbeTests:
    def test_anyone_may_ask_whether_it_lives_and_is_ready(self, client, transactional_db):
        assert [client.get(address).status_code for address in ("/healthz", "/readyz")] == [200, 200]
        assert client.post("/healthz").status_code == 405
        assert client.cookies == {}

    def test_alive_asks_no_database(self, client, transactional_db, django_assert_num_queries):
        with django_assert_num_queries(0):
            client.get("/healthz")
