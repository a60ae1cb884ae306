"""Which files are compared, and which of them is the best."""

import random
from dataclasses import dataclass
from uuid import UUID, uuid4

from django import forms
from django.core import signing

from generations.forms.selection import Pks
from generations.models import Output, Task, Vote

MOST = 4  # side by side
SALT = "ballot"


class CompareForm(forms.Form):
    """`file` is a saved file, `task` stands for the first one of a generation; `blind` hides who made them."""

    file = Pks(required=False)
    task = Pks(required=False)
    blind = forms.BooleanField(required=False)

    def outputs(self, user):
        """The files asked for that this person may see, in order, each once, at most MOST."""
        return seen_by(user, [*self.cleaned_data["file"], *self._first_files(user)])[:MOST]

    def _first_files(self, user):
        tasks = Task.objects.visible_to(user).prefetch_related("outputs").in_bulk(self.cleaned_data["task"])
        found = (tasks[pk] for pk in self.cleaned_data["task"] if pk in tasks)
        return [task.files[0].pk for task in found if task.files]


@dataclass(frozen=True)
class Ballot:
    """One comparison without names: its number, and the files in the order in which they hang."""

    number: UUID
    files: list[Output]

    @classmethod
    def shuffled(cls, files):
        files = list(files)
        random.shuffle(files)
        return cls(uuid4(), files)

    def token(self, user):
        """What the page's address says of it, signed for this person: a reload keeps the order."""
        content = {"number": self.number.hex, "files": [file.pk for file in self.files], "person": user.pk}
        return signing.dumps(content, salt=SALT)

    @classmethod
    def read(cls, token, user):
        """The ballot behind a token; None when it is none of ours, another person's, or of files that are gone."""
        try:
            content = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            return None
        files = seen_by(user, content["files"])
        whole = content["person"] == user.pk and len(files) == len(content["files"])
        return cls(UUID(content["number"]), files) if whole else None

    def winner(self, user):
        """The file that this person has chosen, None before that."""
        vote = Vote.objects.filter(ballot=self.number, person=user, won=True).first()
        return vote and next(file for file in self.files if file.pk == vote.output_id)


class VoteForm(forms.Form):
    """The best file of a ballot."""

    best = forms.ModelChoiceField(Output.objects.none(), error_messages={"required": "Choose one first."})

    def __init__(self, data, ballot):
        super().__init__(data)
        self.ballot = ballot
        self.fields["best"].queryset = Output.objects.filter(pk__in=[file.pk for file in ballot.files])

    def save(self, person):
        """False when it was cast before."""
        return Vote.cast(self.ballot.number, person, self.ballot.files, self.cleaned_data["best"])


def seen_by(user, pks):
    """The saved files of these numbers as far as this person may see them, in order, each once, with their tasks."""
    found = Output.objects.visible_to(user).saved().select_related("task__prompt", "task__author").in_bulk(pks)
    return [found[pk] for pk in dict.fromkeys(pks) if pk in found]
