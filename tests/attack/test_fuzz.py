"""Whatever is sent, by browsers, by the provider or as a file, nothing breaks or takes long, and what was taken can be
shown.

HYPOTHESIS_PROFILE=long looks further than the suite does.
"""

import json
import os
import time
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from generations.media.containers import Unclear
from generations.media.marks import stripped
from generations.media.pictures import NotAPicture, is_animated, make_thumbnails
from generations.modellix import answers
from generations.modellix.errors import ModellixError
from generations.urls import urlpatterns
from tests.attack.conftest import OUTSIDE, SENT
from tests.conftest import encoded

ALWAYS = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("suite", max_examples=40, derandomize=True, **ALWAYS)
settings.register_profile("long", max_examples=5000, **ALWAYS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
FEWER = settings(max_examples=settings.default.max_examples // 2)  # of what takes longer

pytestmark = pytest.mark.django_db

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
BODIES = st.dictionaries(st.sampled_from(SENT), st.lists(TEXTS, min_size=1, max_size=3), max_size=8)
LISTS = ["studio", "collections", "links", "views", "presets", "prompts", "bin", "people", "profile", "usage"]
ADDRESSES = sorted({each.name for each in urlpatterns} | set(OUTSIDE))
PATTERNS = sorted(str(each.pattern) for each in urlpatterns if "<" in str(each.pattern))
HTMX = {"HX-Request": "true", "HX-Target": "div#grid"}
LONGEST = 2  # seconds of a core for one answer
HEADERS = [
    *("Referer", "HX-Request", "HX-Target", "HX-Source", "HX-Current-URL", "Range", "If-Range", "If-None-Match"),
    *("If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Proto", "Accept", "Accept-Encoding", "Accept-Language"),
    *("Content-Length", "Content-Type", "Cookie", "Origin", "Authorization", "Sec-Fetch-Site", "User-Agent", "Host"),
]
TOLD_OF = [  # names in the provider's answers
    *(
        "code",
        "message",
        "data",
        "status",
        "task_id",
        "result",
        "resources",
        "url",
        "type",
        "width",
        "duration",
        "size",
    ),
    *("error", "output", "images", "result_expires_at", "extensions", "submit_time", "billing", "amount", "models"),
    *("id", "slug", "name", "provider", "pricing", "balance", "valid", "file_id", "expires_at", "created_at", "format"),
]
VALUES = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
    st.sampled_from(["success", "failed", "https://a.example/b.png", "9" * 400, "1e999", "nan", "\ud800", "\0"]),
)
JSON = st.recursive(
    VALUES, lambda e: st.lists(e, max_size=4) | st.dictionaries(st.sampled_from(TOLD_OF), e), max_leaves=20
)
READERS = [
    *(answers.accepted, answers.listed, answers.stored_file, answers.stored_files, answers.is_valid, answers.balance),
    lambda answer: answers.task_state(answer, "task-1"),
    lambda answer: answers.limits(answer.headers),
]
EDIT = "kling/kling-v3-i2i"
TAKERS = {"/origin/": {}, "/composer/": {"model": EDIT, "shown": EDIT, "prompt": "as a woodcut"}}
FORMS = ["PNG", "JPEG", "WEBP", "GIF"]
TOLD = ["X-Modellix-Delivery-ID", "X-Modellix-Event", "X-Modellix-Task-ID", "X-Modellix-Retry"]
HEADS = [
    *(b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0", b"RIFF\xff\0\0\0WEBP", b"RIFF\xff\0\0\0WAVE"),
    *(b"GIF89a", encoded(Image.new("RGB", (9, 9)), "PNG")),
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
            began = time.thread_time()
            answer = getattr(browser, method)(addresses[name], body, headers=headers)
            assert time.thread_time() - began < LONGEST
            if method == "post" and answer.status_code < 400:
                assert all(browser.get(addresses[page]).status_code < 500 for page in LISTS)
            transaction.set_rollback(True)
        return answer.status_code

    return ask


@given(st.sampled_from(["get", "post"]), st.sampled_from(ADDRESSES), BODIES, st.sampled_from([{}, HTMX]))
def test_no_form_and_no_query_string_breaks_a_page(ask, method, name, body, headers):
    assert ask(method, name, body, headers) < 500


@FEWER
@given(st.sampled_from(["get", "post"]), st.sampled_from(ADDRESSES), st.dictionaries(st.sampled_from(HEADERS), TEXTS))
def test_no_header_breaks_a_page(ask, settings, method, name, headers):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    sent = {header: text.encode("latin-1", "replace").decode("latin-1") for header, text in headers.items()}
    assert ask(method, name, {}, sent) < 500


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


@FEWER
@given(st.sampled_from(sorted(TAKERS)), st.sampled_from(HEADS), st.binary(max_size=400), TEXTS)
def test_no_file_breaks_what_takes_it(client, member, taker, head, rest, name):
    client.force_login(member)
    files = {field: SimpleUploadedFile(f"a{name}", head + rest) for field in ("file", "file-image")}
    with transaction.atomic():
        answer = client.post(taker, TAKERS[taker] | files)
        assert client.get("/").status_code == 200
        transaction.set_rollback(True)
    assert answer.status_code < 500


@given(st.sampled_from(FORMS), st.integers(0, 400), st.integers(0, 20), st.binary(max_size=20))
def test_no_damaged_picture_breaks_what_looks_into_it(tmp_path, form, place, gone, put):
    whole = encoded(Image.linear_gradient("L").resize((12, 9)), form)
    place %= len(whole)
    content = whole[:place] + put + whole[place + gone :]
    (tmp_path / "original").write_bytes(content)
    try:
        is_animated(tmp_path / "original")
        make_thumbnails(tmp_path / "original", tmp_path / "medium", tmp_path / "small")
        stripped(BytesIO(content), f"image/{form.lower()}").read()
    except (NotAPicture, Unclear):
        pass


@given(JSON, st.sampled_from([200, 400, 429, 500]), st.dictionaries(st.sampled_from(["Retry-After", "Date"]), TEXTS))
def test_no_answer_of_the_provider_breaks_its_reader(document, status, headers):
    for read in READERS:
        answer = answers.Answer(status, headers, json.dumps(document).encode(), "mk-key")
        try:
            read(answer)
        except ModellixError as error:
            str(error).encode()
