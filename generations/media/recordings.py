"""Films and sounds: how long, how large, and a poster. Read by a process of its own (probe.py), with limits."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

HOME = Path(__file__).parents[2]  # where the package `generations` lies
PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Recording:
    """What is known of it; None and "" where nothing is. With a color, both thumbnails are written."""

    duration: float | None = None  # seconds
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None  # frames a second
    color: str = ""  # the mean colour of the poster, #rrggbb


def examine(original, medium, small):
    """Look at the film or sound at `original` and write the thumbnails of a film's poster (paths): Recording.

    One that cannot be read is a Recording of which nothing is known.
    """
    command = [sys.executable, "-m", "generations.media.probe", original, medium, small]
    quiet = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    try:
        done = subprocess.run(command, cwd=HOME, env={}, timeout=PATIENCE, check=True, **quiet)  # noqa: S603
        return Recording(**json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError, TypeError) as error:
        logger.warning("A recording could not be looked into: %s", error)
        return Recording()
