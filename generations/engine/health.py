"""Whether the background work is well, in sentences for who has to mend it."""

from datetime import timedelta

from django.utils import timezone

from generations.models import Heartbeat, Lease, Output, Provider, Task

LATE = timedelta(seconds=120)  # a look or a first try that is due for so long has been forgotten


def problems():
    """What is wrong now, most urgent first; empty when all is well. A handful of small queries."""
    found = [no_worker(), nobody_dispatches(), late_looks(), provider_trouble(), results_at_risk(), silent_orders()]
    return [problem for problem in found if problem]


def no_worker():
    if not Heartbeat.is_any_fresh():
        return f"No worker has given a sign of life for {Heartbeat.FRESH.seconds} s: start manage.py studio_worker."
    return None


def nobody_dispatches():
    waiting = Task.objects.unfinished().filter(not_before__lt=timezone.now() - LATE)
    if not Lease.is_held() and waiting.exists():
        return "Orders are open, but no dispatcher works: look into the worker's log."
    return None


def late_looks():
    late = Task.objects.due().filter(next_poll_at__lt=timezone.now() - LATE).count()
    if late:
        return f"Looked at too late: {late} running. The request limit may be too low for them."
    return None


def provider_trouble():
    provider = Provider.current()
    if provider.is_paused:
        return f"Sending is paused: {provider.get_pause_display()}. {provider.pause_text}".strip()
    if provider.is_unreachable:
        return f"Modellix has not answered since {provider.unreachable_since:%H:%M:%S} UTC."
    return None


def results_at_risk():
    failing = Output.objects.unsaved().filter(tries__gt=1).order_by("deadline")
    first = failing.first()
    if first:
        return f"Not saved yet: {failing.count()}. The first of them is lost at {first.deadline:%Y-%m-%d %H:%M} UTC."
    return None


def silent_orders():
    silent = Task.objects.silent()
    if silent:
        first = f"Task {silent[0].pk}, taken at {silent[0].accepted_at:%Y-%m-%d %H:%M} UTC"
        return (
            f"No answer for far longer than usual: {len(silent)}. The first is {first}. Its page can stop watching it."
        )
    return None
