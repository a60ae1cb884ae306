"""Each fault that the simulator knows: where the order ends, what its card says, and what was paid for it."""

import html
import re
import time
from collections import Counter
from datetime import timedelta
from typing import NamedTuple

import pytest
import requests
from django.utils import timezone

from generations.engine import dispatcher, fetch, poll, provider
from generations.modellix.client import Client
from generations.modellix.errors import BadAnswer
from generations.models import Attempt, Delivery, Output, Provider, Task
from generations.simulator import effects
from generations.simulator.faults import NAMES

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "alibaba/qwen-image-plus"  # takes any parameters: small pictures are quick to paint
UNFINISHED = {"pending", "processing", "saving"}


class Row(NamedTuple):
    """The `faults` of an order's prompt; the task's state and `spent` in the end; how often the ledger shows it
    charged; and words on its card."""

    faults: str
    status: str
    spent: str
    charges: int
    words: str


def rows(names, *rest):
    return [Row(name, *rest) for name in names.split()]


# What a card says
MADE = "Download the original"
KEPT = "File Select a pier in fog"  # neither picture nor film, but there to select and to download
SEVERAL = "Files to download"
UNUSABLE = "A model can’t use these settings"  # noqa: RUF001
REFUSED = "Modellix refused this"
UNCLEAR = "so we can’t tell. Check before resending: you could pay twice."  # noqa: RUF001
FREE = "You were not charged."
PAID = "You were charged $0.02."
PERHAPS = "You may have been charged $0.02."
SILENT = f"Modellix reports a failure without saying why. {PERHAPS}"
LATE = "Taking longer than usual"
SILENCE = "No answer after 1 h Usually 3–10 s. It may be charged even if you stop."  # noqa: RUF001
GIVEN_UP = "No answer after 1 h We stopped waiting. If it turns up within 24 hours we still save it."
UNSAVED = "Made, but not saved yet"
GONE = "could not save this one in time."

