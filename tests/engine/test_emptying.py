"""Emptying the bin: only what lay there for thirty days, wherever a run before was cut short."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from generations.engine.emptying import empty_bin
from generations.engine.jobs import daily_job
from generations.models import Collection, Output, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def binned(make_task, make_output):
    """binned(days): a saved file of what was binned so long ago; None: of what is not in the bin."""

    def make(days):
        output = make_output(task := make_task("done", price_charged="0.04"))
        task.bin(task.author)
        Task.objects.filter(pk=task.pk).update(binned_at=days and now() - timedelta(days=days))
        return output

    return make


def on_disk(output):
    return [default_storage.exists(name) for name in (output.original, output.medium, output.small)]


class EmptyingTests:
    def test_files_go_after_thirty_days_and_the_ledger_stays(self, binned):
        over, kept, never = binned(30.1), binned(29.9), binned(None)
        daily_job()
        assert (on_disk(over), on_disk(kept), on_disk(never)) == ([False] * 3, [True] * 3, [True] * 3)
        told = Output.objects.get(pk=over.pk)
        assert (told.status, told.original, told.medium, told.small) == ("purged", "", "", "")
        assert (told.sha256, told.size) == (over.sha256, over.size)
        task = told.task
        assert (task.status, str(task.price_charged), task.events.count()) == ("done", "0.0400", 2)
        assert set(Output.objects.exclude(pk=over.pk).values_list("status", flat=True)) == {"saved"}

    def test_collections_deleted_that_long_ago_go_too(self, member):
        for days in (29.9, 30.1, None):
            ago = days and now() - timedelta(days=days)
            Collection.objects.create(owner=member, name=f"{days}", binned_at=ago)
        empty_bin()
        assert {str(each) for each in Collection.objects.all()} == {"29.9", "None"}

    def test_what_was_restored_is_never_touched(self, binned, member):
        output = binned(29)
        assert output.task.restore(member)
        Task.objects.update(created_at=now() - timedelta(days=90))
        assert empty_bin() == 0
        assert on_disk(output) == [True] * 3

    def test_who_began_to_restore_it_in_time_finds_its_files(self, binned):
        output = binned(30.01)
        assert empty_bin() == 0
        assert on_disk(output) == [True] * 3

    def test_it_may_run_twice(self, binned):
        binned(31)
        assert (empty_bin(), empty_bin()) == (1, 0)

    @pytest.mark.parametrize("gone", [0, 1, 3])
    def test_a_run_that_was_killed_is_taken_up_again(self, binned, gone):
        """Between the mark and the last name, however many files are gone already."""
        output = binned(31)
        Output.objects.outlived().update(status=Output.Status.PURGED)
        for name in (output.small, output.medium, output.original)[:gone]:
            default_storage.delete(name)
        assert empty_bin() == 1
        assert on_disk(output) == [False] * 3

    def test_a_file_that_cannot_be_removed_keeps_no_other_waiting(self, binned):
        first, second = binned(31), binned(31)
        path = Path(default_storage.path(first.original))
        path.unlink()
        (path / "in the way").mkdir(parents=True)
        assert empty_bin() == 1
        assert on_disk(second) == [False] * 3
        (path / "in the way").rmdir()
        assert empty_bin() == 1
        assert on_disk(first) == [False] * 3
