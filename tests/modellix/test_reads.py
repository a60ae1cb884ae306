"""Reading tasks, models, key and balance: tolerant of every shape seen, firm about what must be there."""

import gzip
import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime

import pytest

from generations.modellix.client import Client
from generations.modellix.errors import BadAnswer, KeyRefused, NoCredit, NotFound, Refused, SlowDown, Unavailable
from tests.modellix.conftest import KEY, packet

URL = "https://file.modellix.ai/r/7f31c0/0.png?signature=abc"
TASK_ID = "task-7f31c0"
FINISHED = {
    "code": 0,
    "message": "success",
    "data": {
        "status": "success",
        "task_id": TASK_ID,
        "model_id": "model-1",
        "duration": 4180,
        "result": {
            "resources": [
                {"url": URL, "type": "image", "width": 1664, "height": 928, "format": "png", "role": "primary"}
            ],
            "metadata": {"image_count": 1, "request_id": "req-55aa10"},
            "extensions": {"submit_time": "2026-08-20T09:14:02Z", "end_time": "2026-08-20T09:14:06Z"},
        },
        "result_expires_at": 1787822046000,
        "billing": {"amount": 0.0207},
    },
}


@pytest.fixture
def read(api, modellix):
    """read(status="done", ...) gives the TaskState of an answer with these fields in its data."""

    def read(**data):
        modellix.answers({"code": 0, "message": "success", "data": {"task_id": TASK_ID, "status": "success"} | data})
        return api.task(TASK_ID)

    return read


class TaskTests:
    def test_the_documented_answer_is_read_whole(self, api, modellix):
        modellix.answers(FINISHED, X_RateLimit_Remaining=41)
        state = api.task(TASK_ID)
        (image,) = state.resources
        assert (image.url, image.kind, image.format, image.role) == (URL, "image", "png", "primary")
        assert (image.width, image.height, image.duration, image.size) == (1664, 928, None, None)
        assert json.loads(image.raw) == FINISHED["data"]["result"]["resources"][0]
        assert (state.task_id, state.status, state.word, state.error) == (TASK_ID, "succeeded", "success", "")
        assert state.charged == Decimal("0.0207")
        assert state.expires_at == datetime(2026, 8, 27, 9, 14, 6, tzinfo=UTC)
        assert state.submitted_at == datetime(2026, 8, 20, 9, 14, 2, tzinfo=UTC)
        assert state.ended_at == datetime(2026, 8, 20, 9, 14, 6, tzinfo=UTC)
        assert state.duration == 4.18
        assert state.limits.remaining == 41
        assert json.loads(state.raw) == FINISHED

    def test_the_id_is_encoded_into_one_segment(self, api, modellix):
        task_id = "a/b+c@d=e:f~g"
        modellix.answers({"data": {"task_id": task_id, "status": "pending"}})
        assert api.task(task_id).status == "pending"
        assert modellix.requests[0].path == "/api/v1/tasks/a%2Fb%2Bc%40d%3De%3Af~g"

    @pytest.mark.parametrize(
        ("words", "status"),
        [
            (["pending", "queued", "created"], "pending"),
            (["processing", "running", "in_progress"], "processing"),
            (["success", "succeeded", "completed", "done", " SUCCESS "], "succeeded"),
            (["failed", "error", "Failed"], "failed"),
            (["canceled", "cancelled"], "cancelled"),
            (["weird", "paused", "x" * 64, "7"], "unrecognised"),
        ],
    )
    def test_every_word_has_its_meaning(self, read, words, status):
        states = [read(status=word) for word in words]
        assert [state.status for state in states] == [status] * len(words)
        assert [state.word for state in states] == [word.strip() for word in words]

    @pytest.mark.parametrize(
        "data", [{"status": None}, {"status": ""}, {"status": " "}, {"status": "x" * 65}, {"status": {}}]
    )
    def test_without_a_status_it_is_no_answer(self, read, data):
        with pytest.raises(BadAnswer, match="without a status"):
            read(**data)

    @pytest.mark.parametrize(
        "data", [{"task_id": "task-9"}, {"task_id": None}, {"task_id": ""}, {"task_id": TASK_ID.upper()}]
    )
    def test_another_tasks_answer_is_no_answer(self, read, data):
        with pytest.raises(BadAnswer, match="another task"):
            read(**data)

    @pytest.mark.parametrize(
        "document",
        [
            {"data": {"task": {"task_id": TASK_ID, "status": "done"}}},
            {"task": {"task_id": TASK_ID, "status": "done"}},
            {"data": {"taskId": TASK_ID, "state": "done"}},
            {"data": {"id": TASK_ID, "status": "done"}},
        ],
    )
    def test_the_task_is_found_wherever_it_has_been_seen(self, api, modellix, document):
        modellix.answers(document)
        assert api.task(TASK_ID).status == "succeeded"

    def test_success_without_files_is_success(self, read):
        assert read(result={"resources": []}).resources == ()
        assert read().resources == ()


