"""What files are called where people keep them."""

import pytest

from generations.media.names import MOST_BYTES, numbered, safe


class SafeTests:
    @pytest.mark.parametrize(
        "name",
        ["paper-boats-qwen-image-12-1.png", "紙の船-3-1.webp", "a b (2).mp4", "🙂.png", "no ending"],
    )
    def test_what_is_safe_stays(self, name):
        assert safe(name) == name

    @pytest.mark.parametrize(
        ("name", "made"),
        [
            ("../../etc/passwd", "-..-etc-passwd"),
            ("C:\\Users\\x.png", "C--Users-x.png"),
            ("/root.png", "-root.png"),
            ("a\x00b\n.png", "ab.png"),
            ("gpj.exe\u202e", "gpj.exe"),
            ("what?*.png", "what--.png"),
            (" .hidden. ", "hidden"),
            ("dot.", "dot"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("Com1.png", "_Com1.png"),
            ("console.png", "console.png"),
            ("", "file"),
            ("...", "file"),
            ("cafe\u0301.png", "caf\xe9.png"),
        ],
    )
    def test_what_is_not_becomes_so(self, name, made):
        assert safe(name) == made
        assert safe(made) == made

    def test_what_is_too_long_keeps_its_end_and_its_ending(self):
        made = safe("紙" * 200 + "-model-12345-1.png")
        assert len(made.encode()) <= MOST_BYTES
        assert made.startswith("紙紙")
        assert made.endswith("-model-12345-1.png")


class NumberedTests:
    def test_the_second_of_a_name_gets_a_number_whatever_its_case(self):
        taken = set()
        names = [numbered(name, taken) for name in ("a.png", "A.png", "a.png", "a", "a", "a (2).png")]
        assert names == ["a.png", "A (2).png", "a (3).png", "a", "a (2)", "a (2) (2).png"]
