"""The budget is kept whatever comes, and room comes back."""

import pytest

from generations.engine.pace import Bucket, Cap, next_delay


def greedy(bucket, until, step=0.05):
    """The moments at which somebody who always asks gets a token."""
    moments, now = [], 0.0
    while now < until:
        if bucket.take(now):
            moments.append(now)
        now += step
    return moments


class BucketTests:
    def test_no_minute_holds_more_than_95_percent_of_the_limit(self):
        for limit in (6, 20, 100, 1000):
            taken = greedy(Bucket(limit, 0.0), until=300)
            fullest = max(sum(start <= moment < start + 60 for moment in taken) for start in taken)
            assert fullest <= 0.95 * limit

    def test_nearly_all_of_the_budget_can_be_used(self):
        taken = greedy(Bucket(100, 0.0), until=600)
        assert len(taken) >= 0.9 * 600 * 0.9 * 100 / 60

    def test_it_starts_empty(self):
        assert Bucket(100, 0.0).take(0.0) is False

    def test_after_a_refusal_nobody_asks_before_the_hint_and_slower_after_it(self):
        bucket = Bucket(100, 0.0)
        bucket.take(10.0)
        bucket.refuse(10.0, 7)
        assert [bucket.take(10.0 + seconds) for seconds in (0, 3, 6.9)] == [False] * 3
        assert bucket.rate == 0.7 * bucket.full_rate

    def test_quiet_minutes_bring_the_rate_back(self):
        bucket = Bucket(100, 0.0)
        bucket.refuse(0.0, 1)
        bucket.take(62.0)
        assert bucket.rate == pytest.approx(0.7 * 1.05 * bucket.full_rate)
        bucket.take(3600.0)
        assert bucket.rate == bucket.full_rate

    def test_many_refusals_do_not_stop_it_for_good(self):
        bucket = Bucket(100, 0.0)
        for _ in range(100):
            bucket.refuse(0.0, 1)
        assert greedy(bucket, until=60)


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
