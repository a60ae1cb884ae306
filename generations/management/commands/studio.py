import errno
import http.client
import os
import signal
import socket
import sys
import time

from django.conf import settings
from django.core import checks
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from redis import Redis
from redis.exceptions import RedisError

from generations import data_dir
from generations.accounts import has_admin, set_up_path
from generations.checks import REMEDIES, SETTINGS_TAG
from generations.sealed import seal_anew
from generations.supervisor import Child, end

START_SECONDS = 60  # until the web server answers
END_SECONDS = 3.5  # for web server and worker to end by themselves; then for the simulator:
SIMULATOR_END_SECONDS = 0.5
TIER = {"MODELLIX_RUNNING_CAP": "10", "MODELLIX_REQUESTS_PER_MINUTE": "100"}  # $10, as the simulator plays it


class Command(BaseCommand):
    help = "Run the studio: prepare its data, then keep web server, worker and, without a key, the simulator going."
    requires_system_checks = ()  # it runs them itself, and answers with one line for each problem

    def handle(self, **options):
        try:
            self.prepare()
            self.run()
        except CommandError as error:
            raise SystemExit(str(error)) from None
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    # Preparing

    def prepare(self):
        """Make all that the processes need. Raises CommandError with a line for each thing that is in the way."""
        self.run_checks(SETTINGS_TAG)
        check_key_and_address()
        check_port()
        check_redis()
        check_bucket()
        try:
            data_dir.make_folders()
            self.lock = data_dir.lock()
            data_dir.ensure_secret_key()
            self.run_checks()
            data_dir.migrate()
            seal_anew()
            data_dir.collect_static()
            self.first_link = None if has_admin() else address() + set_up_path()
        except (OSError, DatabaseError) as error:
            raise CommandError(explain(error)) from None
        connections.close_all()

    def run_checks(self, *tags):
        """Run the startup checks. Warnings are written, errors are raised as one CommandError."""
        found = [message for message in checks.run_checks(tags=tags or None) if not message.is_silenced()]
        if wrong := [message for message in found if message.is_serious()]:
            raise CommandError("\n".join(map(in_one_line, wrong)))
        for message in found if not tags else ():
            self.say(f"Warning: {in_one_line(message)}")

    # Running

    def run(self):
        """Keep the processes going until a signal ends it."""
        self.is_ending = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # as nohup wants it
                signal.signal(number, self.ask_to_end)
        self.studio, self.simulator = [], []
        try:
            self.start()
            self.wait_for_web_server()
            self.introduce()
            self.watch()
        finally:
            end(self.studio, END_SECONDS)
            end(self.simulator, SIMULATOR_END_SECONDS)  # last: the worker may be talking to it

    def ask_to_end(self, *_):
        self.is_ending = True

    def start(self):
        hosts = ",".join([*settings.ALLOWED_HOSTS, reachable_host()])
        environment = os.environ | {"ALLOWED_HOSTS": hosts, "DATA_DIR": str(settings.DATA_DIR)}
        if not settings.MODELLIX_API_KEY:
            port = data_dir.simulator_port()
            self.simulator = [Child("simulator", simulator_command(port), environment)]
            environment = environment | demo(port)
        self.studio = [
            Child("web server", web_server_command(), environment),
            Child("worker", manage("studio_worker"), environment),
        ]

    def wait_for_web_server(self):
        """Raises CommandError when it ends instead, or is silent for too long."""
        web_server = self.studio[0]
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ending and not answers():
            if not web_server.is_running or time.monotonic() > deadline:
                raise CommandError("The web server did not start. The lines above tell why.")
            time.sleep(0.1)

    def watch(self):
        while not self.is_ending:
            for child in (*self.simulator, *self.studio):
                child.tend(self.say)
            time.sleep(0.2)

    # Telling

    def introduce(self):
        if not self.is_ending:
            self.stdout.write(introduction(self.first_link))
            self.stdout.flush()

    def say(self, line):
        self.stderr.write(line)


