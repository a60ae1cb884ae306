"""A studio with one of everything in it, the list of all its addresses, taken from the URL configuration, and the names
of all that may be sent to them, taken from the forms.
"""

import pkgutil
from importlib import import_module

import pytest
from django.core.cache import cache
from django.forms import BaseForm
from django.urls import reverse

from generations import forms
from generations.models import (
    Attempt,
    Collection,
    CollectionItem,
    Invitation,
    Preset,
    SavedView,
    ShareLink,
    User,
)
from generations.urls import urlpatterns

OF_PASSKEYS = ["mfa_edit_webauthn", "mfa_remove_webauthn"]
OUTSIDE = [  # addresses that allauth answers
    *("account_login", "account_reset_password", "account_reset_password_done", "account_inactive"),
    *("account_change_password", "account_logout", "account_reauthenticate"),
    *("mfa_authenticate", "mfa_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_list_webauthn", "mfa_add_webauthn"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *OF_PASSKEYS,
]


def sent_by_forms():
    """The name of each field of each form of ours."""
    for module in pkgutil.iter_modules(forms.__path__, "generations.forms."):
        for form in vars(import_module(module.name)).values():
            if isinstance(form, type) and issubclass(form, BaseForm):
                yield from form.base_fields


SENT_OTHERWISE = {  # what views read of a form or an address by themselves
    *("input", "upload", "use", "remix", "preset", "undone", "into", "compose", "parked", "sides", "without", "query"),
    *("download", "size", "fields", "left", "right", "winner", "at", "id", "action", "hint", "picks", "files", "vary"),
    *(
        "collection-name",
        "preset-name",
        "with-image",
        "file-image",
        "login",
        "_selected_action",
        "o",
        "e",
        "range",
        "by",
    ),
    *("with-seed", "with-size", "with-aspect_ratio", "with-negative_prompt", "models", "shown", "save_to", "seed"),
}
SENT = sorted({*sent_by_forms(), *SENT_OTHERWISE})


@pytest.fixture(autouse=True)
def fresh_counters():
    """Of attempts to sign in and the like, which no transaction takes back."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def things(member, admin_user, make_task, make_output, make_upload):
    """What a member made, by the word with which names of addresses begin."""
    task = make_task("done", text="a lighthouse of glass")
    output = make_output(task)
    waiting = make_task("unknown")
    attempt = Attempt.objects.create(task=waiting, number=1, epoch=1, form="plain", hook_token="a-hook")
    collection = Collection.objects.create(name="Boats", owner=member)
    CollectionItem.objects.create(collection=collection, output=output, position=0)
    link = ShareLink.make(task, member, 30)
    _, invited = Invitation.make(admin_user, User.Role.MEMBER)
    return {
        "task": task,
        "output": output,
        "attempt": attempt,
        "collection": collection,
        "link": link,
        "share": link,
        "invited": invited,
        "invitation": Invitation.objects.get(),
        "preset": Preset.objects.create(owner=member, name="Film look"),
        "view": SavedView.objects.create(owner=member, name="Glass", query="q=glass"),
        "person": member,
        "upload": make_upload(),
    }


@pytest.fixture
def addresses(things):
    """{name of an address: its path}, of every address of the product."""
    outside = {name: reverse(name, args=[1] if name in OF_PASSKEYS else []) for name in OUTSIDE}
    return {pattern.name: path(pattern, things) for pattern in urlpatterns} | outside


def path(pattern, things):
    first = pattern.name.split("-")[0]
    about = things.get(first, things["task"])
    given = {
        "pk": getattr(about, "pk", 1),
        "output_pk": things["output"].pk,
        "variant": "small",
        "form": "svg",
        "key": "alibaba/qwen-image",
        "token": {"share": things["share"].token, "hook": "a-hook", "invited": things["invited"]}.get(first, "a-token"),
        "name": "model" if first == "facet" else "a.png",
    }
    names = [*pattern.pattern.converters] or [*pattern.pattern.regex.groupindex]
    return reverse(pattern.name, kwargs={name: given[name] for name in names})
