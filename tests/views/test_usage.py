"""The usage page: what it counts, for whom, over which days, and the same as CSV."""

import csv
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from generations.models import Favourite, Provider, Statement, Task
from generations.models.drift import drifted
from generations.models.usage import Span, Usage, percentiles
from generations.views.charts import Columns, few, step
from tests.conftest import ORDER
from tests.views.conftest import html
from tests.views.test_budgets import limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client, admin_user):
    client.force_login(admin_user)
    return client


@pytest.fixture
def bought(make_task):
    """bought(charged, days ago, **fields): a finished order, eight seconds after it was asked for."""

    def make(charged="0.25", days=0, **fields):
        at = timezone.now() - timedelta(days=days)
        times = {"created_at": at, "accepted_at": at, "finished_at": at + timedelta(seconds=8)}
        return make_task("done", price_charged=charged and Decimal(charged), **times | fields)

    return make


def rows(answer):
    return list(csv.DictReader(b"".join(answer).decode("utf-8-sig").splitlines()))


class PageTests:
    def test_it_tells_what_was_spent_by_whom_on_what(self, ada, bought, colleague, make_output):
        liked = make_output(bought("0.25"))
        Favourite.objects.create(person=colleague, output=liked, task=liked.task)
        bought("1.50", author=colleague, model_name="Seedance", model_slug="bytedance/seedance", kind="video")
        bought(None, price_maximum=Decimal("0.04"), spent="yes")
        said = html(ada.get("/usage/"))
        assert "$1.79" in said
        assert "$0.29" in said
        assert "Carl Colleague" in said
        assert "Seedance" in said
        assert "1 favourite" in said
        assert "1 films" in said
        assert "8 s" in said

    def test_what_lies_in_the_bin_was_paid_for_and_what_modellix_never_took_was_not(self, ada, bought, make_task):
        bought("0.25", binned_at=timezone.now())
        make_task("queued")
        make_task("cancelled")
        assert "$0.25" in html(ada.get("/usage/"))
        found = Usage(Task.objects.all(), Span(timezone.localdate(), timezone.localdate()))
        assert (found.total.runs, found.total.made, found.total.success) == (1, 1, 100)

    def test_why_orders_failed_is_counted(self, ada, make_task):
        make_task("failed", error_code="provider", finished_at=None)
        make_task("failed", error_code="http_422", accepted_at=None)
        said = html(ada.get("/usage/"))
        assert "Modellix or its provider gave up" in said
        assert "Refused by Modellix" in said

    def test_the_other_models_of_the_time_can_still_be_chosen(self, ada, bought):
        bought()
        bought(model_name="Seedance", model_slug="bytedance/seedance")
        bought(model_name="Veo", model_slug="google/veo", days=60)
        said = html(ada.get("/usage/?model=bytedance/seedance"))
        options = re.findall(r'<option value="([\w/.-]+/[^"]+)"( selected)?>', said)
        assert options == [(ORDER["model_slug"], ""), ("bytedance/seedance", " selected")]

    def test_without_anything_it_says_so(self, ada):
        assert "Nothing was generated in this time" in html(ada.get("/usage/"))

    def test_the_team_budget_is_told(self, ada, bought):
        limit(Decimal(10))
        assert "$10.00 of $10.00 left in the team budget this month" in html(ada.get("/usage/"))

    def test_it_asks_the_same_few_things_of_few_and_of_many(self, ada, bought):
        def cost():
            with CaptureQueriesContext(connection) as captured:
                assert ada.get("/usage/").status_code == 200
            return len(captured)

        bought()
        few_cost = cost()
        for days in range(40):
            bought(days=days % 20)
        assert few_cost == cost() <= 12


class CreditTests:
    @pytest.fixture
    def compare(self, db):
        """compare(taken, booked): Modellix took and the ledger says so much within the last hour."""

        def make(taken, booked):
            until = timezone.now()
            Provider.current().learn(balance=Decimal("87.2"), balance_at=until)
            times = {"since": until - timedelta(hours=1), "until": until, "up_to": 0, "balance": Decimal("87.2")}
            return Statement.objects.create(taken=Decimal(taken), booked=Decimal(booked), **times)

        return make

    def test_what_is_left_and_that_the_books_agree(self, ada, compare):
        compare("1.25", "1.25")
        said = html(ada.get("/usage/credit/"))
        assert "$87.20 was left on" in said
        assert "Modellix took what our ledger says: $1.25." in said

    def test_where_they_differ_the_orders_of_unknown_outcome_are_named(self, ada, compare, make_task):
        sent = timezone.now() - timedelta(minutes=20)
        suspect = make_task("unknown", spent="unknown", claimed_at=sent, price_maximum=Decimal("0.04"))
        make_task("unknown", spent="unknown", claimed_at=sent - timedelta(days=1))
        compare("1.29", "1.25")
        said = html(ada.get("/usage/credit/"))
        assert "$0.04 more" in said
        assert f"number {suspect.pk}" in said
        assert f"number {suspect.pk + 1}" not in said

    def test_without_a_suspect_it_says_what_else_it_may_be(self, ada, compare):
        compare("1.29", "1.25")
        assert "Something else uses this account" in html(ada.get("/usage/credit/"))

    def test_added_credit_is_told_as_such(self, ada, compare):
        compare("-50", "1.25")
        said = html(ada.get("/usage/credit/"))
        assert ["added $50.00" in said, "$51.25 less" in said, "Credit was added" in said] == [True] * 3

    def test_members_are_not_told(self, mia, compare):
        compare("1.29", "1.25")
        assert mia.get("/usage/credit/").status_code == 404

    def test_before_anything_is_known_it_says_so(self, ada):
        assert "Modellix has not told yet" in html(ada.get("/usage/credit/"))


