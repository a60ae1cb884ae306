"""The client against the built-in provider: two strangers that share nothing but the catalogue and the wire."""

import time
from decimal import Decimal

import pytest

from generations.modellix import forecast, schema
from generations.modellix.catalogue import find
from generations.modellix.client import Client
from generations.modellix.errors import NotFound, OutcomeUnknown, Refused, RouteUnknown, SlowDown, Unavailable
from generations.simulator.server import serve

MODEL = find("alibaba/qwen-image-2.0")
KEY = "mk-test-4f9c1d22"


@pytest.fixture
def simulator(tmp_path):
    with serve(data=tmp_path, speed=200) as running:
        yield running


@pytest.fixture
def client(simulator):
    client = Client(simulator.url, KEY)
    client.submit_timeout = (1, 0.4)
    return client


def buy(client, prompt="A harbour at night", form="plain", **values):
    body = schema.body(MODEL, {"prompt": prompt} | values)
    return client.submit(MODEL.slug, body, form=form, type=MODEL.type)


def finished(client, task_id):
    deadline = time.monotonic() + 5
    while (state := client.task(task_id)).status in {"pending", "processing"} and time.monotonic() < deadline:
        time.sleep(0.02)
    return state


@pytest.mark.parametrize("form", ["plain", "async", "typed"])
def test_an_order_becomes_files_in_each_path_form(client, simulator, form):
    accepted = buy(client, form=form, n="2", size="2688*1536")
    state = finished(client, accepted.task_id)
    assert (state.status, [r.kind for r in state.resources]) == ("succeeded", ["image", "image"])
    assert {(r.width, r.height) for r in state.resources} == {(2688, 1536)}
    assert state.submitted_at <= state.ended_at < state.expires_at
    assert [entry["task_id"] for entry in simulator.ledger()] == [accepted.task_id]


def test_what_is_estimated_is_charged(client):
    model = find("google/nano-banana-2")
    body = schema.body(model, {"prompt": "A harbour", "imageSize": "2K"})
    before = client.balance()
    state = finished(client, client.submit(model.slug, body, form="plain").task_id)
    assert state.charged == forecast.estimate(model, body).maximum == Decimal("0.0851")
    assert before - client.balance() == state.charged


def test_account_and_models_are_read(client):
    assert client.validate() is True
    assert client.balance() == Decimal(100)
    assert {MODEL.slug, "kling/kling-v3-t2v"} <= {model.slug for model in client.models()}


def test_a_path_form_that_is_switched_off_is_a_route_unknown(tmp_path):
    with serve(data=tmp_path, forms=("plain",)) as running:
        client = Client(running.url, KEY)
        for form in ("typed", "async"):
            with pytest.raises(RouteUnknown):
                buy(client, form=form)
        assert buy(client, form="plain").status == "pending"
        assert len(running.ledger()) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "bought"),
    [
        ("400", Refused, 0),
        ("429", SlowDown, 0),
        ("429-html", OutcomeUnknown, 0),
        ("503", OutcomeUnknown, 0),
        ("503-created", OutcomeUnknown, 1),
        ("301-created", OutcomeUnknown, 1),
        ("200-nojson-created", OutcomeUnknown, 1),
        ("200-empty-created", OutcomeUnknown, 1),
        ("200-no-id-created", OutcomeUnknown, 1),
        ("200-bad-id-created", OutcomeUnknown, 1),
        ("200-huge-created", OutcomeUnknown, 1),
        ("hang-created", OutcomeUnknown, 1),
        ("drop-before", OutcomeUnknown, 0),
        ("drop-after-create", OutcomeUnknown, 1),
    ],
)
def test_no_fault_is_taken_for_a_yes_and_nothing_is_sent_twice(client, simulator, fault, kind, bought):
    with pytest.raises(kind):
        buy(client, f"A harbour [[sim:post={fault}]]")
    assert len(simulator.ledger()) == bought
    assert len([request for request in simulator.requests() if request["method"] == "POST"]) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("503", Unavailable),
        ("429", SlowDown),
        ("wrong-id", Unavailable),
        ("not-json", Unavailable),
        ("no-status", Unavailable),
    ],
)
def test_a_bad_read_changes_nothing(client, fault, kind):
    task_id = buy(client, f"A harbour [[sim:get={fault}x1]]").task_id
    with pytest.raises(kind):
        client.task(task_id)
    assert finished(client, task_id).status == "succeeded"


def test_another_keys_task_is_not_found(client, simulator):
    task_id = buy(client).task_id
    with pytest.raises(NotFound):
        Client(simulator.url, "mk-somebody-else").task(task_id)
