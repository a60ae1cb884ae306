"""What a file must be like, read from the words of the catalogue."""

from dataclasses import dataclass

import pytest

from generations.modellix.catalogue import models
from generations.modellix.file_limits import ANY, Limits, listed, read
from generations.modellix.inputs import inputs


@dataclass(frozen=True)
class File:
    mime: str = "image/png"
    width: int | None = None
    height: int | None = None
    duration: float | None = None


class ReadTests:
    @pytest.mark.parametrize(
        ("description", "limits"),
        [
            (
                "JPG/JPEG/PNG, at least 300x300 px, aspect 1:2.5-2.5:1",
                Limits(formats=("JPEG", "PNG"), sides=(300, 10**9), shape=(0.4, 2.5)),
            ),
            (
                "MP4/AVI/MOV, 2-30 s, sides 200-2048 px, ASCII-only URL",
                Limits(formats=("MP4", "MOV"), seconds=(2, 30), sides=(200, 2048)),
            ),
            ("shorter side at least 300 px", Limits(sides=(300, 10**9))),
            ("wav or mp3, 2-30 s", Limits(formats=("WAV", "MP3"), seconds=(2, 30))),
            ("3-60 s, MP4 or MOV", Limits(formats=("MP4", "MOV"), seconds=(3, 60))),
            ("at most 10 when video is also sent", ANY),
            ("from the official canvas client", ANY),
            ("", ANY),
        ],
    )
    def test_what_the_words_tell_is_a_limit(self, description, limits):
        assert read(description) == limits

    def test_the_catalogue_has_limits_to_read(self):
        limited = {(model.slug, taken.name) for model in models() for taken in inputs(model) if taken.limits != ANY}
        assert len(limited) == 20
        assert ("kling/kling-avatar", "sound_file") in limited


class ProblemTests:
    @pytest.mark.parametrize(
        ("file", "problem"),
        [
            (File("video/mp4", 640, 480, 2.0), ""),
            (File("video/mp4", 640, 480, 30.04), ""),
            (File("video/quicktime"), ""),
            (File("video/mp4", 1920, 640, 10), ""),
            (File("video/webm", 640, 480, 10), "Give MP4 or MOV: this is WebM."),
            (File("video/mp4", 640, 480, 31), "Must be 2 to 30 s long; this has 31 s."),
            (File("video/mp4", 640, 480, 1.2), "Must be 2 to 30 s long; this has 1.2 s."),
            (File("video/mp4", 3840, 2160, 10), "Each side must have 200 to 2,048 px; this has 3,840 by 2,160."),
            (File("video/mp4", 2000, 600, 10), "Too wide: at most 3 times as wide as high."),
            (File("video/mp4", 600, 2000, 10), "Too tall: at most 3 times as high as wide."),
        ],
    )
    def test_what_goes_beyond_a_limit_is_said(self, file, problem):
        assert read("MP4/AVI/MOV, 2-30 s, sides 200-2048 px, aspect 1:3-3:1").problem(file) == problem

    def test_without_a_limit_there_is_no_problem(self):
        assert ANY.problem(File("video/webm", 9, 9000, 4000)) == ""

    def test_names_are_listed_as_people_list_them(self):
        assert [listed(names) for names in (["A"], ["A", "B"], ["A", "B", "C"])] == ["A", "A or B", "A, B or C"]