class DriftTests:
    @pytest.fixture
    def estimated(self, bought):
        """estimated(charged, times): so many orders that we thought would cost 0.04 to 0.05."""
        prices = {"price_minimum": Decimal("0.04"), "price_maximum": Decimal("0.05"), "model_name": "Seedream"}
        return lambda charged, times, **other: [bought(charged, **prices | other) for _ in range(times)]

    def test_a_model_that_costs_more_than_we_estimate_is_named(self, ada, estimated):
        estimated("0.06", 3)
        estimated("0.05", 2)
        [row] = drifted()
        assert (row["orders"], row["estimated"], row["charged"], row["percent"]) == (
            5,
            Decimal("0.05"),
            Decimal("0.056"),
            12,
        )
        said = html(ada.get("/usage/credit/"))
        assert "Prices that moved" in said
        assert "+12 %" in said

    def test_and_one_that_costs_less(self, estimated):
        estimated("0.03", 3)
        assert [row["percent"] for row in drifted()] == [-25]

    def test_what_was_learned_has_moved_when_it_is_outside_of_the_list_too(self, estimated):
        listed = {"listed_minimum": Decimal("0.06"), "listed_maximum": Decimal("0.08"), "price_orders": 12}
        estimated("0.07", 3, **listed)
        assert drifted() == []
        estimated("0.09", 4, **listed)
        assert [row["orders"] for row in drifted()] == [7]

    def test_what_costs_what_we_said_or_did_so_but_twice_or_long_ago_is_not(self, ada, estimated):
        estimated("0.04", 3)
        estimated("0.05", 3)
        estimated("0.06", 2, model_slug="google/other")
        estimated("0.06", 3, model_slug="google/old", days=40)
        estimated("0.06", 2, model_slug="google/both")
        estimated("0.03", 2, model_slug="google/both")
        assert drifted() == []
        assert "Prices that moved" not in html(ada.get("/usage/credit/"))


class SpanTests:
    def test_periods_and_dates_are_in_the_address(self, ada, bought):
        bought("0.11", days=3)
        bought("0.70", days=20)
        bought("5.00", days=80)
        shown = {period: html(ada.get(f"/usage/?period={period}")) for period in ("7", "30", "90")}
        assert ["$0.11" in shown["7"], "$0.81" in shown["30"], "$5.81" in shown["90"]] == [True] * 3
        day = timezone.localdate() - timedelta(days=20)
        assert "$0.70" in html(ada.get(f"/usage/?since={day}&until={day}"))

    @pytest.mark.parametrize(
        "query",
        [
            "period=never",
            "since=2020-01-01",
            "since=2026-13-01&until=x",
            "kind=soup&person=x&model=%00",
            "until=0001-01-01",
        ],
    )
    def test_nonsense_is_left_out(self, ada, bought, query):
        bought("0.25")
        answer = ada.get(f"/usage/?{query}")
        assert (answer.status_code, "$0.25" in html(answer)) == (200, True)

    def test_a_year_is_shown_by_months(self, ada, bought):
        bought()
        bought(days=40)
        bought(days=360)
        said = html(ada.get("/usage/?period=year"))
        assert "Generations per month" in said
        made = re.findall(r"<title>\w{3} \d{4}: (\d) pictures", said)
        assert (len(made) in (12, 13), sum(map(int, made))) == (True, 3)

    def test_days_are_the_teams(self):
        span = Span(timezone.localdate(), timezone.localdate())
        assert (span.days, span.before.last) == (1, span.first - timedelta(days=1))


class CastTests:
    def test_members_see_their_own_and_nobody_elses(self, mia, bought, colleague):
        bought("0.25")
        bought("7.77", author=colleague)
        said = html(mia.get(f"/usage/?person={colleague.pk}"))
        assert "Your usage" in said
        assert "$7.77" not in said
        assert "Carl Colleague" not in said
        assert [row["cost_usd"] for row in rows(mia.get("/usage/csv/"))] == ["0.2500"]

    def test_viewers_spend_nothing_and_visitors_sign_in(self, client, viewer):
        assert client.get("/usage/").status_code == 302
        client.force_login(viewer)
        assert [client.get(path).status_code for path in ("/usage/", "/usage/csv/")] == [403, 403]


class CsvTests:
    def test_every_order_of_the_filter_is_a_line_and_nothing_is_a_formula(self, ada, bought, colleague):
        bought("0.25")
        bought("1.50", author=colleague, kind="video", model_name="=HYPERLINK(1)")
        answer = ada.get("/usage/csv/?kind=video")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        [row] = rows(answer)
        assert (row["model"], row["cost_usd"], row["ordered_by"]) == ("'=HYPERLINK(1)", "1.5000", "Carl Colleague")
        assert len(rows(ada.get("/usage/csv/"))) == 2


class ChartTests:
    def test_columns_stand_on_the_axis_one_on_the_other(self):
        chart = Columns.of([("1 Nov", {"pictures": 3, "films": 1}), ("2 Nov", {"pictures": 0, "films": 0})])
        assert chart.ticks == (4, 3, 2, 1, 0)
        first, second = chart.columns[0].parts
        assert (first.y, first.height, second.y, second.height) == (25, 75, 0, 25)
        assert chart.columns[0].words == "1 Nov: 3 pictures, 1 films"

    @pytest.mark.parametrize(("most", "expected"), [(0, 1), (4, 1), (5, 2), (21, 10), (79, 20), (401, 200)])
    def test_an_axis_ends_just_above_the_highest(self, most, expected):
        assert step(most) == expected

    def test_labels_and_percentiles(self):
        assert few([str(n) for n in range(30)]) == ("0", "7", "14", "22", "29")
        assert percentiles(list(range(101))) == (50, 90, 99)
        assert percentiles([]) == (None, None, None)
