"""The browser of the browser tests. Run as a program, this installs one where there is none."""

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find():
    """The path in CHROMIUM, or of a Chromium or Chrome on PATH; None leaves the choice to Playwright."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def find_shell():
    """The path of a Chromium without windows, which takes half the time, else as `find`.

    It keeps no page to go back to, which a whole one does.
    """
    return shutil.which(SHELL) or find()


def install():
    """Debian's where we may, else Playwright's own, which is quick when it is there already."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-qq", "--no-install-recommends", NAMES[0], SHELL], check=True)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__" and not find():
    install()
