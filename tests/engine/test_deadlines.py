"""While a result is not saved, people know it and until when; the nearer the deadline, the louder."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from generations.engine import deadlines, jobs
from generations.models import Event, Output, Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def unsaved(make_task, make_output, member):
    """unsaved(percent, **fields) gives an Output of which so much of its 20 hours is over."""

    def make(percent, author=member, **fields):
        task = make_task("saving", author=author)
        output = make_output(task, saved=False, error="The file host answered 503.", **fields)
        pass_time(output, percent)
        return output

    return make


def pass_time(output, percent):
    finished = timezone.now() - timedelta(hours=20) * percent / 100
    Task.objects.filter(pk=output.task_id).update(finished_at=finished)
    Output.objects.filter(pk=output.pk).update(deadline=finished + timedelta(hours=20))


def told(output):
    return list(output.task.events.filter(kind=Event.Kind.FILE_AT_RISK).order_by("pk").values_list("text", flat=True))


class WatchTests:
    def test_each_part_of_the_time_is_told_once(self, unsaved):
        output = unsaved(49)
        for percent in (49, 51, 60, 81, 94, 96, 120):
            pass_time(output, percent)
            for _ in range(2):
                deadlines.watch()
        words = "file 1: {} % of its time is over. The file host answered 503."
        assert told(output) == [words.format(percent) for percent in (50, 80, 95)]

    def test_what_was_slept_through_is_told_as_one(self, unsaved):
        output = unsaved(97)
        jobs.tick_job()
        assert len(told(output)) == 1

    def test_a_deadline_that_was_over_from_the_beginning_is_told(self, unsaved):
        output = unsaved(0)
        Output.objects.update(deadline=timezone.now() - timedelta(days=1))
        deadlines.watch()
        assert told(output)[0].startswith("file 1: 95 %")

    def test_what_is_saved_is_not_told(self, make_task, make_output):
        output = make_output(make_task("done"))
        pass_time(output, 99)
        deadlines.watch()
        assert told(output) == []

    def test_the_pages_learn_of_it(self, unsaved):
        output = unsaved(50)
        before = Task.objects.get(pk=output.task_id).revision
        deadlines.watch()
        assert Task.objects.get(pk=output.task_id).revision > before


class MailTests:
    def test_admins_get_one_mail_about_all_of_it(self, unsaved, admin_user, settings):
        settings.PUBLIC_URL = "https://studio.example.com"
        outputs = unsaved(81), unsaved(52)
        deadlines.watch()
        deadlines.watch()
        (message,) = mail.outbox
        assert message.to == [admin_user.email]
        assert message.subject == "2 results not saved yet"
        for output in outputs:
            assert f"https://studio.example.com/tasks/{output.task_id}/" in message.body
        assert message.body.count("The file host answered 503.") == 2
        assert outputs[0].url not in message.body

    def test_without_mail_nothing_is_sent(self, unsaved, admin_user, settings, capsys):
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        output = unsaved(81)
        deadlines.watch()
        assert capsys.readouterr().out == ""
        assert len(told(output)) == 1

    def test_a_mail_server_that_is_away_stops_nothing(self, unsaved, admin_user, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        output = unsaved(81)
        jobs.tick_job()
        assert len(told(output)) == 1


class SafetyTests:
    def test_what_is_unsaved_is_counted_with_the_nearest_deadline(self, unsaved, member):
        first, _ = unsaved(30), unsaved(10)
        safety = Output.objects.safety(member)
        first.refresh_from_db()
        assert (safety["count"], safety["until"], safety["risky"]) == (2, first.deadline, 0)

    def test_who_is_to_worry(self, unsaved, member, colleague, admin_user):
        mine, theirs = unsaved(60), unsaved(85, author=colleague)
        deadlines.watch()
        mine.refresh_from_db(), theirs.refresh_from_db()
        worries = [Output.objects.safety(person) for person in (member, colleague, admin_user)]
        assert [(each["risky"], each["risky_until"], each["used"]) for each in worries] == [
            (1, mine.deadline, 50),
            (1, theirs.deadline, 80),
            (2, theirs.deadline, 80),
        ]
        assert {each["count"] for each in worries} == {2}

    def test_a_file_whose_address_is_refused_is_not_saved_either(self, unsaved, member):
        unsaved(0, status=Output.Status.REFUSED)
        assert Output.objects.safety(member)["count"] == 1
