"""Every word that is stored or sent may be markup: no page makes an element, an attribute or a script of it.

The words are put into each field of text of each row there is, whoever may write it: prompts, names, models, what the
provider said, names of files. What is made of our own (hashes, colours, kinds of files) is left as it is.
"""

from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models, transaction
from django.urls import reverse

from generations.engine import notices
from generations.models import (
    Call,
    Draft,
    Event,
    Heartbeat,
    Notice,
    Output,
    Provider,
    ShareLink,
    Tag,
    Team,
    User,
    Webhook,
)
from tests.attack.conftest import SENT

pytestmark = pytest.mark.django_db

MARKUP = "'\"><x-evil onevil=1>"  # as short as the shortest field
OUT_OF_ANYTHING = "</title></textarea></script></style>-->" + MARKUP
OUR_OWN = {  # fields whose values nobody else makes
    *("password", "token", "token_hash", "hook_token", "key_fingerprint", "sha256", "color", "mime", "secret"),
    *("original", "medium", "small", "submit_form", "form", "order_key", "time_zone", "email"),
    *("inputs", "fields", "wishes", "events", "described", "model_slugs"),
}
LEAD = {"href", "src", "action", "formaction", "hx-get", "hx-post", "srcset", "poster", "cite", "content"}
HTMX = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/?q={MARKUP}"}


class Page(HTMLParser):
    """What is wrong with a page."""

    def __init__(self, html):
        super().__init__()
        self.wrong = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        led = [name for name, value in attrs if name in LEAD and (value or "").strip().startswith("javascript:")]
        made = [name for name, _ in attrs if "evil" in name or name.startswith("on")]
        if tag == "x-evil" or led or made:
            self.wrong.append(self.get_starttag_text())


@pytest.fixture
def hostile(things, member, make_task, make_output):
    """The things of conftest and more, with markup in all their words; they are an admin's, who sees every page."""
    User.objects.filter(pk=member.pk).update(role=User.Role.ADMIN, is_staff=True, is_superuser=True)
    make_task("failed", error_code="http_400"), make_output(make_task("partial"), saved=False)
    Event.objects.create(kind=Event.Kind.CHECKED, task=things["task"], actor=member, text="x")
    Tag.put(["glass"], things["task"].outputs.all(), member)
    Call.objects.create(webhook=Webhook.objects.create(pk=1, address="x", events=[]), text="x")
    Draft.keep(member, {"prompt": [MARKUP], "model": [MARKUP]}, 0)
    Team.objects.get_or_create(pk=1)
    Heartbeat.beat("a machine")
    Provider.objects.update_or_create(pk=1, defaults={"pause": Provider.Pause.KEY_REFUSED})
    ShareLink.objects.update(shows_prompts=True)
    for model in apps.get_app_config("generations").get_models():
        if changes := dict(words(model)):
            model.objects.update(**changes)
    Output.objects.update(url="javascript:alert(1)")
    return things


def words(model):
    """(field, markup) for each field of its rows that others may have written."""
    for field in model._meta.concrete_fields:
        if field.choices or field.unique or field.name in OUR_OWN:
            continue
        if isinstance(field, models.JSONField):
            yield field.name, {"prompt": OUT_OF_ANYTHING, MARKUP: MARKUP}
        elif isinstance(field, models.CharField | models.TextField):
            yield field.name, OUT_OF_ANYTHING if (field.max_length or 200) > len(OUT_OF_ANYTHING) else MARKUP


@pytest.fixture
def mia(client, member):
    client.force_login(member)
    return client


def wrong(answer):
    """What is wrong with it, if it is a page."""
    is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return Page(answer.content.decode()).wrong if is_page else []


def pages_of_admin():
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield f"{name}_changelist", reverse(f"{name}_changelist")
        for row in model.objects.order_by("pk")[:1]:
            yield f"{name}_change", reverse(f"{name}_change", args=[row.pk])


class StoredTests:
    def test_on_no_page_of_the_team(self, mia, addresses, hostile):
        pages = {name: path for name, path in addresses.items() if name != "account_logout"} | dict(pages_of_admin())
        answers = {name: mia.get(path) for name, path in pages.items()}
        assert {name: wrong(answer) for name, answer in answers.items() if wrong(answer)} == {}
        assert [name for name, answer in answers.items() if answer.status_code >= 500] == []
        seen = {name for name, answer in answers.items() if b"onevil=1&gt;" in content(answer)}
        assert {"studio", "task", "collection", "people", "links", "usage", "webhook", "health"} <= seen

    def test_on_no_page_of_a_link(self, client, hostile):
        link = hostile["link"]
        pages = [client.get(link.get_absolute_url()), client.get(f"{link.get_absolute_url()}{hostile['output'].pk}/")]
        assert [wrong(page) for page in pages] == [[], []]
        assert all(b"onevil=1&gt;" in page.content for page in pages)

    def test_in_no_mail(self, hostile, member, mailoutbox, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        event = Event.objects.filter(task=hostile["task"]).latest("pk")
        Notice.objects.create(person=User.objects.get(pk=member.pk), event=event)
        notices.write()
        [(html, _)] = mailoutbox[0].alternatives
        assert (Page(html).wrong, "onevil=1&gt;" in html) == ([], True)


class SentTests:
    def test_what_is_sent_comes_back_as_words(self, mia, addresses):
        sent = dict.fromkeys(SENT, MARKUP)
        cookies = mia.cookies.copy()
        for name, path in addresses.items():
            for ask in (lambda path=path: mia.get(path, sent, headers=HTMX), lambda path=path: mia.post(path, sent)):
                mia.cookies = cookies.copy()
                with transaction.atomic():
                    answer = ask()
                    transaction.set_rollback(True)
                assert wrong(answer) == [], name


def content(answer):
    return b"" if answer.streaming else answer.content
