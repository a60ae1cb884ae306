"""A whole studio under the work of fifty people for a long time: `make soak`, `python -m tests.soak --seconds 300`.

They browse, look for things, like them and order, a part of it with the faults of the simulator. All along, nothing may
answer with an error of the studio's own or find the database locked, memory may not grow once the studio is warm, and
at the end each order has gone where its fault leads, with the ledger right.
"""

import argparse
import os
import random
import re
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import django
import requests

PEOPLE, ORDERS = 50, 500
WARM = 180  # seconds, after which memory may grow no more
GROWTH = 0.05
PATIENCE = 900  # seconds at the end, for what is still under way: a busy machine may be minutes behind with saving
PAUSES = (2, 8)  # seconds between two clicks of one person
SLOW = 2  # seconds
FAULTS = {  # what is ordered, how often, and where it has to end
    "": (70, {"done"}),
    "[[sim:post=400]]": (5, {"failed"}),
    "[[sim:fail=moderation]]": (5, {"failed"}),
    "[[sim:get=503x1]]": (5, {"done"}),
    "[[sim:get=flap]]": (5, {"done"}),
    "[[sim:file=shortx1]]": (5, {"done"}),
    "[[sim:post=500]]": (5, {"unknown"}),
}
PAGES = (
    "/",
    "/?q=kite",
    "/?favourite=1",
    "/?kind=image&status=done",
    "/models/",
    "/collections/",
    "/usage/",
    "/profile/",
)


class Person:
    """Somebody at a browser."""

    def __init__(self, soak, number, cookie):
        self.soak, self.number = soak, number
        self.chance = random.Random(number)
        self.session = requests.Session()
        self.session.headers["Connection"] = "close"  # one that the server closes meanwhile is nobody's fault
        self.session.cookies.set("sessionid", cookie)

    def browse(self):
        while not self.soak.is_over:
            try:
                self.click()
            except requests.RequestException as error:
                self.soak.wrong[f"no answer: {type(error).__name__}"] += 1
            time.sleep(self.chance.uniform(*PAUSES))

    def click(self):
        if self.soak.take_order():
            self.order()
            return
        page = self.get(self.chance.choice(PAGES))
        inside = re.findall(r'(?:href|src|hx-get)="(/(?:tasks|media|changes)/[^"]+)"', page)
        for address in self.chance.sample(inside, min(3, len(inside))):
            self.get(address.replace("&amp;", "&"))
        liked = re.findall(r'name="file" value="(\d+)"', page)
        if liked:
            self.post("/favourites/", {"file": self.chance.choice(liked)})

    def order(self):
        from tests.views.conftest import order  # noqa: PLC0415 (Django has to be set up first)

        fault = self.chance.choices(list(FAULTS), [often for often, _ in FAULTS.values()])[0]
        self.get("/")
        words = f"A kite, number {self.chance.randrange(10**9)} {fault}".strip()
        answer = self.post("/tasks/", order("minimax/minimax-image-01-t2i", prompt=words))
        if answer.status_code != 200:
            self.soak.wrong[f"an order was answered with {answer.status_code}"] += 1

    def get(self, address):
        return self.told(self.session.get(self.soak.url + address, timeout=60)).text

    def post(self, address, data):
        token = {"csrfmiddlewaretoken": self.session.cookies.get("csrftoken", "")}
        return self.told(self.session.post(self.soak.url + address, data | token, timeout=60))

    def told(self, answer):
        self.soak.answers[answer.status_code] += 1
        self.soak.slow += answer.elapsed.total_seconds() > SLOW
        if answer.status_code >= 500:
            self.soak.wrong[f"{answer.status_code} from {answer.request.path_url.split('?')[0]}"] += 1
        return answer