class ResourceTests:
    @pytest.mark.parametrize(
        ("data", "kinds"),
        [
            ({"result": {"resources": [{"url": URL, "type": "Image"}]}}, ["image"]),
            ({"resources": [{"url": URL, "type": "video"}]}, ["video"]),
            ({"result": {"resources": [URL, {"url": URL}]}}, ["", ""]),
            ({"result_resources": [{"url": URL, "type": "document"}]}, ["document"]),
            ({"result": {"images": [URL, {"url": URL}], "videos": [{"url": URL}]}}, ["image", "image", "video"]),
            ({"audios": [URL]}, ["audio"]),
            ({"results": [{"image_url": URL}]}, [""]),
            ({"output": [URL]}, [""]),
            ({"output": URL}, [""]),
            ({"output": {"resources": [{"url": URL, "type": "hologram"}]}}, ["hologram"]),
            ({"output": {"video_url": URL}}, ["video"]),
            ({"output": {"url": URL}}, [""]),
            ({"video_url": URL}, ["video"]),
            ({"result": {"resources": []}, "resources": [URL]}, [""]),
            ({"result": {"resources": [{"url": "ftp://x/y"}]}, "video_url": URL}, ["video"]),
            ({"url": URL}, []),
        ],
    )
    def test_files_are_found_wherever_they_have_been_seen(self, read, data, kinds):
        resources = read(**data).resources
        assert [resource.kind for resource in resources] == kinds
        assert {resource.url for resource in resources} <= {URL}

    @pytest.mark.parametrize(
        "item",
        [
            "ftp://file.modellix.ai/1.png",
            "//file.modellix.ai/1.png",
            "/1.png",
            "data:image/png;base64,AAAA",
            "javascript:alert(1)",
            "https://user:word@file.modellix.ai/1.png",
            "https://user@file.modellix.ai/1.png",
            "https:///1.png",
            "https://[broken/1.png",
            "https://file.modellix.ai/1 2.png",
            "https://file.modellix.ai/1\n.png",
            "",
            None,
            7,
            [URL],
            {"type": "image"},
            {"url": {"href": URL}},
        ],
    )
    def test_a_url_not_worth_following_is_left_out(self, read, item):
        state = read(result={"resources": [item, URL]})
        assert [resource.url for resource in state.resources] == [URL]

    def test_order_and_duplicates_stay(self, read):
        urls = [f"https://file.example/{n % 3}.png" for n in range(7)]
        assert [resource.url for resource in read(result={"resources": urls}).resources] == urls

    def test_a_thousand_files_are_the_most(self, read):
        assert len(read(result={"resources": [URL] * 1200}).resources) == 1000

    @pytest.mark.parametrize(
        ("said", "read_as"),
        [
            (None, None),
            (1024, 1024),
            ("1024", 1024),
            (1024.0, 1024),
            (10.5, None),
            (-1, None),
            (True, None),
            ("wide", None),
        ],
    )
    def test_sizes_are_whole_numbers_or_not_known(self, read, said, read_as):
        item = {"url": URL, "width": said, "height": said, "size": said}
        (resource,) = read(result={"resources": [item]}).resources
        assert (resource.width, resource.height, resource.size) == (read_as, read_as, read_as)

    def test_numbers_built_to_hurt_do_not(self, api, modellix):
        item = b'{"url":"https://a.example/1","width":1e999999999,"size":%s,"duration":1e-999999999}' % (b"9" * 4000)
        modellix.answers(b'{"data":{"task_id":"t","status":"done","resources":[%s],"duration":1e400}}' % item)
        state = api.task("t")
        (resource,) = state.resources
        assert (resource.width, resource.size, resource.duration, state.duration) == (None, None, None, None)

    def test_a_film_has_a_length(self, read):
        (film,) = read(
            result={"resources": [{"url": URL, "type": "video", "duration": 5.04, "size": 812345}]}
        ).resources
        assert (film.duration, film.size) == (5.04, 812345)