def check_key_and_address():
    """An address without a key is half a configuration, and not what the demo is meant for."""
    if os.environ.get("MODELLIX_BASE_URL", "").strip() and not settings.MODELLIX_API_KEY:
        raise CommandError("MODELLIX_BASE_URL is set, but MODELLIX_API_KEY is not. Set both, or neither for the demo.")


def check_port():
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    try:
        socket.create_server((settings.HOST, settings.PORT), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {settings.PORT} is taken. {REMEDIES['PORT']}") from None
        wrong = "PORT" if error.errno == errno.EACCES else "HOST"
        problem = str(error.strerror).partition(" (")[0]
        raise CommandError(f"{wrong}={getattr(settings, wrong)} cannot be used: {problem}. {REMEDIES[wrong]}") from None


def check_redis():
    if settings.REDIS_URL:
        try:
            with Redis.from_url(settings.REDIS_URL) as client:
                client.ping()
        except RedisError as error:
            problem = str(error).rstrip(".")
            raise CommandError(f"REDIS_URL cannot be used: {problem}. {REMEDIES['REDIS_URL']}") from None


def check_bucket():
    if settings.S3["S3_BUCKET"]:
        try:
            default_storage.check()
        except OSError as error:
            raise CommandError(f"S3_BUCKET cannot be used: {error.strerror}. {REMEDIES['S3_BUCKET']}") from None


def explain(error):
    """What stood in the way of preparing the data, and what to do about it."""
    problem = " ".join(str(error).split())
    if isinstance(error, BlockingIOError):  # of the lock
        return f"Another studio runs on {settings.DATA_DIR}. Stop it, or set another DATA_DIR."
    if isinstance(error, DatabaseError):
        return f"The database cannot be used: {problem}. {REMEDIES['DATABASE_URL']}"
    return f"DATA_DIR cannot be used: {problem}. {REMEDIES['DATA_DIR']}"


def in_one_line(message):
    return " ".join(f"{message.msg} {message.hint or ''}".split())


def manage(*arguments):
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def web_server_command():
    config = settings.BASE_DIR / "modellix_site" / "gunicorn.py"
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        str(config),
        "--bind",
        f"{bracketed(settings.HOST)}:{settings.PORT}",
    ]


def simulator_command(port):
    tier = ["--running-cap", TIER["MODELLIX_RUNNING_CAP"], "--rpm", TIER["MODELLIX_REQUESTS_PER_MINUTE"]]
    return manage("simulator", "-v0", "--port", str(port), "--data", str(settings.DATA_DIR / "simulator"), *tier)


def demo(port):
    """The variables that make the studio talk to the simulator as if to Modellix."""
    limits = {name: os.environ.get(name) or limit for name, limit in TIER.items()}
    address = {"MODELLIX_API_KEY": "mk-demo", "MODELLIX_BASE_URL": f"http://127.0.0.1:{port}", "MODELLIX_DEMO": "true"}
    return address | limits


def bracketed(host):
    return f"[{host}]" if ":" in host else host


def reachable_host():
    """Where this machine reaches a server that listens on HOST."""
    return bracketed({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST))  # noqa: S104


def address():
    return settings.PUBLIC_URL or f"http://{reachable_host()}:{settings.PORT}"


def answers():
    """Whether the web server answers, whatever it says."""
    connection = http.client.HTTPConnection(f"{reachable_host()}:{settings.PORT}", timeout=2)
    try:
        connection.request("GET", "/account/login/")
        connection.getresponse()
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def introduction(first_link):
    lines = ["", f"Modellix Studio is ready at {address()}", ""]
    if first_link:
        lines += ["Make the first account here; this works once:", f"  {first_link}", ""]
    if settings.MODELLIX_API_KEY:
        lines += [f"Generations are ordered from {settings.MODELLIX_BASE_URL} and cost money."]
    else:
        lines += ["Demo: without MODELLIX_API_KEY a simulator on this machine plays Modellix. Nothing costs money."]
    lines += [f"Everything is kept in {settings.DATA_DIR}", "Ctrl-C stops the studio.", ""]
    return "\n".join(lines)
