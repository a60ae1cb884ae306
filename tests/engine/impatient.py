"""The worker with a watchdog that waits for seconds only, and looks soon: `python -m tests.engine.impatient`."""

import os
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "modellix_site.settings")
django.setup()

from generations.engine import learned, worker  # noqa: E402 (they need the set-up)
from generations.engine.durations import Durations  # noqa: E402

learned.BY_KIND = dict.fromkeys(learned.BY_KIND, Durations(0.3, 0.6))  # as quick as the simulator of the tests
worker.BEAT_EVERY, worker.STALLED_AFTER = 0.5, timedelta(seconds=5)
worker.run()
