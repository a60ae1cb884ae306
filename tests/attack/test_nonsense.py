"""Whatever is sent to any address, the studio answers: never an error of its own, and what it answers can be shown.

STUDIO_NONSENSE=50 sends all of it to each address.
"""

import os
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from tests.attack.conftest import SENT

pytestmark = pytest.mark.django_db

NONSENSE = (
    *("", "0", "-1", "9" * 20, "9" * 5000, "1e400", "nan", "٣", "2026-02-31", "0001-01-01", "9999-12-31"),
    *("a\0b", "\ud800", "\u202etxt.exe", "\r\nSet-Cookie: a=b", "x" * 20_000, "🜁" * 300),
    *('<img src=x onerror="x">', "'\" OR 1=1 --", 'NEAR(a b) * ^ -x "', "%", "_", "\\", "../../etc/passwd", "=1+1"),
    *('{"a": [', "[]", "{}", "null", '{"a": {"b": [1, null, "\\ud800"]}}', "[" * 2000, "//evil.example", "http://["),
)
EACH = int(os.environ.get("STUDIO_NONSENSE", "1"))  # kinds of nonsense sent to one address; they take turns
UNTRIED = ("account_logout",)  # where nobody is signed in any more


def test_every_address_answers_nonsense(addresses, admin_user):
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)
    wrong, turn = [], 0
    for name, path in addresses.items():
        for number in range(0 if name in UNTRIED else min(EACH, len(NONSENSE))):
            value = NONSENSE[(turn + number) % len(NONSENSE)]
            wrong += [f"{method} {name} {value[:20]!a}" for method in broken_by(client, path, value)]
        turn += EACH
    assert wrong == [], "\n".join(wrong)


def broken_by(client, path, value):
    data = urlencode(dict.fromkeys(SENT, value), errors="surrogatepass")
    htmx = {"HX-Request": "true"}
    for method, send in {
        "GET": lambda: client.get(path, query_params=None, QUERY_STRING=data),
        "POST": lambda: client.post(path, data, content_type="application/x-www-form-urlencoded", headers=htmx),
    }.items():
        with transaction.atomic():
            answer = send()
            b"".join(answer)  # streams too
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            yield method
