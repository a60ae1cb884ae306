"""The File API: what is stored, listed and freed, and what an unclear upload means."""

from datetime import UTC, datetime

import pytest

from generations.modellix.client import StoredFile
from generations.modellix.errors import BadAnswer, KeyRefused, NotFound, Refused, SlowDown, Unavailable
from tests.modellix.conftest import KEY

TOLD = {
    "file_id": "file-31",
    "type": "image",
    "url": "https://file.modellix.ai/in/file-31.png",
    "filename": "lantern.png",
    "size": 9,
    "created_at": "2026-08-20T09:10:00Z",
}
FILE = StoredFile(
    "file-31",
    "https://file.modellix.ai/in/file-31.png",
    "image",
    "lantern.png",
    9,
    datetime(2026, 8, 20, 9, 10, tzinfo=UTC),
)


def success(data):
    return {"code": 0, "message": "success", "data": data}


def upload(api):
    return api.upload("lantern.png", "image/png", b"\x89PNG\r\n\x1a\n.")


class UploadTests:
    def test_a_file_goes_out_as_the_one_part_of_a_form(self, api, modellix):
        modellix.answers(success(TOLD))
        assert upload(api) == FILE
        request = modellix.requests[0]
        assert (request.method, request.path) == ("POST", "/api/v1/media/files")
        assert request.headers["authorization"] == f"Bearer {KEY}"
        boundary = request.headers["content-type"].removeprefix("multipart/form-data; boundary=").encode()
        assert request.body == (
            b"--" + boundary + b'\r\nContent-Disposition: form-data; name="file"; filename="lantern.png"\r\n'
            b"Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n.\r\n--" + boundary + b"--\r\n"
        )

    @pytest.mark.parametrize("missing", ["file_id", "url"])
    def test_an_answer_that_leaves_out_what_matters_is_a_bad_one(self, api, modellix, missing):
        modellix.answers(success(TOLD | {missing: None}))
        with pytest.raises(BadAnswer):
            upload(api)

    def test_only_the_id_and_the_address_have_to_be_told(self, api, modellix):
        modellix.answers(success({"file_id": "file-31", "url": FILE.url}))
        assert upload(api) == StoredFile("file-31", FILE.url, "", "", None, None)

    def test_no_answer_means_that_it_may_lie_there(self, api, modellix):
        modellix.resets()
        with pytest.raises(Unavailable):
            upload(api)
        assert len(modellix.requests) == 1

    @pytest.mark.parametrize(
        ("status", "message", "error"),
        [
            (400, "Invalid format: the file must be PNG, JPEG or WebP", Refused),
            (401, "Authentication failed: the API key is missing or invalid", KeyRefused),
            (413, "Request too large: a file has at most 16777216 bytes", Refused),
            (429, "Quota exceeded: 10 files are already stored", SlowDown),
        ],
    )
    def test_a_clear_no_has_the_words_of_modellix(self, api, modellix, status, message, error):
        modellix.answers({"code": status, "message": message}, status)
        with pytest.raises(error) as refusal:
            upload(api)
        assert refusal.value.message == message

    @pytest.mark.parametrize(
        ("message", "scope"),
        [
            ("Quota exceeded: 10 files are already stored", "quota"),
            ("Concurrent limit exceeded: 2 uploads are already running", "running"),
            ("Rate limit exceeded: 100 requests per minute", "rate"),
        ],
    )
    def test_a_429_tells_what_is_too_much(self, api, modellix, message, scope):
        modellix.answers({"code": 429, "message": message}, 429)
        with pytest.raises(SlowDown) as refusal:
            upload(api)
        assert refusal.value.scope == scope


class ListTests:
    @pytest.mark.parametrize(
        "answer",
        [success({"files": [TOLD]}), success({"items": [TOLD]}), success([TOLD]), {"files": [TOLD]}],
        ids=["files", "items", "bare", "top"],
    )
    def test_the_list_is_found_wherever_it_is(self, api, modellix, answer):
        modellix.answers(answer)
        assert api.files() == (FILE,)

    def test_what_cannot_be_named_or_reached_is_left_out(self, api, modellix):
        modellix.answers(success({"files": [TOLD | {"url": "oss://bucket/1"}, TOLD | {"file_id": ""}, 7, TOLD]}))
        assert api.files() == (FILE,)

    def test_an_empty_list_is_a_list_and_none_is_none(self, api, modellix):
        modellix.answers(success({"files": []}))
        assert api.files() == ()
        modellix.answers(success({}))
        with pytest.raises(BadAnswer):
            api.files()


class DeleteTests:
    def test_a_place_is_freed_by_the_id(self, api, modellix):
        modellix.answers(success(None))
        api.delete("file/31")
        assert [(r.method, r.path) for r in modellix.requests] == [("DELETE", "/api/v1/media/files/file%2F31")]

    def test_what_is_not_there_is_said_so(self, api, modellix):
        modellix.answers({"code": 404, "message": "Resource not found: file file-31"}, 404)
        with pytest.raises(NotFound):
            api.delete("file-31")