SENDING = [
    *rows("post=400 post=413 post=422", "failed", "no", 0, UNUSABLE),
    *rows("post=404 post=405 post=415", "failed", "no", 0, REFUSED),
    Row("post=400", "failed", "no", 0, f"Invalid parameters: refused on demand. {FREE}"),
    *rows("post=500 post=502 post=503 post=504 post=408 post=409 post=425 post=301", "unknown", "unknown", 0, UNCLEAR),
    *rows("post=500-created post=502-created post=503-created post=504-created", "unknown", "unknown", 1, UNCLEAR),
    *rows("post=408-created post=409-created post=425-created post=301-created", "unknown", "unknown", 1, UNCLEAR),
    *rows("post=hang post=drop-before post=429-html post=200-huge", "unknown", "unknown", 0, UNCLEAR),
    *rows("post=hang-created post=drop-after-create post=200-huge-created", "unknown", "unknown", 1, UNCLEAR),
    *rows("post=200-nojson post=200-empty post=200-no-id post=200-bad-id", "unknown", "unknown", 0, UNCLEAR),
    *rows("post=200-nojson-created post=200-empty-created", "unknown", "unknown", 1, UNCLEAR),
    *rows("post=200-no-id-created post=200-bad-id-created", "unknown", "unknown", 1, UNCLEAR),
    Row("post=200-code400", "unknown", "unknown", 0, UNCLEAR),
    Row("post=200-code400-created", "unknown", "unknown", 1, UNCLEAR),
]
WATCHING = [
    *rows("get=500x2 get=502x2 get=503x2 get=504x2", "done", "yes", 1, MADE),
    *rows("get=wrong-idx2 get=not-jsonx2 get=no-statusx2 get=flap", "done", "yes", 1, MADE),
    *rows("get=wrong-id get=not-json get=no-status", "pending", "", 1, LATE),
    Row("get=404", "expired", "unknown", 1, f"Modellix no longer knows this task. {PERHAPS}"),
    Row("stuck", "processing", "", 1, LATE),
    Row("stuck status=weird", "pending", "", 1, LATE),
    *rows("status=queued status=created status=running status=in_progress status=weird", "done", "yes", 1, MADE),
    *rows("status=queued-upper status=created-upper status=weird-upper", "done", "yes", 1, MADE),
    *rows("status=running-upper status=in_progress-upper", "done", "yes", 1, MADE),
    *rows("status=success status=succeeded status=completed status=done", "done", "yes", 1, MADE),
    *rows("status=success-upper status=succeeded-upper", "done", "yes", 1, MADE),
    *rows("status=completed-upper status=done-upper", "done", "yes", 1, MADE),
    *rows("status=canceled status=cancelled", "cancelled", "unknown", 1, f"Modellix cancelled it. {PERHAPS}"),
    *rows("status=canceled-upper status=cancelled-upper", "cancelled", "unknown", 1, PERHAPS),
    *rows("status=failed status=failed-upper status=error status=error-upper", "failed", "unknown", 1, SILENT),
]
FAILING = [
    Row("fail=moderation", "failed", "yes", 1, f"The prompt was refused by the content filter. {PAID}"),
    Row("fail=moderation-string", "failed", "yes", 1, f"The prompt was refused by the content filter. {PAID}"),
    Row("fail=moderation-object", "failed", "yes", 1, f"The prompt was refused by the content filter. {PAID}"),
    Row("fail=moderation-message", "failed", "yes", 1, f"The prompt was refused by the content filter. {PAID}"),
    Row("fail=moderation-none", "failed", "yes", 1, f"Modellix reports a failure without saying why. {PAID}"),
    Row("fail=upstream", "failed", "no", 0, f"The model's provider reported an internal error. {FREE}"),
    Row("fail=upstream-string", "failed", "no", 0, f"The model's provider reported an internal error. {FREE}"),
    Row("fail=upstream-object", "failed", "no", 0, f"The model's provider reported an internal error. {FREE}"),
    Row("fail=upstream-message", "failed", "no", 0, f"The model's provider reported an internal error. {FREE}"),
    Row("fail=upstream-none", "failed", "no", 0, f"Modellix reports a failure without saying why. {FREE}"),
    Row("fail=input-fetch", "failed", "unknown", 0, f"An input file could not be fetched. {PERHAPS}"),
    Row("fail=input-fetch-string", "failed", "unknown", 0, f"An input file could not be fetched. {PERHAPS}"),
    Row("fail=input-fetch-object", "failed", "unknown", 0, f"An input file could not be fetched. {PERHAPS}"),
    Row("fail=input-fetch-message", "failed", "unknown", 0, f"An input file could not be fetched. {PERHAPS}"),
    Row("fail=input-fetch-none", "failed", "unknown", 0, SILENT),
    Row("fail=timeout", "failed", "unknown", 1, SILENT),
    Row("fail=timeout-string", "failed", "unknown", 1, f"The model's provider took too long. {PERHAPS}"),
    Row("fail=timeout-object", "failed", "unknown", 1, f"The model's provider took too long. {PERHAPS}"),
    Row("fail=timeout-message", "failed", "unknown", 1, f"The model's provider took too long. {PERHAPS}"),
    Row("fail=timeout-none", "failed", "unknown", 1, SILENT),
]
SAVING = [
    Row("result=empty", "failed", "yes", 1, f"Modellix calls it finished but gave no file. {PAID}"),
    *rows("result=string-items result=top-level result=no-dimensions result=unknown-type", "done", "yes", 1, MADE),
    *rows("result=duplicate-names result=1000-items", "done", "yes", 1, SEVERAL),
    *rows("expires=seconds expires=ms expires=iso expires=missing expires=past", "done", "yes", 1, MADE),
    *rows("file=403x1 file=404x1 file=410x1", "done", "yes", 1, MADE),
    *rows("file=403 file=404 file=410", "expired", "yes", 1, GONE),
    *rows("file=slow file=shortx1 file=longer-than-declaredx1 file=redirectx5", "done", "yes", 1, MADE),
    *rows("file=short file=redirect file=redirect-private", "saving", "yes", 1, UNSAVED),
    Row("file=short expires=past", "expired", "yes", 1, GONE),
    Row("file=wrong-magicx1", "done", "yes", 1, MADE),
    *rows("file=wrong-magic file=longer-than-declared", "done", "yes", 1, KEPT),
]
RATE = [
    *rows("post=429x1 post=429-barex1 get=429x2", "done", "yes", 1, MADE),
]
HOOKS = [
    *rows("hook=duplicate hook=out-of-order hook=never hook=late", "done", "yes", 1, MADE),
    *rows("post=500-created post=drop-after-create", "done", "yes", 1, MADE),
    Row("post=500-created hook=duplicate", "done", "yes", 1, MADE),
    Row("post=500-created hook=out-of-order", "done", "yes", 1, MADE),
    Row("post=500-created hook=late", "done", "yes", 1, MADE),
    Row("post=500-created hook=never", "unknown", "unknown", 1, UNCLEAR),
    Row("post=500", "unknown", "unknown", 0, UNCLEAR),
]
HELD = [  # the order's fault, what the account says meanwhile, and the card's words
    ("post=401x1", {"fault": "validate=false"}, "Modellix refused our key. Nothing was sent."),
    ("post=403x1", {"fault": "validate=false"}, "Modellix refused our key. Nothing was sent."),
    ("post=401x1", {"fault": "get=503", "path": "/apikey/validate"}, "Modellix refused our key. Nothing was sent."),
    ("post=402x1", {"fault": "balance=zero"}, "Modellix is out of credit. Nothing was sent."),
    ("post=402x1", {"fault": "balance=negative"}, "Modellix is out of credit. Nothing was sent."),
    ("post=402x1", {"fault": "balance=string"}, "Modellix is out of credit. Nothing was sent."),
]


