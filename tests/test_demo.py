"""`manage.py demo` fills an empty studio so that everything about it holds, and touches no other."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from generations.keeping.verify import verify
from generations.models import Output, Statement, Task, Team, User
from generations.models.audit import mistakes

pytestmark = pytest.mark.django_db


def fill(**options):
    said = StringIO()
    call_command("demo", stdout=said, **options)
    return said.getvalue()


def test_some_days_of_a_team_with_books_that_are_right_and_files_that_are_there():
    Statement.objects.create(taken=0, booked=0, balance=100, up_to=0, since=timezone.now(), until=timezone.now())
    said = fill(days=6, people=2)
    assert mistakes() == []
    assert not Statement.objects.exists()
    assert list(verify()) == []
    assert Output.objects.filter(status="saved").count() > 5
    assert not Task.objects.filter(status__in=Task.UNFINISHED).exists()
    assert (timezone.now() - Task.objects.earliest("created_at").created_at).days >= 3
    assert Team.current().budget > 0
    password = said.split("password ")[1].split(":")[0]
    assert Client().login(email="art.director@demo.invalid", password=password)


@pytest.mark.parametrize(
    ("options", "words"), [({"days": 0}, "Choose 1 to 366 days"), ({"people": 31}, "1 to 30 people")]
)
def test_numbers_that_make_no_sense_are_told(options, words):
    with pytest.raises(CommandError, match=words):
        fill(**options)


def test_a_studio_with_work_in_it_or_with_a_key_is_left_alone(make_task, settings):
    make_task()
    with pytest.raises(CommandError, match="generated here already"):
        fill(days=1, people=1)
    settings.MODELLIX_API_KEY = "mk-real"
    with pytest.raises(CommandError, match="MODELLIX_API_KEY is set"):
        fill(days=1, people=1)
    assert (Task.objects.count(), User.objects.count()) == (1, 1)
