"""Keeps processes running: starts them, starts them again when they end, ends them and all they have started."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

PAUSES = (1, 2, 5, 15, 30)  # seconds before the next start, after each quick end in a row; the last repeats
STEADY = 60  # seconds: a process that ran as long has not ended quickly
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    """One process that is to run for as long as we do, with all its own children in one process group."""

    def __init__(self, name, command, environment):
        self.name, self.command, self.environment = name, command, environment
        self.quick_ends = 0
        self.start()

    def start(self):
        self.started_at = time.monotonic()
        self.next_start_at = None
        self.process = subprocess.Popen(  # noqa: S603 (our own words)
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C in the terminal reaches us alone
            preexec_fn=end_with_parent,  # noqa: PLW1509 (this process has one thread)
        )

    @property
    def is_running(self):
        return self.process.poll() is None

    def tend(self, say):
        """Call this often. Starts the process again when it has ended, after a pause that grows; tells `say` so."""
        if self.is_running:
            return
        if self.next_start_at is None:
            self.kill()
            pause = self.choose_pause()
            self.next_start_at = time.monotonic() + pause
            say(f"The {self.name} ended ({ending(self.process.returncode)}). It starts again in {pause} s.")
        elif time.monotonic() >= self.next_start_at:
            self.start()

    def choose_pause(self):
        if time.monotonic() - self.started_at >= STEADY:
            self.quick_ends = 0
        pause = PAUSES[min(self.quick_ends, len(PAUSES) - 1)]
        self.quick_ends += 1
        return pause

    def ask_to_end(self):
        if self.is_running:
            self.process.terminate()

    def kill(self):
        """End the process and what is left of its children, at once."""
        with suppress(ProcessLookupError, PermissionError):  # nothing is left; macOS says so by the latter
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def end(children, seconds):
    """Ask all of them to end, and kill those that have not after so many seconds."""
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + seconds
    while any(child.is_running for child in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    for child in children:
        child.kill()


def end_with_parent():
    """In a new child: be killed when the parent is, so that nothing outlives it. Linux only."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def ending(returncode):
    return f"exit {returncode}" if returncode >= 0 else signal.Signals(-returncode).name