@pytest.fixture(autouse=True)
def impatient(quick, monkeypatch, settings):
    """More waits that the speed of the simulator does not shorten."""
    monkeypatch.setattr(Output, "DELAYS", (0.2,) * 5)
    monkeypatch.setattr(poll, "VISIBLE_AFTER", timedelta(seconds=0.5))
    monkeypatch.setattr(dispatcher, "next_delay", lambda failures: 0.5)
    monkeypatch.setattr(dispatcher, "PAUSE_CHECK_EVERY", 0.1)
    monkeypatch.setattr(fetch, "BREATH", 0.001)
    monkeypatch.setattr(effects, "RETRY_AFTER", 1)
    monkeypatch.setattr(Client, "submit_timeout", (3, 3))
    settings.SAVE_MAX_FILES = 3


@pytest.fixture
def place(order):
    """place(row) puts an order with its faults in the queue."""

    def put(faults):
        tokens = " ".join(f"[[sim:{fault}]]" for fault in faults.split())
        return order(f"a pier in fog {tokens}", slug=MODEL, size="240*160")

    return put


@pytest.fixture
def outcomes(simulator, client, member):
    """outcomes({task: row}) gives what became of the orders, as rows with their whole card for words."""
    client.force_login(member)

    def of(tasks):
        bought = Counter(str(entry["body"]) for entry in simulator.ledger() if entry["amount"])
        cards = read_cards(client)
        seen = {}
        for pk, row in tasks.items():
            task = Task.objects.get(pk=pk)
            seen[pk] = Row(row.faults, task.status, task.spent, bought[str(task.body)], cards[pk])
        return seen

    return of


def read_cards(client):
    """The words of each card of the studio, by the task's number."""
    page = client.get("/", {"page": 40}).content.decode()
    cards = re.findall(r'<article class="card\b[^>]*\bid="task-(\d+)"[^>]*>(.*?)</article>', page, re.DOTALL)
    return {int(pk): words(card) for pk, card in cards}


def words(card):
    """What a screen reader finds in it: labels, and the text that the style sheet shows."""
    hidden = "on-time" if "data-late" in card else "late"
    card = re.sub(rf'<(\w+) class="{hidden}">.*?</\1>', "", card, flags=re.DOTALL)
    labelled = re.sub(r'<[^>]*aria-label="([^"]*)"[^>]*>', r" \1 ", card)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", labelled)).split()).replace(" .", ".")


def check(expected, seen):
    """Row by row; the words need only be somewhere on the card."""
    wrong = [
        f"{row}\n     but {seen[pk]}"
        for pk, row in expected.items()
        if row[:4] != seen[pk][:4] or row.words not in seen[pk].words
    ]
    assert not wrong, "\n".join(wrong)
    assert not any(row.charges > 1 for row in seen.values())


def age(task):
    """As an hour later."""
    Task.objects.filter(pk=task.pk).update(accepted_at=timezone.now() - timedelta(hours=1))


def is_settled(tasks):
    """Each has come where it will stay; those that wait for good have been looked at or tried more than once."""
    rows = Task.objects.filter(pk__in=tasks).values_list("pk", "status", "poll_count")
    tries = dict(Output.objects.filter(task__in=tasks).values_list("task", "tries"))
    return all(status == tasks[pk].status and may_rest(status, polls, tries.get(pk, 0)) for pk, status, polls in rows)


def may_rest(status, polls, tries):
    return status not in UNFINISHED or max(polls, tries) > 2


def wait_for_the_end(task):
    """Until the provider would say that it is over."""
    provider_task_id = Task.objects.get(pk=task.pk).provider_task_id
    while provider.client().task(provider_task_id).status not in ("succeeded", "failed"):
        time.sleep(0.05)


