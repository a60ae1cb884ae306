"""From a file to the card it came from."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from tests.views.conftest import HTMX, html

URL = "/origin/"


@pytest.fixture
def picture(make_task, make_output):
    return make_output(make_task("done", provider_task_id="img-77"))


def content(output):
    with default_storage.open(output.original) as file:
        return file.read()


def find(client, data, **headers):
    file = io.BytesIO(data)
    file.name = "somewhere.png"
    return client.post(URL, {"file": file}, headers=headers)


def page(output):
    return f"/tasks/{output.task_id}/?file={output.position + 1}"


class FindTests:
    def test_an_original_leads_to_its_card(self, mia, picture, make_output):
        second = make_output(picture.task, color="#a03020")
        assert find(mia, content(picture)).headers["Location"] == page(picture)
        response = find(mia, content(second), **HTMX)
        assert response.headers["HX-Redirect"] == page(second)
        assert "byte for byte" in html(mia.get(page(second)))

    def test_a_marked_download_too_even_after_somebody_worked_on_it(self, mia, picture):
        marked = b"".join(mia.get(reverse("media", args=[picture.pk, "original"]) + "?download").streaming_content)
        with Image.open(io.BytesIO(marked)) as image:
            image.load()
            smaller = io.BytesIO()
            image.resize((20, 20)).save(smaller, "JPEG", xmp=image.info["xmp"])
        for data in (marked, smaller.getvalue()):
            assert find(mia, data).headers["Location"] == page(picture)
        assert "Found by the mark" in html(mia.get(page(picture)))

    def test_an_input_leads_to_the_composer(self, mia, make_upload):
        upload = make_upload(color="#102030")
        assert find(mia, content(upload)).headers["Location"] == f"/?upload={upload.pk}"

    def test_a_strange_file_is_said_to_be_one(self, mia, picture):
        response = find(mia, b"from elsewhere")
        assert response.status_code == 422
        assert "did not come from here" in html(response)
        assert "did not come from here" in html(find(mia, b"modellix:img-78/1 ", **HTMX))

    def test_nothing_an_empty_file_or_too_large_a_one_is_refused(self, mia, settings):
        settings.UPLOAD_MAX_BYTES = 3
        assert "Choose a file first." in html(mia.post(URL))
        assert "This file is empty." in html(find(mia, b""))
        assert "can be looked at here" in html(find(mia, b"four"))

    def test_nobody_finds_what_they_may_not_see(self, client, viewer, colleague, picture, member):
        client.force_login(viewer)
        assert find(client, content(picture)).status_code == 302
        picture.task.make_private(member)
        for person in (viewer, colleague):
            client.force_login(person)
            assert find(client, content(picture)).status_code == 422

    def test_a_visitor_is_sent_to_sign_in(self, client):
        assert find(client, b"a file").headers["Location"].startswith(reverse("account_login"))


class CommandTests:
    def test_it_tells_the_address_and_how_it_knows(self, picture, tmp_path, settings, capsys):
        settings.PUBLIC_URL = "https://studio.example.com"
        path = Path(tmp_path / "a.png")
        path.write_bytes(content(picture))
        call_command("find", str(path))
        assert capsys.readouterr().out.splitlines()[0] == f"https://studio.example.com{page(picture)}"

    def test_or_that_there_is_none(self, db, tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("find", str(tmp_path / "missing"))
        path = tmp_path / "a.txt"
        path.write_text("a text of mine")
        with pytest.raises(CommandError, match="did not come from this studio"):
            call_command("find", str(path))
