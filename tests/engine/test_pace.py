"""The budget is kept whatever comes, and room comes back."""

from collections import Counter

import pytest

from generations.engine.durations import Durations
from generations.engine.pace import Cap, Window, next_delay, next_person, worth_a_look

FILM = Durations(60, 0.3)


def greedy(window, until, step=0.05):
    """The moments at which somebody who always asks gets a token."""
    moments, now = [], 0.0
    while now < until:
        if window.take(now):
            moments.append(now)
        now += step
    return moments


class WindowTests:
    def test_no_minute_holds_more_than_95_percent_of_the_limit(self):
        for limit in (6, 20, 100, 1000):
            taken = greedy(Window(limit, 0.0), until=300)
            fullest = max(sum(start <= moment < start + 60 for moment in taken) for start in taken)
            assert fullest <= 0.95 * limit

    def test_nearly_all_of_the_budget_can_be_used(self):
        taken = greedy(Window(100, 0.0), until=600)
        assert len(taken) >= 0.9 * 600 * 0.9 * 100 / 60

    def test_an_idle_minute_may_burst_up_to_four_fifths(self):
        window = Window(100, 0.0)
        assert [window.take(0.0) for _ in range(76)] == [True] * 76
        assert window.take(0.1) is True
        assert window.take(0.1) is False

    def test_what_a_predecessor_sent_counts(self):
        window = Window(100, 0.0, sent=[-1.0] * 95)
        assert window.take(0.0) is False
        assert window.take(59.5) is True

    def test_a_lower_limit_told_by_the_provider_holds(self):
        window = Window(100, 0.0)
        window.learn(20)
        assert len(greedy(window, until=59)) <= 19

    def test_after_a_refusal_nobody_asks_before_the_hint_and_slower_after_it(self):
        window = Window(100, 0.0)
        window.take(10.0)
        window.refuse(10.0, 7)
        assert [window.take(10.0 + seconds) for seconds in (0, 3, 6.9)] == [False] * 3
        assert window.limit == 0.7 * window.full

    def test_quiet_minutes_bring_the_rate_back(self):
        window = Window(100, 0.0)
        window.refuse(0.0, 1)
        window.take(62.0)
        assert window.limit == pytest.approx(0.7 * 1.05 * window.full)
        window.take(3600.0)
        assert window.limit == window.full

    def test_many_refusals_do_not_stop_it_for_good(self):
        window = Window(100, 0.0)
        for _ in range(100):
            window.refuse(0.0, 1)
        assert greedy(window, until=60)

    def test_it_tells_when_the_next_request_may_be_sent(self):
        for sent in ([-1.0] * 94, [-59.0] * 5 + [-30.0] * 90):  # too soon after the last one; too many in a minute
            window = Window(100, 0.0, sent)
            opens = window.wait(-0.9)
            assert (window.take(opens - 0.91), window.take(opens - 0.89)) == (False, True)
        window = Window(100, 0.0)
        assert window.wait(0.0) == 0
        window.refuse(10.0, 7)
        assert window.wait(10.0) == 7

    def test_what_it_supplies_are_free_requests_and_those_that_come_back(self):
        window = Window(100, 0.0, sent=[-50.0] * 30 + [-5.0] * 20)
        assert window.supply(0.0, 5) == 95 - 50
        assert window.supply(0.0, 20) == 95 - 20
        assert window.supply(0.0, 120) == 190


class PriceTests:
    def price(self, running, waiting=0, cap=1000, per_minute=100):
        return worth_a_look([FILM] * running, waiting, cap, Window(per_minute, 0.0), 0.0)

    def test_it_grows_with_the_square_of_what_has_to_share_the_requests(self):
        assert self.price(40) == pytest.approx(4 * self.price(20))
        assert self.price(20, per_minute=200) == pytest.approx(self.price(20) / 4)

    def test_those_that_wait_need_requests_before_they_need_looks(self):
        looks = 95 * 6 * FILM.mean / 60 - 50  # six rounds of ten
        assert self.price(10, waiting=50, cap=10) == pytest.approx((60 * FILM.vagueness / looks) ** 2 / 2.5)

    def test_a_look_for_each_is_had_at_any_price(self):
        assert self.price(1000) == self.price(2000) == pytest.approx(FILM.vagueness**2 / 2.5)

    def test_where_nothing_runs_there_is_no_price(self):
        assert self.price(0, waiting=5) == 0

    def test_vagueness_is_that_of_the_formula(self):
        assert FILM.vagueness**2 / FILM.mean == pytest.approx(0.51, abs=0.01)  # what knowing the durations cannot save


class StragglerTests:
    @pytest.mark.parametrize("durations", [Durations(5, 0.1), Durations(5, 0.25), Durations(8, 0.6), FILM])
    def test_what_never_ends_is_looked_at_ever_more_seldom(self, durations):
        """A stuck picture must not use up the requests of all others."""
        ages = [durations.median * 4 * 2**n for n in range(14)]  # from 20 s to a day
        pauses = [durations.next_look(age, 0.1) - age for age in ages]
        assert pauses == sorted(pauses)
        assert pauses[-1] > 20
        assert all(0.02 < durations.ready(age, 1.1 * age) < 0.6 for age in ages)


class TurnTests:
    def test_who_has_least_running_goes_first_then_who_waited_longest(self):
        running = Counter({"big": 3, "small": 1, "new": 1})
        assert next_person({"big", "small", "new"}, running, {"small": 9.0, "new": 4.0}) == "new"
        assert next_person({"big", "small"}, running, {}) == "small"


class CapTests:
    def test_a_refusal_lowers_it_and_quiet_minutes_raise_it(self):
        cap = Cap(10, 0.0)
        assert cap.room(3, 0.0) == 7
        cap.refuse(4, 0.0)
        assert cap.room(4, 1.0) == 0
        assert cap.room(4, 61.0) == 1
        assert cap.room(4, 121.0) == 2

    def test_it_never_falls_below_one(self):
        cap = Cap(2, 0.0)
        cap.refuse(0, 0.0)
        assert cap.room(0, 0.0) == 1


def test_delays_double_up_to_a_minute():
    assert [next_delay(failures) for failures in (1, 2, 3, 7, 50)] == [1, 2, 4, 60, 60]