class FailureTests:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            ({"error": "prompt was refused"}, "prompt was refused"),
            ({"error": {"message": "no face found", "code": "E7"}}, "no face found"),
            ({"error": {"code": "E7", "type": "moderation"}}, "E7"),
            ({"error": {"type": "moderation"}}, "moderation"),
            ({"error": {"code": 1301}}, "1301"),
            ({"error": None, "message": "upstream failed"}, "upstream failed"),
            ({"error": {}, "message": "", "error_message": "timed out"}, "timed out"),
            ({"fail_reason": "input image could not be fetched"}, "input image could not be fetched"),
            ({"result": {"error": "deep down"}}, "deep down"),
            ({"error": "first", "message": "second", "fail_reason": "third"}, "first"),
            ({}, ""),
        ],
    )
    def test_the_reason_is_found_wherever_it_may_be(self, read, data, reason):
        assert read(status="failed", **data).error == reason

    def test_the_envelopes_message_is_the_last_resort(self, api, modellix):
        modellix.answers({"code": 0, "message": "Moderation: blocked", "data": {"task_id": TASK_ID, "status": "error"}})
        assert api.task(TASK_ID).error == "Moderation: blocked"

    def test_a_reason_is_capped_and_does_not_name_the_key(self, read):
        error = read(status="failed", error=f"{KEY} " + "a" * 9000).error
        assert error.startswith("[key] aaa")
        assert len(error) == 2000

    def test_only_what_ended_badly_has_a_reason(self, read):
        assert read(status="success", message="all good").error == ""
        assert read(status="processing", error="retrying").error == ""
        assert read(status="cancelled", message="by the vendor").error == "by the vendor"


class TimeAndMoneyTests:
    NINE = datetime(2026, 8, 27, 9, 14, 6, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            (1787822046, NINE),
            (1787822046000, NINE),
            ("1787822046", NINE),
            ("1787822046000", NINE),
            ("2026-08-27T09:14:06Z", NINE),
            ("2026-08-27T11:14:06+02:00", NINE),
            ("2026-08-27T09:14:06", NINE),
            (99_999_999_999, datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)),
            (100_000_000_000, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
            (0, None),
            (-5, None),
            (1e300, None),
            ("soon", None),
            ("", None),
            (None, None),
            (True, None),
        ],
    )
    def test_expiry_is_read_in_each_unit(self, read, said, expected):
        assert read(result_expires_at=said).expires_at == expected
        assert read(result={"result_expires_at": said}).expires_at == expected

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            (0.0207, Decimal("0.0207")),
            (3, Decimal(3)),
            (0, Decimal(0)),
            ("0.71", Decimal("0.71")),
            (-1, None),
            (1e300, None),
            ("free", None),
            (None, None),
            (True, None),
        ],
    )
    def test_the_charge_is_exact_or_not_known(self, read, said, expected):
        assert read(billing={"amount": said}).charged == expected
        assert read(result={"billing": {"amount": said}}).charged == expected

    def test_without_words_nothing_is_known(self, read):
        state = read()
        assert (state.charged, state.expires_at, state.submitted_at, state.ended_at, state.duration) == (None,) * 5


class ReadErrorTests:
    @pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520])
    def test_trouble_over_there_may_be_asked_again(self, api, modellix, status):
        modellix.answers({"code": status, "message": "Service unavailable"}, status, Retry_After=4)
        with pytest.raises(Unavailable) as caught:
            api.task(TASK_ID)
        assert (type(caught.value), caught.value.status, caught.value.retry_after) == (Unavailable, status, 4.0)
        assert len(modellix.requests) == 1

    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (400, Refused),
            (401, KeyRefused),
            (402, NoCredit),
            (403, KeyRefused),
            (404, NotFound),
            (405, Refused),
            (409, Refused),
            (425, Refused),
        ],
    )
    def test_a_clear_no_is_told_apart(self, api, modellix, status, kind):
        modellix.answers({"code": status, "message": "Category: detail"}, status)
        with pytest.raises(Refused) as caught:
            api.task(TASK_ID)
        assert type(caught.value) is kind
        assert caught.value.category == "Category"

    def test_429_in_the_envelope_says_slow_down(self, api, modellix):
        modellix.answers({"code": 429, "message": "Rate limit exceeded: 100 requests per minute"}, 429, Retry_After=9)
        with pytest.raises(SlowDown) as caught:
            api.task(TASK_ID)
        assert (caught.value.scope, caught.value.retry_after) == ("rate", 9.0)

    def test_429_from_anybody_else_is_trouble(self, api, modellix):
        modellix.answers(b"slow down", 429, Retry_After=9)
        with pytest.raises(Unavailable) as caught:
            api.task(TASK_ID)
        assert caught.value.retry_after == 9.0

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"data":', b'{"data":[]}', b"[" * 5000])
    def test_nonsense_is_a_bad_answer(self, api, modellix, body):
        modellix.answers(body)
        with pytest.raises(BadAnswer) as caught:
            api.task(TASK_ID)
        assert caught.value.raw == body.decode()

    @pytest.mark.parametrize("status", [301, 302, 304, 307])
    def test_a_redirect_is_never_followed(self, api, modellix, status):
        modellix.answers(b"", status, Location=modellix.url + "/elsewhere")
        with pytest.raises(BadAnswer):
            api.task(TASK_ID)
        assert len(modellix.requests) == 1

    @pytest.mark.parametrize("ending", ["resets", "closes", "plays_dead"])
    def test_a_broken_connection_is_trouble(self, api, modellix, ending):
        getattr(modellix, ending)()
        with pytest.raises(Unavailable):
            api.task(TASK_ID)
        assert len(modellix.requests) == 1

    def test_an_answer_cut_off_is_trouble(self, api, modellix):
        modellix.closes(after=packet(FINISHED, Content_Length=9000))
        with pytest.raises(Unavailable):
            api.task(TASK_ID)

    def test_nobody_there_is_trouble(self):
        with pytest.raises(Unavailable, match="no connection could be made"):
            Client("http://127.0.0.1:1", KEY).balance()

    def test_after_trouble_it_goes_on(self, api, modellix):
        modellix.resets()
        modellix.answers(FINISHED)
        with pytest.raises(Unavailable):
            api.task(TASK_ID)
        assert api.task(TASK_ID).status == "succeeded"


