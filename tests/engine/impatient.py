"""The worker with a watchdog that waits for seconds, not minutes: `python -m tests.engine.impatient`."""

import os
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "modellix_site.settings")
django.setup()

from generations.engine import worker  # noqa: E402 (it needs the set-up)

worker.BEAT_EVERY, worker.STALLED_AFTER = 0.5, timedelta(seconds=5)
worker.run()
