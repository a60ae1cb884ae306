"""What a link opens, and how: the forms behind the dialog."""

import re
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.validators import MinLengthValidator
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from generations.forms.endings import KEEP, NEVER, ON_A_DATE, end_of, endings, usual
from generations.forms.passphrase import make
from generations.forms.selection import SelectionForm
from generations.models import Collection, ShareLink, Task
from generations.models.share_link import new_token

OWN_ADDRESS = re.compile(r"[a-z0-9-]{3,40}")
RESERVED = {  # what would look like a page of the studio
    *("account", "admin", "api", "download", "error", "files", "healthz", "help", "in", "links", "login", "logout"),
    *("media", "new", "password", "s", "set-up", "settings", "share", "sign-in", "sign-up", "static", "studio"),
    *("support", "team", "zip"),
}
INPUT = {"class": "input", "autocomplete": "off"}


@dataclass(frozen=True)
class Subject:
    """What a page wants to be opened: a generation, a collection, or files, newest first. `data` says it again.

    `left_out` counts what was picked and cannot be shown: not saved, in the bin, or out of sight.
    """

    data: list
    task: Task | None = None
    collection: Collection | None = None
    files: tuple = ()
    left_out: int = 0

    @classmethod
    def of(cls, data, user):
        """What `task=`, `collection=` or a selection stands for. Http404 when this person sees nothing of it."""
        told = [(name, value) for name, values in data.lists() for value in values if is_told(name)]
        selection = SelectionForm(data)
        if {"pick", "file", "all"} & data.keys():
            return cls(told, **picked(selection, user))
        if "collection" in data:
            return cls(told, collection=found(Collection.objects.visible_to(user), data["collection"]))
        return cls(told, task=found(Task.objects.visible_to(user).select_related("prompt"), data.get("task")))

    @property
    def obstacle(self):
        """Why no link to it can be made, if so. A collection may still fill up."""
        is_empty = not self.task.outputs.saved().exists() if self.task else not self.collection and not self.files
        if is_empty:
            return "Nothing of it is saved yet, so there is nothing to share."
        if len(self.files) > ShareLink.MOST_FILES:
            return f"A link to a selection opens at most {ShareLink.MOST_FILES:,} files. A collection may have more."
        return ""

    def link(self, creator):
        title = self.collection.name if self.collection else ""
        return ShareLink(task=self.task, collection=self.collection, creator=creator, title=title)


def is_told(name):
    return name != "csrfmiddlewaretoken" and not name.startswith("link-")


def found(rows, pk):
    row = rows.filter(pk=pk).first() if str(pk).isdecimal() and len(pk) < 19 else None
    if row is None:
        raise Http404
    return row


def picked(selection, user):
    """The files that a selection stands for, and how many of the things picked have none."""
    tasks, outputs = selection.tasks(user), selection.outputs(user).order_by("-task_id", "position")
    files = tuple(outputs.values_list("pk", flat=True)[: ShareLink.MOST_FILES + 1])
    if not files and not tasks.exists():
        raise Http404
    if len(files) > ShareLink.MOST_FILES:
        return {"files": files}
    asked = tasks.count() if selection.is_of_all else len({*selection.cleaned_data["pick"]})
    with_files = outputs.order_by().values("task").distinct()
    if not selection.is_of_all:
        with_files = with_files.filter(task__in=selection.cleaned_data["pick"])
    lost = len({*selection.cleaned_data["file"]} - {*files}) if not selection.is_of_all else 0
    return {"files": files, "left_out": asked - with_files.count() + lost}


