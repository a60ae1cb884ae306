"""The File API: inputs for orders, with its quota and its limits."""

import http.client
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from urllib.parse import urlsplit

import pytest

from .conftest import Caller

FILES = "/api/v1/media/files"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"a picture, with\r\nlines and \x00 \xff bytes\r\n--"
FORM = "multipart/form-data; boundary=b1"
KINDS = [
    (b"\x89PNG\r\n\x1a\n", "image", "png"),
    (b"\xff\xd8\xff\xe0", "image", "jpeg"),
    (b"RIFF....WEBPVP8 ", "image", "webp"),
    (b"....ftypisom....", "video", "mp4"),
    (b"RIFF....WAVEfmt ", "audio", "wav"),
    (b"ID3\x04", "audio", "mpeg"),
    (b"....ftypM4A ....", "audio", "mp4"),
]


def form(content=PICTURE, name="file", filename="lantern.png"):
    head = f'--b1\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
    return head.encode() + b"Content-Type: image/png\r\n\r\n" + content + b"\r\n--b1--\r\n"


def upload(caller, body=None, **headers):
    return caller.call("POST", FILES, form() if body is None else body, **{"Content_Type": FORM} | headers)


def listed(caller, query=""):
    return [file["file_id"] for file in caller.get(FILES + query).data["files"]]


def test_an_upload_is_answered_as_documented_and_served_to_everybody(simulator, caller):
    reply = upload(caller)
    told = dict(reply.data)
    identifier = told["file_id"]
    assert reply.json["code"] == 0
    assert datetime.fromisoformat(told.pop("created_at")).year > 2020
    assert told == {
        "file_id": identifier,
        "type": "image",
        "url": f"{simulator.url}/in/{identifier}.png",
        "filename": "lantern.png",
        "size": len(PICTURE),
    }
    served = Caller(simulator.url, key=None).get(urlsplit(told["url"]).path)
    assert (served.status, served.headers["Content-Type"], served.body) == (200, "image/png", PICTURE)
    part = Caller(simulator.url, key=None).get(urlsplit(told["url"]).path, Range="bytes=1-3")
    assert (part.status, part.body) == (206, b"PNG")


@pytest.mark.parametrize(("content", "kind", "extension"), KINDS)
def test_what_a_file_is_its_bytes_tell(caller, content, kind, extension):
    told = upload(caller, form(content, filename="anything.gif")).data
    assert (told["type"], told["url"].rpartition(".")[2]) == (kind, extension)


def test_a_key_sees_and_deletes_its_own_files_alone(simulator, caller):
    first, second = (upload(caller).data["file_id"] for _ in range(2))
    other = Caller(simulator.url, "mk-other")
    assert listed(caller) == [second, first]
    assert listed(caller, "?limit=1") == [second]
    assert listed(other) == []
    assert other.call("DELETE", f"{FILES}/{first}").status == 404
    assert caller.call("DELETE", f"{FILES}/{first}").json == {"code": 0, "message": "success", "data": None}
    assert caller.call("DELETE", f"{FILES}/{first}").status == 404
    assert listed(caller) == [second]
    assert caller.get(f"/in/{first}.png").status == 404


def test_ten_files_fill_the_quota_and_a_deleted_one_makes_room(caller):
    files = [upload(caller).data["file_id"] for _ in range(10)]
    refused = upload(caller)
    assert (refused.status, refused.message) == (429, "Quota exceeded: 10 files are already stored")
    caller.call("DELETE", f"{FILES}/{files[0]}")
    assert upload(caller).status == 200


def test_a_file_is_gone_after_its_time_and_out_of_the_quota(caller, tmp_path):
    identifier = upload(caller).data["file_id"]
    with sqlite3.connect(tmp_path / "simulator" / "simulator.sqlite3") as database:
        [kept] = database.execute("SELECT expires - created FROM upload").fetchone()
        database.execute("UPDATE upload SET expires = created")
    assert kept == 7 * 86400
    assert listed(caller) == []
    assert caller.get(f"/in/{identifier}.png").status == 404
    assert caller.call("DELETE", f"{FILES}/{identifier}").status == 404


def test_files_outlive_a_restart(start):
    first = start()
    told = upload(Caller(first.url)).data
    first.close()
    second = Caller(start().url)
    assert listed(second) == [told["file_id"]]
    assert second.get(urlsplit(told["url"]).path).body == PICTURE


@pytest.mark.parametrize(
    ("body", "headers", "status", "category"),
    [
        (form(b"\x89PNG\r\n\x1a\n" + b"x" * 16 * 1024 * 1024), {}, 413, "Request too large"),
        (form(b"<svg/>"), {}, 400, "Invalid format"),
        (form(b""), {}, 400, "Invalid format"),
        (form(name="picture"), {}, 400, "Missing required parameter"),
        (form().removesuffix(b"--b1--\r\n") + form(), {}, 400, "Missing required parameter"),
        (b"", {}, 400, "Missing required parameter"),
        (PICTURE, {"Content_Type": "image/png"}, 400, "Missing required parameter"),
        (b"{}", {"Content_Type": "application/json"}, 400, "Missing required parameter"),
        (form(), {"Authorization": "Bearer wrong"}, 401, "Authentication failed"),
    ],
    ids=["large", "unknown", "empty", "misnamed", "two", "nothing", "bare", "json", "stranger"],
)
def test_what_cannot_be_kept_is_refused(caller, body, headers, status, category):
    reply = upload(caller, body, **headers)
    assert (reply.status, reply.message.partition(":")[0]) == (status, category)
    assert listed(caller) == []


def test_the_largest_file_is_kept(caller):
    assert upload(caller, form(b"\x89PNG\r\n\x1a\n" + b"x" * (16 * 1024 * 1024 - 8))).status == 200


def test_a_third_upload_at_once_is_refused(simulator, caller):
    lines = [begun_upload(simulator.url) for _ in range(2)]
    refused = upload(caller)
    assert (refused.status, refused.message) == (429, "Concurrent limit exceeded: 2 uploads are already running")
    assert upload(Caller(simulator.url, "mk-other")).status == 200
    for line in lines:
        line.send(form())
        assert line.getresponse().status == 200
        line.close()
    assert upload(caller).status == 200


def begun_upload(url):
    """An upload of which the server has read the head, and waits for the body."""
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    line.putrequest("POST", FILES)
    for name, value in {"Authorization": "Bearer mk-demo", "Content-Type": FORM, "Expect": "100-continue"}.items():
        line.putheader(name, value)
    line.putheader("Content-Length", str(len(form())))
    line.endheaders()
    assert line.sock.recv(1, socket.MSG_PEEK)
    return line


def test_the_quota_is_not_overrun_by_asking_all_at_once(caller):
    with ThreadPoolExecutor(20) as crowd:
        replies = list(crowd.map(lambda _: upload(caller), range(60)))
    assert {reply.status for reply in replies} <= {200, 429}
    assert sum(reply.status == 200 for reply in replies) == len(listed(caller)) <= 10


def test_a_key_sent_to_a_public_address_is_on_record(simulator, caller):
    caller.get(urlsplit(upload(caller).data["url"]).path)
    assert simulator.requests()[-1]["violation"] == "key sent to a file address"
