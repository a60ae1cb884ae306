"""How result files are served."""

import sqlite3
from contextlib import closing

import pytest

from .conftest import SMALL, UNKNOWN, Caller


@pytest.fixture
def resource(caller):
    [resource] = caller.results(SMALL, UNKNOWN)
    return resource


@pytest.fixture
def whole(caller, resource):
    return caller.file(resource)


def test_a_file_needs_no_key_and_tells_its_length_and_version(whole):
    assert whole.status == 200
    assert whole.headers["Content-Type"] == "image/png"
    assert whole.headers["Content-Length"] == str(len(whole.body))
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["ETag"].startswith('"')


def test_head_tells_the_same_without_the_bytes(simulator, resource, whole):
    head = Caller(simulator.url, None).call("HEAD", resource["url"].removeprefix(simulator.url))
    assert head.body == b""
    names = ("Content-Length", "ETag", "Content-Type")
    assert [head.headers[name] for name in names] == [whole.headers[name] for name in names]


@pytest.mark.parametrize(
    ("asked", "part"),
    [("bytes=0-9", slice(0, 10)), ("bytes=100-", slice(100, None)), ("bytes=-7", slice(-7, None))],
)
def test_a_range_gives_that_part(caller, resource, whole, asked, part):
    reply = caller.file(resource, Range=asked)
    first, last, _ = part.indices(len(whole.body))
    assert (reply.status, reply.body) == (206, whole.body[part])
    assert reply.headers["Content-Range"] == f"bytes {first}-{last - 1}/{len(whole.body)}"
    assert reply.headers["ETag"] == whole.headers["ETag"]


def test_a_range_past_the_end_is_cut_or_refused(caller, resource, whole):
    size = len(whole.body)
    assert caller.file(resource, Range=f"bytes=0-{size * 2}").body == whole.body
    for asked in (f"bytes={size}-", "bytes=9-3", "bytes=-0"):
        reply = caller.file(resource, Range=asked)
        assert (reply.status, reply.headers["Content-Range"]) == (416, f"bytes */{size}")


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=a-b"])
def test_a_range_it_does_not_serve_gives_the_whole_file(caller, resource, whole, asked):
    reply = caller.file(resource, Range=asked)
    assert (reply.status, reply.body) == (200, whole.body)


def test_if_range_decides_whether_to_go_on_or_begin_anew(caller, resource, whole):
    same = caller.file(resource, Range="bytes=100-", If_Range=whole.headers["ETag"])
    assert (same.status, same.body) == (206, whole.body[100:])
    other = caller.file(resource, Range="bytes=100-", If_Range='"another"')
    assert (other.status, other.body) == (200, whole.body)


def test_the_same_file_is_served_after_a_restart(start):
    first = start()
    caller = Caller(first.url)
    [resource] = caller.results(SMALL, UNKNOWN)
    body = caller.file(resource).body
    first.close()
    resource["url"] = resource["url"].replace(first.url, "")
    assert Caller(start().url).file(resource).body == body


def test_nothing_is_found_by_guessing(caller, simulator, resource):
    path = resource["url"].removeprefix(simulator.url)
    for wrong in (path[:-5] + "9.png", "/files/guess/0.png", "/files/", "/files/../simulator.sqlite3"):
        assert caller.get(wrong).status == 404
    assert caller.call("DELETE", path).status == 405


def test_a_file_is_not_there_before_its_task_is_done(start, tmp_path):
    slow = start(speed=1)
    Caller(slow.url).bought({"prompt": "A bay"})
    with closing(sqlite3.connect(tmp_path / "simulator" / "simulator.sqlite3")) as database:
        [token] = database.execute("SELECT token FROM task").fetchone()
    assert Caller(slow.url, None).get(f"/files/{token}/0.png").status == 404
