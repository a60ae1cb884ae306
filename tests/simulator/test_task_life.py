"""Tasks live by the clock: forward, at their planned times, until they expire."""

import re
import time
from datetime import datetime

import pytest

from generations.simulator import catalogue, plan

from .conftest import SMALL, TEXT_IN_MOTION, UNKNOWN, Caller

TASK_ID = re.compile(r"[A-Za-z0-9._~:/+@=-]{1,512}")  # the official client's rule


def test_the_accepted_answer_is_the_documented_one(simulator, caller):
    reply = caller.submit({"prompt": "A bay"})
    identifier = reply.data["task_id"]
    assert TASK_ID.fullmatch(identifier)
    assert reply.json == {
        "code": 0,
        "message": "success",
        "data": {
            "status": "pending",
            "task_id": identifier,
            "model_id": "alibaba/qwen-image",
            "get_result": {"method": "GET", "url": f"{simulator.url}/api/v1/tasks/{identifier}"},
        },
    }


def test_the_same_body_twice_is_two_tasks(simulator, caller):
    assert caller.bought({"prompt": "A bay"}) != caller.bought({"prompt": "A bay"})
    first, second = simulator.ledger()
    assert first["body_hash"] == second["body_hash"]


def test_a_task_only_moves_forward_whoever_looks_how_often(start):
    simulator = start(speed=20)
    caller = Caller(simulator.url)
    identifier = caller.bought({"prompt": "A bay"})
    seen = []
    while seen[-1:] != ["success"]:
        seen.append(caller.task(identifier).data["status"])
    assert list(dict.fromkeys(seen)) == ["pending", "processing", "success"]
    assert seen == sorted(seen, key=["pending", "processing", "success"].index)


def test_a_waiting_task_tells_its_state_and_nothing_more(start):
    caller = Caller(start(speed=1).url)
    identifier = caller.bought({"prompt": "A bay"})
    assert caller.task(identifier).data == {
        "status": "pending",
        "task_id": identifier,
        "model_id": "alibaba/qwen-image",
    }


def test_the_finished_answer_is_the_documented_one(simulator, caller):
    asked = time.time()
    identifier = caller.bought({"prompt": "A bay", "size": "1664*928"})
    task = caller.finished(identifier)
    assert task["task_id"] == identifier
    assert task["result_expires_at"] == pytest.approx((asked + 86400) * 1000, abs=5000)
    assert isinstance(task["duration"], int)
    result = task["result"]
    [resource] = result["resources"]
    assert re.fullmatch(rf"{simulator.url}/files/[\w-]{{32}}/0\.png", resource.pop("url"))
    assert resource == {"type": "image", "format": "png", "role": "primary", "width": 1664, "height": 928}
    assert result["metadata"]["image_count"] == 1
    assert result["metadata"]["request_id"]
    times = [datetime.fromisoformat(result["extensions"][name]) for name in ("submit_time", "end_time")]
    assert times == sorted(times)


def test_another_key_and_an_unknown_id_find_nothing(simulator, caller):
    identifier = caller.bought({"prompt": "A bay"})
    for reply in (Caller(simulator.url, "mk-other").task(identifier), caller.task("task-unknown")):
        assert (reply.status, reply.message.partition(":")[0]) == (404, "Resource not found")


def test_a_record_past_its_retention_is_gone(start):
    simulator = start(retention_hours=0.15 / 3600)
    caller = Caller(simulator.url)
    identifier = caller.bought(SMALL, UNKNOWN)
    [resource] = caller.finished(identifier)["result"]["resources"]
    assert caller.file(resource).status == 200
    time.sleep(0.2)
    assert caller.task(identifier).status == 404
    assert caller.file(resource).status == 410


@pytest.mark.parametrize(
    ("slug", "low", "high"),
    [
        ("alibaba/qwen-image", 3, 10),
        ("google/nano-banana-edit", 4, 12),
        ("kling/kling-v3-t2v", 30, 120),
        ("alibaba/qwen-audio-3.0-tts-plus", 2, 8),
        ("openai/whisper-1", 2, 8),
    ],
)
def test_times_are_realistic_and_a_function_of_body_and_seed(slug, low, high):
    model = catalogue.models()[slug]
    bodies = [{"prompt": f"picture {number}"} for number in range(50)]
    times = [plan.times(model, body, 1) for body in bodies]
    assert times == [plan.times(model, body, 1) for body in bodies]
    assert times != [plan.times(model, body, 2) for body in bodies]
    assert all(0.2 <= processing <= 2 and low <= done <= high for processing, done in times)
    assert len({round(done, 2) for _, done in times}) > 20


def test_speed_makes_everything_quicker_and_the_answer_says_how_long_it_took(start):
    slow, quick = start(speed=1), start(speed=500)
    body, times = {"prompt": "A bay"}, {}
    times = plan.times(catalogue.models()["alibaba/qwen-image"], body, 0)
    task = Caller(quick.url).finished(Caller(quick.url).bought(body))
    assert task["duration"] == round(times[1] * 1000 / 500)
    assert Caller(slow.url).task(Caller(slow.url).bought(body)).data["status"] == "pending"


def test_several_images_and_the_last_frame_come_in_order(caller):
    four = caller.results({"prompt": "A bay"}, "/api/v1/alibaba/wan2.6-t2i")
    assert [resource["url"].rpartition("/")[2] for resource in four] == ["0.png", "1.png", "2.png", "3.png"]
    film, last = caller.results({"prompt": "A bay", "return_last_frame": True, "ratio": "9:16"}, TEXT_IN_MOTION)
    assert (film["type"], film["format"], film["duration"], film["role"]) == ("video", "mp4", 5, "primary")
    assert (last["type"], last["role"]) == ("image", "alternative")
    assert (film["width"], film["height"]) == (last["width"], last["height"]) == (540, 960)
