"""How each parameter of a model is drawn, and what is said beside it."""

import pytest
from django.template.loader import render_to_string

from generations.forms.composer import ComposerForm


def setting(slug, name, **held):
    """The Setting of one parameter as a fresh page shows it, or with what `held` says in its input."""
    form = ComposerForm.adapted({"model": slug, "shown": slug} | {f"with-{each}": held[each] for each in held})
    return next(setting for setting in form.settings if setting.field.name == name)


def drawn(slug, name, **held):
    return " ".join(render_to_string("studio/_setting.html", {"setting": setting(slug, name, **held)}).split())


class LookTests:
    @pytest.mark.parametrize(
        ("slug", "name", "look"),
        [
            ("alibaba/wan2.7-t2v", "ratio", "shapes"),
            ("alibaba/qwen-image-2.0", "size", "shapes"),
            ("google/nano-banana-2", "imageSize", "abreast"),
            ("kling/kling-v2.6-t2v", "duration", "abreast"),
            ("bytedance/seedance-2.0-v2v", "duration", "list"),
            ("pixverse/lipsync", "speaker_id", "list"),
            ("bytedance/seedance-1.5-pro-t2v", "generate_audio", "switch"),
            ("alibaba/wan2.7-i2v", "prompt_extend", "abreast"),
            ("vidu/viduq3-r2v", "duration", "stepper"),
            ("kling/kling-v3-i2v", "cfg_scale", "line"),
            ("skywork/skyreels-t2v", "duration", "line"),
            ("kling/kling-v3-i2v", "negative_prompt", "paragraph"),
            ("pixverse/lipsync", "tts_content", "paragraph"),
            ("kling/kling-v2.6-i2v", "voice_ids", "paragraph"),
            ("kling/kling-v1-t2v", "camera_control", "paragraph"),
        ],
    )
    def test_each_is_drawn_as_what_it_is(self, slug, name, look):
        assert setting(slug, name).look == look

    @pytest.mark.parametrize(
        ("slug", "name", "hint"),
        [
            ("vidu/viduq3-r2v", "duration", "3 to 16 seconds"),
            ("skywork/skyreels-t2v", "duration", "At most 15 seconds"),
            ("kling/kling-v1.5-i2i", "human_fidelity", "Only where the subject is kept. 0 to 1"),
            ("kling/kling-v2.6-i2v", "voice_ids", "One to a line"),
            ("alibaba/qwen-image", "seed", ""),
        ],
    )
    def test_what_to_know_is_said_beside_it(self, slug, name, hint):
        assert setting(slug, name).hint == hint

    def test_what_each_choice_costs_stands_on_it(self):
        assert "2K <small>$0.085</small>" in drawn("google/nano-banana-2", "imageSize")
        assert "Price a second" in drawn("vidu/viduq3-r2v", "resolution")

    def test_choices_are_words(self):
        markup = drawn("kling/kling-avatar", "mode")
        assert "Standard <small>$0.039</small>" in markup
        assert 'value="std"' in markup
        assert ">As the source</option>" in drawn("alibaba/wan2.7-videoedit", "duration")

    def test_what_is_needed_says_so(self):
        assert '<span class="hint">Needed</span>' in drawn("kling/kling-video-effects", "effect_scene")
        assert "Needed" not in drawn("kling/kling-v3-i2v", "cfg_scale")

    def test_nothing_is_asked_that_leaves_nothing_to_choose(self):
        names = {setting.field.name for setting in ComposerForm.adapted({"model": "kling/kling-v1.5-t2i"}).settings}
        assert names == {"aspect_ratio", "negative_prompt"}

    def test_markup_in_a_value_stays_text(self):
        assert "<b>" not in drawn("kling/kling-v3-i2v", "negative_prompt", negative_prompt="<b>fog</b>")
