"""The benchmarks of the engine: `python -m tests.bench [--long] [NAME ...]`. What each line means: docs/benchmarks.md.

Importing this package sets Django up as for the tests, in a data folder of its own that is removed in the end, and on
SQLite whatever the environment says; but for a process of ours, which is told of another database.
"""

import atexit
import os
import shutil

import django

for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)
if "BENCH_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ.pop("BENCH_DATABASE_URL")
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
