import json
import signal
import threading
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from generations.simulator.config import FORMS, TIERS
from generations.simulator.envelope import Refusal
from generations.simulator.server import serve


class Command(BaseCommand):
    help = "Stand in for the Modellix API: accept tasks, paint the results, charge pretend money."
    requires_system_checks = ()  # it needs neither the database nor a key

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8001)
        parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="where its state is kept")
        parser.add_argument("--speed", type=float, default=1.0, help="10 makes tasks ten times quicker")
        parser.add_argument("--seed", type=int, default=0, help="decides the times, together with the body")
        parser.add_argument("--tier", type=int, choices=TIERS, default=10, help="limits as after a top-up of so many $")
        parser.add_argument("--rpm", type=int, help="requests a minute for each key, instead of the tier's")
        parser.add_argument("--running-cap", type=int, help="unfinished tasks for each key, instead of the tier's")
        parser.add_argument("--balance", default="100", help="US dollars a key starts with")
        parser.add_argument("--retention", type=float, default=24, metavar="HOURS", help="life of results")
        parser.add_argument("--scenario", type=Path, metavar="FILE", help="faults to begin with, a JSON list")
        parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS, help="submit paths that exist")

    def handle(self, *, host, port, retention, scenario, tier, **options):
        names = ("data", "speed", "seed", "rpm", "running_cap", "balance", "forms")
        limits = dict(zip(("running_cap", "rpm"), TIERS[tier], strict=True))
        settings = limits | {name: options[name] for name in names if options[name] is not None}
        try:
            rows = json.loads(scenario.read_text()) if scenario else ()
            running = serve(host=host, port=port, retention_hours=retention, scenario=rows, **settings)
        except (OSError, ValueError, ArithmeticError, Refusal) as error:
            raise CommandError(f"The simulator cannot start on {host}:{port}: {error}") from error
        with running:
            if options["verbosity"]:
                self.stdout.write(f"Modellix simulator at {running.url}")
                self.stdout.flush()
            _wait_for_a_signal()


def _wait_for_a_signal() -> None:
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    over.wait()
