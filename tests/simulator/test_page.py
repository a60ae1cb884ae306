"""The ledger as a page for people."""

import html
import re

from .conftest import Caller
from .test_uploads import PICTURE, upload


def page(caller):
    """The words of the page, tags taken away."""
    reply = caller.get("/simulator/")
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    text = re.sub(r"<style>.*</style>", "", reply.body.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_an_empty_page_says_so_in_each_of_its_parts(caller):
    text = page(caller)
    for sentence in ("Nobody has bought", "No task has been", "None but those", "No order asked", "None is kept"):
        assert sentence in text


def test_it_tells_who_was_charged_for_what(start):
    simulator = start(speed=1)
    caller = Caller(simulator.url)
    identifier = caller.bought({"prompt": "A bay & <b>boats</b> [[sim:status=done]]"})
    text = page(caller)
    assert f"{simulator.requests()[0]['key']} 1 $0.0207 $99.9793" in text
    told = f"{identifier} (pending|processing) \\$0.0207 alibaba/qwen-image A bay & <b>boats</b> status=done"
    assert re.search(told, text)
    assert b"<b>boats" not in caller.get("/simulator/").body


def test_it_says_loudly_what_was_bought_twice(caller):
    caller.bought({"prompt": "A bay"})
    assert "bought 2 times" not in page(caller)
    caller.bought({"prompt": "A bay"})
    assert "bought 2 times" in page(caller)


def test_it_tells_faults_requests_webhooks_and_uploads(start):
    simulator = start(speed=1)
    caller = Caller(simulator.url)
    simulator.set_faults([{"fault": "get=503", "model": "qwen", "count": 2}])
    caller.submit({"prompt": "A bay"}, X_Webhook_URL="https://studio.example.com/hooks/1/")
    upload(caller)
    caller.get("/files/x", Authorization="Bearer mk-demo")
    text = page(caller)
    assert "get=503 model qwen 2" in text
    assert "https://studio.example.com/hooks/1/ 0 not sent yet" in text
    assert f"lantern.png {len(PICTURE)} bytes" in text
    assert "GET /files/x" in text
    assert "key sent to a file address" in text


def test_no_key_is_on_it(caller):
    caller.bought({"prompt": "A bay"})
    assert "mk-demo" not in page(caller).replace("for example mk-demo", "")
