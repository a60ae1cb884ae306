"""A moment of a film that becomes an input."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from generations.models import Upload
from tests.conftest import encoded

pytestmark = pytest.mark.django_db


def send(client, content):
    file = SimpleUploadedFile("frame-1.04s.png", content)
    return client.post("/frames/", {"frame": file}, headers={"Referer": "http://testserver/tasks/7/"})


class FrameTests:
    def test_it_is_kept_for_who_took_it_and_opens_the_composer(self, client, colleague):
        client.force_login(colleague)
        answer = send(client, encoded(Image.new("RGB", (96, 64), "#3b6ea5"), "PNG"))
        (upload,) = Upload.objects.all()
        assert (upload.owner, upload.kind, upload.width, upload.name) == (colleague, "image", 96, "frame-1.04s.png")
        assert answer.url == f"/?upload={upload.pk}&kind=video"
        assert f'value="{upload.pk}"' in client.get(answer.url).content.decode()

    @pytest.mark.parametrize(("content", "said"), [(b"", "arrive"), (b"not a picture", "Give a picture")])
    def test_what_is_no_picture_leads_back_with_a_sentence(self, client, member, content, said):
        client.force_login(member)
        answer = send(client, content)
        assert answer.url == "http://testserver/tasks/7/"
        assert said in str(client.get("/").content)
        assert not Upload.objects.exists()

    def test_a_visitor_leaves_nothing(self, client):
        assert send(client, b"x").url.startswith("/account/login/")
        assert not Upload.objects.exists()

    @pytest.mark.parametrize("number", ["0", "999999", "x", "9" * 30])
    def test_an_address_with_a_file_that_is_not_there_is_not_found(self, client, member, number):
        client.force_login(member)
        assert client.get("/", {"upload": number, "kind": "video"}).status_code == 404
