"""Where we connect to when somebody else named the address: the public network, and the very machine that was checked.

The rules are those of the official client (its documentation lists the ranges) and of engine.md §6. A host may lead to
one machine when it is checked and to another when it is used; so the name is looked up once, and the connection goes
to the address that was found.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: how a machine without IPv4 reaches IPv4 addresses


class FetchError(Exception):
    """The file could not be had this time. The message is for people and never holds the address's query."""


class Unsafe(FetchError):
    """The address is not one that we connect to."""


def check_url(url, local):
    """Raises Unsafe unless it is https without credentials (or http on this machine, when that is allowed)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 80
    except ValueError as error:
        raise Unsafe("The file's address is not a web address.") from error
    if parts.username or parts.password:
        raise Unsafe("The file's address holds credentials.")
    if not host or parts.scheme not in ("https", "http"):
        raise Unsafe("The file's address is not a web address.")
    if parts.scheme == "http" and not (local and all(address.is_loopback for address in addresses(host, port))):
        raise Unsafe("The file's address is not encrypted (http).")


def addresses(host, port):
    """The addresses behind a name. Raises FetchError when there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} cannot be found.") from error
    return [ipaddress.ip_address(entry[4][0].partition("%")[0]) for entry in found]


def is_public(address):
    """Whether it belongs to the public network; so must an IPv4 address that an IPv6 one carries inside."""
    if address in NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    inside = [getattr(address, "ipv4_mapped", None), getattr(address, "sixtofour", None)]
    return all(
        each.is_global and not each.is_multicast and not each.is_reserved for each in [address, *filter(None, inside)]
    )


def checked_address(host, port, local):
    """An address of the host that may be connected to. Raises Unsafe when one of them is not for the public."""
    found = addresses(host, port)
    for address in found:
        if not is_public(address) and not (local and address.is_loopback):
            raise Unsafe(f"{host} leads to an address that is not public.")
    return str(found[0])


def session(local):
    """A requests Session for such addresses: no proxy, no password file, no second try.

    `local` allows loopback addresses, for a provider that runs on this machine.
    """
    made = requests.Session()
    made.trust_env = False
    for scheme in ("http://", "https://"):
        made.mount(scheme, CheckedAdapter(local))
    return made


class CheckedAdapter(HTTPAdapter):
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
            """Connect to the checked address; the certificate and the Host header still go by the name."""
            name = self._dns_host
            self._dns_host = checked_address(self.host, self.port, local)
            try:
                return super()._new_conn()
            finally:
                self._dns_host = name

    return type(f"Checked{pool.__name__}", (pool,), {"ConnectionCls": CheckedConnection})
