from django import forms


class AskForm(forms.Form):
    """Why somebody needs more than their budget."""

    note = forms.CharField(
        required=False,
        max_length=500,
        label="What for",
        widget=forms.Textarea({"class": "input", "rows": 4}),
        error_messages={"max_length": "At most 500 characters."},
    )
