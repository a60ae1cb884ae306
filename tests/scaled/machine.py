"""One machine of a scaled studio: a web server and a worker, with a name and a folder of its own."""

import json
import os
import sys

import requests
from django.conf import settings

from generations.data_dir import FOLDERS, free_port
from generations.supervisor import Child

TOKEN = "t" * 32  # against forged requests: the cookie and what the page sends back are the same


class Machine:
    """Shares with others what the variables name, and nothing else. Starts its web server at once."""

    def __init__(self, name, folder, variables):
        self.name, self.folder, port = name, folder, free_port(0)
        for part in FOLDERS:
            (folder / part).mkdir(parents=True)
        self.variables = os.environ | variables | {"HOST_NAME": name, "DATA_DIR": str(folder)}
        self.url = f"http://127.0.0.1:{port}"
        config = settings.BASE_DIR / "modellix_site" / "gunicorn.py"
        address = ["--bind", f"127.0.0.1:{port}", "--workers", "1"]
        self.web = self.run("web server", "-m", "gunicorn", "--config", str(config), *address)
        self.worker = None

    def run(self, name, *command):
        return Child(f"{name} of {self.name}", [sys.executable, *command], self.variables)

    def start_worker(self):
        self.worker = self.run("worker", str(settings.BASE_DIR / "manage.py"), "studio_worker")

    def kill_worker(self):
        """At once, with all that it has started."""
        self.worker.kill()

    def sign_in(self, session_key):
        self.browser = requests.Session()
        self.browser.cookies.update({settings.SESSION_COOKIE_NAME: session_key, settings.CSRF_COOKIE_NAME: TOKEN})

    def get(self, path, **headers):
        return self.browser.get(self.url + path, headers=headers, allow_redirects=False)

    def post(self, path, form):
        return self.browser.post(self.url + path, form, headers={"X-CSRFToken": TOKEN}, allow_redirects=False)

    @property
    def has_saved(self):
        """Whether a file came to this machine on its way to the bucket."""
        return (self.folder / "media" / ".incoming").exists()

    @property
    def journal(self):
        """The ids of accepted orders that are on its disk."""
        lines = [line for path in (self.folder / "journal").iterdir() for line in path.read_text().splitlines()]
        return [json.loads(line)["id"] for line in lines if line.endswith("}")]

    def end(self):
        for child in filter(None, (self.web, self.worker)):
            child.kill()
