"""Everything of a gallery in one zip: what may be taken home, and nothing that tells of where it came from."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from generations.models import ShareItem, ShareLink, Team
from generations.views import takeaway, zips
from generations.views.gate import Visit


@pytest.fixture
def link(make_task, make_output, member):
    """To two pictures and a film, of three generations."""
    link = ShareLink.objects.create(creator=member, title="First light")
    for position, kind in enumerate(("image", "image", "video")):
        mime = "video/mp4" if kind == "video" else "image/png"
        output = make_output(make_task("done", text="a zebra"), kind=kind, mime=mime)
        ShareItem.objects.create(link=link, output=output, position=position)
    link.outputs.filter(kind="video").update(mime="image/png")  # its bytes are a picture's
    return link


def download(client, link):
    return client.get(reverse("share-zip", args=[link.token]))


def unpacked(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


class ZipTests:
    def test_it_has_the_originals_under_names_that_tell_nothing(self, client, link):
        response = download(client, link)
        assert response["Content-Disposition"] == 'attachment; filename="first-light.zip"'
        with unpacked(response) as zipped:
            assert zipped.testzip() is None
            assert zipped.namelist() == ["picture-1.png", "picture-2.png", "film-3.png"]

    def test_in_web_size_it_has_pictures_alone(self, client, link):
        ShareLink.objects.update(downloads="web")
        with unpacked(download(client, link)) as zipped:
            assert zipped.namelist() == ["picture-1.webp", "picture-2.webp"]
            assert Image.open(zipped.open("picture-1.webp")).format == "WEBP"

    def test_the_page_says_that_films_stay(self, client, link):
        ShareLink.objects.update(downloads="web")
        assert "2 pictures, web size" in client.get(link.get_absolute_url()).content.decode()
        link.items.last().delete()
        page = client.get(link.get_absolute_url()).content.decode()
        assert "web size" in page
        assert "pictures, web size" not in page

    def test_names_sort_as_the_files_hang(self, client, member, make_task, make_output, link):
        for position in range(3, 11):
            ShareItem.objects.create(link=link, output=make_output(make_task("done")), position=position)
        with unpacked(download(client, link)) as zipped:
            assert zipped.namelist() == sorted(zipped.namelist(), key=lambda name: name.partition("-")[2])
            assert zipped.namelist()[0] == "picture-01.png"

    def test_the_page_offers_it_with_its_size(self, client, link):
        page = client.get(link.get_absolute_url()).content.decode()
        assert reverse("share-zip", args=[link.token]) in page
        assert "Download all" in page
        ShareLink.objects.update(downloads="none")
        assert "Download" not in client.get(link.get_absolute_url()).content.decode()
        assert download(client, link).status_code == 404

    def test_visitors_never_take_the_places_of_the_team(self, client, member, link):
        open_ones = [download(client, link) for _ in range(zips.OF_VISITORS)]
        assert download(client, link).status_code == 503
        client.force_login(member)
        taken = client.get(reverse("zip"), {"all": "1"})
        assert taken.status_code == 200
        for each in (*open_ones, taken):
            each.leave()  # closing would close the connection of the test

    def test_what_is_missing_is_listed(self, client, link):
        output = link.shown().first()
        default_storage.delete(output.original)
        with unpacked(download(client, link)) as zipped:
            assert zipped.namelist() == ["picture-2.png", "film-3.png", "missing.txt"]
            assert b"picture-1.png" in zipped.read("missing.txt")

    def test_a_link_that_closes_while_it_is_sent_gives_no_further_file(self, link):
        link = ShareLink.objects.live().get()
        entries = takeaway.entries(Visit(link, Team.current()))
        next(entries).open().close()
        ShareLink.objects.update(revoked_at=timezone.now())
        with pytest.raises(FileNotFoundError):
            next(entries).open()
