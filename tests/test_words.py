import pytest

from generations.templatetags.cards import around, highlight


class HighlightTests:
    @pytest.mark.parametrize(
        ("text", "looked_for", "marked"),
        [
            ("A Lighthouse at dusk", "light DUSK", "A <mark>Light</mark>house at <mark>dusk</mark>"),
            ("Grüne Äpfel auf weißem Tuch", "apf WEIS", "Grüne <mark>Äpf</mark>el auf <mark>weiß</mark>em Tuch"),
            ("a cafe\u0301, an ﬁne", "café f", "a <mark>cafe\u0301</mark>, an <mark>ﬁ</mark>ne"),
            ("夕暮れの灯台と灯台", "灯台", "夕暮れの<mark>灯台</mark>と<mark>灯台</mark>"),
            ("🦊🦊 ☀️", "🦊 ☀", "<mark>🦊🦊</mark> <mark>☀️</mark>"),
            ("harbour harvest", "har harb", "<mark>harb</mark>our <mark>har</mark>vest"),
            ("nothing here", "zebra", "nothing here"),
            ("nothing asked", "", "nothing asked"),
            ("", "zebra", ""),
        ],
    )
    def test_the_beginnings_that_were_found_are_marked(self, text, looked_for, marked):
        assert highlight(text, looked_for) == marked

    @pytest.mark.parametrize("looked_for", ["", "b", "lt", "script amp", "<b>", "&amp;"])
    def test_a_text_is_never_markup(self, looked_for):
        marked = highlight('<b>&lt;script&gt; "amp" & b', looked_for).replace("<mark>", "").replace("</mark>", "")
        assert marked == "&lt;b&gt;&amp;lt;script&amp;gt; &quot;amp&quot; &amp; b"

    def test_a_hit_far_into_a_text_is_in_view(self):
        text = "a long beginning that goes on and on before there is a harbour at last"
        assert around(text, "harbour") == "…on before there is a harbour at last"
        assert around(text, "beginning") == around(text, "") == around(text, "zebra") == text
