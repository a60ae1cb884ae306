"""What people think of the files that they have picked."""

from django import forms

from generations.forms.selection import SelectionForm


class RatingForm(SelectionForm):
    """How many stars they get; 0 takes a rating back."""

    stars = forms.IntegerField(min_value=0, max_value=5)