class RetryHintTests:
    @pytest.fixture
    def hint(self, api, modellix):
        def hint(**headers):
            modellix.answers({}, 503, **headers)
            with pytest.raises(Unavailable) as caught:
                api.balance()
            return caught.value.retry_after

        return hint

    def test_retry_after_comes_first(self, hint):
        assert hint(Retry_After="2.5", X_RateLimit_Reset=int(time.time()) + 30) == 2.5

    def test_a_date_will_do(self, hint):
        until = datetime.fromtimestamp(time.time() + 20, UTC)
        assert 18 <= hint(Retry_After=format_datetime(until, usegmt=True)) <= 20

    def test_then_the_reset_in_unix_seconds(self, hint):
        assert 28 <= hint(X_RateLimit_Reset=int(time.time()) + 30) <= 30
        assert 28 <= hint(Retry_After="soon", X_RateLimit_Reset=int(time.time()) + 30) <= 30

    def test_a_skewed_clock_does_no_harm(self, hint):
        assert hint(X_RateLimit_Reset=int(time.time()) + 86400) == 60.0
        assert hint(X_RateLimit_Reset=int(time.time()) - 86400) == 1.0
        assert hint(Retry_After="86400") == 60.0
        assert hint(Retry_After="0") == 1.0

    @pytest.mark.parametrize("word", ["", "soon", "nan", "inf", "7 apples"])
    def test_no_hint_is_no_number(self, hint, word):
        assert hint(Retry_After=word, X_RateLimit_Reset=word) is None


