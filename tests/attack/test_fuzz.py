"""Whatever is sent, no page breaks, and what was taken can be shown.

HYPOTHESIS_PROFILE=long looks further than the suite does.
"""

import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generations.urls import urlpatterns
from tests.attack.conftest import OUTSIDE

ALWAYS = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("suite", max_examples=40, derandomize=True, **ALWAYS)
settings.register_profile("long", max_examples=5000, **ALWAYS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

pytestmark = pytest.mark.django_db

FIELDS = [
    *("q", "kind", "type", "provider", "model", "person", "status", "favourite", "tag", "collection", "visibility"),
    *(
        "rating",
        "since",
        "until",
        "pick",
        "file",
        "all",
        "upto",
        "revision",
        "page",
        "after",
        "before",
        "seen",
        "shown",
    ),
    *(
        "output",
        "stars",
        "position",
        "place",
        "name",
        "description",
        "cover",
        "next",
        "into",
        "save_to",
        "text",
        "prompt",
    ),
    *("models", "body", "values", "is_shared", "is_private", "days", "ends", "password", "downloads", "slug", "token"),
    *("email", "role", "amount", "note", "time_zone", "language", "range", "since", "by", "size", "from", "preset"),
    *("download", "variant", "task", "task_id", "tags", "width", "height", "seed", "n", "repeat", "budget", "title"),
]
NASTY = [
    *("", " ", "\0", "a\0b", "-1", "0", "1", "9" * 19, "9" * 400, "1e9999", "nan", "\u0661", "\u00b2", "true", "[]"),
    *('"', "*", "NEAR(", "a AND", "(", "{}", "null", "%", "_", "\\", "'; --", "{{ 7 }}", "<script>", "\ud7ff\uffff"),
    *(
        "\u202egnp.exe",
        "../../etc/passwd",
        "//evil.example",
        "javascript:alert(1)",
        "a\r\nSet-Cookie: a=b",
        "0000-00-00",
    ),
    *("9999-12-31", "2026-02-30", "x" * 5000, "\U0001f4a5" * 300, "a " * 1500, "=1+1", "me", "#1", "last-month"),
]
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))
BODIES = st.dictionaries(st.sampled_from(FIELDS), st.lists(TEXTS, min_size=1, max_size=3), max_size=8)
LISTS = ["studio", "collections", "links", "views", "presets", "prompts", "bin", "people", "profile", "usage"]
ADDRESSES = sorted({each.name for each in urlpatterns} | set(OUTSIDE))
PATTERNS = sorted(str(each.pattern) for each in urlpatterns if "<" in str(each.pattern))
HTMX = {"HX-Request": "true", "HX-Target": "div#grid"}
TOLD = ["X-Modellix-Delivery-ID", "X-Modellix-Event", "X-Modellix-Task-ID", "X-Modellix-Retry"]
HEADS = [
    *(b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0", b"RIFF\xff\0\0\0WEBP", b"RIFF\xff\0\0\0WAVE"),
    b"GIF89a",
    *(b"\0\0\0\x18ftypisom", b"ID3\4\0\0", b"<svg xmlns='http://www.w3.org/2000/svg'>", b"<!doctype html>", b"%PDF-"),
]


@pytest.fixture
def ask(addresses, admin_user):
    """ask(method, name of an address, …): the status. What it changed is shown on the lists, and then undone."""
    browser = Client()
    browser.force_login(admin_user)
    cookies = browser.cookies.copy()

    def ask(method, name, body, headers):
        browser.cookies = cookies.copy()
        with transaction.atomic():
            answer = getattr(browser, method)(addresses[name], body, headers=headers)
            if method == "post" and answer.status_code < 400:
                assert all(browser.get(addresses[page]).status_code < 500 for page in LISTS)
            transaction.set_rollback(True)
        return answer.status_code

    return ask


@given(st.sampled_from(["get", "post"]), st.sampled_from(ADDRESSES), BODIES, st.sampled_from([{}, HTMX]))
def test_no_form_and_no_query_string_breaks_a_page(ask, method, name, body, headers):
    assert ask(method, name, body, headers) < 500


@given(st.sampled_from(PATTERNS), TEXTS)
def test_no_address_breaks_a_page(client, member, pattern, text):
    client.force_login(member)
    path = "/".join(text if piece.startswith("<") else piece for piece in pattern.split("/"))
    assert client.get(f"/{path}".replace("\0", "%00")).status_code < 500


@given(st.dictionaries(st.sampled_from(TOLD), st.text(st.characters(codec="latin-1"), max_size=300)), st.binary())
def test_no_call_of_the_provider_breaks_its_receiver(client, things, headers, body):
    with transaction.atomic():
        answer = client.post("/hooks/modellix/a-hook/", body, content_type="application/json", headers=headers)
        transaction.set_rollback(True)
    assert answer.status_code == 204


@given(st.sampled_from(HEADS), st.binary(max_size=400))
def test_no_file_breaks_what_takes_it(client, member, head, rest):
    client.force_login(member)
    with transaction.atomic():
        answer = client.post("/origin/", {"file": SimpleUploadedFile("a\u202egnp.exe", head + rest)})
        transaction.set_rollback(True)
    assert answer.status_code < 500
