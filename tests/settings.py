"""The product's settings on fresh ground: own data folder, no variables of the developer's, quick passwords.

The variables set here are also those of every process that a test starts; such a process runs with the product's
settings. `DATABASE_URL`, `REDIS_URL` and those of S3 are kept, so that tests can be run on servers (tests/scaled).
"""

import os
import tempfile

for name in list(os.environ):
    if name.startswith("MODELLIX_") or name in (
        "ALLOWED_HOSTS",
        "DEBUG",
        "EMAIL_URL",
        "METRICS_TOKEN",
        "PUBLIC_URL",
        "TIME_ZONE",
    ):
        del os.environ[name]
os.environ |= {
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright leaves an event loop in the thread of the tests
    "DATA_DIR": tempfile.mkdtemp(prefix="studio-tests-"),
    "DJANGO_SETTINGS_MODULE": "modellix_site.settings",
    "SECRET_KEY": "a key for tests that nobody else has to guess or to keep to themselves",
}

from modellix_site.settings import *  # noqa: E402, F403
from modellix_site.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

for name in ("media", "journal", "cache", "static"):
    (DATA_DIR / name).mkdir()

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # The product's own file: threads of the live server have their own connections, and processes that tests
    # start see the same rows.
    DATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"]}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
