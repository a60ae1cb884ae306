"""What the composer says of budgets, what it refuses, and how people ask for more."""

import re
import time
from decimal import Decimal

import pytest
from django.core import mail

from generations.models import Event, Heartbeat, Prompt, Task, Team, User
from tests.conftest import ORDER
from tests.views.conftest import BANANA, HTMX, html, order

pytestmark = pytest.mark.django_db


def limit(amount, person=None):
    if person:
        User.objects.filter(pk=person.pk).update(budget=amount)
    else:
        Team.objects.update_or_create(pk=1, defaults={"budget": amount})


def foot(client, **changes):
    return html(client.post("/composer/", order(BANANA, **changes), headers=HTMX | {"HX-Target": "div#estimate"}))


def said(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", html(answer)).split())


class FootTests:
    def test_it_tells_what_is_left(self, mia):
        limit(Decimal("12.40"))
        assert "$12.40 left this month." in foot(mia)

    def test_it_says_nothing_without_a_budget(self, mia):
        assert "left this month" not in foot(mia)

    def test_it_tells_what_this_run_would_leave_when_that_is_little(self, mia, member):
        limit(Decimal("0.15"), member)
        assert "This run would leave $0." in foot(mia, count="1")
        assert "in your budget." in foot(mia, count="1")

    def test_it_tells_why_it_cannot_be_ordered_and_where_to_ask(self, mia):
        limit(Decimal("0.01"))
        said = foot(mia)
        assert "is left in the team budget until 1 " in said
        assert 'href="/usage/ask/"' in said

    def test_every_page_tells_of_a_budget_that_runs_out(self, client, mia, member, admin_user):
        Heartbeat.beat("this host")  # else the banner tells that nothing is sent
        limit(Decimal("1.00"))
        limit(Decimal("0.50"), member)
        prompt = Prompt.objects.create(author=member, text="boats")
        Task.order(prompt, member, **ORDER, body={}, price_maximum=Decimal("0.45"))
        assert "Your budget is nearly used up: $0.45 of $0.50." in said(mia.get("/models/"))
        limit(None, member)
        Task.order(prompt, member, **ORDER, body={}, price_maximum=Decimal("0.55"))
        assert "used up" not in said(mia.get("/models/"))
        client.force_login(admin_user)
        assert "The team budget is used up: $1.00 of $1.00. Change it" in said(client.get("/models/"))

    def test_an_admin_is_led_to_the_settings(self, client, admin_user):
        client.force_login(admin_user)
        limit(Decimal("0"))
        said = foot(client)
        assert "The team budget is used up until 1 " in said
        assert 'href="/settings/"' in said


class OrderTests:
    def test_nothing_is_ordered_beyond_it(self, mia):
        limit(Decimal("0.01"))
        answer = mia.post("/tasks/", order(BANANA), headers=HTMX)
        assert (answer.status_code, Task.objects.count(), Prompt.objects.count()) == (422, 0, 0)
        assert html(answer).count("An admin can raise it.") == 1

    def test_of_several_models_all_are_ordered_or_none(self, mia):
        limit(Decimal("0.02"))
        both = order() | {"model": [order()["model"], BANANA], "shown": [order()["model"], BANANA]}
        assert mia.post("/tasks/", both).status_code == 422
        assert Task.objects.count() == 0

    def test_the_same_press_arriving_twice_is_not_told_that_the_money_is_gone(self, mia):
        form = order(BANANA)
        mia.post("/tasks/", form)
        used = Task.objects.get().price_maximum
        limit(used)
        assert mia.post("/tasks/", form).status_code == 302
        assert Task.objects.count() == 1

    def test_run_again_says_why_it_was_not(self, mia, make_task):
        task = make_task("done", price_maximum=Decimal("0.04"))
        limit(Decimal("0"))
        said = html(mia.post(f"/tasks/{task.pk}/order-again/", follow=True))
        assert "Nothing was sent. The team budget is used up until 1 " in said
        assert Task.objects.count() == 1

    def test_send_again_says_why_it_was_not(self, mia, make_task):
        task = make_task("unknown", price_maximum=Decimal("0.04"))
        limit(Decimal("0"))
        said = html(mia.post(f"/tasks/{task.pk}/send-again/", follow=True))
        assert "Nothing was sent. The team budget is used up until 1 " in said
        task.refresh_from_db()
        assert task.status == "unknown"


class AskTests:
    def test_all_admins_are_told_once_an_hour(self, mia, admin_user, member, colleague):
        limit(Decimal("5"))
        assert "$5.00 of $5.00 left in the team budget." in html(mia.get("/usage/ask/"))
        for _ in range(2):
            assert mia.post("/usage/ask/", {"note": "A campaign"}).status_code == 302
        asked = Event.objects.get(kind=Event.Kind.ASKED_MORE)
        assert (asked.actor, asked.text) == (member, "A campaign")
        wait_for(lambda: mail.outbox)
        [message] = mail.outbox
        assert message.bcc == [admin_user.email]
        assert message.subject == "Mia Member asks for more budget"
        assert "A campaign" in message.body
        assert "$5.00 of $5.00 is left in the team budget." in message.body

    def test_a_note_that_is_too_long_comes_back(self, mia):
        answer = mia.post("/usage/ask/", {"note": "x" * 501})
        assert (answer.status_code, "At most 500 characters." in html(answer)) == (422, True)

    def test_viewers_and_visitors_cannot_ask(self, client, viewer):
        assert client.get("/usage/ask/").status_code == 302
        client.force_login(viewer)
        assert client.post("/usage/ask/", {}).status_code == 403


class SettingsTests:
    def test_admins_set_the_budget_of_the_team(self, client, admin_user):
        client.force_login(admin_user)
        assert client.post("/settings/", {"name": "", "budget": "200", "link_longest_days": ""}).status_code == 302
        assert Team.current().budget == Decimal(200)
        answer = client.post("/settings/", {"name": "", "budget": "-1", "link_longest_days": ""})
        assert answer.status_code == 422
        assert Team.current().budget == Decimal(200)

    def test_and_that_of_a_person(self, client, admin_user, member):
        client.force_login(admin_user)
        page = html(client.get(f"/admin/generations/user/{member.pk}/change/"))
        assert 'name="budget"' in page


def wait_for(condition):
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
