"""Downloading a result from an address that somebody else named.

A connection that is cut goes on where it broke off. The provider's key is never sent. The limits are those of
engine.md §6; which addresses we connect to at all, addresses.py says.
"""

import hashlib
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from generations.engine.addresses import FetchError, check_url, session
from generations.modellix.client import USER_AGENT

CHUNK = 64 * 1024  # bytes
CONNECT, SILENCE = 3.05, 30  # seconds
REDIRECTS = 5
STALLS = 5  # in a row; a cut before another chunk had come is one
BREATH = 0.2  # seconds before going on after the first stall, doubled with each further one
REST = re.compile(r"bytes (\d+)-(\d+)/(\d+)", re.ASCII)  # Content-Range


class Gone(FetchError):
    """The host no longer gives it out under this address: a fresh one may exist."""


class TooLarge(FetchError):
    """More bytes than the limit."""


@dataclass(frozen=True)
class Fetched:
    path: Path
    size: int  # bytes
    sha256: str


def fetch(url, path, *, limit, seconds, local=False):
    """Stream the file at `url` into `path`: Fetched. At most `limit` bytes and `seconds` in all.

    `local` allows http and loopback addresses, for a provider that runs on this machine. Raises FetchError when the
    file cannot be had, OSError when it cannot be written.
    """
    with session(local) as connections, open(path, "wb") as file:
        part = Part(file, limit, time.monotonic() + seconds)
        while not part.is_whole:
            try:
                with open_stream(connections, url, part.headers, local) as response:
                    part.write(response)
            except (requests.RequestException, HTTPError) as error:
                if not part.goes_on():
                    host = urlsplit(url).hostname
                    raise FetchError(f"The connection to {host} broke ({error.__class__.__name__}).") from error
        os.fsync(file.fileno())
    if not part.size:
        raise FetchError("The file host sent an empty file.")
    return Fetched(path, part.size, part.digest.hexdigest())


def open_stream(connections, url, headers, local):
    """The answer with the file, after at most five redirects."""
    for _ in range(REDIRECTS + 1):
        check_url(url, local)
        response = connections.get(url, stream=True, timeout=(CONNECT, SILENCE), allow_redirects=False, headers=headers)
        if response.status_code in (requests.codes.ok, requests.codes.partial_content):
            return response
        response.close()
        if not response.is_redirect:
            raise refusal(response)
        url = urljoin(url, response.headers["Location"])
    raise FetchError("The file host sent us round in circles.")


def refusal(response):
    kind = Gone if response.status_code in (403, 404, 410) else FetchError
    return kind(f"The file host answered {response.status_code}.")


class Part:
    """What has arrived of a file. It outlives the connections that bring it."""

    def __init__(self, file, limit, deadline):
        self.file, self.limit, self.deadline = file, limit, deadline
        self.is_whole, self.stalls, self.furthest, self.size = False, 0, 0, 0
        self.begin()

    def begin(self, version=""):
        """Throw away what there is; what comes now is this version of the content."""
        if self.size:
            self.file.seek(0)
            self.file.truncate()
        self.size, self.digest, self.version = 0, hashlib.sha256(), version

    @property
    def headers(self):
        """What asks for the rest of it, and for the whole if that has changed meanwhile."""
        rest = {"Range": f"bytes={self.size}-", "If-Range": self.version} if self.size else {}
        return {"Accept-Encoding": "identity", "User-Agent": USER_AGENT} | rest

    def write(self, response):
        """Append what this answer brings. Raises FetchError, and the errors of a connection that breaks."""
        if response.status_code == requests.codes.partial_content:
            self.check_continues(response)
        else:
            self.begin(version_of(response))
        self.keep_within(response.raw.length_remaining or 0)
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            self.keep_within(len(chunk))
            self.digest.update(chunk)
            self.file.write(chunk)
            self.size += len(chunk)
        self.file.flush()
        self.is_whole = True

    def keep_within(self, more):
        """Raises TooLarge when so many more bytes are too many, FetchError when the time is over."""
        if self.size + more > self.limit:
            raise TooLarge(f"The file has more than the {self.limit:,} bytes allowed.")
        if time.monotonic() > self.deadline:
            raise FetchError("The download took too long.")

    def check_continues(self, response):
        """Raises FetchError unless it is the rest of this very content."""
        rest = REST.fullmatch(response.headers.get("Content-Range", ""))
        begins, ends, total = map(int, rest.groups()) if rest else (-1, -1, -1)
        if (begins, ends + 1) != (self.size, total) or version_of(response) not in ("", self.version):
            raise FetchError("The file host sent another part than the one asked for.")

    def goes_on(self):
        """After a cut: whether to ask for the rest. Waits a little when hardly anything new had come."""
        self.stalls = 0 if self.size - self.furthest >= CHUNK else self.stalls + 1
        self.furthest = max(self.furthest, self.size)
        if not (self.size and self.version) or self.stalls > STALLS:
            return False
        if self.stalls:
            time.sleep(BREATH * 2 ** (self.stalls - 1))
        return time.monotonic() < self.deadline


def version_of(response):
    """What the host calls this content, if it can be held to it: a strong ETag, else the time of its last change."""
    if "Content-Encoding" in response.headers:
        return ""  # its bytes are not those that we keep
    etag = response.headers.get("ETag", "")
    return etag if etag.startswith('"') else response.headers.get("Last-Modified", "")
