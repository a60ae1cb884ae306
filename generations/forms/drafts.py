from django import forms
from django.http import QueryDict

PASSING = ("csrfmiddlewaretoken", "order_key", "draft", "again", "seen", "day", "worker")  # of one page, not of a draft


class DraftForm(forms.Form):
    """What a page has in the composer, and as `draft` the version of the Draft that it has seen."""

    draft = forms.IntegerField(min_value=0, max_value=2**53)

    @property
    def held(self):
        """The fields of the composer, as a Draft keeps them."""
        texts = {name: found for name, found in self.data.lists() if all(isinstance(text, str) for text in found)}
        return {name: found for name, found in texts.items() if name not in PASSING and "\0" not in "".join(found)}


def as_data(fields):
    """The fields of a Draft as the composer's form takes them."""
    data = QueryDict(mutable=True)
    for name, texts in fields.items():
        data.setlist(name, texts)
    return data
