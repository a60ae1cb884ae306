"""A file that comes in is looked at once: by its bytes, its size, and whether it can be opened."""

import hashlib
import io
import struct
import wave
import zlib
from dataclasses import replace

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.forms import ValidationError
from PIL import Image

from generations.forms.uploads import take
from generations.modellix.catalogue import find
from generations.modellix.inputs import inputs
from generations.models import Upload
from tests.conftest import ANY_PICTURE

pytestmark = pytest.mark.django_db
ANY_SOUND = replace(ANY_PICTURE, kind="audio")


def picture(form="PNG", size=(640, 480), **options):
    buffer = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(buffer, form, **options)
    return buffer.getvalue()


def sound():
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as recording:
        recording.setparams((1, 2, 8000, 0, "NONE", ""))
        recording.writeframes(bytes(16000))
    return buffer.getvalue()


def bomb(width, height):
    """The head of a PNG that says it is this large."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + bytes(64)


@pytest.fixture
def give(member):
    """give(content, name, taken) is the Upload, refusal(…) the sentence why there is none."""

    def give(content, name="harbour.png", taken=ANY_PICTURE):
        return take(member, SimpleUploadedFile(name, content), taken)

    return give


@pytest.fixture
def refusal(give):
    def refuse(content, **given):
        with pytest.raises(ValidationError) as refused:
            give(content, **given)
        assert not Upload.objects.exists()
        return refused.value.message

    return refuse


class KeptTests:
    def test_a_picture_is_kept_as_it_is_with_its_thumbnails(self, give, member):
        content = picture()
        upload = give(content)
        assert default_storage.open(upload.original).read() == content
        assert (upload.owner, upload.name, upload.kind, upload.mime) == (member, "harbour.png", "image", "image/png")
        assert (upload.width, upload.height, upload.size) == (640, 480, len(content))
        assert upload.sha256 == hashlib.sha256(content).hexdigest()
        for thumbnail, side in ((upload.medium, 640), (upload.small, 384)):
            assert max(Image.open(default_storage.open(thumbnail)).size) == side

    @pytest.mark.parametrize(
        ("form", "mime"),
        [("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/gif"), ("AVIF", "image/avif")],
    )
    def test_its_kind_is_told_by_its_bytes_whatever_its_name(self, give, form, mime):
        assert give(picture(form), name="harbour.exe").mime == mime

    def test_the_same_file_is_kept_once_whatever_it_is_called(self, give):
        content = picture()
        assert give(content, name="one.png") == give(content, name="two.png")
        assert Upload.objects.get().name == "one.png"

    def test_a_sound_has_its_length_and_no_picture(self, give):
        upload = give(sound(), name="bell.wav", taken=ANY_SOUND)
        assert (upload.kind, upload.mime, upload.duration, upload.small) == ("audio", "audio/wav", 1.0, "")

    def test_a_large_file_comes_from_disk(self, member):
        content = picture("JPEG", size=(2000, 1500), quality=95)
        with TemporaryUploadedFile("harbour.jpg", "image/jpeg", len(content), None) as file:
            file.write(content)
            file.seek(0)
            upload = take(member, file, ANY_PICTURE)
        assert default_storage.open(upload.original).read() == content


class RefusedTests:
    def test_an_empty_file(self, refusal):
        assert refusal(b"") == "This file is empty."

    def test_more_than_the_model_takes(self, refusal):
        taken = replace(ANY_PICTURE, max_bytes=500_000)
        content = picture(size=(700, 700))
        assert refusal(content, taken=taken) == f"At most 0.5 MB; this has {len(content) / 1e6:.3g} MB."

    def test_more_than_we_take(self, refusal, settings):
        settings.UPLOAD_MAX_BYTES = 1_000
        assert refusal(picture()).startswith("At most 0.001 MB; this has ")

    def test_a_kind_that_is_not_wanted(self, refusal):
        wanted = "Give a picture: PNG, JPEG or WebP."
        assert refusal(sound()) == f"This is a recording. {wanted}"
        assert refusal(b"Dear all,\n") == f"This is a text. {wanted}"
        assert refusal(b"MZ\x90\x00\x03") == f"This file is none of those we know. {wanted}"
        assert refusal(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == f"This file is none of those we know. {wanted}"
        assert refusal(b"\x00\x00\x00\x18ftypheic" + bytes(64)) == f"This file is none of those we know. {wanted}"

    @pytest.mark.parametrize(
        "content",
        [picture()[:20_000], picture("JPEG")[:5_000], b"\x89PNG\r\n\x1a\n", bomb(60_000, 60_000)],
        ids=["cut off", "cut off JPEG", "no more than a head", "a bomb"],
    )
    def test_a_picture_that_cannot_be_opened(self, refusal, content):
        words = "This picture cannot be opened: it is damaged, or has more than 50 megapixels."
        assert refusal(content) == words

    @pytest.mark.parametrize("form", ["WEBP", "GIF", "PNG", "AVIF"])
    def test_a_picture_that_moves(self, refusal, form):
        frames = [Image.new("RGB", (32, 32), color) for color in ("red", "blue")]
        buffer = io.BytesIO()
        frames[0].save(buffer, form, save_all=True, append_images=frames[1:])
        assert refusal(buffer.getvalue()) == "This picture moves: a still one is needed here."

    @pytest.mark.parametrize(
        ("content", "kind"),
        [(b"\x00\x00\x00\x18ftypisom" + bytes(64), "video"), (b"ID3" + bytes(64), "audio")],
        ids=["a film", "a sound"],
    )
    def test_a_recording_that_cannot_be_played(self, refusal, content, kind):
        words = "This recording cannot be played: it is damaged, or cut off."
        assert refusal(content, taken=replace(ANY_PICTURE, kind=kind)) == words

    @pytest.mark.parametrize(
        ("slug", "content", "words"),
        [
            ("kling/kling-v2.1-i2i", picture("WEBP"), "Give JPEG or PNG: this is WebP."),
            (
                "minimax/hailuo-2.3-i2v",
                picture(size=(1000, 299)),
                "Each side must have at least 300 px; this has 1,000 by 299.",
            ),
            ("minimax/hailuo-2.3-i2v", picture(size=(1000, 390)), "Too wide: at most 2.5 times as wide as high."),
            ("kling/kling-avatar", picture(size=(390, 1000)), "Too tall: at most 2.5 times as high as wide."),
            (
                "alibaba/wan2.2-animate-move",
                picture(size=(199, 300)),
                "Each side must have 200 to 4,096 px; this has 199 by 300.",
            ),
        ],
    )
    def test_what_the_model_says_it_does_not_take(self, refusal, slug, content, words):
        taken = next(taken for taken in inputs(find(slug)) if taken.kind == "image")
        assert refusal(content, taken=taken) == words

    def test_a_recording_that_is_too_short(self, refusal):
        taken = next(taken for taken in inputs(find("kling/kling-avatar")) if taken.kind == "audio")
        assert refusal(sound(), taken=taken) == "Must be 2 to 300 s long; this has 1 s."

    def test_a_file_known_already_is_checked_again(self, give):
        content = picture("WEBP")
        give(content)
        with pytest.raises(ValidationError, match="Give JPEG or PNG"):
            give(content, taken=inputs(find("kling/kling-v2.1-i2i"))[0])

    def test_a_storage_that_does_not_take_it_is_said_and_nothing_is_left(self, refusal, settings, tmp_path):
        blocked = tmp_path / "media"
        blocked.write_text("a file where a folder should be")
        settings.MEDIA_ROOT = blocked
        assert refusal(picture()).startswith("The file could not be kept")
