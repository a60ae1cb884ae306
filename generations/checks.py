"""Checks at start: each names the setting, the problem and the remedy. None of them shows a key or a password."""

import math
import os
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

SETTINGS_TAG = "settings"  # for those that `manage.py studio` runs before it makes the data folder

REMEDIES = {
    "ALLOWED_HOSTS": "Write the names people use, such as ALLOWED_HOSTS=studio.example.com,localhost.",
    "DATABASE_URL": "Correct it, or leave it out to keep everything in one SQLite file in DATA_DIR.",
    "DATA_DIR": "Name a folder by its full path, or leave it out to use data/ beside the program.",
    "DEBUG": "Write true or false, or leave it out for false.",
    "EMAIL_URL": "Correct it, or leave it out to have mails written to the log.",
    "HOST": "Write 127.0.0.1 for this machine alone, or 0.0.0.0 for its network.",
    "HOST_NAME": "Write a short name that no other machine has, or leave it out for the machine's own.",
    "METRICS_TOKEN": "Choose a long one without blanks, or leave it out to keep /metrics closed.",
    "METRICS_TOKEN_FILE": "Name a readable text file that holds the token and nothing else.",
    "MODELLIX_API_KEY": "Copy the key from your Modellix account again, or leave it out for the demo.",
    "MODELLIX_API_KEY_FILE": "Name a readable text file that holds the key and nothing else.",
    "MODELLIX_BASE_URL": "Write https://api.modellix.ai, or leave it out for the same.",
    "MODELLIX_DEMO": "Leave it out: the studio sets it by itself when there is no key.",
    "MODELLIX_REQUESTS_PER_MINUTE": "Write what your Modellix tier allows, or leave it out for 100.",
    "MODELLIX_RUNNING_CAP": "Write what your Modellix tier allows, or leave it out for 2.",
    "MODELLIX_SUBMIT_PATH": "Leave it out unless Modellix tells you which address form to use.",
    "PORT": "Choose a free one, such as PORT=9000.",
    "PUBLIC_URL": "Write what people type into their browsers, such as https://studio.example.com.",
    "REDIS_URL": "Write redis://host:6379/0, or leave it out to do without Redis.",
    "S3_ACCESS_KEY_ID": "Copy it again, or leave it out with its secret to use the machine's own role.",
    "S3_BUCKET": "Write the name of a bucket that exists, or leave out all of S3 to keep files in DATA_DIR.",
    "S3_ENDPOINT_URL": "Write the address of your S3 server, or leave it out for Amazon's.",
    "S3_REGION": "Write the bucket's region, such as eu-central-1, or leave it out.",
    "S3_SECRET_ACCESS_KEY": "Copy it again, or leave it out with its id to use the machine's own role.",
    "S3_SECRET_ACCESS_KEY_FILE": "Name a readable text file that holds the secret and nothing else.",
    "TIME_ZONE": "Choose one of the tz database, such as America/New_York, or leave it out for UTC.",
}


@register(SETTINGS_TAG)
def check_variables(**_):
    """Every variable that could not be read."""
    return [
        Error(f"{name} is wrong: {problem[0].lower()}{problem[1:].rstrip('.')}.", hint=REMEDIES[name], id="studio.E001")
        for name, problem in settings.SETTINGS_PROBLEMS
    ]


@register(SETTINGS_TAG)
def check_public_url(**_):
    address = urlsplit(settings.PUBLIC_URL)
    if address.scheme != "http" or address.hostname in ("localhost", "127.0.0.1", "::1"):
        return []
    problem = "PUBLIC_URL is an http address: passwords and pictures cross the network unencrypted."
    remedy = "Put a reverse proxy with a certificate in front and write https:// (docs/deployment.md)."
    return [Warning(problem, hint=remedy, id="studio.W001")]


@register(SETTINGS_TAG)
def check_data_dir(**_):
    """The folder, or the nearest one above it that exists, can be written to."""
    existing = next(path for path in (settings.DATA_DIR, *settings.DATA_DIR.parents) if os.path.exists(path))
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return []
    problem = f"DATA_DIR cannot be used: {existing} is not a folder that this user may write to."
    return [Error(problem, hint=REMEDIES["DATA_DIR"], id="studio.E002")]


@register(SETTINGS_TAG)
def check_bucket(**_):
    """Half of what tells where saved files go."""
    given = {name for name, value in settings.S3.items() if value}
    needs = {
        "S3_BUCKET": given,
        "S3_ACCESS_KEY_ID": given & {"S3_SECRET_ACCESS_KEY"},
        "S3_SECRET_ACCESS_KEY": given & {"S3_ACCESS_KEY_ID"},
    }
    return [
        Error(f"{name} is missing, but {min(others)} is set.", hint=REMEDIES[name], id="studio.E005")
        for name, others in needs.items()
        if others and name not in given
    ]


@register
def check_secret_key(**_):
    try:
        settings.SECRET_KEY  # noqa: B018 (reading an empty one raises)
    except ImproperlyConfigured:
        remedy = "Run `make run` once, which makes one and keeps it in DATA_DIR, or set it to 50 random characters."
        return [Error("SECRET_KEY is missing.", hint=remedy, id="studio.E003")]
    return []


@register
def check_shared_secret_key(**_):
    """Where jobs and files are shared by machines, what one of them signs the others must be able to read."""
    if not (settings.REDIS_URL and settings.S3["S3_BUCKET"]) or os.environ.get("SECRET_KEY", "").strip():
        return []
    problem = "SECRET_KEY is not set: each machine makes its own, and throws away the jobs of the others."
    remedy = "Set it to the same 50 random characters on all machines, or ignore this if there is only one."
    return [Warning(problem, hint=remedy, id="studio.W002")]


@register
def check_jobs(**_):
    """A job that still runs, or waits behind one that does, is not handed out a second time."""
    jobs = settings.Q_CLUSTER
    rounds = 1 + math.ceil(jobs["queue_limit"] / jobs["workers"])
    if jobs["retry"] > rounds * jobs["timeout"]:
        return []
    problem = f"Q_CLUSTER: retry is {jobs['retry']} s, but a job may take {rounds} x {jobs['timeout']} s with waiting."
    return [Error(problem, hint="Make retry larger or timeout smaller.", id="studio.E004")]
