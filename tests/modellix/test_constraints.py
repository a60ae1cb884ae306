"""What the catalogue tells of a model in prose: checked where that is safe, shown where it is not."""

from dataclasses import replace

import pytest

from generations.modellix import constraints, schema
from generations.modellix.catalogue import find, models, orderable

FILE, FILES = "https://a.example/1.png", ["https://a.example/1.png"]
WAN, REFERENCES = "alibaba/wan2.7-i2v", "alibaba/wan2.7-r2v"
MIXED, SERIES = "alibaba/wan2.6-image", "alibaba/wan2.7-image"
SEEDANCE, EDIT = "bytedance/seedance-2.0-v2v", "google/nano-banana-2-edit"
OMNI, VEO, AVATAR = "kling/kling-video-o1", "google/veo-3.1-i2v", "kling/kling-avatar"
SYNC, HAILUO = "pixverse/lipsync", "minimax/hailuo-2.3-t2v"


class CheckTests:
    @pytest.mark.parametrize(
        ("slug", "body", "problems"),
        [
            (WAN, {"first_frame": FILE, "last_frame": FILE, "driving_audio": FILE}, {}),
            (WAN, {"first_clip": FILE, "last_frame": FILE}, {}),
            (
                WAN,
                {"first_frame": FILE, "first_clip": FILE},
                {"first_clip": "Not together with “First frame”: leave one of them out."},
            ),
            (
                WAN,
                {"first_clip": FILE, "driving_audio": FILE},
                {"driving_audio": "Not together with “Video”: leave one of them out."},
            ),
            (MIXED, {"images": FILES * 4}, {}),
            (MIXED, {"enable_interleave": True}, {}),
            (
                MIXED,
                {"enable_interleave": True, "images": FILES * 2},
                {"images": "At most 1 with “Words and pictures mixed”; these are 2."},
            ),
            (MIXED, {}, {"images": "At least one is needed, unless “Words and pictures mixed” is on."}),
            (REFERENCES, {"reference_images": FILES * 3, "reference_videos": FILES * 2}, {}),
            (
                REFERENCES,
                {"reference_images": FILES * 3, "reference_videos": FILES * 3},
                {"reference_videos": "At most 5 in all; these are 6."},
            ),
            (SEEDANCE, {"video_urls": FILES, "first_frame_image": FILE, "last_frame_image": FILE}, {}),
            (
                SEEDANCE,
                {"video_urls": FILES, "last_frame_image": FILE, "reference_images": FILES},
                {"reference_images": "Not together with “Last frame”: leave one of them out."},
            ),
            (EDIT, {"image": FILES * 14}, {}),
            (EDIT, {"image": FILES * 10, "video": FILE}, {}),
            (
                EDIT,
                {"image": FILES * 11, "video": FILE},
                {"image": "At most 10 together with “Video”; these are 11."},
            ),
            (OMNI, {"mode": "pro", "aspect_ratio": "1:1", "duration": 5}, {}),
            (
                OMNI,
                {"mode": "pro", "videos": FILES},
                {"mode": "Not together with “Videos”: leave one of them out."},
            ),
            (AVATAR, {"image": FILE, "audio_id": "7"}, {}),
            (
                AVATAR,
                {"image": FILE, "audio_id": "7", "sound_file": FILE},
                {"audio_id": "Not together with “Sound”: leave one of them out."},
            ),
            ("kling/kling-v2.6-i2v", {"image": FILE, "image_tail": FILE}, {}),
            ("kling/kling-v2.6-i2v", {"image": FILE, "image_tail": FILE, "static_mask": FILE}, {"static_mask"}),
            (HAILUO, {"resolution": "1080P"}, {}),
            (HAILUO, {"resolution": "768P", "duration": 10}, {}),
            (HAILUO, {"resolution": "1080P", "duration": 10}, {"duration": "With 1080P it has to be 6 s."}),
            ("minimax/hailuo-02-i2v", {"first_frame_image": FILE, "resolution": "512P", "duration": 10}, {}),
            ("google/veo-3.1-t2v", {"resolution": "4k"}, {}),
            ("google/veo-3.1-t2v", {"resolution": "720p", "durationSeconds": "4"}, {}),
            (
                "google/veo-3.1-t2v",
                {"resolution": "4k", "durationSeconds": "6"},
                {"durationSeconds": "With 1080p and 4k it has to be 8 s."},
            ),
            (VEO, {"image": FILE, "lastFrame": FILE, "durationSeconds": "8", "negativePrompt": "fog"}, {}),
            (VEO, {"referenceImages": FILES}, {}),
            (VEO, {"lastFrame": FILE}, {"image": "“Last frame” needs this too."}),
            (
                VEO,
                {"image": FILE, "lastFrame": FILE, "durationSeconds": "6"},
                {"durationSeconds": "With “Last frame” it has to be 8 s."},
            ),
            (VEO, {"image": FILE, "referenceImages": FILES}, {"referenceImages"}),
            (VEO, {"referenceImages": FILES, "negativePrompt": "fog"}, {"negativePrompt"}),
            (SYNC, {"video": FILE, "audio_url": FILE}, {}),
            (SYNC, {"video": FILE, "speaker_id": "ava", "tts_content": "Hello"}, {}),
            (SYNC, {"video": FILE}, {"audio_url": "Either this is needed, or “Speaker” and “Words to speak”."}),
            (
                SYNC,
                {"video": FILE, "speaker_id": "ava"},
                {"tts_content": "This goes together with “Speaker”."},
            ),
            (
                SYNC,
                {"video": FILE, "audio_url": FILE, "speaker_id": "ava", "tts_content": "Hello"},
                {"speaker_id", "tts_content"},
            ),
            ("kling/kling-v3-omni-image", {"images": FILES * 6, "element_ids": list("abcd")}, {}),
            ("kling/kling-v3-omni-image", {"images": FILES * 6, "element_ids": list("abcde")}, {"element_ids"}),
            (SERIES, {"n": 4}, {}),
            (SERIES, {"n": 12, "enable_sequential": True}, {}),
            (SERIES, {"n": 5}, {"n": "At most 4 without “Series of related images”."}),
        ],
    )
    def test_what_goes_against_a_rule_is_told_at_its_field(self, slug, body, problems):
        found = schema.check(find(slug), {"prompt": "x"} | body)
        assert (set(found) if isinstance(problems, set) else found) == problems

    @pytest.mark.parametrize("model", [model for model in models() if model.parameters], ids=lambda model: model.slug)
    def test_nonsense_in_place_of_a_value_breaks_no_rule_of_ours(self, model):
        for nonsense in ("x", 7, 7.5, True, [], ["x"], {"x": 1}):
            schema.check(model, dict.fromkeys(model.rules, nonsense))

    def test_words_that_have_changed_are_not_checked_but_shown(self):
        changed = replace(find(AVATAR), constraints=("one of audio_id, sound_file, or both",))
        assert schema.check(changed, {"image": FILE, "audio_id": "7", "sound_file": FILE}) == {}
        assert constraints.notes(changed) == ["One of “Number of a recording”, “Sound file”, or both."]


