"""The header says whether all results are safe, and people whose results are not are told what to expect."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from generations.models import Heartbeat, Output

PAGE = "/account/password/change/"


@pytest.fixture
def page(client, member, admin_user, colleague):
    """page(person=member) is what a person sees on any page, in words."""
    Heartbeat.beat("here")

    def see(person=member):
        client.force_login(person)
        text = re.sub(r"<(?!p class|a href|/a)[^>]*>", " ", client.get(PAGE).content.decode())
        return re.sub(r"\s+", " ", text)

    return see


@pytest.fixture
def unsaved(make_task, make_output):
    def make(warned=0, **left):
        left = left or {"hours": 3, "minutes": 1}
        return make_output(make_task("saving"), saved=False, warned=warned, deadline=timezone.now() + timedelta(**left))

    return make


class HeaderTests:
    def test_all_is_safe(self, page, make_task, make_output):
        make_output(make_task("done"))
        assert '<p class="badge line" id="safety"> All results safe' in page()

    @pytest.mark.parametrize(
        ("left", "words"),
        [
            ({"hours": 3, "minutes": 1}, "2 not saved · 3 h left"),
            ({"hours": 1, "seconds": 20}, "2 not saved · 1 h left"),
            ({"minutes": 59, "seconds": 20}, "2 not saved · 59 min left"),
            ({"seconds": 20}, "2 not saved · 0 min left"),
            ({"minutes": -5}, "2 not saved · overdue"),
        ],
    )
    def test_what_is_not_safe_has_a_deadline(self, page, unsaved, left, words):
        unsaved(days=1)
        unsaved(**left)
        assert words in page()

    @pytest.mark.parametrize(
        ("warned", "look"), [(0, "badge"), (50, "badge ask"), (80, "badge stop"), (95, "badge stop")]
    )
    def test_it_gets_louder(self, page, unsaved, warned, look):
        unsaved(warned)
        assert f'<p class="{look}" id="safety">' in page()

    def test_it_is_told_on_the_page_of_one_generation_too(self, client, member, unsaved):
        client.force_login(member)
        assert "1 not saved" in client.get(unsaved().task.get_absolute_url()).content.decode()

    def test_pages_that_are_open_hear_of_it(self, client, member, unsaved):
        client.force_login(member)
        output = unsaved()
        output.task.touch()
        seen = {"seen": 0, "day": timezone.localdate().isoformat(), "worker": "False", "pace": 1}
        answer = client.get("/changes/", seen | {"task": output.task_id}).content.decode()
        assert '<hx-partial id="safety" hx-swap="outerMorph">' in answer


class BannerTests:
    def test_nobody_is_troubled_before_half_of_the_time_is_over(self, page, unsaved):
        unsaved()
        assert '<p class="banner' not in page()

    def test_its_author_and_admins_are_told_and_others_not(self, page, unsaved, colleague, admin_user):
        unsaved(50)
        assert "1 result is not saved yet (3 h left). We keep trying. An admin is told, too." in page()
        assert "The history of files</a> says what is in the way" in page(admin_user)
        assert '<p class="banner' not in page(colleague)

    def test_the_history_shows_what_is_in_the_way(self, client, admin_user, page, unsaved):
        output = unsaved(80)
        (address,) = re.findall(r'<a href="([^"]*output/[^"]*)"', page(admin_user))
        assert str(output.task.prompt) in client.get(address).content.decode()

    def test_it_gets_louder(self, page, unsaved):
        unsaved(50)
        assert '<p class="banner">' in page()
        Output.objects.update(warned=80)
        assert '<p class="banner stop">' in page()
