"""The first start of several machines, and what it says of a server that cannot be used."""

import os
import subprocess
import sys

import psycopg
import pytest

from generations.checks import REMEDIES
from generations.data_dir import free_port
from tests.scaled.servers import begin

MIGRATE = "import django; django.setup(); from generations.data_dir import migrate; migrate()"


def test_machines_that_start_at_once_make_the_tables_once(postgres):
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE fresh")
    variables = os.environ | {"DATABASE_URL": f"{postgres}/fresh"}
    machines = [begin(sys.executable, "-c", MIGRATE, env=variables) for _ in range(3)]
    assert [machine.wait(60) for machine in machines] == [0, 0, 0]
    with psycopg.connect(f"{postgres}/fresh") as connection:
        assert connection.execute("SELECT count(*) FROM generations_task").fetchone() == (0,)


@pytest.mark.parametrize(
    ("name", "variables", "problem"),
    [
        ("REDIS_URL", {"REDIS_URL": "redis://:hush@127.0.0.1:{free_port}"}, "Connection refused"),
        ("S3_BUCKET", {"S3_ENDPOINT_URL": "http://127.0.0.1:{free_port}"}, "cannot be reached"),
        ("S3_BUCKET", {"S3_BUCKET": "no-such-bucket"}, "refused: 404"),
    ],
)
def test_a_server_that_cannot_be_used_stops_the_start_in_one_line(s3, tmp_path, name, variables, problem):
    given = {variable: text.format(free_port=free_port(0)) for variable, text in variables.items()}
    place = {"DATA_DIR": str(tmp_path), "PORT": str(free_port(0))}
    command = [sys.executable, "manage.py", "studio"]
    ended = subprocess.run(
        command, env=os.environ | place | s3 | given, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    [line] = ended.stderr.splitlines()
    assert line.startswith(f"{name} cannot be used: ")
    assert problem in line
    assert line.endswith(REMEDIES[name])
    assert "hush" not in line