class FaultTests:
    @pytest.mark.parametrize(
        "table", [SENDING, WATCHING, FAILING, SAVING], ids=["sending", "watching", "failing", "saving"]
    )
    def test_each_fault_ends_where_it_should_with_the_right_words_and_money(self, place, work, outcomes, table):
        tasks = {place(row.faults).pk: row for row in table}
        work(until=lambda: is_settled(tasks), seconds=60)
        Task.objects.filter(status__in=UNFINISHED).update(accepted_at=timezone.now() - timedelta(minutes=10))
        check(tasks, outcomes(tasks))

    def test_what_never_ends_is_given_up_by_a_person_and_may_have_been_charged(self, place, work, outcomes, client):
        task = place("stuck")
        work(until=lambda: Task.objects.get(pk=task.pk).status == Task.Status.PROCESSING)
        age(task)
        silent = {task.pk: Row("stuck", "processing", "", 1, SILENCE)}
        check(silent, outcomes(silent))
        client.post(f"/tasks/{task.pk}/stop-watching/")
        given_up = {task.pk: Row("stuck", "failed", "unknown", 1, f"{GIVEN_UP} {PERHAPS}")}
        check(given_up, outcomes(given_up))
        work()  # there is nothing to be done: it returns at once
        check(given_up, outcomes(given_up))

    @pytest.mark.parametrize("told", ["by a webhook", "by a late look"])
    @pytest.mark.parametrize(
        ("fault", "end"),
        [
            ("get=503", Row("", "done", "yes", 1, MADE)),
            ("get=503 fail=moderation", Row("", "failed", "yes", 1, f"refused by the content filter. {PAID}")),
        ],
    )
    def test_what_was_given_up_and_ends_after_all_is_taken_as_it_ended(
        self, simulator, place, work, outcomes, member, client, told, fault, end
    ):
        away, *failure = fault.split()
        simulator.set_faults([{"fault": away}])
        task = place(" ".join(failure))
        work(until=lambda: Task.objects.get(pk=task.pk).poll_count)
        age(task)
        assert Task.objects.get(pk=task.pk).stop_watching(member)
        simulator.set_faults([])
        wait_for_the_end(task)
        assert not dispatcher.anything_open()
        if told == "by a webhook":
            headers = {"X-Modellix-Task-ID": Task.objects.get(pk=task.pk).provider_task_id}
            client.post(f"/hooks/modellix/{task.attempts.get().hook_token}/", headers=headers)
        else:
            Task.objects.filter(pk=task.pk).update(next_poll_at=timezone.now())  # as half an hour later
        assert dispatcher.anything_open()
        work()
        check({task.pk: end}, outcomes({task.pk: end}))
        assert not dispatcher.anything_open()

    def test_what_was_given_up_is_forgotten_once_its_result_would_be_gone(self, place, work, member, outcomes):
        task = place("stuck")
        work(until=lambda: Task.objects.get(pk=task.pk).poll_count)
        age(task)
        Task.objects.get(pk=task.pk).stop_watching(member)
        yesterday = timezone.now() - timedelta(hours=24)
        Task.objects.filter(pk=task.pk).update(closed_at=yesterday, accepted_at=yesterday - timedelta(minutes=16))
        for _ in range(2):
            Task.objects.filter(pk=task.pk, next_poll_at__isnull=False).update(next_poll_at=timezone.now())
            work()
        row = Row("stuck", "failed", "unknown", 1, f"No answer after 16 min We stopped waiting. {PERHAPS}")
        check({task.pk: row}, outcomes({task.pk: row}))

    def test_odd_results_are_kept_whole_and_odd_times_understood(self, simulator, place, work):
        several = {"result=duplicate-names": 2, "result=1000-items": 3}  # SAVE_MAX_FILES
        hours_left = dict.fromkeys(["expires=seconds", "expires=ms", "expires=iso", "expires=missing"], 24)
        hours_left["expires=past"] = -1
        tasks = {faults: place(faults) for faults in (*several, *hours_left)}
        work()
        kept = {faults: tasks[faults].outputs.values("original").distinct().count() for faults in several}
        assert kept == several
        left = {faults: tasks[faults].outputs.get().deadline - timezone.now() for faults in hours_left}
        assert {faults: round(time_left.total_seconds() / 3600, 1) for faults, time_left in left.items()} == hours_left

    @pytest.mark.parametrize("clock", ["clock=skew", "clock=skew-back"])
    def test_a_refusal_for_haste_is_waited_for_whatever_the_clock_says(self, simulator, place, work, outcomes, clock):
        simulator.set_faults([{"fault": clock}])
        tasks = {place(row.faults).pk: row for row in RATE}
        work()
        check(tasks, outcomes(tasks))

    @pytest.mark.parametrize(("fault", "account", "sentence"), HELD)
    def test_a_refused_key_or_purse_holds_orders_until_it_is_mended(
        self, simulator, place, work, outcomes, fault, account, sentence
    ):
        simulator.set_faults([account])
        held = {}
        for faults in (fault, ""):  # the second finds the door shut
            held[place(faults).pk] = Row(faults, "queued", "", 0, sentence)
            work(until=lambda: Provider.current().is_paused and asked(simulator, account))
        check(held, outcomes(held))
        simulator.set_faults([])
        work()
        done = {pk: row._replace(status="done", spent="yes", charges=1, words=MADE) for pk, row in held.items()}
        check(done, outcomes(done))

    def test_a_key_refused_in_the_middle_stops_sending_and_loses_nothing(self, simulator, place, work, outcomes):
        simulator.set_faults([{"fault": "validate=false"}])
        tasks = {place("get=401x1").pk: Row("get=401x1", "done", "yes", 1, MADE)}
        work(until=lambda: Provider.current().is_paused)
        assert Provider.current().pause == Provider.Pause.KEY_REFUSED
        assert Task.objects.get().status in {"pending", "processing"}
        simulator.set_faults([])
        work()
        check(tasks, outcomes(tasks))