class ModelListTests:
    ITEM = {
        "slug": "alibaba/qwen-image",
        "type": "Text-To-Image",
        "docs_url": "https://docs.modellix.ai/alibaba/qwen-image.md",
        "description": "Older general picture model",
        "brand_new": {"anything": 1},
    }

    def test_each_model_is_read(self, api, modellix):
        modellix.answers({"models": [self.ITEM, {"slug": "kling/kling-v3-i2v"}]})
        first, second = api.models()
        assert (first.slug, first.type, first.provider) == ("alibaba/qwen-image", "text-to-image", "alibaba")
        assert (first.description, first.docs_url) == (self.ITEM["description"], self.ITEM["docs_url"])
        assert (second.slug, second.type, second.name, second.provider) == ("kling/kling-v3-i2v", "", "", "kling")
        assert modellix.requests[0].path == "/api/v1/models"

    @pytest.mark.parametrize(
        "document", [{"models": [ITEM]}, {"code": 0, "data": {"models": [ITEM]}}, {"code": 0, "data": [ITEM]}]
    )
    def test_the_list_is_found_in_each_wrapping(self, api, modellix, document):
        modellix.answers(document)
        assert [model.slug for model in api.models()] == ["alibaba/qwen-image"]

    @pytest.mark.parametrize("document", [{}, [], {"models": None}, {"models": {}}, {"code": 0, "data": {}}])
    def test_no_list_is_a_bad_answer(self, api, modellix, document):
        modellix.answers(document)
        with pytest.raises(BadAnswer, match="list of models"):
            api.models()

    def test_an_empty_list_is_a_list(self, api, modellix):
        modellix.answers({"models": []})
        assert api.models() == ()

    def test_what_cannot_be_ordered_is_left_out_and_the_first_of_two_stays(self, api, modellix):
        bad = [None, "a/b", {}, {"slug": 5}, {"slug": "x"}, {"slug": "a/b\u202e"}, {"slug": "a/" + "b" * 255}]
        good = [{"slug": "a/b", "name": "First"}, {"slug": "c/d"}, {"slug": "a/b", "name": "Second"}]
        modellix.answers({"models": bad + good})
        assert [(model.slug, model.name) for model in api.models()] == [("a/b", "First"), ("c/d", "")]

    @pytest.mark.parametrize(
        ("given", "provider"),
        [
            ({"provider": "kling"}, "kling"),
            ({"provider": {"slug": "kling", "name": "Kling"}}, "kling"),
            ({"provider": {"name": "Kling"}}, "Kling"),
            ({"providerSlug": "kling"}, "kling"),
            ({"provider_slug": "kling"}, "kling"),
            ({"provider": None}, "a"),
        ],
    )
    def test_the_provider_is_read_in_each_shape(self, api, modellix, given, provider):
        modellix.answers({"models": [{"slug": "a/b"} | given]})
        assert api.models()[0].provider == provider

    @pytest.mark.parametrize(
        ("given", "price"),
        [
            ({"price": 0.0207}, ("0.0207", "0.0207", "")),
            ({"price": {"min": 0.04, "max": 0.12, "unit": "image"}}, ("0.04", "0.12", "image")),
            ({"price": 0.5, "unit": "second"}, ("0.5", "0.5", "second")),
            ({"price_usd": 0.02}, ("0.02", "0.02", "")),
            ({"pricing": {"usd": 0.03}}, ("0.03", "0.03", "")),
            ({"pricing": {"price": 0.04}}, ("0.04", "0.04", "")),
            ({"price": 0}, None),
            ({"price": -1}, None),
            ({"price": "ask us"}, None),
            ({"price": {"min": 2, "max": 1}}, None),
            ({}, None),
        ],
    )
    def test_a_price_is_exact_or_not_known(self, api, modellix, given, price):
        modellix.answers({"models": [{"slug": "a/b"} | given]})
        found = api.models()[0].price
        assert (found and (str(found.minimum), str(found.maximum), found.unit)) == price


class AccountTests:
    @pytest.mark.parametrize("verdict", [True, False])
    def test_the_boolean_decides_about_the_key(self, api, modellix, verdict):
        modellix.answers({"code": 0, "message": "success", "data": {"is_valid": verdict}})
        assert api.validate() is verdict
        assert modellix.requests[0].path == "/api/v1/apikey/validate"

    @pytest.mark.parametrize("data", [None, {}, {"is_valid": "true"}, {"is_valid": 1}, {"is_valid": None}])
    def test_200_alone_proves_nothing(self, api, modellix, data):
        modellix.answers({"code": 0, "data": data})
        with pytest.raises(BadAnswer):
            api.validate()

    @pytest.mark.parametrize("figure", ["12.3456", "0", "-3.20", "0.1000", "99999999.9999"])
    def test_the_balance_is_exact(self, api, modellix, figure):
        modellix.answers(b'{"code":0,"data":{"balance":%s}}' % figure.encode())
        assert str(api.balance()) == figure
        assert modellix.requests[0].path == "/api/v1/team/balance"

    @pytest.mark.parametrize("figure", ['"12.34"', "null", "true", "[]", "NaN", "Infinity", "1e999999", '""'])
    def test_a_balance_must_be_a_number(self, api, modellix, figure):
        modellix.answers(b'{"code":0,"data":{"balance":%s}}' % figure.encode())
        with pytest.raises(BadAnswer):
            api.balance()

    def test_reads_share_one_connection(self, api, modellix):
        for _ in range(3):
            modellix.answers({"data": {"is_valid": True}})
            api.validate()
        assert modellix.connections == 1

    def test_a_packed_answer_is_unpacked(self, api, modellix):
        modellix.answers(gzip.compress(b'{"data":{"balance":1.5}}'), Content_Encoding="gzip")
        assert api.balance() == Decimal("1.5")

    def test_a_packed_bomb_is_left_alone(self, api, modellix):
        bomb = gzip.compress(b'{"data":{"balance":1.5}}' + b" " * (17 * 1024 * 1024), 1)
        modellix.answers(bomb, Content_Encoding="gzip")
        with pytest.raises(Unavailable):
            api.balance()
