"""Private generations: who sees them, and what a viewer may do."""

import pytest
from django.urls import reverse

from generations.models import Event, Output, ShareLink, Task


@pytest.fixture
def task(make_task, make_output):
    task = make_task("done")
    make_output(task)
    return task


def seen_by(*people):
    """For each: whether they see a task, and a file."""
    return [(Task.objects.visible_to(each).exists(), Output.objects.visible_to(each).exists()) for each in people]


class PrivateTests:
    def test_its_author_and_admins_alone_see_a_private_one(self, task, member, colleague, viewer, admin_user):
        assert task.make_private(member)
        assert seen_by(member, admin_user, colleague, viewer) == [(True, True)] * 2 + [(False, False)] * 2
        assert list(Task.objects.hidden_from(colleague)) == [task]
        assert not Task.objects.hidden_from(member).exists()

    def test_until_it_is_shown_again(self, task, member, colleague):
        task.make_private(member)
        assert not task.make_private(member)
        assert task.make_public(member)
        assert seen_by(colleague) == [(True, True)]
        kinds = Event.objects.filter(task=task, actor=member).values_list("kind", flat=True)
        assert set(kinds) >= {Event.Kind.HIDDEN, Event.Kind.SHOWN}

    def test_a_colleagues_link_no_longer_shows_it(self, task, member, colleague):
        link = ShareLink.make(task, colleague, days=1)
        assert link.shown().exists()
        task.make_private(member)
        assert not link.shown().exists()
        assert ShareLink.make(task, member, days=1).shown().exists()

    def test_the_links_of_who_left_the_team_are_closed(self, task, colleague):
        link = ShareLink.make(task, colleague, days=1)
        colleague.is_active = False
        colleague.save()
        assert not ShareLink.objects.live().exists()
        assert not ShareLink.objects.get(pk=link.pk).is_live


class ViewerTests:
    def test_sees_all_and_changes_nothing(self, client, task, viewer):
        client.force_login(viewer)
        assert client.get(task.get_absolute_url()).status_code == 200
        assert client.post(reverse("task-order-again", args=[task.pk])).status_code == 403
        assert client.post(reverse("links"), {"task": task.pk}).status_code == 403
        assert client.post(reverse("tasks"), {"prompt": "paper boats"}).status_code == 403
        assert client.post(reverse("bin-add"), {"pick": task.pk}).status_code == 403
        assert not task.is_changeable_by(viewer)

    def test_but_likes_and_rates(self, client, task, viewer):
        client.force_login(viewer)
        assert client.post(reverse("favourite"), {"pick": task.pk}).status_code in (200, 302)
        assert client.post(reverse("rate"), {"pick": task.pk, "stars": 4}).status_code in (200, 302)
        assert viewer.favourites.exists()
        assert viewer.ratings.exists()