class LinkForm(forms.ModelForm):
    """A link of `link.creator`, new (to `subject`) or changed by `actor`; what is allowed is for `team` to say."""

    ends = forms.ChoiceField(label="Closes", widget=forms.Select(INPUT))
    on = forms.DateField(
        label="On which date",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(INPUT | {"type": "date"}, format="%Y-%m-%d"),
    )
    asks_password = forms.BooleanField(required=False, widget=forms.CheckboxInput({"role": "switch"}))
    password = forms.CharField(
        required=False, max_length=100, validators=[MinLengthValidator(6, "At least 6 characters.")]
    )
    address = forms.CharField(required=False, max_length=40, widget=forms.TextInput(INPUT | {"spellcheck": "false"}))

    class Meta:
        model = ShareLink
        fields = ["title", "message", "downloads", "shows_prompts", "is_frozen"]
        widgets = {
            "title": forms.TextInput(INPUT),
            "message": forms.Textarea(INPUT | {"rows": 3}),
            "downloads": forms.RadioSelect,
            "shows_prompts": forms.CheckboxInput({"role": "switch"}),
            "is_frozen": forms.CheckboxInput({"role": "switch"}),
        }

    def __init__(self, data=None, *, link, team, actor, subject=None):
        super().__init__(data, prefix="link", instance=link, label_suffix="")
        self.team, self.actor, self.subject = team, actor, subject
        self.endings = endings(link, team)
        self.before = {name: getattr(link, name) for name in (*self.Meta.fields, *LATER)}
        self.fields["ends"].choices = [(each.value, each.label) for each in self.endings]
        self.initial |= {
            "ends": usual(self.endings),
            "asks_password": bool(link.password) or team.link_needs_password,
            "password": "" if link.password else make(),
            "address": link.token if link.pk and OWN_ADDRESS.fullmatch(link.token) else "",
        }
        self.fields["ends"].widget.attrs["autofocus"] = not (self.is_bound or link.pk)
        self.fields["on"].widget.attrs["min"] = timezone.localdate().isoformat()
        if not link.collection_id:
            del self.fields["is_frozen"]

    @cached_property
    def obstacle(self):
        """Why it cannot be saved whatever is chosen, if so."""
        if not self.team.links_allowed:
            return "An admin has switched links off for the whole team."
        return self.subject.obstacle if self.subject else ""

    def clean_address(self):
        address, link = self.cleaned_data["address"].lower(), self.instance
        if not address or address == self.initial["address"]:
            return "" if address or not self.initial["address"] else new_token()
        if not OWN_ADDRESS.fullmatch(address) or address.strip("-") != address:
            raise forms.ValidationError("3 to 40 letters, digits and hyphens; none of these at either end.")
        if address in RESERVED:
            raise forms.ValidationError("The studio keeps this word for itself.")
        if other := ShareLink.objects.with_state(self.team).filter(token=address).exclude(pk=link.pk).first():
            raise forms.ValidationError(taken(other))
        return address

    def clean(self):
        if self.obstacle:
            raise forms.ValidationError(self.obstacle)
        self._clean_password()
        self._clean_end()

    def _clean_password(self):
        asks, password = self.cleaned_data.get("asks_password"), self.cleaned_data.get("password")
        if not asks and self.team.link_needs_password:
            self.add_error("asks_password", "Every link has to ask for a password: an admin decided so.")
        elif asks and not password and not self.before["password"] and "password" not in self.errors:
            self.add_error("password", "Give a password, or do not ask for one.")

    def _clean_end(self):
        if self.cleaned_data.get("ends") == ON_A_DATE and "on" not in self.errors:
            try:
                if self.cleaned_data["on"] is None:
                    raise forms.ValidationError("Choose a date.")
                self.expires_at = end_of(
                    self.cleaned_data["on"], self.team.latest_end(self.instance.created_at or timezone.now())
                )
            except forms.ValidationError as error:
                self.add_error("on", error)

    @property
    def told_password(self):
        """The password just given, to be told once; empty for none."""
        return self.cleaned_data["password"] if self.cleaned_data["asks_password"] else ""

    @property
    def changed(self):
        """The fields of the link that are not what they were, once it was saved."""
        return [name for name, value in self.before.items() if getattr(self.instance, name) != value]

    def save(self):
        """The link, new or changed; None when that was not possible at the last moment, which the form then says."""
        self._fill()
        try:
            with transaction.atomic():
                return self._open() if self.subject else self._change()
        except IntegrityError:
            self.add_error("address", "Another link took this address just now.")
            return None

    def _fill(self):
        link, given = self.instance, self.cleaned_data
        link.token = given["address"] or link.token
        if given["ends"] != KEEP:
            moments = {each.value: each.moment for each in self.endings} | {NEVER: None}
            link.expires_at = self.expires_at if given["ends"] == ON_A_DATE else moments[given["ends"]]
        if not given["asks_password"]:
            link.password = ""
        elif given["password"]:
            link.set_password(given["password"])

    def _open(self):
        return self.instance.open(list(self.subject.files))

    def _change(self):
        if self.changed and not self.instance.change(self.actor, self.changed):
            self.add_error(None, "This link was revoked in the meantime.")
            return None
        return self.instance


LATER = ("token", "expires_at", "password")  # what `save` fills in


def taken(other):
    """Why an address is not to be had."""
    if other.state in (ShareLink.State.OPEN, ShareLink.State.ENDING):
        return "Another link has this address."
    return (
        "A link that is closed had this address. It stays taken, so that people who still have it do not find"
        " something else there."
    )
