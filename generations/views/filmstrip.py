"""The filmstrip of a generation: its own files, and what lies beside it in the feed that it was opened from.

Opened from a collection it is one file among those of the collection, in their order.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict

from generations.models import Collection, Task

NEAR = 4  # generations on either side


@dataclass(frozen=True)
class Frame:
    """One place to go to: the `number`th saved file (from 1) of a task, or the task itself where nothing is saved.

    `query` is that of the feed, so that the way leads on within the same filter.
    """

    task: Task
    number: int = 1
    query: str = ""

    @classmethod
    def of(cls, file, query):
        return cls(file.task, file.task.files.index(file) + 1, query)

    @property
    def file(self):
        return self.task.files[self.number - 1] if self.task.files else None

    @property
    def url(self):
        told = QueryDict(self.query, mutable=True)
        if self.number > 1:
            told["file"] = self.number
        query = told.urlencode()
        return self.task.get_absolute_url() + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Strip:
    """The frames of a page in the order of the feed, and where the arrows lead: through the files, then on."""

    newer: list[Frame]
    own: list[Frame]
    older: list[Frame]
    before: Frame | None
    after: Frame | None
    collection: Collection | None = None  # that it was opened from


def strip(task, number, tasks, query=""):
    """The Strip around the `number`th file of `task` among `tasks` (newest first), with four queries."""
    newer = list(tasks.filter(pk__gt=task.pk).order_by("pk").for_cards()[:NEAR])
    older = list(tasks.filter(pk__lt=task.pk).order_by("-pk").for_cards()[:NEAR])
    own = [Frame(task, each + 1, query) for each in range(len(task.files) or 1)]
    last = newer and Frame(newer[0], len(newer[0].files) or 1, query)
    first = older and Frame(older[0], 1, query)
    return Strip(
        newer=[Frame(each, 1, query) for each in reversed(newer)],
        own=own,
        older=[Frame(each, 1, query) for each in older],
        before=own[number - 2] if number > 1 else last or None,
        after=own[number] if number < len(own) else first or None,
    )


def within(collection, file, user):
    """The Strip around a file of a collection, with four queries; None when it is not in there."""
    files = collection.files(user)
    here = files.filter(pk=file.pk).first()
    if here is None:
        return None
    whole = files.select_related("task__prompt", "task__author").prefetch_related("task__outputs")
    ahead = Q(place__lt=here.place) | Q(place=here.place, item__lt=here.item)
    query = f"collection={collection.pk}"
    newer = [Frame.of(each, query) for each in reversed(whole.filter(ahead).reverse()[:NEAR])]
    older = [Frame.of(each, query) for each in whole.exclude(ahead).exclude(pk=file.pk)[:NEAR]]
    before, after = newer[-1] if newer else None, older[0] if older else None
    return Strip(newer, [Frame.of(file, query)], older, before, after, collection)
