"""A process that forks workers to be killed: `python -m tests.engine.crash`, then one JSON object a line.

    {"url": "http://127.0.0.1:1234", "at": ["generations/engine/submit.py", "post", "call"]}

Each line forks a worker that dispatches and saves until nothing is open. Its process id is printed, then how it ended
(as a signal's negative number or an exit status). With "at" it is SIGKILLed by itself when that function is called or
returns; nothing of the product is changed for it, the interpreter's own profiling hook watches all threads.
"""

import json
import os
import signal
import sys
import threading
import traceback

import django
from django.conf import settings

django.setup()

from generations.engine import dispatcher, learned, poll, save  # noqa: E402 (they need the set-up)
from generations.engine.durations import Durations  # noqa: E402


def die_at(path, name, moment):
    def watch(frame, event, _):
        code = frame.f_code
        if event == moment and code.co_name == name and code.co_filename.endswith(path):
            os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(watch)
    sys.setprofile(watch)


def work(url, at=None):
    settings.MODELLIX_BASE_URL, settings.MODELLIX_API_KEY = url, "mk-tests"
    settings.MODELLIX_REQUESTS_PER_MINUTE, settings.MODELLIX_RUNNING_CAP = 6000, 100
    learned.BY_KIND = dict.fromkeys(learned.BY_KIND, Durations(0.3, 0.6))
    poll.SOONEST, dispatcher.TURN = 0.05, 0.02
    if at:
        die_at(*at)
    dispatcher.hold_office(call_successor=lambda: None, save_later=save.save)


def main():
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                work(**json.loads(line))
            except Exception:  # noqa: BLE001 (whatever it is, the parent has to hear of it)
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
