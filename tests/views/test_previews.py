"""What chat programs are told of a gallery whose address is posted."""

import io
import re

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import caches
from django.urls import reverse
from PIL import Image

from generations.models import ShareLink


@pytest.fixture
def link(make_task, make_output, member):
    return ShareLink.make(make_output(make_task("done")).task, member, days=30)


def told(client, link):
    html = client.get(reverse("share", args=[link.token])).content.decode()
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', html))


def preview(client, link, **headers):
    return client.get(reverse("share-preview", args=[link.token]), **headers)


class CardTests:
    def test_it_has_a_name_and_full_addresses(self, client, link, settings):
        settings.PUBLIC_URL = "https://studio.example.com"
        ShareLink.objects.update(title="First <light>", message="Before the colour arrives.")
        card = told(client, link)
        assert card["og:title"] == "First &lt;light&gt;"
        assert card["og:description"] == "Before the colour arrives."
        assert card["og:url"] == f"https://studio.example.com/s/{link.token}/"
        assert card["og:image"] == f"https://studio.example.com/s/{link.token}/preview/"
        assert card["twitter:card"] == "summary_large_image"

    def test_behind_a_password_there_is_none_even_for_those_who_know_it(self, client, link):
        ShareLink.objects.update(password=make_password("open sesame"))
        assert told(client, link) == {}
        assert preview(client, link).status_code == 302
        client.post(reverse("share", args=[link.token]), {"password": "open sesame"})
        assert told(client, link) == {}
        assert preview(client, link).status_code == 404

    def test_without_a_picture_there_is_none_to_show(self, client, link):
        link.task.outputs.update(medium="", small="", kind="audio")
        assert "og:image" not in told(client, link)
        assert preview(client, link).status_code == 404


class PictureTests:
    @pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
    def test_it_is_as_large_as_they_expect_however_many_there_are(self, client, link, make_output, count):
        for _ in range(count - 1):
            make_output(link.task, color="#bb3311")
        response = preview(client, link)
        with Image.open(io.BytesIO(response.content)) as picture:
            assert (picture.format, picture.size) == ("JPEG", (1200, 630))
            assert picture.getpixel((300, 150))[2] > 140  # the first is blue
        assert response["Cache-Control"] == "private, no-cache"

    def test_it_is_drawn_once_for_the_same_files(self, client, link, make_output):
        first = preview(client, link)
        assert preview(client, link, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
        key = first["ETag"].strip('"')
        caches["previews"].set(key, b"kept")
        assert preview(client, link).content == b"kept"
        make_output(link.task, color="#bb3311")
        assert preview(client, link).content != b"kept"

    def test_a_file_that_is_gone_leaves_none(self, client, link):
        link.task.outputs.update(medium="gone.webp", sha256="f" * 64)
        assert preview(client, link).status_code == 404
