"""How the web server runs. `GUNICORN_CMD_ARGS="--workers 4"` changes it on one machine."""

from pathlib import Path

chdir = str(Path(__file__).parent.parent)
wsgi_app = "modellix_site.wsgi"
worker_class = "gthread"
workers = 2
threads = 8
graceful_timeout = 3  # seconds for requests under way when the server ends
loglevel = "warning"
control_socket_disable = True  # it would lie in the home folder
