"""Hidden means hidden: no byte that a visitor can get has a word of the prompt, though the originals are full of it."""

import re
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from generations.media.pictures import make_thumbnails
from generations.models import Output, ShareItem, ShareLink
from tests.media.test_marks import SECRET, film, jpeg, png, webp

WORDS = [word for word in SECRET.split() if len(word) > 2]
ORIGINALS = {
    "image/png": (png, Output.Kind.IMAGE),
    "image/jpeg": (jpeg, Output.Kind.IMAGE),
    "image/webp": (webp, Output.Kind.IMAGE),
    "video/mp4": (film, Output.Kind.VIDEO),
}


@pytest.fixture
def link(make_task, make_output, member, tmp_path):
    """To a selection of one original of each kind, made by the prompt and telling it in every way it can."""
    link = ShareLink.objects.create(creator=member)
    for position, (mime, (made, kind)) in enumerate(ORIGINALS.items()):
        output = make_output(make_task("done", text=SECRET), mime=mime, kind=kind)
        keep(output, made(), tmp_path)
        ShareItem.objects.create(link=link, output=output, position=position)
    return link


def keep(output, content, folder):
    """As it is saved: the original, and thumbnails made from it where it is a picture."""
    original = folder / "original"
    original.write_bytes(content)
    suffix = output.mime.rpartition("/")[2]
    names = {"original": default_storage.save(f"{output.pk}.{suffix}", ContentFile(content))}
    if output.kind == Output.Kind.IMAGE:
        make_thumbnails(original, folder / "medium", folder / "small")
        names |= {size: kept(folder / size, f"{output.pk}-{size}.webp") for size in ("medium", "small")}
    Output.objects.filter(pk=output.pk).update(size=len(content), **names)


def kept(path, name):
    return default_storage.save(name, ContentFile(path.read_bytes()))


def readable(content):
    """The bytes, and those that are compressed in them, as letters: in one byte each or in two."""
    unpacked = [content]
    for start in (match.start() for match in re.finditer(rb"x[\x01\x5e\x9c\xda]", content)):
        try:
            unpacked.append(zlib.decompressobj().decompress(content[start:], 1_000_000))
        except zlib.error:
            continue
    return b"".join(unpacked).replace(b"\0", b"").decode("latin-1").casefold()


def told(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    content = headers.casefold() + readable(body)
    return [word for word in WORDS if word in content]


def all_addresses(link):
    """Whatever a visitor could ask for, offered or not."""
    yield reverse("share", args=[link.token])
    yield reverse("share-preview", args=[link.token])
    yield reverse("share-zip", args=[link.token])
    for output in link.outputs.all():
        yield reverse("share-item", args=[link.token, output.pk])
        for variant in ("small", "medium", "original"):
            address = reverse("share-media", args=[link.token, output.pk, variant])
            yield from (address, f"{address}?download")


class HiddenTests:
    def test_the_originals_do_tell(self, link):
        for output in link.outputs.all():
            with default_storage.open(output.original) as file:
                content = readable(file.read())
            assert [word for word in WORDS if word in content] == WORDS, output.mime

    @pytest.mark.parametrize("downloads", ShareLink.Downloads.values)
    def test_nothing_that_a_visitor_gets_tells_a_word(self, client, link, downloads):
        ShareLink.objects.update(downloads=downloads)
        found = {address: client.get(address) for address in all_addresses(link)}
        assert {address: words for address, response in found.items() if (words := told(response))} == {}
        assert sum(response.status_code == 200 for response in found.values()) >= 2 + 3 * len(ORIGINALS)

    def test_an_original_that_is_not_in_order_is_given_in_web_size(self, client, link):
        output = link.shown().first()
        name = default_storage.save("broken.png", ContentFile(png()[:40] + SECRET.encode()))
        Output.objects.filter(pk=output.pk).update(original=name)
        original = reverse("share-media", args=[link.token, output.pk, "original"])
        for address in (original, f"{original}?download"):
            response = client.get(address)
            assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
            assert told(response) == []

    def test_shown_the_prompt_is_on_the_page_and_the_files_say_what_made_them(self, client, link):
        ShareLink.objects.update(shows_prompts=True)
        output = link.shown().first()
        item = reverse("share-item", args=[link.token, output.pk])
        assert SECRET in client.get(item).content.decode()
        for downloads, variant in {"original": "original", "web": "medium"}.items():
            ShareLink.objects.update(downloads=downloads)
            file = client.get(reverse("share-media", args=[link.token, output.pk, variant]), {"download": ""})
            assert b"trainedAlgorithmicMedia" in b"".join(file.streaming_content)
