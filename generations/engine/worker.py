"""The django-q2 cluster, made safe to run unattended.

Plain `qcluster` can hang for ever after one killed child and leaves orphans behind. Here long jobs see the stop flag,
children die with their parent, and a watchdog ends the process (exit status 70, for the supervisor) when no job ran
for three minutes. Of django-q2's internals this touches Cluster's sig_handler, start and has_stopped; a test fails
if they move.
"""

import ctypes
import logging
import os
import signal
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone
from django_q.cluster import Cluster
from django_q.models import Schedule

from generations.engine import jobs, stop
from generations.models import Heartbeat

logger = logging.getLogger(__name__)

BEAT_EVERY = 15  # seconds
STALLED_AFTER = timedelta(seconds=180)
STALLED = 70  # exit status
PR_SET_PDEATHSIG = 1


class StudioCluster(Cluster):
    def sig_handler(self, signum, frame):
        stop.ask()
        super().sig_handler(signum, frame)


def run():
    """Run the cluster until a signal ends it. Exits with 70 when its jobs stall."""
    os.register_at_fork(after_in_child=die_with_parent)
    write_schedules()
    Heartbeat.beat(settings.HOST_NAME)
    jobs.ensure_dispatcher()
    connections.close_all()  # or the children would share them
    cluster = StudioCluster()
    cluster.start()
    watch(cluster)


def watch(cluster):
    next_beat = time.monotonic()
    while not cluster.has_stopped:
        time.sleep(0.5)
        if time.monotonic() >= next_beat and not stop.is_asked():
            next_beat = time.monotonic() + BEAT_EVERY
            close_old_connections()
            jobs.kick(jobs.beat_job)
            if is_stalled():
                logger.critical("No job has run for %s: ending, so that the supervisor starts anew.", STALLED_AFTER)
                os._exit(STALLED)


def is_stalled():
    last = Heartbeat.objects.filter(host=settings.HOST_NAME).values_list("at", flat=True).first()
    return last is not None and timezone.now() - last > STALLED_AFTER


def write_schedules():
    """Only code writes schedules: one that cannot be read would stop them all."""
    Schedule.objects.update_or_create(name="tick", defaults=schedule(jobs.tick_job, Schedule.MINUTES, minutes=1))
    Schedule.objects.update_or_create(name="daily", defaults=schedule(jobs.daily_job, Schedule.DAILY))


def schedule(job, kind, **fields):
    return {"func": f"{jobs.__name__}.{job.__name__}", "schedule_type": kind, "repeats": -1, **fields}


def die_with_parent():
    """In a new child: be killed when the parent is, so that nothing outlives the worker. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
