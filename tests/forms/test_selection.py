"""What is picked: only what a person may see of it, by ones or by everything that the filters find."""

import pytest
from django.http import QueryDict

from generations.forms.selection import SelectionForm
from generations.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(make_task, make_output):
    """Three tasks of Mia's, the second a film; each with two files, one of them saved."""
    tasks = [make_task("done", kind=kind) for kind in ("image", "video", "image")]
    for task in tasks:
        make_output(task), make_output(task, saved=False)
    return tasks


def picked(user, query):
    """(positions of the tasks picked, how many files are), the oldest task first."""
    form = SelectionForm(QueryDict(query))
    pks = list(Task.objects.order_by("pk").values_list("pk", flat=True))
    return sorted(pks.index(task.pk) for task in form.tasks(user)), form.outputs(user).count()


class SelectionTests:
    def test_single_ones_and_single_files(self, work, member):
        first, second, _ = work
        file = second.outputs.saved().get().pk
        assert picked(member, f"pick={first.pk}") == ([0], 1)
        assert picked(member, f"file={file}") == ([1], 1)
        assert picked(member, f"pick={first.pk}&file={file}") == ([0, 1], 2)

    def test_everything_that_the_filters_find(self, work, member):
        assert picked(member, "all=1") == ([0, 1, 2], 3)
        assert picked(member, "all=1&kind=image") == ([0, 2], 2)
        assert picked(member, f"all=1&kind=image&pick={work[1].pk}") == ([0, 2], 2)
        assert picked(member, "all=1&person=me&q=nowhere") == ([], 0)

    def test_what_came_later_is_not_among_it(self, work, member):
        assert picked(member, f"all=1&upto={work[1].pk}") == ([0, 1], 2)
        assert picked(member, f"all=1&upto={work[1].pk}&kind=image") == ([0], 1)

    def test_only_what_one_may_see(self, work, member, colleague):
        work[0].bin(member), work[1].make_private(member)
        everything = "&".join(f"pick={task.pk}" for task in work)
        for query in ("all=1", everything):
            assert picked(member, query) == ([1, 2], 2)
            assert picked(colleague, query) == ([2], 1)

    @pytest.mark.parametrize("query", ["", "pick=x", "pick=", "all=", "upto=3", "all=1&upto=x", "all=1&upto=0"])
    def test_nothing_is_picked_by_nonsense(self, work, member, query):
        assert picked(member, query) == ([], 0)
