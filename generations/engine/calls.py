"""Calling the program that the admins named, signed as the Standard Webhooks say (docs/webhook.md).

Its address is somebody's word: it is looked up and checked at each try, no redirect is followed, and of the answer
only the beginning is read.
"""

import base64
import hashlib
import hmac
import json
import logging
import time

import requests
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from generations.engine import addresses
from generations.models import Call, Event, Webhook
from generations.models.notice import BUDGETS
from generations.places import address

logger = logging.getLogger(__name__)

TIMEOUT = (5, 10)  # seconds to connect, and between two pieces of the answer
MOST_AT_ONCE = 50
NAMES = {  # of what is told; all else is a failure
    Event.Kind.SAVED: Webhook.Event.READY,
    Event.Kind.LOST_TRACK: Webhook.Event.UNCLEAR,
    Event.Kind.BUDGET_NEAR: Webhook.Event.BUDGET_NEAR,
    Event.Kind.BUDGET_USED: Webhook.Event.BUDGET_USED,
}


def note(events):
    """What is to be told of these Events: nothing of a generation that its author keeps private."""
    webhook = Webhook.current()
    if webhook is None or not webhook.is_on:
        return
    for event in events:
        name = NAMES.get(event.kind, Webhook.Event.FAILED)
        is_budget = event.kind in BUDGETS
        if name in webhook.events and (is_budget or not event.task.is_private):
            data = about_budget(event.alarm) if is_budget else about(event.task)
            Call.objects.create(webhook=webhook, event=name, body=body(name, event.at, data))


def about_budget(alarm):
    return {
        "url": address(reverse("usage")),
        "budget": "person" if alarm.person else "team",
        "person": alarm.person and str(alarm.person),
        "month": f"{alarm.month:%Y-%m}",
        "limit_usd": str(alarm.limit),
        "used_usd": str(alarm.used),
    }


def about(task):
    charged = None if task.price_charged is None else str(task.price_charged)
    return {
        "id": task.pk,
        "url": address(task.get_absolute_url()),
        "status": task.status,
        "model": task.model_slug,
        "kind": task.kind,
        "author": str(task.author),
        "charged_usd": charged,
        "error": task.error,
    }


def body(name, at, data):
    return json.dumps({"type": name, "timestamp": at.isoformat(), "data": data})


def test(webhook):
    """A message that only says that the way is open."""
    text = body(Webhook.TEST, timezone.now(), {"url": address("/")})
    return Call.objects.create(webhook=webhook, event=Webhook.TEST, body=text)


def deliver_due():
    for call in Call.objects.due().select_related("webhook").order_by("due_at")[:MOST_AT_ONCE]:
        deliver(call)


def deliver(call):
    if not call.claim():
        return
    try:
        status, text = post(call)
    except addresses.Unsafe:
        call.miss("The address is not a public one with https, so nothing was sent.")
    except (addresses.FetchError, requests.RequestException) as error:
        call.miss(f"No answer came ({type(error).__name__}).")
    else:
        outcome = call.arrive if 200 <= status < 300 else call.miss
        outcome(http_status=status, text=text)


def post(call):
    """(status, how the answer begins)."""
    addresses.check_url(call.webhook.address, local=settings.DEBUG)
    with addresses.session(local=settings.DEBUG) as session:
        answer = session.post(
            call.webhook.address,
            data=call.body.encode(),
            headers=headers(call, int(time.time())),
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        )
        with answer:
            return answer.status_code, beginning(answer)


def headers(call, timestamp):
    return {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Modellix-Studio-Webhook/1",
        "webhook-id": str(call),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(call, timestamp),
    }


def signature(call, timestamp):
    signed = f"{call}.{timestamp}.{call.body}".encode()
    return f"v1,{base64.b64encode(hmac.digest(call.webhook.key, signed, hashlib.sha256)).decode()}"


def beginning(answer):
    """As much of the answer as came at once, without what a database or a page cannot hold."""
    try:
        start = answer.raw.read1(4 * Call.ANSWER_LENGTH, decode_content=False)
    except (OSError, requests.packages.urllib3.exceptions.HTTPError):
        return ""
    return start.decode(errors="replace").replace("\0", "")[: Call.ANSWER_LENGTH]
