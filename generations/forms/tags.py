"""The tags that people put on what they have picked."""

import re
import unicodedata

from django import forms

from generations.forms.selection import SelectionForm
from generations.models import Tag

LONGEST = Tag._meta.get_field("name").max_length
MOST = 20  # at once
COMMA = re.compile("[,\uff0c\u3001]")  # also as the Chinese and the Japanese write them


class Names(forms.CharField):
    """Tags with commas between them: their names, trimmed, each once whatever its capitals."""

    def to_python(self, text):
        found = {}
        for part in COMMA.split(super().to_python(text)):
            if name := " ".join(part.split()).removeprefix("#").strip():
                found.setdefault(name.casefold(), name)
        return list(found.values())

    def validate(self, names):
        if len(names) > MOST:
            raise forms.ValidationError(f"At most {MOST} tags at once.")
        if any(len(name) > LONGEST for name in names):
            raise forms.ValidationError(f"A tag has at most {LONGEST} characters.")
        if any(unicodedata.category(letter) == "Cc" for name in names for letter in name):
            raise forms.ValidationError("A tag has no control characters.")

    def run_validators(self, names):
        """None that are of texts."""


class TagForm(SelectionForm):
    """What is picked and the tags for it: those typed, or `only` the one that is pressed."""

    names = Names(required=False)
    only = Names(required=False)

    def clean(self):
        told = self.cleaned_data
        told["names"] = told.get("only") or told.get("names")
        if not told["names"] and not self.errors:
            self.add_error("names", "Name a tag.")
        return told
