"""A client that waits as the official CLI does: a look at once, then each 2 seconds, eight readers, GETs tried thrice.

It is kinder to itself than the CLI: it keeps within the running cap, and tries again where an order is refused.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore

import requests

from tests.bench.studio import KEY, SLUG

INTERVAL = 2  # seconds
READERS = 8
TRIES = 3
LONGEST_WAIT = 10  # seconds of a Retry-After that are believed
ENDED = {"success", "failed"}


class CommandLine:
    def __init__(self, url):
        self.url, self.readers = url, Semaphore(READERS)
        self.noticed = {}  # task id → Unix seconds

    def run(self, texts, running_cap):
        """Order these pictures and wait for all of them, so many at once."""
        with ThreadPoolExecutor(running_cap) as pool:
            list(pool.map(self.follow, texts))

    def follow(self, text):
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {KEY}"
            task_id = self.submit(session, text)
            while self.status(session, task_id) not in ENDED:
                time.sleep(INTERVAL)
            self.noticed[task_id] = time.time()

    def submit(self, session, text):
        while True:
            answer = session.post(f"{self.url}/api/v1/{SLUG}", json={"prompt": text}, timeout=15)
            if answer.ok:
                return answer.json()["data"]["task_id"]
            time.sleep(hint(answer, 1))

    def status(self, session, task_id):
        with self.readers:
            for tried in range(TRIES):
                answer = session.get(f"{self.url}/api/v1/tasks/{task_id}", timeout=15)
                if answer.ok:
                    return answer.json()["data"]["status"]
                time.sleep(hint(answer, tried + 1))
        return None


def hint(answer, seconds):
    return min(float(answer.headers.get("Retry-After", seconds)), LONGEST_WAIT)
