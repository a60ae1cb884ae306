"""The flag that tells long jobs to end. Shared memory without a lock, made before the cluster forks its processes."""

from multiprocessing import get_context

_flag = get_context("fork").RawValue("b", 0)


def ask():
    _flag.value = 1


def is_asked():
    return bool(_flag.value)
