"""The provider's client as this installation is set up. The one place that reads its address and key."""

import threading
from urllib.parse import urlsplit

from django.conf import settings

from generations.modellix.client import Client, key_fingerprint

_local = threading.local()


def client():
    """This thread's client; each thread keeps a session of its own."""
    setup = (settings.MODELLIX_BASE_URL, settings.MODELLIX_API_KEY)
    if getattr(_local, "setup", None) != setup:
        _local.setup, _local.client = setup, Client(*setup)
    return _local.client


def has_key():
    return bool(settings.MODELLIX_API_KEY)


def fingerprint():
    """Which key is in use, without telling it."""
    return key_fingerprint(settings.MODELLIX_API_KEY) if has_key() else ""


def is_local():
    """Whether the provider runs on this machine, as the simulator does."""
    return urlsplit(settings.MODELLIX_BASE_URL).scheme == "http"
