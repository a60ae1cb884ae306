"""A file arrives whole whatever the connection does, within its limits; nothing of ours goes out with the request."""

import errno
import socket
import ssl
import subprocess
import tracemalloc
from itertools import pairwise

import pytest
import requests

from generations.engine import fetch as fetch_module
from generations.engine.addresses import Unsafe
from generations.engine.fetch import FetchError, Gone, TooLarge, fetch
from tests.engine.file_host import FileHost, bomb, content, sha256

MB = 1_000_000


@pytest.fixture
def tls_host(tmp_path, monkeypatch):
    """The same host behind a certificate for "localhost", which we trust for once."""
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    made = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key]
    named = ["-out", certificate, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(["openssl", "req", *made, *named], check=True, capture_output=True)
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    host = FileHost()
    host.socket = context.wrap_socket(host.socket, server_side=True)
    host.url = f"https://localhost:{host.server_port}"
    yield host
    host.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(fetch_module, "BREATH", 0)


@pytest.fixture
def get(host, tmp_path):
    """get(path, **options) fetches from the host: (Fetched, bytes)."""

    def fetched(path, **options):
        found = fetch(host.url + path, tmp_path / "file", **{"limit": 5 * MB, "seconds": 5, "local": True} | options)
        return found, found.path.read_bytes()

    return fetched


class FetchTests:
    def test_a_file_arrives_whole_with_its_hash(self, get):
        fetched, data = get("/bytes/1000000")
        assert data == content(MB)
        assert (fetched.size, fetched.sha256) == (MB, sha256(data))

    def test_nothing_of_ours_is_sent(self, host, get, tmp_path, monkeypatch):
        """Not even what a file of passwords in somebody's home would add."""
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login us password secret\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        get(f"/to/{host.url}/cut/300000/100000")
        assert len(host.seen) == 6
        assert not [headers for _, headers in host.seen if {"Authorization", "Cookie"} & headers.keys()]

    def test_a_file_over_the_limit_is_not_read(self, get):
        with pytest.raises(TooLarge):
            get("/bytes/1001", limit=1000)

    def test_a_file_of_unknown_length_is_read_up_to_the_limit(self, get):
        with pytest.raises(TooLarge):
            get("/endless/", limit=MB)

    def test_the_time_is_limited_too(self, get):
        with pytest.raises(FetchError, match="too long"):
            get("/endless/", limit=10**12, seconds=0.2)

    def test_an_empty_file_is_no_file(self, get):
        with pytest.raises(FetchError):
            get("/bytes/0")

    def test_what_was_packed_unasked_is_unpacked(self, get):
        assert get("/packed/70000")[1] == content(70_000)

    def test_a_bomb_is_unpacked_no_further_than_the_limit(self, get):
        bomb(60 * MB)
        tracemalloc.start()
        with pytest.raises(TooLarge):
            get(f"/bomb/{60 * MB}")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 2 * MB

    @pytest.mark.parametrize("status", [403, 404, 410])
    def test_a_vanished_file_is_told_from_other_trouble(self, get, status):
        with pytest.raises(Gone):
            get(f"/status/{status}")

    @pytest.mark.parametrize("status", [204, 304, 400, 429, 500, 503])
    def test_other_trouble_may_be_tried_again(self, get, status):
        with pytest.raises(FetchError) as caught:
            get(f"/status/{status}")
        assert not isinstance(caught.value, Gone)

    def test_a_redirect_is_followed_five_times(self, host, get):
        path = "/bytes/3"
        for _ in range(5):
            path = f"/to/{host.url}{path}"
        assert get(path)[0].size == 3
        with pytest.raises(FetchError, match="circles"):
            get(f"/to/{host.url}{path}")

    @pytest.mark.parametrize(
        "target",
        [
            "http://10.0.0.1/secret",
            "https://10.0.0.1/secret",
            "https://[::ffff:10.0.0.1]/secret",
            "https://169.254.169.254/latest/meta-data",
            "https://us:secret@example.com/",
            "http://1.1.1.1/",
            "file:///etc/passwd",
        ],
    )
    def test_a_redirect_leads_nowhere_that_is_not_allowed(self, get, target):
        with pytest.raises(Unsafe):
            get(f"/to/{target}")

    def test_this_machine_is_refused_for_a_public_provider(self, host, get):
        with pytest.raises(Unsafe):
            get("/bytes/1", local=False)
        assert host.seen == []

    def test_a_full_disk_is_no_fault_of_the_host(self, host, tmp_path):
        (tmp_path / "full").symlink_to("/dev/full")
        with pytest.raises(OSError, match="space") as caught:
            fetch(f"{host.url}/bytes/100000", tmp_path / "full", limit=MB, seconds=5, local=True)
        assert caught.value.errno == errno.ENOSPC


class ResumeTests:
    @pytest.mark.parametrize("version", ["etag", "date"])
    def test_a_host_that_cuts_every_500_kb_still_delivers(self, host, get, version):
        fetched, data = get(f"/cut/2300000/500000?version={version}")
        assert data == content(2_300_000)
        assert fetched.sha256 == sha256(data)
        assert host.sent == [(0, 500_000), (500_000, 500_000), (MB, 500_000), (1_500_000, 500_000), (2 * MB, 300_000)]

    def test_the_bytes_of_an_unfinished_chunk_are_kept(self, host, get):
        assert get("/cut/200000/70001")[1] == content(200_000)
        assert [second - first for (first, _), (second, _) in pairwise(host.sent)] == [70_001, 70_001]

    def test_a_file_that_changed_meanwhile_begins_anew(self, host, get):
        fetched, data = get("/cut/200000/150000?changes=yes")
        assert data == content(200_000, 2)
        assert fetched.sha256 == sha256(data)

    @pytest.mark.parametrize("version", ["weak", "none"])
    def test_a_host_that_does_not_name_the_version_is_asked_again_later(self, host, get, version):
        with pytest.raises(FetchError, match="broke"):
            get(f"/cut/1000/600?version={version}")
        assert len(host.seen) == 1

    def test_a_host_that_always_begins_anew_is_left_alone_after_a_while(self, host, get):
        with pytest.raises(FetchError, match="broke"):
            get("/cut/1000000/200000?ranges=no")
        assert len(host.seen) == 2 + fetch_module.STALLS

    def test_a_host_that_brings_almost_nothing_is_left_alone_after_a_while(self, host, get):
        with pytest.raises(FetchError, match="broke"):
            get("/cut/1000000/100")
        assert len(host.seen) == 1 + fetch_module.STALLS

    def test_another_part_than_the_one_asked_for_is_not_taken(self, get):
        with pytest.raises(FetchError, match="another part"):
            get("/cut/1000000/200000?wrong=yes")


class NameTests:
    def test_the_certificate_and_the_host_header_go_by_the_name(self, tls_host, tmp_path):
        """Although the connection is made to the address that was checked."""
        fetched = fetch(f"{tls_host.url}/bytes/1000", tmp_path / "file", limit=MB, seconds=5, local=True)
        assert fetched.size == 1000
        assert tls_host.seen[0][1]["Host"] == f"localhost:{tls_host.server_port}"

    def test_a_name_that_changes_its_mind_is_refused(self, host, tmp_path, monkeypatch):
        """It leads to this machine when it is checked, and into the private network when it is used."""
        answers, real = iter(["127.0.0.1", "10.0.0.1"]), socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda name, *rest, **more: real(next(answers), *rest, **more))
        with pytest.raises(Unsafe, match="not public"):
            fetch(f"http://changing.example:{host.server_port}/", tmp_path / "file", limit=10, seconds=5, local=True)
        assert host.seen == []

    def test_a_name_is_looked_up_no_more_once_it_is_checked(self, tls_host, tmp_path, monkeypatch):
        asked, real = [], socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda name, *rest, **more: asked.append(name) or real(name, *rest))
        fetch(f"{tls_host.url}/bytes/1", tmp_path / "file", limit=10, seconds=5, local=True)
        assert asked == ["localhost", "127.0.0.1"]