class CountTests:
    def test_a_request_that_is_no_series_may_ask_for_fewer(self):
        assert schema.count_limit(find(SERIES)) == 4
        assert schema.count_limit(find(SERIES), {"enable_sequential": True}) == 12


class NoteTests:
    def test_all_prose_of_the_catalogue_has_been_read(self):
        prose = {words for model in models() for words in model.constraints}
        assert prose <= constraints.CHECKED.keys() | constraints.SEEN_TO | constraints.TOLD.keys()

    def test_nothing_is_kept_for_prose_that_is_gone(self):
        prose = {words for model in models() for words in constraints._prose(model)}
        assert constraints.CHECKED.keys() | constraints.SEEN_TO | constraints.TOLD.keys() <= prose
        assert constraints.REMARKS.keys() <= {model.notes for model in models()}

    def test_what_nobody_checks_is_told(self):
        assert constraints.notes(find("bytedance/seedream-4.5-t2i")) == ["Each image of a series is probably charged."]
        assert constraints.notes(find("alibaba/qwen-image")) == []

    def test_how_little_is_known_is_told(self):
        assert constraints.notes(find("vidu/viduq3-pro-t2v")) == [f"{constraints.NOTHING}."]
        assert constraints.notes(find("openai/whisper-1")) == [f"{constraints.PARTLY}."]

    def test_every_note_is_a_sentence_for_people(self):
        for model in orderable():
            for note in constraints.notes(model):
                assert note[0].isupper()
                assert note.endswith(".")
                assert "page" not in note
