"""What somebody has picked: generations, single files of them, or everything that the feed's filters find."""

from django import forms
from django.db.models import Q

from generations.forms.feed import FeedForm
from generations.models import Output, Task

LARGEST = 2**63 - 1  # number of a row


class Pks(forms.Field):
    """Numbers of rows, as often as they are there."""

    widget = forms.MultipleHiddenInput
    MOST = 1000  # as many fields as Django reads of one form

    def to_python(self, texts):
        return [int(text) for text in texts or [] if text.isdecimal() and len(text) < 19][: self.MOST]


class SelectionForm(forms.Form):
    """`pick` stands for all saved files of one generation, `file` for a single file.

    With `all` it is what the filters of the feed find, which are there beside it under their own names: no newer than
    `upto`, so that what arrived after somebody had looked is not among it. `revision` is what one action has changed,
    as far as nothing changed it since: to take it back. Of data without sense nothing is picked.
    """

    pick = Pks(required=False)
    file = Pks(required=False)
    all = forms.BooleanField(required=False)
    upto = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)  # pk of a task
    revision = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)

    @property
    def is_of_all(self):
        return self.is_valid() and self.cleaned_data["all"]

    @property
    def shown(self):
        """The generations that are ticked one by one: with `all`, those that the page shows."""
        return self.cleaned_data["pick"] if self.is_valid() else []

    def tasks(self, user):
        """The generations picked, or those of the files picked, that this person may see."""
        return self.among(Task.objects.visible_to(user), user)

    def among(self, tasks, user):
        """Those of these tasks that are picked."""
        if not self.is_valid():
            return tasks.none()
        if self.is_of_all:
            newest = self.cleaned_data["upto"]
            found = FeedForm(self.data).filtered(tasks, user)
            return found.filter(pk__lte=newest) if newest else found
        if revision := self.cleaned_data["revision"]:
            return tasks.filter(revision=revision)
        picked, files = self.cleaned_data["pick"], self.cleaned_data["file"]
        by_file = Output.objects.filter(pk__in=files).order_by().values("task")
        return tasks.filter(Q(pk__in=picked) | Q(pk__in=by_file)) if files else tasks.filter(pk__in=picked)

    def outputs(self, user):
        """The saved files picked that this person may see."""
        saved = Output.objects.visible_to(user).saved()
        if not self.is_valid():
            return saved.none()
        if self.is_of_all or self.cleaned_data["revision"]:
            return saved.filter(task__in=self.tasks(user).order_by())
        return saved.filter(Q(pk__in=self.cleaned_data["file"]) | Q(task__in=self.cleaned_data["pick"]))
