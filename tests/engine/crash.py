"""Run one dispatcher with its savers, and SIGKILL this process at the moment a named function is called or returns.

    python -m tests.engine.crash generations/engine/submit.py post call

Nothing of the product is changed for it: the interpreter's own profiling hook watches all threads.
"""

import os
import signal
import sys
import threading


def die_at(path, name, moment):
    def watch(frame, event, _):
        code = frame.f_code
        if event == moment and code.co_name == name and code.co_filename.endswith(path):
            os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(watch)
    sys.setprofile(watch)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "modellix_site.settings"
    import django

    django.setup()
    from generations.engine import dispatcher, learned, poll, save
    from generations.engine.durations import Durations

    learned.BY_KIND = dict.fromkeys(learned.BY_KIND, Durations(0.3, 0.6))
    poll.SOONEST = 0.05
    die_at(*sys.argv[1:])
    dispatcher.hold_office(call_successor=lambda: None, save_later=save.save)