class Soak:
    def __init__(self, url, seconds, process):
        self.url, self.seconds, self.process = url, seconds, process
        self.began, self.orders, self.lock = time.monotonic(), 0, threading.Lock()
        self.wrong, self.answers, self.slow, self.memory = Counter(), Counter(), 0, []

    @property
    def share(self):
        return (time.monotonic() - self.began) / self.seconds

    @property
    def is_over(self):
        return self.share >= 1

    def take_order(self):
        """Whether it is time for one more order; they are spread evenly."""
        with self.lock:
            due = self.orders < ORDERS * self.share
            self.orders += due
        return due

    def run(self, cookies):
        people = [Person(self, number, cookie) for number, cookie in enumerate(cookies)]
        threads = [threading.Thread(target=person.browse, daemon=True) for person in people]
        for thread in threads:
            thread.start()
        while not self.is_over:
            self.memory.append((self.share, resident(self.process.pid)))
            time.sleep(2)
        for thread in threads:
            thread.join()

    @property
    def tenths(self):
        """The megabytes used at the end of each tenth of the time."""
        return [f"{used / 1e6:.0f}" for used in (self.memory[len(self.memory) * n // 10 - 1][1] for n in range(1, 11))]

    @property
    def growth(self):
        """Of the memory from the time when it was warm to the end, as a share: medians of a fifth of the time each."""
        warm = WARM / self.seconds
        early = [used for share, used in self.memory if warm <= share < warm + 0.2]
        late = [used for share, used in self.memory if share >= 0.8]
        return statistics.median(late) / statistics.median(early) - 1


def resident(pid):
    """Bytes that the process and all its children use for themselves."""
    from tests.bench.processes import family  # noqa: PLC0415

    return sum(own(each) for each in family(pid))


def own(pid):
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(size) for size in re.findall(r"^Private_\w+:\s+(\d+) kB", text, re.MULTILINE)) * 1024


def people():
    """The session keys of fifty people."""
    from django.test import Client  # noqa: PLC0415

    from generations.models import User  # noqa: PLC0415

    for number in range(PEOPLE):
        role = {"role": User.Role.ADMIN} if not number else {}
        person = User.objects.create_user(
            f"p{number}@example.com", None, name=f"Person {number}", undo_seconds=0, **role
        )
        client = Client()
        client.force_login(person)
        yield client.cookies["sessionid"].value


def ended():
    """What is wrong with how the orders ended, once nothing is under way any more."""
    from generations.models import Task  # noqa: PLC0415
    from generations.models.audit import mistakes  # noqa: PLC0415

    deadline = time.monotonic() + PATIENCE
    while Task.objects.filter(status__in=Task.UNFINISHED).exists() and time.monotonic() < deadline:
        time.sleep(1)
    for task in Task.objects.select_related("prompt"):
        fault = (re.findall(r"\[\[.*\]\]", task.prompt.text) or [""])[0]
        if task.status not in FAULTS[fault][1]:
            yield f"task {task.pk} {fault or 'without a fault'} ended as {task.status}"
    yield from mistakes()


def main(seconds):
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        chosen = {"DATA_DIR": f"{folder}/data", "SECRET_KEY": secrets.token_urlsafe(50)}
        os.environ |= chosen | {"DJANGO_SETTINGS_MODULE": "modellix_site.settings"}
        from generations.simulator.server import serve  # noqa: PLC0415
        from tests.browser.conftest import Studio  # noqa: PLC0415

        with serve(data=Path(folder) / "provider", speed=4, rpm=6000, running_cap=50) as provider:
            studio = Studio(provider, Path(folder) / "data")
            studio.start()
            try:
                django.setup()
                return report(studio, seconds)
            finally:
                studio.stop()


def report(studio, seconds):
    """0 when all went well; tells what did not."""
    soak = Soak(studio.url, seconds, studio.process)
    soak.run(list(people()))
    wrong = [f"{number} times {what}" for what, number in soak.wrong.items()] + list(ended())
    wrong += [line.strip() for line in studio.complaints]
    if soak.growth > GROWTH:
        wrong.append(f"memory grew by {soak.growth:.1%}, of which {GROWTH:.0%} are allowed")
    answers = ", ".join(f"{number:,} times {status}" for status, number in sorted(soak.answers.items()))
    print(f"{seconds} s, {PEOPLE} people, {soak.orders} orders; answers: {answers}; {soak.slow} took over {SLOW} s;")
    print(f"memory {', '.join(soak.tenths)} MB, {soak.growth:+.1%} since it was warm")
    print("\n".join(wrong) or "All went well.")
    return bool(wrong)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("--seconds", type=int, default=1800)
    chosen = options.parse_args().seconds
    if chosen < WARM + 60:
        options.error(f"it is warm after {WARM} seconds: choose {WARM + 60} or more")
    sys.exit(main(chosen))
