"""Thumbnails look like their picture, and nothing that is sent to us can hurt."""

import struct
import zlib

import pytest
from PIL import Image

from generations.media.pictures import NotAPicture, is_animated, make_thumbnails


def bomb(side):
    """A PNG of a few bytes that says it is so many pixels wide and high."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.fixture
def thumbnails(tmp_path):
    def make(original):
        picture = make_thumbnails(original, tmp_path / "medium", tmp_path / "small")
        return picture, Image.open(tmp_path / "medium"), Image.open(tmp_path / "small")

    return make


class ThumbnailTests:
    def test_two_sizes_in_the_same_shape(self, tmp_path, thumbnails):
        Image.new("RGB", (3000, 2000), "#3366cc").save(tmp_path / "original", "PNG")
        picture, medium, small = thumbnails(tmp_path / "original")
        assert (picture.width, picture.height) == (3000, 2000)
        assert [medium.size, small.size] == [(1024, 683), (384, 256)]
        assert picture.color == pytest.approx("#3366cc") or picture.color[1] == "3"

    def test_a_small_picture_is_not_blown_up(self, tmp_path, thumbnails):
        Image.new("RGB", (40, 30)).save(tmp_path / "original", "JPEG")
        _, medium, small = thumbnails(tmp_path / "original")
        assert [medium.size, small.size] == [(40, 30), (40, 30)]

    def test_a_picture_on_its_side_is_put_upright(self, tmp_path, thumbnails):
        exif = Image.Exif()
        exif[0x0112] = 6
        Image.new("RGB", (800, 400)).save(tmp_path / "original", "JPEG", exif=exif)
        picture, medium, _ = thumbnails(tmp_path / "original")
        assert (picture.width, picture.height) == (400, 800) == medium.size

    def test_transparency_is_kept(self, tmp_path, thumbnails):
        Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(tmp_path / "original", "PNG")
        assert thumbnails(tmp_path / "original")[1].mode == "RGBA"

    @pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\nrubbish", b"<svg/>"])
    def test_rubbish_is_no_picture(self, tmp_path, thumbnails, content):
        (tmp_path / "original").write_bytes(content)
        with pytest.raises(NotAPicture):
            thumbnails(tmp_path / "original")

    def test_half_a_picture_is_no_picture(self, tmp_path, thumbnails):
        Image.effect_noise((400, 400), 90).save(tmp_path / "whole", "PNG")
        whole = (tmp_path / "whole").read_bytes()
        (tmp_path / "original").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(NotAPicture):
            thumbnails(tmp_path / "original")

    def test_a_second_picture_that_is_cut_off_is_none(self, tmp_path):
        Image.new("P", (4, 4)).save(tmp_path / "original", "GIF")
        whole = (tmp_path / "original").read_bytes()
        (tmp_path / "original").write_bytes(whole.removesuffix(b";") + b"," + bytes(8))
        with pytest.raises(NotAPicture):
            is_animated(tmp_path / "original")

    @pytest.mark.parametrize("side", [8000, 30_000])
    def test_a_bomb_is_refused_before_it_is_unpacked(self, tmp_path, thumbnails, side):
        (tmp_path / "original").write_bytes(bomb(side))
        with pytest.raises(NotAPicture):
            thumbnails(tmp_path / "original")

    def test_thumbnails_that_cannot_be_written_are_no_fault_of_the_picture(self, tmp_path):
        Image.new("RGB", (40, 30)).save(tmp_path / "original", "PNG")
        with pytest.raises(OSError, match="No such file"):
            make_thumbnails(tmp_path / "original", tmp_path / "nowhere" / "medium", tmp_path / "small")
