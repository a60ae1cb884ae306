"""A file is what its bytes say."""

import io

import pytest
from PIL import Image

from generations.media.kinds import HEAD, kind_of


def picture(form):
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, form)
    return buffer.getvalue()


class KindTests:
    @pytest.mark.parametrize(
        ("form", "mime"),
        [
            ("PNG", "image/png"),
            ("JPEG", "image/jpeg"),
            ("WEBP", "image/webp"),
            ("GIF", "image/gif"),
            ("AVIF", "image/avif"),
        ],
    )
    def test_pictures(self, form, mime):
        assert kind_of(picture(form))[:2] == ("image", mime)

    @pytest.mark.parametrize(
        ("head", "mime"),
        [
            (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
            (b"\x00\x00\x00\x14ftypqt  ", "video/quicktime"),
            (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm"),
            (b"ID3\x04", "audio/mpeg"),
            (b"RIFF\x00\x00\x00\x00WAVE", "audio/wav"),
            (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
            (b"OggS", "audio/ogg"),
            (b"fLaC", "audio/flac"),
            ("Guten Tag, schöne Welt.".encode(), "text/plain"),
        ],
    )
    def test_films_sounds_and_words(self, head, mime):
        assert kind_of(head)[1] == mime

    @pytest.mark.parametrize(
        "head",
        [
            b"",
            b"\x00\x01",
            b"<html><script>",
            b"  <svg onload=x>",
            b"<?xml?>",
            b"MZ\x90\x00",
            b"PK\x03\x04",
            b"\x00\x00\x00\x18ftypheic",
            b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska",
            b"\xff\xfe<",
        ],
    )
    def test_anything_else_is_a_file_to_download(self, head):
        assert kind_of(head)[0] == "file"

    def test_a_letter_cut_in_half_at_the_end_is_still_text(self):
        assert kind_of(("ä" * HEAD).encode()[: HEAD - 1] + b"\xc3")[0] == "text"
