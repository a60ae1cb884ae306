"""Filters of the feed under a name."""

from django import forms
from django.db import IntegrityError, transaction
from django.http import QueryDict

from generations.forms.feed import FeedForm
from generations.models import SavedView

TAKEN = "You have a view of that name already."


class SavedViewForm(forms.ModelForm):
    """A view of `owner`; a new one has the filters of `query`."""

    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]
        error_messages = {"name": {"required": "Give it a name.", "max_length": "At most 80 characters."}}

    def __init__(self, data=None, *, owner, query=None, **options):
        super().__init__(data, **options)
        self.instance.owner = owner
        if query is not None:
            self.instance.query = FeedForm(QueryDict(query)).query

    def clean_name(self):
        name = self.cleaned_data["name"]
        if SavedView.objects.filter(owner=self.instance.owner, name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(TAKEN)
        return name

    def clean(self):
        if not self.instance.query:
            self.add_error("name", "Nothing is filtered: there is nothing to save.")
        return super().clean()

    def save(self):
        """The view; None when one of that name was saved at the same moment, which the form then says."""
        try:
            with transaction.atomic():
                return super().save()
        except IntegrityError:
            self.add_error("name", TAKEN)
            return None
