from django import forms


class PageForm(forms.Form):
    """What a page says that it has seen: the fields of views/live.py's Live that templates/_live.html sends along."""

    seen = forms.IntegerField(min_value=0, max_value=2**63 - 1)
    day = forms.DateField(input_formats=["%Y-%m-%d"])
    worker = forms.BooleanField(required=False)
    task = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    filters = forms.CharField(required=False, max_length=4000)
    displayed = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    away = forms.BooleanField(required=False)
