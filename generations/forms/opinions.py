"""Files and tasks that somebody has picked, and what they think of them."""

from django import forms

from generations.models import Output, Task


class Pks(forms.Field):
    """Numbers of rows, as often as they are there."""

    widget = forms.MultipleHiddenInput
    MOST = 500

    def to_python(self, texts):
        return [int(text) for text in texts or [] if text.isdecimal() and len(text) < 19][: self.MOST]


class SelectionForm(forms.Form):
    """What is picked: `pick` stands for all saved files of one, `output` for a single file."""

    pick = Pks(required=False)
    output = Pks(required=False)

    def tasks(self, user):
        """The tasks picked, or those of the files picked, that this person may see."""
        picked, files = self.cleaned_data["pick"], self.cleaned_data["output"]
        by_file = Output.objects.filter(pk__in=files).values("task")
        found = Task.objects.visible_to(user)
        return found.filter(pk__in=by_file) if files else found.filter(pk__in=picked)

    def outputs(self, user):
        """The saved files picked that this person may see."""
        picked, files = self.cleaned_data["pick"], self.cleaned_data["output"]
        found = Output.objects.visible_to(user).saved()
        return found.filter(pk__in=files) if files else found.filter(task__in=picked)


class RatingForm(SelectionForm):
    """How many stars they get; 0 takes a rating back."""

    stars = forms.IntegerField(min_value=0, max_value=5)
