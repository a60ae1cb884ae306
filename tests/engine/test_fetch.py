"""Where we download from, and where we never connect to."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from generations.engine.fetch import FetchError, Gone, TooLarge, Unsafe, check_url, checked_address, fetch

REFUSED = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "0.0.0.0",
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
]


class Host(BaseHTTPRequestHandler):
    """/bytes/N sends N bytes, /to/URL redirects, /status/N answers so, /cut/ promises more than it sends."""

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        what, _, rest = self.path[1:].partition("/")
        getattr(self, f"send_{what}")(rest)

    def send_bytes(self, count):
        self.answer(200, b"x" * int(count))

    def send_to(self, url):
        self.answer(302, b"", Location=url)

    def send_status(self, status):
        self.answer(int(status), b"no")

    def send_cut(self, _):
        self.answer(200, b"x" * 10, **{"Content-Length": "1000"})

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def host():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.seen, server.url = [], f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def get(host, path, tmp_path, **options):
    return fetch(host.url + path, tmp_path / "file", **{"limit": 1000, "seconds": 5, "local": True} | options)


class FetchTests:
    def test_a_file_arrives_whole_with_its_hash(self, host, tmp_path):
        fetched = get(host, "/bytes/1000", tmp_path)
        assert fetched.path.read_bytes() == b"x" * 1000
        assert fetched.size == 1000
        assert len(fetched.sha256) == 64

    def test_no_key_and_no_cookie_is_sent(self, host, tmp_path):
        get(host, "/bytes/1", tmp_path)
        assert {"Authorization", "Cookie"}.isdisjoint(host.seen[0][1])

    def test_a_file_over_the_limit_is_not_read(self, host, tmp_path):
        with pytest.raises(TooLarge):
            get(host, "/bytes/1001", tmp_path)

    def test_a_cut_connection_is_no_file(self, host, tmp_path):
        with pytest.raises(FetchError):
            get(host, "/cut/", tmp_path)

    def test_an_empty_file_is_no_file(self, host, tmp_path):
        with pytest.raises(FetchError):
            get(host, "/bytes/0", tmp_path)

    @pytest.mark.parametrize("status", [403, 404, 410])
    def test_a_vanished_file_is_told_from_other_trouble(self, host, tmp_path, status):
        with pytest.raises(Gone):
            get(host, f"/status/{status}", tmp_path)

    def test_other_trouble_may_be_tried_again(self, host, tmp_path):
        with pytest.raises(FetchError) as caught:
            get(host, "/status/500", tmp_path)
        assert not isinstance(caught.value, Gone)

    def test_a_redirect_is_followed_five_times(self, host, tmp_path):
        path = "/bytes/3"
        for _ in range(5):
            path = f"/to/{host.url}{path}"
        assert get(host, path, tmp_path).size == 3
        with pytest.raises(FetchError):
            get(host, f"/to/{host.url}{path}", tmp_path)

    def test_a_redirect_into_the_private_network_is_refused(self, host, tmp_path):
        with pytest.raises(Unsafe):
            get(host, "/to/http://10.0.0.1/secret", tmp_path)
        with pytest.raises(FetchError):
            get(host, "/to/https://10.0.0.1/secret", tmp_path)

    def test_this_machine_is_refused_for_a_public_provider(self, host, tmp_path):
        with pytest.raises(FetchError):
            get(host, "/bytes/1", tmp_path, local=False)
        assert host.seen == []


class AddressTests:
    @pytest.mark.parametrize("address", REFUSED)
    def test_addresses_that_are_not_public_are_refused(self, address):
        with pytest.raises(Unsafe):
            checked_address(address, 443, local=False)

    @pytest.mark.parametrize("address", sorted(set(REFUSED) - {"127.0.0.1", "::1", "::ffff:127.0.0.1"}))
    def test_a_provider_on_this_machine_opens_loopback_only(self, address):
        with pytest.raises(Unsafe):
            checked_address(address, 443, local=True)

    def test_a_public_address_is_connected_to_as_checked(self):
        assert checked_address("1.1.1.1", 443, local=False) == "1.1.1.1"

    @pytest.mark.parametrize(
        "url",
        [
            "http://1.1.1.1/a.png",
            "https://user:secret@example.com/a.png",
            "file:///etc/passwd",
            "ftp://example.com/",
            "//x",
        ],
    )
    def test_only_https_without_credentials(self, url):
        with pytest.raises(Unsafe):
            check_url(url, local=False)

    def test_a_name_that_changes_its_mind_is_refused_at_the_connection(self, host, tmp_path, monkeypatch):
        """The first look-up gives a public address, the next a private one: the connection goes by its own look-up."""
        answers = iter(["1.1.1.1", "10.0.0.1", "10.0.0.1"])
        real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda name, *rest, **more: real(next(answers), *rest, **more))
        with pytest.raises(FetchError, match="broke"):
            fetch("https://changing.example/a.png", tmp_path / "file", limit=10, seconds=5)
