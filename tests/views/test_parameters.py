"""What was ordered, as people read it."""

import pytest

from generations.modellix import labels
from generations.views.parameters import parameters

pytestmark = pytest.mark.django_db
SEEDANCE = "bytedance/seedance-1.5-pro-t2v"


class ParametersTests:
    def test_values_have_their_units_and_the_words_of_the_composer(self, make_task):
        body = {
            "prompt": "A harbour",
            "duration": 5,
            "seed": -1,
            "ratio": "adaptive",
            "resolution": "720p",
            "service_tier": "default",
            "generate_audio": True,
            "execution_expires_after": 172800,
        }
        told = {name: value for name, _, value in parameters(make_task(model_slug=SEEDANCE, body=body))}
        assert told == {
            "duration": "5 s",
            "seed": "Any",
            "ratio": "To fit",
            "resolution": "720p",
            "service_tier": "Standard",
            "generate_audio": "Yes",
            "execution_expires_after": "48 h",
        }

    def test_what_nobody_has_documented_is_told_as_it_was_sent(self, make_task):
        body = {"prompt": "A harbour", "size": "1024x768", "tags": ["red", "blå"], "style": "snake_case"}
        told = {name: value for name, _, value in parameters(make_task(model_slug="nobody/knows", body=body))}
        assert told == {"size": "1024 × 768", "tags": '["red", "blå"]', "style": "snake_case"}  # noqa: RUF001

    def test_the_words_to_speak_are_told_once_as_the_prompt(self, make_task):
        body = {"text": "Good evening", "language_hint": "en"}
        told = parameters(make_task(model_slug="alibaba/qwen-audio-3.0-tts-plus", body=body))
        assert told == [("language_hint", "Language", "en")]

    def test_a_length_that_the_model_chooses_is_told_in_words(self):
        assert labels.choice("duration", "-1") == "As the model sees fit"
