"""The promise of a paid request: bought, refused, not sent or unknown, never asked twice and never guessed."""

import json
import socket
import ssl
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generations.modellix.client import Client
from generations.modellix.errors import (
    RAW_LIMIT,
    KeyRefused,
    NoCredit,
    NotSent,
    OutcomeUnknown,
    Refused,
    RouteUnknown,
    SlowDown,
)
from tests.modellix.conftest import KEY, Handler, packet

BODY = {"prompt": "Paper lanterns over a canal, dusk", "n": 1}
TAKEN = {
    "code": 0,
    "message": "success",
    "data": {
        "status": "pending",
        "task_id": "task-7f31c0",
        "model_id": "model-1",
        "get_result": {"method": "GET", "url": "https://elsewhere.example/api/v1/tasks/task-7f31c0"},
    },
}
LIMITED = {"code": 429, "message": "Rate limit exceeded: 100 requests per minute"}


def buy(api, **given):
    return api.submit("alibaba/qwen-image", BODY, **{"form": "plain"} | given)


class SlowReader(Handler):
    """Reads a body of 8 MB in about half a second, in small sips."""

    def setup(self):
        super().setup()
        take = self.rfile.read
        self.rfile.read = lambda size: b"".join(sips(take, size))


def sips(take, size):
    while size:
        sip = take(min(size, 80_000))
        size -= len(sip)
        time.sleep(0.005)
        yield sip


def nested(depth):
    return json.loads("[" * depth + "]" * depth)


class RequestTests:
    @pytest.mark.parametrize(
        ("form", "path"),
        [
            ("plain", "/api/v1/alibaba/qwen-image"),
            ("async", "/api/v1/alibaba/qwen-image/async"),
            ("typed", "/api/v1/text-to-image/alibaba/qwen-image/async"),
        ],
    )
    def test_each_form_has_its_path(self, api, modellix, form, path):
        modellix.answers(TAKEN)
        buy(api, form=form, type="text-to-image")
        assert [(r.method, r.path) for r in modellix.requests] == [("POST", path)]

    def test_segments_are_encoded_as_the_official_client_does(self, api, modellix):
        modellix.answers(TAKEN)
        api.submit("a b/c+d", BODY, form="plain")
        assert modellix.requests[0].path == "/api/v1/a%20b/c%2Bd"

    def test_the_body_goes_out_flat_and_whole_with_the_key(self, api, modellix):
        modellix.answers(TAKEN)
        buy(api)
        request = modellix.requests[0]
        assert json.loads(request.body) == BODY
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert request.headers["content-type"] == "application/json"
        assert request.headers["user-agent"].startswith("Modellix-Studio/")
        assert "x-webhook-url" not in request.headers

    def test_a_large_body_may_take_longer_to_leave_than_to_connect(self, api, modellix):
        modellix.RequestHandlerClass = SlowReader
        modellix.answers(TAKEN)
        large = "x" * 8_000_000
        api.submit("alibaba/qwen-image", {"image": large}, form="plain")
        assert json.loads(modellix.requests[0].body) == {"image": large}

    def test_a_webhook_is_asked_for_by_header(self, api, modellix):
        modellix.answers(TAKEN)
        buy(api, webhook_url="https://studio.example/hooks/1")
        assert modellix.requests[0].headers["x-webhook-url"] == "https://studio.example/hooks/1"

    def test_it_never_shares_a_connection(self, api, modellix):
        # A kept-alive connection may be dead already, and then nobody knows whether the order arrived.
        for answer in ({"data": {"is_valid": True}}, TAKEN, TAKEN, {"data": {"is_valid": True}}):
            modellix.answers(answer)
        api.validate(), buy(api), buy(api), api.validate()
        assert [r.connection for r in modellix.requests] == [1, 2, 3, 1]
        assert [r.headers.get("connection") for r in modellix.requests] == [
            "keep-alive",
            "close",
            "close",
            "keep-alive",
        ]

    def test_the_environment_sends_it_nowhere_else_and_under_no_other_name(self, api, modellix, monkeypatch, tmp_path):
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        monkeypatch.setenv("no_proxy", "")
        modellix.answers(TAKEN)
        assert buy(api).task_id == "task-7f31c0"
        assert modellix.requests[0].headers["authorization"] == f"Bearer {KEY}"

    @pytest.mark.parametrize(
        "slug", ["", "qwen-image", "a/b/c", "a/", "/b", "../b", "a/..", "a/b\n", "a/" + "b" * 255, None]
    )
    def test_a_slug_that_cannot_be_one_is_not_sent(self, api, modellix, slug):
        with pytest.raises(ValueError, match="provider/model"):
            api.submit(slug, BODY, form="plain")
        assert modellix.requests == []

    @pytest.mark.parametrize("given", [{"form": "typed"}, {"form": "stream"}, {"form": ""}])
    def test_a_form_that_cannot_be_built_is_not_sent(self, api, modellix, given):
        with pytest.raises(ValueError, match="No path form"):
            buy(api, **given)
        assert modellix.requests == []

    def test_numbers_that_json_lacks_are_not_sent(self, api, modellix):
        with pytest.raises(ValueError, match="JSON compliant"):
            api.submit("a/b", {"scale": float("nan")}, form="plain")
        assert modellix.requests == []


