"""Downloading a result from an address that somebody else named.

The address is checked after name resolution, the connection is made to the checked address, and each redirect is
checked anew. The provider's key is never sent. The rules are those of the official client, and of engine.md §6.
"""

import hashlib
import ipaddress
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

CHUNK = 64 * 1024  # bytes; larger ones lose more when a connection is cut
TIMEOUT = (3.05, 30)  # seconds to connect, seconds of silence
REDIRECTS = 5


class FetchError(Exception):
    """The file could not be had this time. The message is for people and never holds the address's query."""


class Gone(FetchError):
    """The host no longer gives it out under this address: a fresh one may exist."""


class Unsafe(FetchError):
    """The address is not one that we connect to."""


class TooLarge(FetchError):
    """More bytes than the limit."""


@dataclass(frozen=True)
class Fetched:
    path: Path
    size: int  # bytes
    sha256: str


def fetch(url, path, *, limit, seconds, local=False):
    """Stream the file at `url` into `path`: Fetched. At most `limit` bytes and `seconds` in all.

    `local` allows http and loopback addresses, for a provider that runs on this machine. Raises FetchError.
    """
    deadline = time.monotonic() + seconds
    with requests.Session() as session:
        session.trust_env = False
        for scheme in ("http://", "https://"):
            session.mount(scheme, CheckedAdapter(local))
        try:
            with open_stream(session, url, local) as response:
                return write(response, path, limit, deadline)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise FetchError(
                f"The connection to {urlsplit(url).hostname} broke ({error.__class__.__name__})."
            ) from error


def open_stream(session, url, local):
    """The answer with the file, after at most five redirects."""
    for _ in range(REDIRECTS + 1):
        check_url(url, local)
        response = session.get(
            url, stream=True, timeout=TIMEOUT, allow_redirects=False, headers={"Accept-Encoding": "identity"}
        )
        if response.ok and not response.is_redirect:
            return response
        response.close()
        if not response.is_redirect:
            raise refusal(response)
        url = urljoin(url, response.headers["Location"])
    raise FetchError("The file host sent us round in circles.")


def refusal(response):
    kind = Gone if response.status_code in (403, 404, 410) else FetchError
    return kind(f"The file host answered {response.status_code}.")


def write(response, path, limit, deadline):
    declared = int(response.headers.get("Content-Length") or 0)
    if declared > limit:
        raise TooLarge(f"The file has {declared:,} bytes, more than the {limit:,} allowed.")
    digest, size = hashlib.sha256(), 0
    with open(path, "wb") as file:
        for chunk in response.iter_content(CHUNK):
            size += len(chunk)
            if size > limit:
                raise TooLarge(f"The file has more than the {limit:,} bytes allowed.")
            if time.monotonic() > deadline:
                raise FetchError("The download took too long.")
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise FetchError("The file host sent an empty file.")
    return Fetched(path, size, digest.hexdigest())


def check_url(url, local):
    """Raises Unsafe unless it is https without credentials (or http on this machine, when that is allowed)."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise Unsafe("The file's address holds credentials.")
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise Unsafe("The file's address is not a web address.")
    if parts.scheme == "http" and not (
        local and all(address.is_loopback for address in addresses(parts.hostname, parts.port or 80))
    ):
        raise Unsafe("The file's address is not encrypted (http).")


def addresses(host, port):
    """The addresses behind a name. Raises FetchError when there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise FetchError(f"{host} cannot be found.") from error
    return [ipaddress.ip_address(entry[4][0].partition("%")[0]) for entry in found]


def is_public(address):
    """Whether it belongs to the public network; so must an IPv4 address that an IPv6 one carries inside."""
    inside = [getattr(address, "ipv4_mapped", None), getattr(address, "sixtofour", None)]
    return all(each.is_global and not each.is_multicast for each in [address, *filter(None, inside)])


def checked_address(host, port, local):
    """An address of the host that may be connected to. Raises Unsafe when one of them is not for the public."""
    found = addresses(host, port)
    for address in found:
        if not is_public(address) and not (local and address.is_loopback):
            raise Unsafe(f"{host} leads to an address that is not public.")
    return str(found[0])


class CheckedAdapter(HTTPAdapter):
    """Connects to the very address that was checked, so that a name cannot change its mind in between."""

    def __init__(self, local):
        self.local = local
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": checked_pool(HTTPConnectionPool, HTTPConnection, self.local),
            "https": checked_pool(HTTPSConnectionPool, HTTPSConnection, self.local),
        }


def checked_pool(pool, connection, local):
    class CheckedConnection(connection):
        def _new_conn(self):
            try:
                self._dns_host = checked_address(self.host, self.port, local)
            except FetchError as error:
                raise NewConnectionError(self, str(error)) from error
            return super()._new_conn()

    return type(f"Checked{pool.__name__}", (pool,), {"ConnectionCls": CheckedConnection})
