"""What the tests of pages share: somebody signed in, and what a browser sends."""

import uuid

import pytest
from django.utils.timezone import localdate

from generations.forms.composer import ComposerForm
from generations.forms.offer import FIRST_MODEL

HTMX = {"HX-Request": "true"}
QWEN, BANANA = "alibaba/qwen-image-2.0", "google/nano-banana-2"


@pytest.fixture
def mia(client, member):
    """The browser of a member who is signed in."""
    client.force_login(member)
    return client


def html(response):
    return response.content.decode()


def order(slug=FIRST_MODEL, **changes):
    """What a browser sends when Generate is pressed; a page of today has seen revision 0."""
    form = ComposerForm.adapted({"model": slug})
    settings = {setting.bound.html_name: setting.value for setting in form.settings}
    plain = {"order_key": str(uuid.uuid4()), "model": slug, "shown": slug, "prompt": "paper boats", "count": "1"}
    seen = {"seen": "0", "day": localdate().isoformat(), "worker": "False"}
    return plain | settings | seen | changes
