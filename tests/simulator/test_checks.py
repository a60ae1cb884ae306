"""What is refused at submit, in which words, and in which order; nothing refused is charged."""

import json

import pytest

from .conftest import PICTURE, TEXT_IN_MOTION, Caller

SEEDREAM = "/api/v1/bytedance/seedream-4.5-t2i"
VEO = "/api/v1/google/veo-3.1-t2v"
MINIMAX = "/api/v1/minimax/minimax-image-01-t2i"
AVATAR = "/api/v1/kling/kling-avatar"
FRAMES = "/api/v1/alibaba/wan2.7-i2v"

REFUSED = [
    (PICTURE, {}, "Missing required parameter: prompt is required"),
    (PICTURE, {"seed": -1}, "Missing required parameter: prompt is required"),
    (AVATAR, {"image": "x"}, "Missing required parameter: one of audio_id, sound_file is required"),
    (PICTURE, {"prompt": 5}, "Invalid parameters: prompt must be of type string"),
    (PICTURE, {"prompt": "x", "seed": "7"}, "Invalid parameters: seed must be of type integer"),
    (PICTURE, {"prompt": 5, "seed": -1}, "Invalid parameters: prompt must be of type string"),
    (FRAMES, {"first_frame": "ftp://x"}, "Invalid parameters: first_frame must be in the documented form"),
    (SEEDREAM, {"prompt": "x", "size": "large"}, "Invalid parameters: size must be width*height"),
    (PICTURE, {"prompt": ""}, "Value out of range: prompt must have at least 1 characters"),
    (PICTURE, {"prompt": "x" * 801}, "Value out of range: prompt must have at most 800 characters"),
    (PICTURE, {"prompt": "x", "seed": -1}, "Value out of range: seed must be between 0 and 2147483647"),
    (PICTURE, {"prompt": "x", "n": 3}, "Value out of range: n must be one of 1"),
    (MINIMAX, {"prompt": "x", "width": 513, "height": 512}, "Value out of range: width must be a multiple of 8"),
    (VEO, {"prompt": "x", "durationSeconds": "5"}, "Value out of range: durationSeconds must be one of 4, 6, 8"),
    (SEEDREAM, {"prompt": "x", "size": "800x600"}, "Value out of range: size must have at least 3686400 pixels"),
    (
        SEEDREAM,
        {"prompt": "x", "size": "9000x500"},
        "Value out of range: each side of size must be between 64 and 4096",
    ),
]
NOT_OBJECTS = [
    b"",
    b"{",
    b"[]",
    b'"x"',
    b"\xff",
    b'{"n":NaN}',
    b'{"n":1e999}',
    b"[" * 5000,
    b'{"a":' * 120 + b"1" + b"}" * 120,
]


@pytest.mark.parametrize(("path", "body", "message"), REFUSED)
def test_a_body_that_does_not_fit_is_refused_in_documented_words(simulator, caller, path, body, message):
    reply = caller.submit(body, path=path)
    assert (reply.status, reply.json) == (400, {"code": 400, "message": message})
    assert simulator.ledger() == []


@pytest.mark.parametrize("body", NOT_OBJECTS)
def test_a_body_that_is_not_a_json_object_is_refused(simulator, caller, body):
    reply = caller.submit(body)
    assert (reply.status, reply.message.partition(":")[0]) == (400, "Invalid format")
    assert simulator.ledger() == []


def test_a_body_that_is_too_large_is_refused_unread(caller):
    reply = caller.submit(None, Content_Length=str(64 * 1024 * 1024 + 1))
    assert (reply.status, reply.message.partition(":")[0]) == (413, "Request too large")


def test_unknown_fields_pass_and_models_without_known_parameters_take_anything(caller):
    assert caller.submit({"prompt": "x", "mood": {"deep": [1, 2]}}).status == 200
    assert caller.submit({"anything": 1}, path="/api/v1/alibaba/qwen-image-plus").status == 200


def test_unknown_and_withdrawn_models_are_not_found(caller):
    assert caller.submit({"prompt": "x"}, path="/api/v1/alibaba/nothing").status == 404
    assert caller.submit({"prompt": "x"}, path="/api/v1/nobody/qwen-image").status == 404


def test_the_checks_come_in_order(start):
    """Each step repairs the first thing that is wrong, and meets the next."""
    simulator = start(speed=1, rpm=6, running_cap=1, balance="0.06")
    nobody, caller, other = (Caller(simulator.url, key) for key in ("bad", "mk-demo", "mk-other"))
    wrong = "/api/v1/alibaba/nothing"
    assert nobody.submit(b"{", path=wrong).status == 401
    assert caller.submit(b"{", path=wrong).status == 404
    assert caller.submit(b"{").message.startswith("Invalid format")
    assert caller.submit({"seed": "x"}).message.startswith("Missing required")
    assert caller.submit({"prompt": "one"}).status == 200
    running = caller.submit({"prompt": "two"})
    assert (running.status, running.message) == (429, "Concurrent limit exceeded: 1 tasks are already running")
    assert caller.submit({"seed": "x"}).message.startswith("Missing required")
    limited = caller.submit(b"{", path=wrong)
    assert (limited.status, limited.message) == (429, "Rate limit exceeded: 6 requests per minute")
    poor = other.submit({"prompt": "x", "duration": 12}, path=TEXT_IN_MOTION)
    assert (poor.status, poor.message.partition(":")[0]) == (402, "Payment Required")
    assert [row["body"] for row in simulator.ledger()] == [{"prompt": "one"}]


@pytest.mark.parametrize(
    ("path", "body", "amount"),
    [
        (PICTURE, {}, 0.0207),
        ("/api/v1/kling/kling-v3-t2i", {"n": 3}, 0.5796),
        ("/api/v1/google/nano-banana-2", {"imageSize": "4K"}, 0.1248),
        ("/api/v1/alibaba/wan2.6-t2i", {}, 0.16),  # four images when n is not said, at the default price
        (TEXT_IN_MOTION, {"duration": 4, "resolution": "480p"}, 0.0496),
        (TEXT_IN_MOTION, {}, 0.2485),  # 5 s of 1080p, both by default
        ("/api/v1/pixverse/v6-t2v", {"quality": "720p"}, 0.5175),
        ("/api/v1/pixverse/v6-t2v", {"quality": "720p", "generate_audio": True}, 0.69),
        ("/api/v1/alibaba/qwen-audio-3.0-tts-plus", {"text": "Hello"}, 0.02),
    ],
)
def test_the_catalogue_price_is_charged(simulator, caller, path, body, amount):
    caller.bought({"prompt": "A bay"} | body, path)
    [row] = simulator.ledger()
    assert row["amount"] == amount
    balance = json.loads(caller.get("/api/v1/team/balance").body)["data"]["balance"]
    assert balance == round(100 - amount, 4)


def test_what_was_charged_is_on_the_finished_task(caller):
    task = caller.finished(caller.bought({"prompt": "A bay"}))
    assert task["billing"] == {"amount": 0.0207}
