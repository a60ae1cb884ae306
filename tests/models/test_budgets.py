"""Budgets hold, also when twenty people order at the same moment."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from generations.models import Alarm, Entry, Event, OverBudget, Prompt, Purse, Task, Team, User
from generations.models.audit import mistakes
from generations.models.entry import month_of
from tests.conftest import ORDER
from tests.models.test_races import at_once

CENTS = Decimal("0.04")


def ask(person, price=CENTS):
    with transaction.atomic():
        prompt = Prompt.objects.create(author=person, text="a lighthouse at dusk")
        prices = {"price_minimum": price, "price_maximum": price}
        return Task.order(prompt, person, body={"prompt": "a lighthouse at dusk"}, **ORDER | prices)


def tried(person, price=CENTS):
    """Whether it was ordered."""
    try:
        ask(person, price)
    except OverBudget:
        return False
    return True


def limit(person=None, team=None):
    if person:
        User.objects.filter(pk=person[0].pk).update(budget=person[1])
    if team is not None:
        Team.objects.update_or_create(pk=1, defaults={"budget": team})


@pytest.mark.django_db
class BudgetTests:
    def test_without_one_there_is_no_limit(self, member):
        assert tried(member, Decimal(5000))
        assert Purse.of(member).outlook(CENTS) == ""

    def test_a_person_orders_up_to_the_last_cent_and_no_further(self, member, colleague):
        limit((member, Decimal("0.10")))
        assert [tried(member), tried(member), tried(member), tried(member, Decimal("0.02"))] == [
            True,
            True,
            False,
            True,
        ]
        assert tried(colleague)
        with pytest.raises(OverBudget, match=r"Your budget is used up until 1 \w+\. An admin can raise it\."):
            ask(member, Decimal("0.0001"))

    def test_the_team_shares_one(self, member, colleague):
        limit(team=Decimal("0.06"))
        assert (tried(member), tried(colleague)) == (True, False)
        with pytest.raises(OverBudget, match=r"about \$0\.04, and \$0\.02 is left in the team budget until 1 "):
            ask(colleague)

    def test_what_is_refused_leaves_no_trace(self, member):
        limit((member, Decimal("0.01")))
        assert not tried(member)
        assert (Prompt.objects.count(), Task.objects.count(), Entry.objects.count()) == (0, 0, 0)

    def test_an_unknown_price_is_refused_only_when_nothing_is_left(self, member):
        limit((member, Decimal("0.04")))
        assert (tried(member, None), tried(member), tried(member, None)) == (True, True, False)

    def test_what_is_released_may_be_spent_again(self, member):
        limit((member, Decimal("0.05")))
        task = ask(member)
        assert not tried(member)
        task.cancel(member)
        assert tried(member)

    def test_a_month_that_is_over_takes_nothing_from_this_one(self, member):
        limit((member, Decimal("0.05")))
        ask(member)
        Entry.objects.update(month="2020-01-01")
        assert tried(member)

    def test_run_again_is_an_order_like_any_other(self, member):
        limit((member, Decimal("0.05")))
        task = ask(member)
        finished(task, Decimal("0.04"))
        task.refresh_from_db()
        with pytest.raises(OverBudget):
            task.order_again(member)

    def test_sent_again_it_is_paid_from_the_month_in_which_that_is_done(self, member):
        task = ask(member)
        task.lose_track(task.claim(1, "plain"), "No answer.")
        then = timezone.now() - timedelta(days=40)
        Task.objects.update(created_at=then, claimed_at=then)
        Entry.objects.update(month=month_of(then))
        limit((member, Decimal("0.03")))
        task.refresh_from_db()
        with pytest.raises(OverBudget):
            task.send_again(member)
        limit((member, Decimal("0.05")))
        assert Purse.of(member).own.used == 0
        assert task.send_again(member)
        assert Purse.of(member).own.used == CENTS

    def test_it_warns_from_four_fifths_on(self, member):
        limit((member, Decimal("1.00")), team=Decimal("2.00"))
        purse = Purse.of(member)
        assert purse.outlook(Decimal("0.50")) == "$1.00 left this month."
        assert purse.outlook(Decimal("0.88")) == "This run would leave $0.12 in your budget."
        assert purse.outlook(Decimal("0.996")) == "This run would leave less than $0.01 in your budget."


def finished(task, charged):
    task.accept(task.claim(1, "plain"), f"task-{task.pk}")
    task.finish([{"url": "https://files.example.com/1.png"}], None, None, charged, "{}")
    task.outputs.update(status="saved")
    task.settle_files()


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_once_spend_one_nearly_empty_budget_and_never_more():
    people = [User.objects.create_user(f"p{number}@example.com", name=f"P {number}") for number in range(20)]
    limit(team=Decimal("0.30"))  # for seven of them
    assert sum(at_once(*(lambda person=person: tried(person) for person in people))) == 7
    assert Purse.of(people[0]).team.used == Decimal("0.28")
    assert told() == [(None, "near", Decimal("0.24"))]
    for task in Task.objects.all():
        finished(task, Decimal("0.05"))  # above the estimate: that much over, and no more
    assert Purse.of(people[0]).team.used == Decimal("0.35")
    assert not tried(people[0], Decimal("0.0001"))
    assert mistakes() == []


@pytest.mark.django_db(transaction=True)
def test_one_person_pressing_twenty_times_at_once_stays_within_their_own(member):
    limit((member, Decimal("0.10")))
    assert sum(at_once(*(lambda: tried(member) for _ in range(20)))) == 2
    assert mistakes() == []


def told():
    """[(whose, level, used)] of the alarms, in order."""
    return [(alarm.person, alarm.level, alarm.used) for alarm in Alarm.objects.order_by("pk")]


@pytest.mark.django_db
class AlarmTests:
    def test_a_budget_that_runs_out_is_told_at_four_fifths_and_at_its_end_and_once_each(self, member):
        limit((member, Decimal("0.20")))
        for _ in range(3):
            ask(member)
        assert told() == []
        ask(member)
        assert told() == [(member, "near", Decimal("0.16"))]
        ask(member).cancel(member)
        ask(member)
        assert told()[1:] == [(member, "used_up", Decimal("0.20"))]
        assert list(Event.objects.filter(task=None).values_list("kind", "actor", "text")) == [
            ("budget_used", member.pk, "$0.20 of $0.20 is used"),
            ("budget_near", member.pk, "$0.16 of $0.20 is used"),
        ]

    def test_at_once_used_up_it_was_not_near_before_and_is_not_afterwards(self, member):
        limit(team=Decimal("0.04"))
        ask(member).cancel(member)
        ask(member, Decimal("0.035"))
        assert told() == [(None, "used_up", CENTS)]

    def test_a_changed_budget_is_another_and_so_is_that_of_another_month(self, member):
        limit(team=Decimal("0.04"))
        ask(member)
        limit(team=Decimal("0.08"))
        ask(member)
        assert told() == [(None, "used_up", CENTS), (None, "used_up", 2 * CENTS)]
        Entry.objects.update(month="2020-01-01")
        Alarm.objects.update(month="2020-01-01")
        ask(member, 2 * CENTS)
        assert len(told()) == 3

    def test_what_was_charged_above_the_estimate_counts(self, member):
        limit(team=Decimal("0.10"))
        finished(ask(member), Decimal("0.09"))
        assert told() == [(None, "near", Decimal("0.09"))]

    def test_a_release_tells_nothing(self, member):
        task = ask(member, Decimal("0.09"))
        limit(team=Decimal("0.10"))
        task.cancel(member)
        assert told() == []