def asked(simulator, account):
    """Whether the engine has looked twice if the account is well again."""
    path = "/team/balance" if "balance" in account["fault"] else "/apikey/validate"
    return sum(entry["path"].endswith(path) for entry in simulator.requests()) >= 2


class HookTests:
    def test_whatever_happens_to_a_webhook_the_result_is_the_same(
        self, simulator, place, work, outcomes, settings, live_server
    ):
        settings.PUBLIC_URL = live_server.url
        tasks = {place(row.faults).pk: row for row in HOOKS}
        told = {row.faults for row in HOOKS if row.status == "done" and "hook=never" not in row.faults}
        until = time.monotonic() + 20
        while not (is_settled(tasks) and len(told) == hooks_heard()) and time.monotonic() < until:
            work(seconds=1)
            time.sleep(0.05)
        check(tasks, outcomes(tasks))
        assert len(told) == hooks_heard()

    def test_a_forged_webhook_changes_nothing(self, simulator, place, work, outcomes, settings, live_server):
        settings.PUBLIC_URL = live_server.url
        rows = [Row("post=500", "unknown", "unknown", 0, UNCLEAR), Row("hook=never", "done", "yes", 1, MADE)]
        tasks = {place(row.faults).pk: row for row in rows}
        work()
        for attempt in Attempt.objects.all():
            forge(simulator, f"{live_server.url}/hooks/modellix/{attempt.hook_token}/")
        work(until=lambda: not Attempt.objects.hinted().exists())
        check(tasks, outcomes(tasks))
        assert Attempt.objects.filter(provider_task_id="task-forged").count() == 0


def hooks_heard():
    return Delivery.objects.values("attempt").distinct().count()


def forge(simulator, url):
    wanted = {"url": url, "task_id": "task-forged"}
    answer = requests.post(f"{simulator.url}/simulator/forged-webhooks", json=wanted, timeout=5)
    assert answer.json() == {"status": 204}


class CatalogueTests:
    def test_the_list_of_models_is_read_in_every_form(self, simulator):
        honest = [model.slug for model in provider.client().models()]
        for fault in ("models=wrapped", "models=duplicate", "models=new-field"):
            simulator.set_faults([{"fault": fault}])
            assert [model.slug for model in provider.client().models()] == honest
        simulator.set_faults([{"fault": "models=withdrawn"}])
        assert [model.slug for model in provider.client().models()] == honest[1:]
        simulator.set_faults([{"fault": "models=missing"}])
        with pytest.raises(BadAnswer):
            provider.client().models()


def test_every_fault_of_the_simulator_is_in_a_table():
    tables = [*SENDING, *WATCHING, *FAILING, *SAVING, *RATE, *HOOKS]
    named = {fault for row in tables for fault in row.faults.split()} | {fault for fault, *_ in HELD} | {"get=401"}
    named |= {account["fault"] for _, account, _ in HELD} | {"clock=skew", "clock=skew-back"}
    named |= {f"models={name}" for name in ("wrapped", "missing", "duplicate", "withdrawn", "new-field")}
    assert {re.sub(r"x\d+$", "", name) for name in named} == set(NAMES)
