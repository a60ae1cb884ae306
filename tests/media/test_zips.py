"""Zip files made while they are sent, read by Python's zipfile."""

import io
import zipfile

import pytest
from django.utils import timezone

from generations.media import zips
from generations.media.zips import Entry, stream

NOON = timezone.now().replace(year=2026, month=3, day=9, hour=12, minute=30, second=14, microsecond=0)


class Source:
    """Files in memory that know whether they are open."""

    def __init__(self):
        self.opened = []

    def entry(self, name, content=b"some bytes", modified=NOON):
        return Entry(name, lambda: self.open(content), modified)

    def open(self, content):
        self.opened.append(io.BytesIO(content))
        return self.opened[-1]

    @property
    def are_closed(self):
        return all(file.closed for file in self.opened)


def gone():
    raise FileNotFoundError


@pytest.fixture
def source():
    return Source()


@pytest.fixture(params=["measured", "unmeasured"])
def patience(request, monkeypatch):
    """With enough time to tell the length before, or none."""
    monkeypatch.setattr(zips, "PATIENCE", 60 if request.param == "measured" else -1)
    return request.param


def unpacked(data):
    """{name: content}, after the check of all sums."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        assert len(set(file.namelist())) == len(file.namelist())
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.usefixtures("patience")
class ContentTests:
    def test_what_goes_in_comes_out(self, source):
        large = bytes(range(256)) * 4000
        data = b"".join(stream([source.entry("a.png", large), source.entry("empty.txt", b""), source.entry("b.mp4")]))
        assert unpacked(data) == {"a.png": large, "empty.txt": b"", "b.mp4": b"some bytes"}
        assert source.are_closed

    def test_nothing_gives_an_empty_zip(self):
        assert unpacked(b"".join(stream([]))) == {}

    def test_files_have_their_own_time_in_both_places(self, source, settings):
        settings.TIME_ZONE = "Asia/Tokyo"
        data = b"".join(stream([source.entry("a.png"), source.entry("old.png", modified=NOON.replace(year=1970))]))
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert [info.date_time for info in file.infolist()] == [
                (2026, 3, 9, 21, 30, 14),
                (1980, 3, 9, 21, 30, 14),
            ]
        assert data[10:14] == data[data.index(b"PK\x01\x02") + 12 :][:4]

    def test_what_is_missing_is_left_out_and_told(self, source):
        told = []

        def closing(missing):
            told.append(missing)
            yield "manifest.csv", (chunk for chunk in (b"missing: ", ",".join(missing).encode()))
            yield "manifest.json", b"{}"

        entries = [source.entry("a.png"), Entry("b.png", gone, NOON), source.entry("c.png")]
        files = unpacked(b"".join(stream(entries, closing)))
        assert list(files) == ["a.png", "c.png", "manifest.csv", "manifest.json"]
        assert files["manifest.csv"] == b"missing: b.png"
        assert told == [["b.png"]]

    def test_names_are_safe_and_unique(self, source):
        given = (
            "../../etc/passwd",
            "a.png",
            "A.PNG",
            "a.png",
            "con.txt",
            "שלום-\u202egnp.exe",
            "🙂.png",
            "x" * 400 + ".png",
        )
        names = list(unpacked(b"".join(stream(source.entry(name) for name in given))))
        assert names[:-1] == [
            *("-..-etc-passwd", "a.png", "A (2).PNG", "a (3).png", "_con.txt", "שלום-gnp.exe", "🙂.png"),
        ]
        assert names[-1] == "x" * 196 + ".png"


class LengthTests:
    def test_it_is_known_when_it_can_be_told_at_once(self, source):
        entries = [source.entry("a.png"), Entry("b.png", gone, NOON), source.entry("ü.png", b"x" * 70_000)]
        zipped = stream(entries, lambda missing: [("list", b"y" * len(missing)), ("more", iter([b"1", b"2"]))])
        assert zipped.length == len(b"".join(zipped))

    def test_it_is_not_waited_for(self, source, monkeypatch):
        monkeypatch.setattr(zips, "PATIENCE", -1)
        zipped = stream(source.entry(f"{number}.png") for number in range(100))
        assert zipped.length is None
        assert len(source.opened) == 0
        assert len(unpacked(b"".join(zipped))) == 100

    def test_what_goes_missing_after_it_was_told_breaks_it(self, source):
        there = [True]
        zipped = stream([Entry("a.png", lambda: source.open(b"a") if there.pop() else gone(), NOON)])
        there.append(False)
        with pytest.raises(FileNotFoundError):
            list(zipped)


class CancelTests:
    def test_whoever_stops_reading_leaves_nothing_open(self, source):
        zipped = stream([source.entry("a.png", b"a" * 10 * zips.CHUNK), source.entry("b.png")])
        reading = iter(zipped)
        assert sum(len(next(reading)) for _ in range(3)) > zips.CHUNK
        assert not source.are_closed
        zipped.close()
        assert source.are_closed
        assert list(reading) == []

    def test_it_can_be_closed_unread(self, source):
        stream([source.entry("a.png")]).close()
        assert source.are_closed

    def test_a_chunk_at_a_time_is_read(self, source):
        content = b"a" * (3 * zips.CHUNK + 1)
        reading = iter(stream([source.entry("a.png", content)]))
        next(reading)
        next(reading)
        assert source.opened[-1].tell() == zips.CHUNK
