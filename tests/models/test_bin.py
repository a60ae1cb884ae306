"""The bin: out of everybody's sight at once, kept for thirty days."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from generations.models import Event, Output, Revision, ShareLink, Task

pytestmark = pytest.mark.django_db
OVER = ("done", "partial", "failed", "expired", "cancelled")


def binned(task, **ago):
    assert task.bin(task.author)
    Task.objects.filter(pk=task.pk).update(binned_at=now() - timedelta(**ago))
    return Task.objects.get(pk=task.pk)


class BinTests:
    @pytest.mark.parametrize("status", Task.Status.values)
    def test_only_what_is_over_can_be_binned(self, make_task, member, status):
        task = make_task(status)
        assert task.can_be_binned is task.bin(member) is (status in OVER)
        assert Task.objects.visible_to(member).exists() is (status not in OVER)

    def test_it_may_be_said_twice_and_is_told_in_the_history(self, make_task, member):
        task, seen = make_task("done"), Revision.latest()
        assert task.bin(member)
        assert not Task.objects.get(pk=task.pk).bin(member)
        (event,) = task.events.filter(kind=Event.Kind.BINNED)
        assert event.actor == member
        task.refresh_from_db()
        assert (task.status, task.binned_by, task.revision) == ("done", member, seen + 1)

    def test_files_and_links_are_gone_with_it_and_come_back_with_it(self, make_task, make_output, member):
        task = make_task("done")
        make_output(task)
        link = ShareLink.make(task, member, days=30)

        def is_seen():
            fresh = ShareLink.objects.get(pk=link.pk)
            seen = [Output.objects.visible_to(member).exists(), ShareLink.objects.live().exists(), fresh.is_live]
            assert len(set(seen)) == 1
            return seen[0]

        assert is_seen()
        task.bin(member)
        assert not is_seen()
        assert task.restore(member)
        assert is_seen()
        assert not task.restore(member)

    def test_after_thirty_days_it_is_out_of_reach(self, make_task, member):
        kept, over = binned(make_task("done"), days=29, hours=23), binned(make_task("done"), days=30, seconds=1)
        assert list(Task.objects.restorable_by(member)) == [kept]
        assert (kept.restore(member), over.restore(member)) == (True, False)

    def test_who_may_restore(self, make_task, member, colleague, admin_user):
        mine, theirs = binned(make_task("done"), days=1), binned(make_task("failed", author=colleague), days=2)
        assert list(Task.objects.restorable_by(member)) == [mine]
        assert list(Task.objects.restorable_by(colleague)) == [theirs]
        assert list(Task.objects.restorable_by(admin_user)) == [mine, theirs]
