"""What admins do to chosen rows of the history: each asked once more on a page, then done by the models' own verbs."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse

from generations.engine.jobs import dispatch_later


@dataclass(frozen=True)
class Action:
    """One for ModelAdmin.actions.

    The verb takes a row, the actor, and the values of the form if there is one; it tells whether it changed anything,
    and writes its own line of history. `about` tells what follows, `done` begins the sentence that counts the rows.
    """

    name: str
    verb: Callable
    short_description: str
    about: str
    done: str
    fits: Callable  # whether the page of this row offers it
    form_class: type[forms.Form] | None = None
    at_most: int = 200  # rows at once: more than that nobody has read

    allowed_permissions = ("act",)
    do_not_call_in_templates = True

    @property
    def __name__(self):  # by which Django calls a function
        return self.name

    def __call__(self, model_admin, request, rows):
        rows = list(rows[: self.at_most + 1])
        if len(rows) > self.at_most:
            text = f"At most {self.at_most} at once. Nothing was changed."
            return model_admin.message_user(request, text, messages.ERROR)
        is_meant = "confirmed" in request.POST
        form = self.form_class(request.POST if is_meant else None) if self.form_class else None
        if is_meant and (form is None or form.is_valid()):
            return self.act(model_admin, request, rows, form.cleaned_data if form else {})
        return self.ask(model_admin, request, rows, form)

    def ask(self, model_admin, request, rows, form):
        """The page that says what follows, and for which rows."""
        context = model_admin.admin_site.each_context(request) | {
            "title": self.short_description,
            "opts": model_admin.opts,
            "action": self,
            "form": form,
            "rows": [(row.pk, model_admin.described(row)) for row in rows],
            "chosen_as": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/confirm.html", context, status=422 if form and form.is_bound else 200)

    def act(self, model_admin, request, rows, values):
        """Back to the list. Whatever was done, a dispatcher is called: it finds what is due."""
        changed = sum(bool(self.verb(row, request.user, **values)) for row in rows)
        dispatch_later()
        same = f" Left as they are: {len(rows) - changed}." if changed < len(rows) else ""
        level = messages.SUCCESS if changed else messages.WARNING
        model_admin.message_user(request, f"{self.done}: {changed}.{same}", level)
