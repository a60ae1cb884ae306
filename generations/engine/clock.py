"""Doing things now and then in a loop that turns faster."""

import time


class Every:
    """True at most once in so many seconds."""

    def __init__(self, seconds):
        self.seconds, self.at = seconds, float("-inf")

    def __bool__(self):
        due = time.monotonic() - self.at >= self.seconds
        if due:
            self.at = time.monotonic()
        return due
