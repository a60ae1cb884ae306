"""How the studio is, in figures. Read at one moment by a handful of small queries, none of which grows with history."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.cache import cache
from django.db.models import Case, Count, Max, Min, Q, Sum, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from generations.modellix import catalogue
from generations.models import Delivery, Heartbeat, Lease, Output, Provider, Task

LATE = timedelta(seconds=120)  # a look or a first try that is due for so long has been forgotten
REMEMBERED = timedelta(days=1)  # for which a worker that fell silent is missed
PACE = timedelta(days=7)  # over which spending and growth are averaged
OPEN = [*Task.UNFINISHED, Task.Status.UNKNOWN]
KEPT_FOR = 300  # seconds, for sums over many rows


@dataclass(frozen=True)
class Figures:
    """One reading. Times are moments, sizes bytes, money US dollars; None is not known or not there."""

    at: datetime

    workers: int  # machines on which one is alive
    workers_known: int  # the same, and those that were within the last day
    last_beat: datetime | None
    dispatcher: str  # who holds the lease; "" when nobody does

    tasks: dict[str, int]  # open ones, by status
    oldest: datetime | None  # order of the oldest unfinished one that nobody has to agree to
    asking: int  # those of them that wait for an admin to agree
    oldest_unknown: datetime | None
    overdue: int  # unfinished ones that may have been taken up long ago
    late_looks: int
    crowded: int  # sent back because Modellix takes no more at once
    silent: tuple[Task, ...]  # the first is the oldest

    unsaved: dict  # as OutputQuerySet.safety(), and `failing` files, `failing_until`

    provider: Provider
    requests: int  # sent within the last minute
    running: int

    spent: Decimal  # within PACE
    grown: int  # bytes saved within PACE
    kept: int | None  # bytes, for a bucket
    disk: tuple[int, int] | None  # (all, free) bytes, where files are kept on this machine

    last_hook: datetime | None  # when a webhook came last
    last_finished: datetime | None
    prices_as_of: date

    @classmethod
    def now(cls):
        at = timezone.now()
        fields = {"at": at, "prices_as_of": catalogue.prices_as_of(), "disk": disk()}
        for read in (workers, dispatcher, tasks, files, provider, sums, hooks):
            fields |= read(at)
        return cls(**fields)

    @property
    def waiting(self):
        return self.tasks.get(Task.Status.QUEUED, 0) - self.asking

    @property
    def unknown(self):
        return self.tasks.get(Task.Status.UNKNOWN, 0)

    @property
    def requests_set(self):
        return settings.MODELLIX_REQUESTS_PER_MINUTE

    @property
    def requests_allowed(self):
        """A minute: what Modellix told, if that is less than the setting."""
        return min(self.requests_set, self.provider.requests_per_minute or self.requests_set)

    @property
    def running_cap(self):
        return settings.MODELLIX_RUNNING_CAP

    @property
    def days_of_credit(self):
        """For how many days the balance lasts at the pace of the last week, or None."""
        if self.provider.balance is None or not self.spent:
            return None
        return float(self.provider.balance / self.spent) * PACE.days

    @property
    def days_of_room(self):
        """In how many days the disk is full at the pace of the last week, or None."""
        return self.disk[1] / self.grown * PACE.days if self.disk and self.grown else None


# Each gives some of the fields


def workers(at):
    beats = list(Heartbeat.objects.filter(at__gt=at - REMEMBERED).values_list("at", flat=True))
    alive = sum(beat > at - Heartbeat.FRESH for beat in beats)
    return {"workers": alive, "workers_known": len(beats), "last_beat": max(beats, default=None)}


def dispatcher(at):
    held = Case(When(expires_at__gte=Now(), then=Value(True)), default=Value(False))
    lease = Lease.objects.filter(pk=1).annotate(held=held).first()
    sent = sum(moment > at.timestamp() - 60 for moment in lease.sent) if lease else 0
    return {"dispatcher": lease.holder if lease and lease.held else "", "requests": sent}


def tasks(at):
    asking = Q(hold=Task.Hold.APPROVAL)
    at_provider = Q(status__in=[Task.Status.PENDING, Task.Status.PROCESSING])
    rows = Task.objects.filter(status__in=OPEN).order_by().values("status")
    rows = rows.annotate(
        count=Count("pk"),
        asking=Count("pk", filter=asking),
        oldest=Min("created_at", filter=~asking),
        claimed=Min("claimed_at"),
        unclear=Count("pk", filter=Q(claimed_at__gt=at - timedelta(hours=1))),
        overdue=Count("pk", filter=~asking & Q(not_before__lt=at - LATE)),
        late=Count("pk", filter=at_provider & Q(next_poll_at__lt=at - LATE)),
        crowded=Count("pk", filter=Q(hold=Task.Hold.RUNNING)),
    )
    by = {row["status"]: row for row in rows}
    queued, unknown = by.get(Task.Status.QUEUED, {}), by.get(Task.Status.UNKNOWN, {})
    unfinished = [by[status] for status in Task.UNFINISHED if status in by]
    running = [Task.Status.SUBMITTING, Task.Status.PENDING, Task.Status.PROCESSING]
    return {
        "tasks": {status: row["count"] for status, row in by.items()},
        "oldest": min((row["oldest"] for row in unfinished if row["oldest"]), default=None),
        "asking": queued.get("asking", 0),
        "oldest_unknown": unknown.get("claimed"),
        "overdue": sum(row["overdue"] for row in unfinished),
        "crowded": queued.get("crowded", 0),
        "late_looks": sum(row["late"] for row in by.values()),
        "running": sum(by[status]["count"] for status in running if status in by) + unknown.get("unclear", 0),
        "silent": tuple(Task.objects.silent()),
    }


def files(at):
    risky, failing = Q(warned__gt=0), Q(tries__gt=1)
    return {
        "unsaved": Output.objects.unsaved().aggregate(
            count=Count("pk"),
            until=Min("deadline"),
            risky=Count("pk", filter=risky),
            risky_until=Min("deadline", filter=risky),
            used=Max("warned", filter=risky),
            failing=Count("pk", filter=failing),
            failing_until=Min("deadline", filter=failing),
        )
    }


def provider(at):
    return {"provider": Provider.objects.filter(pk=1).first() or Provider(pk=1)}


def sums(at):
    return cache.get_or_set("health-sums", lambda: added_up(at), KEPT_FOR)


def added_up(at):
    recent = Task.objects.filter(created_at__gte=at - PACE).order_by()
    files = Output.objects.order_by()  # those that are not saved have no size
    return {
        "spent": recent.aggregate(sum=Sum("price_charged"))["sum"] or Decimal(),
        "grown": files.filter(task__created_at__gte=at - PACE).aggregate(sum=Sum("size"))["sum"] or 0,
        "kept": (files.aggregate(sum=Sum("size"))["sum"] or 0) if settings.S3["S3_BUCKET"] else None,
    }


def disk():
    if settings.S3["S3_BUCKET"]:
        return None
    there = next(path for path in (settings.MEDIA_ROOT, *settings.MEDIA_ROOT.parents) if path.exists())
    usage = shutil.disk_usage(there)
    return usage.total, usage.free


def hooks(at):
    done = Task.objects.filter(status=Task.Status.DONE).order_by("-pk")
    return {
        "last_hook": Delivery.objects.order_by("-pk").values_list("at", flat=True).first(),
        "last_finished": done.values_list("finished_at", flat=True).first() if settings.PUBLIC_URL else None,
    }
