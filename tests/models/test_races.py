"""What happens when two things are done to one order at the same moment, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from generations.models import Attempt, Collection, Favourite, Guess, Output, Preset, Prompt, ShareLink, Task
from tests.views.conftest import order

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """What each of the deeds gives, all begun at the same moment."""
    barrier = Barrier(len(deeds))

    def do(deed):
        try:
            barrier.wait(10)
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def sign_in(person):
    client = Client()
    client.force_login(person)
    return client


def again(task):
    return Task.objects.get(pk=task.pk)


def test_one_form_sent_four_times_at_once_is_one_order(member):
    pages = [sign_in(member) for _ in range(4)]
    form = order(count="2")
    answers = at_once(*(lambda page=page: page.post("/tasks/", form).status_code for page in pages))
    assert answers == [302] * 4
    assert (Prompt.objects.count(), Task.objects.count()) == (1, Prompt.objects.get().tasks.count())


def test_a_preset_saved_four_times_at_once_is_one_preset(member):
    pages = [sign_in(member) for _ in range(4)]
    form = order() | {"preset-name": "Film look"}
    answers = at_once(*(lambda page=page: page.post("/presets/new/", form).status_code for page in pages))
    assert sorted(answers) == [200, 422, 422, 422]
    assert Preset.objects.count() == 1


def test_run_again_pressed_four_times_at_once_is_one_order(member, make_task):
    task = make_task("failed")
    pages = [sign_in(member) for _ in range(4)]
    at_once(*(lambda page=page: page.post(f"/tasks/{task.pk}/order-again/") for page in pages))
    assert task.repeats.count() == 1


@pytest.mark.parametrize("round", range(3))
def test_a_press_of_run_again_gets_along_with_all_else_that_is_done_to_its_card(member, make_task, make_output, round):
    """Whoever changes a card takes the counter of revisions first; another order of locks would end in a deadlock."""
    task = make_task("done")
    make_output(task)
    files = Output.objects.filter(task=task)
    presses = [lambda: sign_in(member).post(f"/tasks/{task.pk}/order-again/").status_code for _ in range(3)]
    others = [lambda: Favourite.mark(member, files), task.touch, lambda: Favourite.unmark(member, files)]
    assert at_once(*presses, *others)[:3] == [302] * 3
    assert task.repeats.count() == 1


@pytest.mark.parametrize("round", range(4))
def test_an_order_is_either_taken_back_or_sent(member, make_task, round):
    task = make_task(hold="undo", not_before=timezone.now())
    undone, _, attempt, other = at_once(
        lambda: again(task).undo(member),
        lambda: again(task).send_now(),
        lambda: again(task).claim(1, "plain"),
        lambda: again(task).claim(1, "plain"),
    )
    assert bool(undone) + bool(attempt or other) <= 1
    assert Attempt.objects.count() == (again(task).status == "submitting")
    assert again(task).status in (["cancelled"] if undone else ["queued", "submitting"])


@pytest.mark.parametrize("round", range(3))
def test_what_several_put_in_and_order_at_once_has_places_of_its_own(member, colleague, make_task, make_output, round):
    files = [make_output(make_task("done")) for _ in range(6)]
    collection = Collection.objects.create(owner=member, name="First light")
    alone = [Output.objects.filter(pk=file.pk) for file in files]
    at_once(*(lambda file=file: collection.add(file, colleague) for file in [*alone, Output.objects.all()]))
    held = list(collection.items.values_list("output", flat=True))
    assert sorted(held) == sorted(file.pk for file in files)
    assert len(set(collection.items.values_list("position", flat=True))) == 6
    a, b, c, d, e, f = (Output.objects.get(pk=pk) for pk in held)
    at_once(
        lambda: collection.move(f, a),
        lambda: collection.move(b, e, is_after=True),
        lambda: collection.remove(Output.objects.filter(pk=c.pk), member),
    )
    assert list(collection.items.values_list("output", flat=True)) == [f.pk, a.pk, d.pk, e.pk, b.pk]


def test_of_passwords_tried_at_once_no_more_are_looked_at_than_one_after_the_other(member, make_task):
    link = ShareLink.make(make_task("done"), member, days=1)
    tries = at_once(*[lambda: Guess.take(link, "an address")] * 9)
    assert tries.count(None) == 9 - Guess.MOST
