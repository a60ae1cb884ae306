"""Which orders the usage page tells about. All of it is in the address."""

from datetime import date, timedelta
from functools import cached_property

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.http import urlencode

from generations.models import Task, User
from generations.models.usage import Span

PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days", "month": "This month", "year": "Year"}
USUAL = "30"
DATES = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
LONGEST = timedelta(days=3660)
NARROWING = {"kind": "kind", "model": "model_slug", "person": "author"}


class UsageForm(forms.Form):
    """Of an address that holds nonsense the rest still counts. Two dates go before a period."""

    period = forms.ChoiceField(required=False, choices=PERIODS.items())
    since = forms.DateField(required=False, label="From", input_formats=["%Y-%m-%d"], validators=DATES)
    until = forms.DateField(required=False, label="To", input_formats=["%Y-%m-%d"], validators=DATES)
    kind = forms.ChoiceField(required=False, choices=[("", "All kinds"), *Task.Kind.choices])
    model = forms.CharField(required=False, max_length=256)
    person = forms.ModelChoiceField(User.objects.order_by("name"), required=False, empty_label="Everybody")

    def __init__(self, data, user):
        super().__init__(data)
        self.user = user
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput({"type": "date", "class": "input"}, format="%Y-%m-%d")
        for name in ("kind", "person"):
            self.fields[name].widget.attrs["class"] = "input"
        if not user.is_admin:
            del self.fields["person"]

    @cached_property
    def asked(self):
        """name → value, without those that are empty or make no sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def dates(self):
        """(since, until) when both are given and make sense, or None."""
        since, until = self.asked.get("since"), self.asked.get("until")
        return (since, until) if since and until and since <= until <= since + LONGEST else None

    @property
    def chosen(self):
        """The one of PERIODS that is shown, or None for dates of one's own."""
        return None if self.dates else self.asked.get("period", USUAL)

    @cached_property
    def span(self):
        if self.dates:
            return Span(*self.dates)
        today = timezone.localdate(timezone=timezone.get_default_timezone())  # as money is counted
        if self.chosen == "month":
            return Span(today.replace(day=1), today)
        return Span(today - timedelta(days=(365 if self.chosen == "year" else int(self.chosen)) - 1), today)

    def tasks(self, but=None):
        """The orders that this person may see the money of: their own, for an admin all. `but`: not by this."""
        tasks = Task.objects.all() if self.user.is_admin else Task.objects.filter(author=self.user)
        asked = {NARROWING[name]: value for name, value in self.asked.items() if name in NARROWING and name != but}
        return tasks.filter(**asked)

    @property
    def narrowed(self):
        """Whether more than the period is chosen."""
        return any(name in self.asked for name in NARROWING)

    @property
    def period_query(self):
        """The address of the same time, with everything that was ordered in it."""
        return self.query(**dict.fromkeys(NARROWING, ""))

    def query(self, **other):
        """The address of the same with something else, such as period="7"."""
        kept = {name: getattr(value, "pk", value) for name, value in self.asked.items()}
        if "period" in other:
            kept = {name: value for name, value in kept.items() if name not in ("since", "until")}
        return urlencode({name: value for name, value in (kept | other).items() if value})