class AcceptedTests:
    def test_it_gives_the_id_and_keeps_the_answer(self, api, modellix):
        modellix.answers(TAKEN, X_RateLimit_Limit=100, X_RateLimit_Remaining=93, X_RateLimit_Reset=1787821500)
        accepted = buy(api)
        assert (accepted.task_id, accepted.status, accepted.http_status) == ("task-7f31c0", "pending", 200)
        assert json.loads(accepted.raw) == TAKEN
        assert (accepted.limits.limit, accepted.limits.remaining) == (100, 93)
        assert accepted.limits.reset_at == datetime(2026, 8, 27, 9, 5, tzinfo=UTC)

    @pytest.mark.parametrize("limit", ["0", "-1", "1000001", str(10**17), "many"])
    def test_a_limit_that_cannot_be_is_not_told(self, api, modellix, limit):
        modellix.answers(TAKEN, X_RateLimit_Limit=limit)
        assert buy(api).limits.limit is None

    @pytest.mark.parametrize("task_id", ["t", "task_abc123xyz", "a/b+c@d=e:f~g.h", "x" * 512])
    def test_every_id_the_official_client_takes_is_taken(self, api, modellix, task_id):
        modellix.answers({"code": 0, "data": {"task_id": task_id}})
        assert buy(api).task_id == task_id

    @pytest.mark.parametrize("status", [200, 201, 202])
    def test_any_2xx_will_do(self, api, modellix, status):
        modellix.answers(TAKEN, status)
        assert buy(api).http_status == status

    def test_the_code_is_not_looked_at(self, api, modellix):
        modellix.answers({"success": True, "data": {"task_id": "task-1"}})
        modellix.answers({"code": 400, "message": "odd", "data": {"task_id": "task-2"}})
        assert [buy(api).task_id, buy(api).task_id] == ["task-1", "task-2"]

    @pytest.mark.parametrize(
        ("word", "status"),
        [("succeeded", "succeeded"), ("Processing", "processing"), ("weird", "pending"), (None, "pending")],
    )
    def test_a_status_is_read_when_it_makes_sense(self, api, modellix, word, status):
        modellix.answers({"data": {"task_id": "task-1", "status": word}})
        assert buy(api).status == status

    def test_the_most_nested_answer_allowed_is_read(self, api, modellix):
        modellix.answers({"data": {"task_id": "task-1"}, "deep": nested(99)})
        assert buy(api).task_id == "task-1"


