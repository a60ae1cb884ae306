"""The django-q2 cluster, made safe to run unattended.

Plain `qcluster` can hang for ever after one killed child and leaves orphans behind. Here long jobs see the stop flag,
children die with their parent, and a watchdog ends the process (exit status 70, for the supervisor) when no job ran
for a minute and a half. Of django-q2's internals this touches the sig_handler, start and has_stopped of Cluster; a test
fails if they move.
"""

import ctypes
import gc
import logging
import os
import signal
import sys
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connections
from django.utils import timezone
from django_q.cluster import Cluster
from django_q.models import Schedule

from generations.engine import jobs, stop, submit
from generations.engine.clock import Every
from generations.models import Heartbeat

logger = logging.getLogger(__name__)

BEAT_EVERY = 15  # seconds
LOOK_EVERY = 2  # seconds between two looks whether a dispatcher is missing
RECALL_EVERY = 60  # seconds
STALLED_AFTER = timedelta(seconds=90)  # all long work beats as often as BEAT_EVERY, but for a database that is locked
STALLED = 70  # exit status
LAST_WORDS = 2  # seconds for this process, once its children have ended
PR_SET_PDEATHSIG = 1


class StudioCluster(Cluster):
    def sig_handler(self, signum, frame):
        stop.ask()
        threading.Thread(target=self.end_after_sentinel, daemon=True).start()
        super().sig_handler(signum, frame)

    def end_after_sentinel(self):
        """A sentinel killed by the same signal takes its lock with it, and stopping would wait for ever."""
        while self.sentinel.is_alive():
            time.sleep(0.2)
        time.sleep(LAST_WORDS)
        os._exit(0)


def run():
    """Run the cluster until a signal ends it. Exits with 70 when its jobs stall."""
    os.register_at_fork(after_in_child=die_with_parent)
    write_schedules()
    Heartbeat.beat(settings.HOST_NAME)
    connections.close_all()  # or the children would share them
    gc.collect()
    gc.freeze()  # children that search for garbage would otherwise write to, and so copy, all that they share
    cluster = StudioCluster()
    cluster.start()
    watch(cluster)


def watch(cluster):
    """Until the cluster ends: beat, replace a dispatcher that died anywhere, settle what only our journal knows."""
    beat, look, recall = Every(BEAT_EVERY), Every(LOOK_EVERY), Every(RECALL_EVERY)
    while not cluster.has_stopped:
        time.sleep(0.5)
        if stop.is_asked():
            continue
        end_if_headless(cluster)
        try:
            if beat:
                close_old_connections()
                jobs.kick(jobs.beat_job)
                end_if_stalled()
            if recall:
                submit.recall()
            if look:
                jobs.ensure_dispatcher()
        except DatabaseTrouble as error:
            logger.warning("The database does not answer: %s", error)
            connections.close_all()


def end_if_headless(cluster):
    """django-q2's sentinel looks after all other processes, and nobody after it."""
    if not (cluster.has_stopped or cluster.sentinel.is_alive()):
        logger.critical("The sentinel died: ending, so that the supervisor starts anew.")
        os._exit(STALLED)


def end_if_stalled():
    if is_stalled():
        logger.critical("No job has run for %s: ending, so that the supervisor starts anew.", STALLED_AFTER)
        os._exit(STALLED)


def is_stalled():
    last = Heartbeat.objects.filter(host=settings.HOST_NAME).values_list("at", flat=True).first()
    return last is not None and timezone.now() - last > STALLED_AFTER


def write_schedules():
    """Only code writes schedules: one that cannot be read would stop them all.

    They are told apart by their keys, so that two machines that start at once do not write each of them twice.
    """
    tick = schedule("tick", jobs.tick_job, Schedule.MINUTES, minutes=1)
    daily = schedule("daily", jobs.daily_job, Schedule.DAILY)
    for key, row in enumerate((tick, daily), start=1):
        Schedule.objects.update_or_create(pk=key, defaults=row)


def schedule(name, job, kind, **fields):
    func = f"{jobs.__name__}.{job.__name__}"
    return {"name": name, "func": func, "schedule_type": kind, "repeats": -1, **fields}


def die_with_parent():
    """In a new child: be killed when the parent is, so that nothing outlives the worker. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
