"""What somebody has picked and may change, and what is said when something was done with it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.template.loader import render_to_string

from generations.forms.selection import SelectionForm
from generations.models.task_queries import TaskQuerySet


@dataclass(frozen=True)
class Picked:
    """All that is picked, and what of it this person may change. How many these are has to be asked before a change."""

    form: SelectionForm
    tasks: TaskQuerySet
    changeable: TaskQuerySet

    @classmethod
    def by(cls, request):
        """What a request picks; 404 when they may see none of it."""
        form = SelectionForm(request.POST)
        tasks = form.tasks(request.user)
        if not tasks.exists():
            raise Http404
        return cls(form, tasks, tasks.changeable_by(request.user))

    def left(self, kinds=None):
        """What is left out, in words: somebody else's, and what else there is, by how one calls it."""
        counts = {name: tasks.count() for name, tasks in (kinds or {}).items()}
        counts["somebody else’s"] = self.tasks.count() - self.changeable.count()  # noqa: RUF001
        return " and ".join(
            f"{count:,} {'are' if count > 1 else 'is'} {name}" for name, count in counts.items() if count
        )


def tell(request, moved, words, left="", undo=None):
    """Say what was done with how many (`words` for one and for several), and what was left out.

    `undo` names the address that takes it back.
    """
    if not moved.count:
        return messages.warning(request, f"Nothing changed: {left}." if left else "Nothing changed.")
    one, several = words
    said = one if moved.count == 1 and not left else f"{moved.count:,} {several}{f'; {left}' if left else ''}."
    context = {"said": said, "revision": moved.revision, "undo": undo}
    return messages.success(request, render_to_string("_moved.html", context, request))