class RefusedTests:
    @pytest.mark.parametrize(
        ("status", "kind"),
        [
            (400, Refused),
            (401, KeyRefused),
            (402, NoCredit),
            (403, KeyRefused),
            (404, RouteUnknown),
            (405, RouteUnknown),
            (413, Refused),
            (415, Refused),
            (422, Refused),
        ],
    )
    def test_a_clear_no_bought_nothing(self, api, modellix, status, kind):
        modellix.answers({"code": status, "message": "Some category: some detail"}, status)
        with pytest.raises(Refused) as caught:
            buy(api)
        assert type(caught.value) is kind
        assert (caught.value.status, caught.value.message) == (status, "Some category: some detail")
        assert caught.value.category == "Some category"
        assert json.loads(caught.value.raw)["code"] == status
        assert len(modellix.requests) == 1

    @pytest.mark.parametrize("body", [b"", b"<html>Payload too large</html>", b"[]", b'{"message":null}'])
    def test_a_no_without_words_is_still_a_no(self, api, modellix, body):
        modellix.answers(body, 413)
        with pytest.raises(Refused) as caught:
            buy(api)
        assert caught.value.message == "Modellix answered 413 without a reason."
        assert caught.value.category == ""

    @pytest.mark.parametrize(
        ("message", "scope"),
        [
            ("Rate limit exceeded: 100 requests per minute", "rate"),
            ("Concurrent limit exceeded: 3 tasks", "running"),
            ("Quota exceeded for today", "quota"),
        ],
    )
    def test_429_in_the_envelope_is_a_refusal_with_a_scope(self, api, modellix, message, scope):
        modellix.answers({"code": 429, "message": message, "data": None}, 429, Retry_After=7, X_RateLimit_Limit=100)
        with pytest.raises(SlowDown) as caught:
            buy(api)
        assert (caught.value.scope, caught.value.message, caught.value.retry_after) == (scope, message, 7.0)
        assert caught.value.limits.limit == 100
        assert len(modellix.requests) == 1

    def test_the_key_is_never_repeated(self, api, modellix):
        modellix.answers({"code": 401, "message": f"Authentication failed: no key {KEY}"}, 401)
        with pytest.raises(KeyRefused) as caught:
            buy(api)
        assert caught.value.message == "Authentication failed: no key [key]"
        assert KEY not in str(caught.value) + caught.value.raw + repr(api)

    def test_long_answers_are_kept_in_part(self, api, modellix):
        modellix.answers({"code": 400, "message": "a" * 100_000}, 400)
        with pytest.raises(Refused) as caught:
            buy(api)
        assert len(caught.value.raw) == RAW_LIMIT
        assert len(caught.value.message) == 2000

    def test_what_a_database_cannot_hold_is_replaced(self, api, modellix):
        modellix.answers(b'{"code":400,"message":"bad \\u0000 and \\ud83d"}', 400)
        with pytest.raises(Refused) as caught:
            buy(api)
        assert caught.value.message == "bad \ufffd and ?"


