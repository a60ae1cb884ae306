"""Mails that people wish for: once for each thing that happened, a batch in one, and never about others' work."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from generations.engine import jobs, notices
from generations.models import Call, Event, Notice, Prompt, Task, Team, User, Webhook
from tests.conftest import ORDER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_URL = "https://studio.example.com"
    notices.gather()  # what was before is not told


@pytest.fixture
def eager(member):
    User.objects.filter(pk=member.pk).update(wishes=["ready:mail", "failed:mail"])


@pytest.fixture
def end(make_task):
    """end(status, kind, **fields) gives a task that came to this state just now."""

    def make(status="done", kind=Event.Kind.SAVED, **fields):
        task = make_task(status, **fields)
        Event.objects.create(kind=kind, task=task)
        return task

    return make


def write():
    notices.gather()
    notices.write()
    return [message.subject for message in mail.outbox]


class NoticeTests:
    def test_what_is_ready_is_told_once_though_the_job_runs_twice(self, eager, end, member):
        task = end()
        assert write() == write() == ["Your generation is ready"]
        [message] = mail.outbox
        assert message.to == [member.email]
        assert f"https://studio.example.com{task.get_absolute_url()}" in message.body
        assert "Ready: a lighthouse at dusk" in message.body
        assert message.alternatives[0][1] == "text/html"

    def test_the_tick_finds_it_and_the_cluster_sends_it(self, eager, end, broker):
        end()
        jobs.tick_job()
        assert (broker.queue_size(), mail.outbox) == (1, [])
        jobs.tell_job()
        assert len(mail.outbox) == 1

    def test_a_batch_is_one_mail_when_the_last_of_it_has_ended(self, eager, end, make_task, member):
        prompt = Prompt.objects.create(author=member, text="boats", model_slugs=[])
        end(prompt=prompt)
        end("failed", Event.Kind.FAILED, prompt=prompt)
        running = make_task("processing", prompt=prompt)
        assert write() == []
        Task.objects.filter(pk=running.pk).update(status="unknown")
        Event.objects.create(kind=Event.Kind.LOST_TRACK, task=running)
        assert write() == ["1 generation is ready, 1 failed, 1 needs a decision"]

    def test_what_hangs_keeps_the_rest_of_its_batch_for_an_hour_only(self, eager, end, make_task, member):
        prompt = Prompt.objects.create(author=member, text="boats", model_slugs=[])
        end(prompt=prompt)
        make_task("processing", prompt=prompt)
        assert write() == []
        Notice.objects.update(made_at=timezone.now() - timedelta(minutes=61))
        assert write() == ["Your generation is ready"]

    def test_nobody_is_told_who_did_not_ask(self, member, end, settings):
        User.objects.filter(pk=member.pk).update(wishes=["ready:browser", "failed:mail"])
        end()
        assert write() == []
        User.objects.filter(pk=member.pk).update(is_active=False)
        end("failed", Event.Kind.FAILED)
        assert write() == []

    def test_only_the_author_is_told(self, eager, end, colleague):
        end(author=colleague)
        assert write() == []

    def test_without_a_mail_server_nothing_is_kept_for_later(self, eager, end, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        end()
        notices.gather()
        assert not Notice.objects.exists()

    def test_a_server_that_is_away_breaks_nothing(self, eager, end, settings, caplog):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        end()
        assert write() == write() == []
        assert "Check EMAIL_URL" in caplog.text


class DigestTests:
    @pytest.fixture
    def week(self, make_task, member):
        """A Tuesday after a week in which Mia made two things, one of them in private."""
        User.objects.filter(pk=member.pk).update(wishes=["weekly:mail"])
        last = timezone.now() - timedelta(days=7 + timezone.localdate().weekday() - 1)
        for private in (False, True):
            task = make_task("done", price_charged=Decimal("0.25"), is_private=private)
            Task.objects.filter(pk=task.pk).update(created_at=last)

    def test_it_sums_up_the_week_once(self, week):
        jobs.daily_job()
        jobs.daily_job()
        [message] = mail.outbox
        assert "Generations: 1, 1 of them ready" in message.body
        assert "Charged by Modellix: $0.25" in message.body

    def test_viewers_read_of_no_money(self, week, viewer):
        User.objects.filter(pk=viewer.pk).update(wishes=["weekly:mail"])
        notices.write_digests()
        [theirs] = [message for message in mail.outbox if message.to == [viewer.email]]
        assert "$" not in theirs.body

    def test_an_empty_week_is_no_mail(self, member):
        User.objects.filter(pk=member.pk).update(wishes=["weekly:mail"], digest_of=date(2020, 1, 6))
        notices.write_digests()
        assert mail.outbox == []


class BudgetTests:
    @pytest.fixture
    def everybody(self, member, colleague, admin_user):
        User.objects.update(wishes=["budget:mail"])

    @pytest.fixture
    def spend(self, member):
        def make(cents, **budgets):
            User.objects.filter(pk=member.pk).update(budget=budgets.get("own"))
            Team.objects.update_or_create(pk=1, defaults={"budget": budgets.get("team")})
            prompt = Prompt.objects.create(author=member, text="boats", model_slugs=[])
            Task.order(prompt, member, **ORDER, body={}, price_maximum=Decimal(cents) / 100)

        return make

    def test_the_person_and_the_admins_are_told_of_their_budget_once(self, everybody, spend, member, admin_user):
        spend(81, own=1)
        assert (
            sorted(write())
            == sorted(write())
            == ["The budget of Mia Member is nearly used up", "Your budget is nearly used up"]
        )
        theirs = next(message for message in mail.outbox if message.to == [member.email])
        assert "$0.81 of $1.00 is used. It is renewed on 1 " in theirs.body
        assert [message.to for message in mail.outbox if message is not theirs] == [[admin_user.email]]

    def test_the_admins_alone_are_told_of_the_teams(self, everybody, spend, admin_user):
        spend(100, team=1)
        assert write() == ["The team budget is used up"]
        assert mail.outbox[0].to == [admin_user.email]
        assert "No more mails like this one" in mail.outbox[0].body

    def test_nobody_is_told_who_did_not_wish_it(self, spend, member, admin_user):
        User.objects.update(wishes=["ready:mail", "failed:mail"])
        spend(100, own=1, team=1)
        assert write() == []

    def test_the_webhook_is_called_where_it_wants_to_be(self, spend):
        webhook = Webhook.objects.create(pk=1, address="https://93.184.215.14/", events=["budget.used_up"])
        spend(81, own=1)
        spend(19, own=1)
        notices.gather()
        [call] = Call.objects.all()
        data = json.loads(call.body)["data"]
        assert (call.webhook, call.event) == (webhook, "budget.used_up")
        assert (data["budget"], data["person"], data["limit_usd"], data["used_usd"]) == (
            "person",
            "Mia Member",
            "1.00",
            "1.0000",
        )
