"""The jobs that django-q2 runs, and the `..._later` functions that views may call.

The database is the queue: a job that arrives twice finds nothing to take, a lost one is sent again by the sweep.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_q.models import Task as FinishedJob
from django_q.tasks import async_task
from redis.exceptions import RedisError

from generations.engine import balance, calls, deadlines, dispatcher, journal, notices, save
from generations.engine.emptying import empty_bin
from generations.models import Call, Delivery, Guess, Heartbeat, LearnedPrice, Lease, Notice, Output, Task

logger = logging.getLogger(__name__)

KEEP_FAILED_JOBS = timedelta(days=14)
KEEP_CALLS = KEEP_NOTICES = timedelta(days=30)
UNDECIDED = f"Nobody decided within {Task.DECIDED_WITHIN.days} days."
KEEP_DELIVERIES = timedelta(days=30)  # far longer than a webhook is repeated


def dispatch_job():
    """Talk to the provider until nothing is left to do or a successor stands by. Only the holder of the lease does."""
    dispatcher.hold_office(call_successor=lambda: kick(dispatch_job), save_later=save_later)


def save_job(pk):
    """Save one file of a finished task."""
    save.save(Output.objects.select_related("task__prompt").get(pk=pk))
    ensure_dispatcher()


def beat_job():
    """A sign of life, written by a worker process and not by the one that watches over them."""
    Heartbeat.beat(settings.HOST_NAME)


def tick_job():
    """Each minute: revive what died, tell people of what is not saved yet and what has ended, refuse what no admin
    agreed to in time, forget who guessed at a password, and look after the credit at Modellix.
    """
    beat_job()
    ensure_dispatcher()
    deadlines.watch()
    Task.objects.filter(not_before__lte=timezone.now()).deny(None, UNDECIDED, "lapsed")
    Guess.forget()
    notices.gather()
    if Notice.due().exists():
        kick(tell_job)
    if Call.objects.due().exists():
        kick(call_job)
    balance.watch()


def tell_job():
    """Write the mails that are due."""
    notices.write()


def call_job():
    """Make the calls of the webhook that are due."""
    calls.deliver_due()


def daily_job():
    """Each day: throw away what nobody needs any more."""
    FinishedJob.objects.filter(stopped__lt=timezone.now() - KEEP_FAILED_JOBS).delete()
    Delivery.objects.filter(at__lt=timezone.now() - KEEP_DELIVERIES).delete()
    journal.prune()
    save.clear_left_overs()
    empty_bin()
    Notice.forget(timezone.now() - KEEP_NOTICES)
    Call.forget(timezone.now() - KEEP_CALLS)
    LearnedPrice.forget()
    notices.write_digests()


def dispatch_later():
    """After this transaction: see to it that a dispatcher works. Never fails; the sweep repairs what it could not."""
    transaction.on_commit(ensure_dispatcher)


def call_later():
    """After this transaction: make the calls that are due, without waiting for the minute to be over."""
    transaction.on_commit(lambda: kick(call_job))


def save_later(output):
    kick(save_job, output.pk)


def ensure_dispatcher():
    """Orders that come at once call one; the others would stand by in a saver's place."""
    if not Lease.is_held() and dispatcher.anything_open() and Lease.call():
        kick(dispatch_job)


def kick(job, *args):
    """Hand a job to the cluster. A broker that is away must not break the caller."""
    try:
        async_task(f"{__name__}.{job.__name__}", *args, task_name=job.__name__, save=False)
    except (DatabaseError, RedisError, OSError):
        logger.exception("The broker did not take %s; the sweep will send it again.", job.__name__)
