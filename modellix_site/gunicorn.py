"""How the web server runs. `GUNICORN_CMD_ARGS="--workers 4"` changes it on one machine."""

from pathlib import Path

chdir = str(Path(__file__).parent.parent)
wsgi_app = "modellix_site.wsgi"
worker_class = "gthread"
workers = 2
threads = 8
graceful_timeout = 3  # seconds for requests under way when the server ends
loglevel = "warning"
timeout = 30  # seconds for a process to give a sign of life; a download may take hours, as its thread is not asked
control_socket_disable = True  # it would lie in the home folder
STALLED = 300  # seconds in which a browser takes not even a chunk, after which its thread stops waiting for it


def pre_request(worker, request):
    request.unreader.sock.settimeout(STALLED)
