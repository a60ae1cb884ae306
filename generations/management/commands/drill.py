import time
from collections import Counter

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from generations.engine import provider
from generations.engine.jobs import dispatch_later
from generations.models import Heartbeat, Prompt, Task, User

MODEL = "simulator/drill"  # Modellix does not know it: even an order gone astray would buy nothing
DRILLS = {  # name → faults of the simulator, and where an order with each has to end
    "sending": {
        "post=400": "failed",
        "post=404": "failed",
        "post=500": "unknown",
        "post=500-created": "unknown",
        "post=200-nojson-created": "unknown",
        "post=drop-before": "unknown",
        "post=drop-after-create": "unknown",
    },
    "watching": {
        "get=503x1": "done",
        "get=not-jsonx1": "done",
        "get=wrong-idx1": "done",
        "get=flap": "done",
        "status=weird": "done",
        "status=completed-upper": "done",
        "status=cancelled": "cancelled",
    },
    "failing": {
        "fail=moderation": "failed",
        "fail=upstream": "failed",
        "fail=input-fetch": "failed",
        "fail=timeout": "failed",
    },
    "saving": {
        "result=empty": "failed",
        "result=string-items": "done",
        "result=duplicate-names": "done",
        "expires=past": "done",
        "file=410x1": "done",
        "file=shortx1": "done",
        "file=redirectx3": "done",
    },
    "webhooks": {
        "hook=duplicate": "done",
        "hook=out-of-order": "done",
        "hook=late": "done",
        "hook=never": "done",
        "post=500-created hook=never": "unknown",
    },
}
OVER = (Task.Status.DONE, Task.Status.PARTIAL, Task.Status.FAILED, Task.Status.EXPIRED, Task.Status.CANCELLED)
HEARD_WITHIN = 20  # seconds after sending within which a webhook may still clear up what is unclear
CHARGES = {Task.Spent.YES: (1,), Task.Spent.NO: (0,)}  # how often each word allows it; the other words tell nothing


class Command(BaseCommand):
    help = "Put orders that go wrong through the running studio and compare with the simulator's ledger. Costs nothing."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", metavar="NAME", help="which drills; all if none")
        parser.add_argument("--list", action="store_true", help="tell what there is, and do nothing")
        parser.add_argument("--seconds", type=int, default=180, help="how long each drill may take")

    def handle(self, *, names, seconds, **options):
        if options["list"]:
            return self.stdout.write("\n".join(f"{name}: {', '.join(faults)}" for name, faults in DRILLS.items()))
        if unknown := set(names) - set(DRILLS):
            raise CommandError(f"There is no drill {', '.join(sorted(unknown))}. There are {', '.join(DRILLS)}.")
        url, author = simulator_url(), first_admin()
        if not Heartbeat.is_any_fresh():
            raise CommandError("No worker runs. Start the studio first: make run")
        wrong = sum(self.run(name, url, author, seconds) for name in names or DRILLS)
        if wrong:
            raise CommandError(f"{wrong} {'order' if wrong == 1 else 'orders'} went otherwise than they should.")

    def run(self, name, url, author, seconds):
        """One drill and its table. Returns how many orders went wrong."""
        aside = (
            " (without PUBLIC_URL no webhook is asked for)" if name == "webhooks" and not settings.PUBLIC_URL else ""
        )
        self.stdout.write(f"{name}{aside}")
        orders = place(DRILLS[name], author)
        ends, bought = wait(orders, author, seconds), charges(url)
        wrong = 0
        for fault, task in orders.items():
            status, spent = ends[fault]
            count = bought[str(task.body)]
            verdict = judge(DRILLS[name][fault], status, spent, count)
            wrong += verdict != "right"
            told = f"{status:10} {Task.Spent(spent).label:12} ledger {count}x"
            self.stdout.write(f"  {fault:31} {told}  {verdict}")
        return wrong


def simulator_url():
    """Where the studio's simulator is. Raises CommandError when the studio talks to anything else."""
    note = settings.DATA_DIR / "simulator" / "port"
    if settings.MODELLIX_API_KEY:
        url = settings.MODELLIX_BASE_URL
    elif note.exists():  # `manage.py studio` has started one
        url = f"http://127.0.0.1:{note.read_text().strip()}"
    else:
        raise CommandError("No simulator has been started here. Start the studio first: make run")
    if settings.MODELLIX_API_KEY and not provider.is_local():
        raise CommandError(f"The studio talks to {url}. Drills are for the simulator on this machine only.")
    charges(url)
    return url


def charges(url):
    """How often each body was charged, by the ledger of the simulator. Raises CommandError when there is none."""
    try:
        ledger = requests.get(f"{url}/simulator/ledger", timeout=10).json()
        return Counter(str(entry["body"]) for entry in ledger if entry["amount"])
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"No simulator answers at {url}.") from error


def first_admin():
    author = User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("pk").first()
    if author is None:
        raise CommandError("There is no account yet. Make the first one in the browser.")
    return author


def place(faults, author):
    """Put an order for each fault in the queue: {fault: Task}."""
    with transaction.atomic():
        orders = {fault: order(fault, author) for fault in faults}
        dispatch_later()
    return orders


def order(fault, author):
    tokens = " ".join(f"[[sim:{name}]]" for name in fault.split())
    text = f"A drill at {timezone.now():%H:%M:%S.%f}, paper lanterns over a canal {tokens}"
    prompt = Prompt.objects.create(author=author, text=text, model_slugs=[MODEL])
    named = {"model_slug": MODEL, "model_name": "Drill", "model_type": "text-to-image", "kind": Task.Kind.IMAGE}
    return Task.order(prompt, author, text="in a drill", **named, body={"prompt": text, "size": "480*320"})


def wait(orders, author, seconds):
    """Until all have ended, or no longer: {fault: (status, spent)}. What stays unclear is dismissed: it would hold a
    place among the running for an hour."""
    ends, deadline = {}, time.monotonic() + seconds
    while len(ends) < len(orders) and time.monotonic() < deadline:
        time.sleep(0.2)
        for fault, task in orders.items():
            if fault not in ends and has_ended(task):
                ends[fault] = task.status, task.spent
                task.dismiss(author)
    return {fault: ends.get(fault, (task.status, task.spent)) for fault, task in orders.items()}


def has_ended(task):
    task.refresh_from_db()
    if task.status == Task.Status.UNKNOWN:
        age = (timezone.now() - task.claimed_at).total_seconds()
        return age > HEARD_WITHIN or not settings.PUBLIC_URL
    return task.status in OVER


def judge(expected, status, spent, count):
    """The verdict in words. A webhook may have cleared up what was unclear."""
    if count > 1:
        return "BOUGHT TWICE"
    if count not in CHARGES.get(spent, (0, 1)):
        return "THE MONEY IS TOLD WRONGLY"
    if status == expected or (expected == "unknown" and status == "done" and count):
        return "right"
    return f"should be {expected}"
