"""Prices learned from what Modellix charged for our own orders: the next one alike is estimated and held by them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from generations.engine import jobs
from generations.forms.prices import Prices
from generations.modellix import catalogue, forecast
from generations.models import LearnedPrice, Prompt, Task
from generations.models.audit import mistakes
from generations.models.learned_price import Paid
from tests.conftest import ORDER
from tests.models.test_races import at_once

QWEN = "alibaba/qwen-image"
BODY = {"prompt": "a lighthouse at dusk", "n": 2, "size": "1328*1328"}
LISTED = Decimal("0.0414")  # two pictures


def order(person, body=BODY, model=QWEN):
    model = catalogue.find(model)
    listed, key = forecast.estimate(model, body), forecast.price_key(model, body)
    prompt = Prompt.objects.create(author=person, text="a lighthouse at dusk")
    fields = {"price_minimum": listed.minimum, "price_maximum": listed.maximum, "price_key": key}
    fields |= {"model_slug": model.slug, "price_units": forecast.units(model, body), "body": body}
    return Task.order(prompt, person, **ORDER | fields)


def settle(task, charged):
    task.accept(task.claim(1, "plain"), f"task-{task.pk}")
    return task.finish([{"url": "https://files.example.com/1.png"}], None, None, charged and Decimal(charged), "{}")


@pytest.fixture
def charged(member):
    """charged(*sums, body=BODY): orders that Modellix charged that much, one after the other."""

    def make(*sums, body=BODY, model=QWEN):
        for each in sums:
            settle(order(member, body, model), each)

    return make


def expected(body=BODY, model=QWEN):
    """(least, most, of how many orders it is learned)."""
    model = catalogue.find(model)
    found = Prices.of([model]).estimate(model, body)
    return found.minimum, found.maximum, found.orders


@pytest.mark.django_db
class LearnTests:
    def test_three_charges_alike_take_the_place_of_the_price_list(self, charged):
        charged("0.05", "0.05")
        assert expected() == (LISTED, LISTED, 0)
        charged("0.05")
        assert expected() == (Decimal("0.05"), Decimal("0.05"), 3)
        charged(*["0.05"] * 12)
        assert expected() == (Decimal("0.05"), Decimal("0.05"), 12)

    def test_charges_that_differ_are_a_range_until_the_price_has_settled(self, charged):
        charged("0.05", "0.07", "0.04")
        assert expected() == (Decimal("0.04"), Decimal("0.07"), 3)
        charged("0.0610", "0.0600", "0.0605")
        assert expected() == (Decimal("0.06"), Decimal("0.061"), 3)

    def test_words_and_seeds_make_no_price_and_all_else_may(self, charged):
        charged(*["0.05"] * 3)
        assert expected(BODY | {"prompt": "boats", "seed": 7})[2] == 3
        assert expected(BODY | {"n": 1}) == (LISTED / 2, LISTED / 2, 0)
        assert expected(BODY | {"size": "1664*928"})[2] == 0
        assert expected(BODY | {"invented": "yes"})[2] == 0
        assert expected({"prompt": "boats", "n": 2}, "alibaba/qwen-image-plus")[2] == 0

    def test_a_gift_and_what_was_not_told_teach_nothing(self, charged):
        charged(None, "0", "0.00001", "0.05", "0.05")
        assert [len(row.charges) for row in LearnedPrice.objects.all()] == [2]

    def test_a_failure_and_a_result_told_twice_teach_nothing(self, member, charged):
        task = order(member)
        task.accept(task.claim(1, "plain"), "task-failed")
        task.fail("Broken.", "failed", Decimal("0.02"), "{}")
        assert not LearnedPrice.objects.exists()
        task = order(member)
        assert settle(task, "0.05")
        assert not task.finish([], None, None, Decimal("0.09"), "{}")
        assert [sum for _, sum in LearnedPrice.objects.get().charges] == ["0.0500"]

    def test_charges_of_long_ago_count_no_more_and_are_forgotten(self, charged):
        charged(*["0.05"] * 3)
        row, then = LearnedPrice.objects.get(), timezone.now() - timedelta(days=61)
        LearnedPrice.objects.update(charges=[[then.isoformat(), "0.0900"], *row.charges[1:]])
        assert expected()[2] == 0
        charged("0.05")
        assert expected() == (Decimal("0.05"), Decimal("0.05"), 3)
        jobs.daily_job()
        assert LearnedPrice.objects.exists()
        LearnedPrice.objects.update(updated_at=then)
        jobs.daily_job()
        assert not LearnedPrice.objects.exists()

    def test_one_is_told_as_what_ours_were_charged_for_it(self, charged):
        model = catalogue.find(QWEN)
        assert Prices.of([model]).of_unit(model) == model.price
        charged(*["0.05"] * 3)
        charged(*["0.03"] * 3, body=BODY | {"n": 1})
        price = Prices.of([model]).of_unit(model)
        assert (price.minimum, price.maximum, price.orders) == (Decimal("0.025"), Decimal("0.03"), 6)

    def test_run_again_holds_back_what_it_costs_now(self, member, charged):
        task = order(member)
        settle(task, "0.05")
        task.outputs.update(status="saved")
        task.settle_files()
        charged("0.05", "0.05")
        again = task.order_again(member)
        assert (again.price_maximum, again.price_orders, again.listed_maximum) == (Decimal("0.05"), 3, LISTED)
        assert mistakes() == []


def test_words_to_speak_have_no_price_to_be_learned():
    model = catalogue.find("alibaba/qwen-audio-3.0-tts-plus")
    assert forecast.price_key(model, {"text": "Good evening"}) == ""


def test_too_few_are_no_price():
    assert Paid.told_by(None) is Paid.told_by([]) is None


@pytest.mark.django_db(transaction=True)
def test_eight_that_settle_at_once_are_all_learned_from(member):
    tasks = [order(member) for _ in range(8)]
    assert all(at_once(*(lambda task=task: settle(Task.objects.get(pk=task.pk), "0.05") for task in tasks)))
    assert len(LearnedPrice.objects.get().charges) == 8
    assert mistakes() == []
