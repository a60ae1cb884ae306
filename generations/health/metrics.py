"""The figures as Prometheus reads them. Every scrape reads the database, so any web process can answer."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from generations.health.figures import OPEN
from generations.health.lines import Line, lines

CONTENT_TYPE = CONTENT_TYPE_LATEST
STATES = {Line.GOOD: 0, Line.LOOK: 1, Line.ACT: 2}


def exposition(now):
    """Bytes of the text format, of these Figures."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector(now))
    return generate_latest(registry)


class Collector:
    def __init__(self, now):
        self.now = now

    def collect(self):
        for name, (words, value) in gauges(self.now).items():
            if value is not None:
                yield GaugeMetricFamily(f"studio_{name}", words, value=value)
        tasks = GaugeMetricFamily("studio_tasks", "Open orders by status.", labels=["status"])
        for status in OPEN:
            tasks.add_metric([status], self.now.tasks.get(status, 0))
        yield tasks
        health = GaugeMetricFamily("studio_health", "0 good, 1 needs a look, 2 has to be mended.", labels=["part"])
        for line in lines(self.now):
            health.add_metric([line.name.lower().replace(" ", "_")], STATES[line.state])
        yield health


def gauges(now):
    """Name → (what it is, value); None where there is no value to tell."""
    unsaved, known, (disk, free) = now.unsaved, now.provider, now.disk or (None, None)
    return {
        "workers": ("Machines whose worker gave a sign of life within a minute.", now.workers),
        "dispatcher": ("Whether a dispatcher holds the lease.", int(bool(now.dispatcher))),
        "oldest_unfinished_seconds": ("Since the oldest unfinished order was made.", since(now, now.oldest)),
        "oldest_unknown_seconds": (
            "Since the oldest order of unknown outcome was sent.",
            since(now, now.oldest_unknown),
        ),
        "awaiting_approval": ("Orders that wait for an admin to agree.", now.asking),
        "late_looks": ("Running orders that are looked at too late.", now.late_looks),
        "silent_tasks": ("Orders without an answer for far longer than usual.", len(now.silent)),
        "unsaved_files": ("Results that are not in our own storage yet.", unsaved["count"]),
        "failing_files": ("Those of them that could not be saved at the first try.", unsaved["failing"]),
        "nearest_deadline_timestamp_seconds": ("When the first unsaved result is lost.", moment(unsaved["until"])),
        "sending_paused": ("Whether key or credit were refused.", int(known.is_paused)),
        "provider_unreachable": ("Whether Modellix does not answer.", int(known.is_unreachable)),
        "requests": ("Requests to Modellix within the last minute.", now.requests),
        "requests_limit": ("How many are allowed a minute, by setting and by Modellix.", now.requests_allowed),
        "running": ("Orders that Modellix works on.", now.running),
        "running_limit": ("How many it may work on at once, by setting.", now.running_cap),
        "balance_dollars": ("Credit at Modellix, as it last told.", known.balance),
        "charged_week_dollars": ("Charged for orders of the last 7 days.", now.spent),
        "saved_week_bytes": ("Size of the files of orders of the last 7 days.", now.grown),
        "bucket_bytes": ("Size of the originals in the bucket.", now.kept),
        "disk_bytes": ("Size of the disk where files are kept.", disk),
        "disk_free_bytes": ("Room on it.", free),
        "last_webhook_timestamp_seconds": ("When Modellix last called.", moment(now.last_hook)),
        "catalogue_age_days": ("Age of the prices.", (now.at.date() - now.prices_as_of).days),
    }


def since(now, time):
    return time and (now.at - time).total_seconds()


def moment(time):
    return time and time.timestamp()
