"""What a film or a sound tells of itself, and that a bad one can neither hurt nor stop anything."""

import os
import time
import wave

import av
import pytest
from PIL import Image

from generations.media import recordings
from generations.media.recordings import Recording, examine

SIZE = (320, 180)


def write_film(path, colors, form="mp4", codec="libx264"):
    """A film of a second for each of these colours."""
    with av.open(str(path), "w", format=form) as container:
        stream = container.add_stream(codec, rate=8)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for color in colors:
            frame = av.VideoFrame.from_image(Image.new("RGB", SIZE, color))
            for _ in range(8):
                frame.pts = None
                container.mux(stream.encode(frame))
        container.mux(stream.encode())


@pytest.fixture
def look(tmp_path):
    """look(path) gives the Recording, and the sizes of the thumbnails that are there."""

    def examined(path):
        thumbnails = [tmp_path / "medium", tmp_path / "small"]
        found = examine(path, *thumbnails)
        return found, [Image.open(each) for each in thumbnails if each.exists()]

    return examined


class FilmTests:
    @pytest.mark.parametrize(("form", "codec"), [("mp4", "libx264"), ("mov", "libx264"), ("webm", "libvpx-vp9")])
    def test_length_size_poster_and_colour(self, tmp_path, look, form, codec):
        write_film(tmp_path / "film", ["#c02020"] * 2, form, codec)
        found, (medium, small) = look(tmp_path / "film")
        assert found.duration == pytest.approx(2, abs=0.2)
        assert (found.width, found.height) == SIZE
        assert found.frame_rate == pytest.approx(8, abs=0.5)
        assert (medium.format, medium.size, small.size) == ("WEBP", SIZE, SIZE)
        assert found.color.startswith(("#b", "#c"))

    def test_the_poster_is_not_black_when_the_film_begins_black(self, tmp_path, look):
        write_film(tmp_path / "film", ["black", "black", "#30a050", "#30a050"])
        found, _ = look(tmp_path / "film")
        assert found.color[3] in "9ab"

    def test_a_film_that_is_all_dark_has_its_brightest_frame(self, tmp_path, look):
        write_film(tmp_path / "film", ["black", "#101010", "black"])
        found, thumbnails = look(tmp_path / "film")
        assert found.color > "#0a0a0a"
        assert len(thumbnails) == 2

    def test_a_large_film_has_a_poster_of_our_sizes(self, tmp_path, look, monkeypatch):
        monkeypatch.setattr("tests.media.test_recordings.SIZE", (1920, 1080))
        write_film(tmp_path / "film", ["#405060"])
        found, (medium, small) = look(tmp_path / "film")
        assert (found.width, found.height) == (1920, 1080)
        assert (medium.size, small.size) == ((1024, 576), (384, 216))


class SoundTests:
    def test_its_length(self, tmp_path, look):
        with wave.open(str(tmp_path / "sound"), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
            file.writeframes(bytes(2 * 8000 * 3))
        assert look(tmp_path / "sound") == (Recording(duration=3.0), [])


class DamageTests:
    @pytest.mark.parametrize(
        "content", [b"", b"\x00\x00\x00\x18ftypisom", b"ID3\x04" + bytes(100), b"#EXTM3U\n/etc/passwd\n"]
    )
    def test_what_cannot_be_read_is_unknown(self, tmp_path, look, content):
        (tmp_path / "file").write_bytes(content)
        assert look(tmp_path / "file") == (Recording(), [])

    def test_half_a_film_tells_what_it_can(self, tmp_path, look):
        write_film(tmp_path / "whole", ["#c02020"] * 2)
        whole = (tmp_path / "whole").read_bytes()
        (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
        assert look(tmp_path / "half") == (Recording(), [])

    def test_one_that_takes_for_ever_is_given_up(self, tmp_path, look, monkeypatch):
        monkeypatch.setattr(recordings, "PATIENCE", 0.5)
        os.mkfifo(tmp_path / "endless")
        began = time.monotonic()
        assert look(tmp_path / "endless") == (Recording(), [])
        assert time.monotonic() - began < 3