class UnknownTests:
    def assert_unknown(self, api, modellix, status=None):
        with pytest.raises(OutcomeUnknown) as caught:
            buy(api)
        assert caught.value.status == status
        assert KEY not in caught.value.message
        assert len(modellix.requests) == 1
        return caught.value

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<html>It works</html>",
            b'{"data":{"task_id":"task-1"}',
            b'\xff\xfe{"data"',
            b'{"data":{"task_id":"task-1"},"cost":NaN}',
            b"null",
            [],
            {},
            {"code": 0, "data": None},
            {"code": 400, "message": "Invalid parameters: prompt", "data": None},
            {"code": 0, "data": [{"task_id": "task-1"}]},
            {"task_id": "task-1"},
            {"data": {"task_id": ""}},
            {"data": {"task_id": None}},
            {"data": {"task_id": 17}},
            {"data": {"task_id": "task 1"}},
            {"data": {"task_id": "task-1\n"}},
            {"data": {"task_id": "x" * 513}},
            {"data": {"task_id": "täsk"}},
            {"data": {"task_id": "task-1"}, "deep": nested(100)},
            b"[" * 200_000,
            {"data": {"task_id": "task-1"}, "wide": [0] * 250_000},
        ],
    )
    def test_a_yes_without_a_usable_id_may_have_bought(self, api, modellix, body):
        modellix.answers(body)
        error = self.assert_unknown(api, modellix, 200)
        assert (
            error.raw
            == (body if isinstance(body, bytes) else json.dumps(body).encode()).decode("utf8", "replace")[:RAW_LIMIT]
        )

    def test_an_answer_over_16_mib_is_not_read_to_its_end(self, api, modellix):
        modellix.trickles(packet(b'{"data":{"task_id":"task-1"}}' + b" " * (16 * 1024 * 1024)), 0.01)
        self.assert_unknown(api, modellix)

    @pytest.mark.parametrize("status", [408, 409, 410, 425, 451, 500, 502, 503, 504, 599])
    def test_these_may_hide_a_task(self, api, modellix, status):
        modellix.answers({"code": status, "message": "Service unavailable"}, status)
        assert self.assert_unknown(api, modellix, status).message == f"Modellix answered {status}: Service unavailable"

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
    def test_a_redirect_is_never_followed(self, api, modellix, status):
        modellix.answers(b"", status, Location=modellix.url + "/api/v1/elsewhere")
        self.assert_unknown(api, modellix, status)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"Too Many Requests",
            [LIMITED],
            {"message": "Rate limit exceeded: slowly"},
            {"code": 429},
            {"code": 429, "message": ""},
            {"code": 0, "message": "Rate limit exceeded: slowly"},
            {"code": "429", "message": "Rate limit exceeded: slowly"},
            LIMITED | {"data": {"task_id": "task-1"}},
        ],
    )
    def test_429_in_any_other_dress_may_hide_a_task(self, api, modellix, body):
        modellix.answers(body, 429, Retry_After=3)
        self.assert_unknown(api, modellix, 429)

    def test_no_answer_in_time(self, api, modellix):
        modellix.plays_dead()
        assert "did not answer in time" in self.assert_unknown(api, modellix).message

    def test_an_answer_that_trickles_past_the_deadline(self, api, modellix):
        modellix.trickles(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{", 0.02)
        self.assert_unknown(api, modellix)

    def test_a_reset_before_the_answer(self, api, modellix):
        modellix.resets()
        self.assert_unknown(api, modellix)

    def test_an_end_before_the_answer(self, api, modellix):
        modellix.closes()
        self.assert_unknown(api, modellix)

    @pytest.mark.parametrize("status", [200, 400])
    @pytest.mark.parametrize("ending", ["resets", "closes"])
    def test_an_answer_cut_off(self, api, modellix, ending, status):
        # A whole JSON value, but less than was announced: what is missing might have said otherwise.
        getattr(modellix, ending)(after=packet(TAKEN, status, Content_Length=5000))
        self.assert_unknown(api, modellix)

    def test_a_chunked_answer_cut_off(self, api, modellix):
        body = json.dumps(TAKEN).encode()
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(body), body)
        modellix.closes(after=head)
        self.assert_unknown(api, modellix)

    def test_an_answer_that_is_not_http(self, api, modellix):
        modellix.closes(after=b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        self.assert_unknown(api, modellix)

    def test_a_compressed_answer_that_is_none(self, api, modellix):
        modellix.answers(b"plainly not gzip", Content_Encoding="gzip")
        self.assert_unknown(api, modellix)


class NotSentTests:
    def assert_not_sent(self, url):
        client = Client(url, KEY)
        client.submit_timeout = (0.2, 5)
        with pytest.raises(NotSent) as caught:
            buy(client)
        return caught.value.message

    def test_a_refused_connection(self, modellix):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        message = self.assert_not_sent(f"http://127.0.0.1:{port}")
        assert message == f"127.0.0.1:{port} cannot be reached: no connection could be made. Nothing was sent."

    def test_a_name_that_does_not_exist(self):
        message = self.assert_not_sent("https://modellix.invalid")
        assert message == "modellix.invalid cannot be reached: its name cannot be resolved. Nothing was sent."

    def test_a_connection_that_never_comes_about(self):
        with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
            address = listener.getsockname()
            waiting = [socket.socket() for _ in range(4)]  # more than the listener lets wait
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(address)
            assert "timed out" in self.assert_not_sent(f"http://127.0.0.1:{address[1]}")
            for one in waiting:
                one.close()

    def test_a_certificate_that_nobody_vouches_for(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(Path(__file__).with_name("untrusted.pem"))
        received = []
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def serve():
                connection, _ = listener.accept()
                with connection:
                    try:
                        received.append(context.wrap_socket(connection, server_side=True).recv(10))
                    except ssl.SSLError:
                        received.append(b"")

            thread = threading.Thread(target=serve)
            thread.start()
            client = Client(f"https://127.0.0.1:{listener.getsockname()[1]}", KEY)
            with pytest.raises(NotSent, match="its certificate is not trusted"):
                buy(client)
            thread.join(5)
        assert received == [b""]

    def test_proof_of_an_earlier_attempt_proves_nothing_about_the_next(self, api, modellix):
        modellix.resets()
        try:
            buy(Client("http://127.0.0.1:1", KEY))
        except NotSent:
            with pytest.raises(OutcomeUnknown):
                buy(api)
        assert len(modellix.requests) == 1
