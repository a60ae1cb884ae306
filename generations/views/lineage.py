"""Where a generation comes from, what came of it, and what changed on the way."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from django.db.models import Q

from generations.modellix import labels
from generations.models import Prompt, Task
from generations.views.parameters import values

MOST = 12  # relations shown of one kind
LONG = 2000  # words; a longer text is compared by its sentences
SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*\s*|[.!?\n]+\s*")
WORD = re.compile(r"\S+\s*|\s+")


class Piece(NamedTuple):
    """Some words of a text and what became of them: "same", "gone" or "new"."""

    fate: str
    text: str


@dataclass(frozen=True)
class Family:
    """The tasks around one task: made by the same press, what it is a remix of, what it was remixed into.

    `pieces` is its prompt word by word beside that of the parent, `changes` holds (label, before, after) of the
    parameters.
    """

    siblings: list[Task]
    parent: Task | None
    children: list[Task]
    pieces: list[Piece]
    changes: list


def family(user, task):
    """The Family of a task as far as this person may see it, in three queries."""
    own = task.prompt_id
    near = Prompt.objects.filter(Q(pk=task.prompt.parent_id) | Q(parent=own)).values_list("pk", flat=True)
    pks = [own, *near[: MOST + 1]]
    found = list(Task.objects.visible_to(user).filter(prompt__in=pks).exclude(pk=task.pk).order_by("pk").for_cards())
    parents = [each for each in found if each.prompt_id == task.prompt.parent_id]
    parent = next((each for each in parents if each.model_slug == task.model_slug), next(iter(parents), None))
    return Family(
        siblings=[each for each in found if each.prompt_id == own][:MOST],
        parent=parent,
        children=[each for each in found if each.prompt.parent_id == own][:MOST],
        pieces=pieces(parent.prompt.text, task.prompt.text) if parent else [],
        changes=changes(parent, task) if parent else [],
    )


def pieces(before, after):
    """What stayed, went and came, word by word; [] when both are the same."""
    if before == after:
        return []
    old, new = split(before), split(after)
    found = []
    for _, i, j, k, m in SequenceMatcher(None, bare(old), bare(new)).get_opcodes():
        if bare(old[i:j]) == bare(new[k:m]):
            found.append(Piece("same", "".join(new[k:m])))
        else:
            found += [Piece("gone", "".join(old[i:j])), Piece("new", "".join(new[k:m]))]
    return [Piece(fate, text if text[-1].isspace() else f"{text} ") for fate, text in found if text]


def split(text):
    """A text in pieces, with the blanks that follow each: words, or sentences where those would be too many."""
    words = WORD.findall(text)
    return words if len(words) <= LONG else SENTENCE.findall(text)


def bare(tokens):
    return [token.rstrip() for token in tokens]


def changes(before, after):
    """(label, before, after) of each parameter in which two tasks differ, the model first; "" where one has none."""
    found = [("Model", before.model_name, after.model_name)] if before.model_slug != after.model_slug else []
    then, since = values(before), values(after)
    for name in dict.fromkeys([*after.body, *before.body]):
        old, new = then.get(name, ""), since.get(name, "")
        if name != "prompt" and old != new:
            found.append((labels.label(name, after.kind), old, new))
    return found
