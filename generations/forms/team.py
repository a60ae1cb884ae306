from django import forms

from generations.models import Team

LIFETIMES = ((1, "1 day"), (7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "A year"))
SWITCHES = ("links_allowed", "link_needs_password", "marks_source", "marks_model", "marks_task", "marks_team")


class TeamForm(forms.ModelForm):
    """What the admins decide for everybody."""

    link_longest_days = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)

    class Meta:
        model = Team
        fields = ["name", "budget", "approval_above", "link_longest_days", *SWITCHES]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        days = self.instance.link_longest_days
        kept = [(days, f"{days} days")] if days and days not in dict(LIFETIMES) else []
        longest = self.fields["link_longest_days"]
        longest.choices = [("", "As long as its maker likes"), *kept, *LIFETIMES]
        for name in ("name", "budget", "approval_above", "link_longest_days"):
            self.fields[name].widget.attrs["class"] = "input"
        self.fields["name"].widget.attrs["autocomplete"] = "organization"
        for name in SWITCHES:
            self.fields[name].widget.attrs["role"] = "switch"
