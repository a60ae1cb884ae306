"""What Linux tells of processes: their children, and the time of a core they have used."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # a second
PARENT, OWN_TIME, CHILDREN_TIME = 1, slice(11, 13), slice(13, 15)  # fields of /proc/PID/stat, after the name


def stat(pid):
    """The fields after the name of the program; None when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def family(pid):
    """The process and all that live below it."""
    pids = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    parents = {child: int(fields[PARENT]) for child in pids if (fields := stat(child)) and fields[0] != "Z"}
    found = [pid]
    for parent in found:
        found += [child for child in parents if parents[child] == parent]
    return found


def core_seconds(pids):
    """What they have used so far, and their children that have ended."""
    seen = [fields for pid in pids if (fields := stat(pid))]
    return sum(int(ticks) for fields in seen for ticks in fields[OWN_TIME] + fields[CHILDREN_TIME]) / TICKS
