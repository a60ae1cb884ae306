"""Run the benchmarks named, or all; print their lines; status 1 when a gate is missed."""

import argparse
import os
import sys
import time
from functools import partial

from tests.bench import real, saving, virtual
from tests.bench.pages import pages
from tests.bench.zips import zips

BENCHMARKS = {
    "steady-20": partial(virtual.steady, 20, 1.4),
    "steady-35": partial(virtual.steady, 35, 1.5),
    "batch": virtual.batch,
    "rush": virtual.rush,
    "burst": virtual.burst,
    "saving": saving.saving,
    "pages": pages,
    "zips": zips,
    "idle": real.idle,
    "pictures": real.pictures,
    "kills": real.kills,
    "two-running": real.two_running,
    "two-told": real.two_told,
}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the engine against its gates.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all without")
    parser.add_argument("--long", action="store_true", help="more generations, seeds and kills")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no benchmark is named {', '.join(sorted(unknown))}")
    began = time.monotonic()
    lines = [line for name in options.names or BENCHMARKS for line in printed(BENCHMARKS[name](options.long))]
    failed = [line.name for line in lines if line.fails]
    gates = sum(bool(line.gate) for line in lines)
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(
        f"\n{gates - len(failed)} of {gates} gates passed in {time.monotonic() - began:.0f} s "
        f"on {cores} cores, load {load:.1f}.",
        *(f"FAIL {name}" for name in failed),
        sep="\n",
    )
    sys.exit(bool(failed))


def printed(lines):
    for line in lines:
        print(line, flush=True)
        yield line


if __name__ == "__main__":
    main()
