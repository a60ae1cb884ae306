"""What a card tells of a task: the facts behind the words of templates/tasks/_state.html."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from generations.modellix.answers import STATUSES
from generations.modellix.catalogue import DOCUMENTED_SECONDS
from generations.models import Output, Purse, Task

NEW_FOR = timedelta(minutes=1)
FULLEST = 92  # percent of the ring, until the provider says that it is done
TILES = {  # x, y, width, height of each picture in a frame of 2 by 2
    1: ((0, 0, 2, 2),),
    2: ((0, 0, 1, 2), (1, 0, 1, 2)),
    3: ((0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)),
    4: ((0, 0, 1, 1), (1, 0, 1, 1), (0, 1, 1, 1), (1, 1, 1, 1)),
}


class Tile(NamedTuple):
    file: Output
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Card:
    """One task as one person sees it.

    may_change: whether its buttons are theirs to press; is_own: whether they ordered it; ahead: how many orders are
    sent before it; fresh: whether it was finished since the page last looked; query: the filters of the feed that it
    is on; is_near: whether it is in view when the page opens, so that its pictures come first; asks: whether an admin
    would have to agree if they ordered it again.
    """

    task: Task
    may_change: bool = False
    is_own: bool = False
    ahead: int = 0
    fresh: bool = False
    query: str = ""
    is_near: bool = False
    asks: bool = False

    @property
    def url(self):
        """The task's page, where previous and next go by the same filters."""
        return self.task.get_absolute_url() + (f"?{self.query}" if self.query else "")

    @property
    def sought(self):
        """The text that is looked for on the feed that it is on, to be marked in its words."""
        return QueryDict(self.query).get("q", "")

    @property
    def state(self):
        """The look: one word of the design's list."""
        return "done" if self.task.status == Task.Status.PARTIAL else self.task.status

    @property
    def files(self):
        return self.task.files

    @property
    def is_favourite(self):
        """Whether the person for whom its task was fetched likes any of its files."""
        return any(file.is_liked for file in self.files)

    @property
    def can_be_picked(self):
        """Whether there is something to do with it in a selection."""
        return bool(self.files) or (self.may_change and self.task.can_be_binned)

    @property
    def tiles(self):
        """Up to four pictures and where they lie in the frame."""
        pictures = [file for file in self.files if file.small][:4]
        return [Tile(file, *place) for file, place in zip(pictures, TILES.get(len(pictures), ()), strict=True)]

    @property
    def saved_count(self):
        return sum(output.is_saved for output in self.task.outputs.all())

    @property
    def trouble(self):
        """The file that could not be saved yet and is tried again, the nearest deadline first; or None."""
        unsaved = [output for output in self.task.outputs.all() if output.status in Output.UNSAVED]
        return min((output for output in unsaved if output.error), key=lambda output: output.deadline, default=None)

    @property
    def hours_left(self):
        """Whole hours until the provider throws the troubled file away."""
        return max(int((self.trouble.deadline - timezone.now()).total_seconds() // 3600), 0)

    @property
    def elapsed(self):
        """Whole seconds since the provider took it; 0 before that."""
        accepted = self.task.accepted_at or timezone.now()
        return max(int((timezone.now() - accepted).total_seconds()), 0)

    @property
    def waited(self):
        """Whole minutes, in seconds, since the provider took it: until now, or until it was given up."""
        until = self.task.closed_at or timezone.now()
        return 60 * ((until - self.task.accepted_at) // timedelta(minutes=1))

    @property
    def again(self):
        """What the button says that orders the same once more."""
        return "Ask to run again" if self.asks else "Run again"

    @property
    def once_more(self):
        """What the button says that sends an unclear order once more."""
        return "Ask to send again" if self.asks else "Send again"

    @property
    def seconds_left(self):
        """Whole seconds until it may be sent; 0 when it may be sent now."""
        return max(round((self.task.not_before - timezone.now()).total_seconds()), 0)

    @property
    def is_held(self):
        """Whether it can still be undone and is not to be sent yet."""
        return self.task.hold == Task.Hold.UNDO and self.seconds_left > 0

    @property
    def requests_per_minute(self):
        return settings.MODELLIX_REQUESTS_PER_MINUTE

    @property
    def lifetime(self):
        """Hours for which the provider keeps a result."""
        return settings.RESULT_LIFETIME_HOURS

    @property
    def usual(self):
        """(shortest, longest) in seconds: what such tasks took, else what the provider's documents say, else None."""
        if self.task.usual_high:
            return self.task.usual_low, self.task.usual_high
        return DOCUMENTED_SECONDS.get(self.task.kind)

    @property
    def longest(self):
        """Seconds after which it takes longer than usual, or None."""
        return self.usual and self.usual[1]

    @property
    def expected(self):
        """Seconds in which the ring fills, or None."""
        return self.task.usual_median or self.longest

    @property
    def odd_word(self):
        """What the provider calls the state, when that is none of the words we know."""
        return "" if self.task.word.strip().lower() in ("", *STATUSES) else self.task.word

    @property
    def is_late(self):
        at_provider = self.task.status in (Task.Status.PENDING, Task.Status.PROCESSING)
        return at_provider and bool(self.longest) and self.elapsed > self.longest

    @property
    def gap(self):
        """What is missing from the full ring, in percent; None for a ring that just turns."""
        if not self.expected or self.is_late:
            return None
        return 100 - min(FULLEST, round(100 * self.elapsed / self.expected))


def deck(user, tasks, fresh_since=None, query="", near=0):
    """The cards of these tasks for this person, in the same few queries whatever their number.

    With `fresh_since` (a revision), those finished after it are fresh, if it was a moment ago: a card also changes
    when somebody likes it. The first `near` cards are in view when the page opens.
    """
    tasks = list(tasks)
    queue, purse = _queue(tasks), Purse.seen_by(user)
    return [
        Card(
            task,
            may_change=task.is_changeable_by(user),
            is_own=task.author_id == user.pk,
            ahead=bisect_left(queue, task.pk),
            fresh=fresh_since is not None and task.revision > fresh_since and _is_new(task),
            query=query,
            is_near=place < near,
            asks=purse.asks(task.price_maximum),
        )
        for place, task in enumerate(tasks)
    ]


def _is_new(task):
    return bool(task.closed_at) and timezone.now() - task.closed_at < NEW_FOR


def _queue(tasks):
    """All that waits to be sent, in order; nothing is asked when none of the tasks waits."""
    if not any(task.status == Task.Status.QUEUED for task in tasks):
        return []
    return list(Task.objects.in_line().values_list("pk", flat=True))
