"""What stands in the environment is read once; what cannot be read is told in one line, with the remedy."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks

from generations.checks import REMEDIES

SETTINGS = django_settings.BASE_DIR / "modellix_site" / "settings.py"

WRONG = [
    ("ALLOWED_HOSTS", "https://studio.example.com"),
    ("DATABASE_URL", "mysql://studio:hush@db/studio"),
    ("DATABASE_URL", "postgres://studio:hu#sh@db:x/studio"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("DATA_DIR", "~nobody-of-this-name/data"),
    ("DEBUG", "maybe"),
    ("EMAIL_URL", "smtp://studio:hush@mail.example.com:x"),
    ("EMAIL_URL", "pigeon://studio:hush@mail.example.com"),
    ("HOST", "http://127.0.0.1"),
    ("HOST_NAME", "the left one"),
    ("METRICS_TOKEN", "hush hush"),
    ("METRICS_TOKEN_FILE", "/nowhere/token"),
    ("MODELLIX_API_KEY", "hush hush"),
    ("MODELLIX_API_KEY_FILE", "/nowhere/key"),
    ("MODELLIX_BASE_URL", "http://api.modellix.ai"),
    ("MODELLIX_BASE_URL", "https://api.modellix.ai/v1"),
    ("MODELLIX_BASE_URL", "https://studio:hush@api.modellix.ai"),
    ("MODELLIX_DEMO", "perhaps"),
    ("MODELLIX_REQUESTS_PER_MINUTE", "0"),
    ("MODELLIX_RUNNING_CAP", "-1"),
    ("MODELLIX_SUBMIT_PATH", "v2"),
    ("PORT", "65536"),
    ("PUBLIC_URL", "studio.example.com"),
    ("PUBLIC_URL", "https://example.com/studio"),
    ("PUBLIC_URL", "https://studio:hush@example.com"),
    ("REDIS_URL", "http://localhost:6379"),
    ("S3_ACCESS_KEY_ID", "hush hush"),
    ("S3_BUCKET", "Pictures"),
    ("S3_ENDPOINT_URL", "https://key:hush@s3.example.com"),
    ("S3_ENDPOINT_URL", "https://s3.example.com/pictures"),
    ("S3_REGION", "eu central"),
    ("S3_SECRET_ACCESS_KEY", "hush hush"),
    ("S3_SECRET_ACCESS_KEY_FILE", "/nowhere/key"),
    ("TIME_ZONE", "Europe"),
]


@pytest.fixture
def read_settings(monkeypatch):
    """read_settings(NAME=value, …): the settings, as a dict, of a machine with these variables and no others."""

    def read(**variables):
        for name in (*REMEDIES, "SECRET_KEY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))
        return runpy.run_path(str(SETTINGS))

    return read


def test_without_variables_nothing_is_wrong(read_settings):
    read = read_settings()
    assert read["SETTINGS_PROBLEMS"] == []
    assert (read["HOST"], read["PORT"], read["DEBUG"]) == ("127.0.0.1", 8000, False)
    assert (read["MODELLIX_REQUESTS_PER_MINUTE"], read["MODELLIX_RUNNING_CAP"]) == (100, 2)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_one_line_with_name_problem_and_remedy(read_settings, settings, name, value):
    settings.SETTINGS_PROBLEMS = read_settings(**{name: value})["SETTINGS_PROBLEMS"]
    [message] = [message for message in run_checks() if message.is_serious()]
    assert message.msg.startswith(f"{name} is wrong: ")
    assert message.hint == REMEDIES[name]
    assert "\n" not in message.msg
    assert "hush" not in message.msg


def test_every_variable_is_among_the_wrong_ones_above():
    assert {name for name, _ in WRONG} == set(REMEDIES)


def test_the_key_may_lie_in_a_file(read_settings, tmp_path):
    key_file = tmp_path / "key"
    key_file.write_text("mk-from-the-file\n")
    assert read_settings(MODELLIX_API_KEY_FILE=key_file)["MODELLIX_API_KEY"] == "mk-from-the-file"
    assert read_settings(MODELLIX_API_KEY_FILE=key_file, MODELLIX_API_KEY="mk-own")["MODELLIX_API_KEY"] == "mk-own"


@pytest.mark.parametrize("content", [b"", b"hush hush", b"\xff\xfe"])
def test_a_key_file_with_something_else_is_a_problem_and_no_demo(read_settings, tmp_path, content):
    key_file = tmp_path / "key"
    key_file.write_bytes(content)
    [(name, problem)] = read_settings(MODELLIX_API_KEY_FILE=key_file)["SETTINGS_PROBLEMS"]
    assert name == "MODELLIX_API_KEY_FILE"
    assert "hush" not in problem


def test_the_public_address_decides_hosts_cookies_and_https(read_settings):
    read = read_settings(PUBLIC_URL="https://Studio.example.com/")
    assert read["PUBLIC_URL"] == "https://studio.example.com"
    assert "studio.example.com" in read["ALLOWED_HOSTS"]
    assert read["SESSION_COOKIE_SECURE"] is read["CSRF_COOKIE_SECURE"] is read["SECURE_SSL_REDIRECT"] is True


def test_a_public_address_without_encryption_is_warned_of(settings):
    settings.PUBLIC_URL = "http://192.168.1.5:8000"
    assert [message.id for message in run_checks()] == ["studio.W001"]
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert run_checks() == []


def test_the_database_is_a_file_or_postgresql(read_settings, tmp_path):
    assert read_settings(DATA_DIR=tmp_path)["DATABASES"]["default"]["NAME"] == tmp_path / "studio.sqlite3"
    database = read_settings(DATABASE_URL="postgres://studio:hush@db:5433/pictures")["DATABASES"]["default"]
    assert (database["ENGINE"], database["HOST"], database["PORT"]) == ("django.db.backends.postgresql", "db", 5433)


def test_redis_is_the_broker_and_nothing_more(read_settings):
    read = read_settings(REDIS_URL="redis://broker:6379/1")
    assert read["Q_CLUSTER"]["redis"] == "redis://broker:6379/1"
    assert "orm" not in read["Q_CLUSTER"]
    assert read["CACHES"] == read_settings()["CACHES"]


def test_a_bucket_takes_the_saved_files(read_settings, tmp_path):
    (tmp_path / "secret").write_text("hush\n")
    variables = {"S3_BUCKET": "pictures", "S3_ACCESS_KEY_ID": "id", "S3_SECRET_ACCESS_KEY_FILE": tmp_path / "secret"}
    options = read_settings(**variables)["STORAGES"]["default"]["OPTIONS"]
    assert (options["bucket_name"], options["secret_key"], options["endpoint_url"]) == ("pictures", "hush", None)
    assert "OPTIONS" not in read_settings()["STORAGES"]["default"]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"S3_REGION": "eu-central-1"}, "S3_BUCKET"),
        ({"S3_BUCKET": "pictures", "S3_ACCESS_KEY_ID": "id"}, "S3_SECRET_ACCESS_KEY"),
        ({"S3_BUCKET": "pictures", "S3_SECRET_ACCESS_KEY": "hush"}, "S3_ACCESS_KEY_ID"),
    ],
)
def test_half_of_a_bucket_is_an_error(read_settings, settings, given, missing):
    settings.S3 = read_settings(**given)["S3"]
    [message] = run_checks()
    assert (message.id, message.hint) == ("studio.E005", REMEDIES[missing])
    assert message.msg.startswith(f"{missing} is missing")


def test_a_secret_key_of_its_own_is_warned_of_where_machines_share_jobs_and_files(read_settings, settings):
    shared = read_settings(REDIS_URL="redis://broker:6379/1", S3_BUCKET="pictures")
    settings.REDIS_URL, settings.S3 = shared["REDIS_URL"], shared["S3"]
    assert [message.id for message in run_checks()] == ["studio.W002"]
    read_settings(SECRET_KEY="the same everywhere")
    assert run_checks() == []


def test_a_data_folder_that_cannot_be_made_is_an_error(settings):
    settings.DATA_DIR = Path(__file__) / "data"
    [message] = run_checks()
    assert (message.id, str(Path(__file__)) in message.msg) == ("studio.E002", True)


def test_a_missing_secret_key_is_an_error(settings):
    settings.SECRET_KEY = ""
    assert "studio.E003" in [message.id for message in run_checks()]


def test_a_job_is_not_repeated_while_it_may_still_run(settings):
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"retry": 1800}
    assert [message.id for message in run_checks()] == ["studio.E004"]


def test_djangos_own_advice_for_production_is_followed(tmp_path):
    variables = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "0123456789" * 6, "PUBLIC_URL": "https://studio.example.com"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
