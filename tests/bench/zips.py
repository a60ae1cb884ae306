"""A zip of several gigabytes from the product's own web server: how soon it begins, what memory it takes, whether it
is whole, and what a visitor who leaves leaves behind.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

import requests
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from generations.models import Output, Prompt, Task, User
from tests.bench.line import Line
from tests.bench.processes import family
from tests.bench.studio import SLUG, begin_anew, wait_for, web_server

FILES = 6
GIGABYTE = 1_000_000_000
CHUNK = 1 << 20
FORGET_PEAK = "5"  # for clear_refs: from now on VmHWM counts anew (proc(5))


def zips(long):
    begin_anew()
    size = (10 if long else 3) * GIGABYTE
    user = User.objects.create(email="bench@example.com", name="Bench")
    task = films(user, size)
    with web_server(dict(os.environ)) as address, tempfile.TemporaryDirectory(prefix="bench-zip-") as folder:
        servers = family(os.getpid())[1:]
        cookies, url = {"sessionid": signed_in(user)}, f"{address}{reverse('zip')}?pick={task.pk}"
        left_open = abandoned(url, cookies, servers)  # first, as the first answer imports what it needs
        before = [memory(pid, "VmRSS") for pid in servers]
        for pid in servers:
            Path(f"/proc/{pid}/clear_refs").write_text(FORGET_PEAK)
        (begun, done), path = fetch(url, cookies, Path(folder) / "films.zip")
        more = max(memory(pid, "VmHWM") - then for pid, then in zip(servers, before, strict=True))
        facts = f"{path.stat().st_size / GIGABYTE:.1f} GB in {FILES} films, {done:.0f} s by the clock"
        yield Line("zips: seconds until it begins", begun, most=1, facts=facts)
        yield Line("zips: MB of memory more, at most", more / 1e6, most=60)
        yield Line("zips: not whole", int(not is_whole(path)), most=0)
        yield Line("zips: files left open by who left", left_open, most=0)


def films(user, size):
    """A finished task with films of so many bytes together, which take no room on the disk."""
    prompt = Prompt.objects.create(author=user, text="a harbour", model_slugs=[SLUG])
    named = {"model_slug": SLUG, "model_name": "A model", "model_type": "text-to-video", "kind": "video"}
    task = Task.order(prompt, user, **named, body={"prompt": "a harbour"})
    Task.objects.filter(pk=task.pk).update(status="done", closed_at=timezone.now(), finished_at=timezone.now())
    for position in range(FILES):
        name = f"g/bench/{position}.mov"
        path = Path(default_storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.truncate(size // FILES)
        kept = {"original": name, "size": size // FILES, "kind": "video", "mime": "video/quicktime", "sha256": "0" * 64}
        saved = {
            "status": "saved",
            "saved_at": timezone.now(),
            "deadline": timezone.now(),
            "url": "https://example.com",
        }
        Output.objects.create(task=task, position=position, **kept, **saved)
    return task


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def fetch(url, cookies, path):
    """((seconds until the first bytes, until the last), path), downloaded there without holes for zeros."""
    began, first = time.perf_counter(), None
    with requests.get(url, cookies=cookies, stream=True, timeout=60) as response, path.open("wb") as file:
        response.raise_for_status()
        for chunk in response.iter_content(CHUNK):
            first = first or time.perf_counter() - began
            file.write(chunk) if chunk.strip(b"\0") else file.seek(len(chunk), os.SEEK_CUR)
        file.truncate()
    return (first, time.perf_counter() - began), path


def memory(pid, which):
    """Bytes that the process holds now (VmRSS), or held at most (VmHWM)."""
    return int(re.search(rf"{which}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) * 1024


def is_whole(path):
    """As `unzip -t` finds it, or Python where there is none."""
    if shutil.which("unzip"):
        return subprocess.run(["unzip", "-tqq", path], check=False).returncode == 0
    with zipfile.ZipFile(path) as file:
        return file.testzip() is None


def abandoned(url, cookies, servers):
    """How many of the films the servers still have open, a while after somebody left in the middle."""
    with requests.get(url, cookies=cookies, stream=True, timeout=60) as response:
        next(response.iter_content(CHUNK))
    try:
        wait_for(lambda: not held(servers), 10)
    except TimeoutError:
        return held(servers)
    return 0


def held(servers):
    """How many files of the media storage these processes have open."""
    links = [link for pid in servers for link in Path(f"/proc/{pid}/fd").glob("*")]
    return sum(str(settings.MEDIA_ROOT) in target(link) for link in links)


def target(link):
    try:
        return str(link.readlink())
    except OSError:
        return ""
