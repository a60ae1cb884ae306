"""Where we never connect to, whoever names the address."""

import ipaddress

import pytest

from generations.engine.addresses import FetchError, Unsafe, check_url, checked_address, is_public

LOOPBACK = ["127.0.0.1", "::1", "::ffff:127.0.0.1"]
REFUSED = [
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "0.0.0.0",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::7f00:1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
]


class AddressTests:
    @pytest.mark.parametrize("address", LOOPBACK + REFUSED)
    def test_addresses_that_are_not_public_are_refused(self, address):
        assert is_public(ipaddress.ip_address(address)) is False
        with pytest.raises(Unsafe):
            checked_address(address, 443, local=False)

    @pytest.mark.parametrize("address", REFUSED)
    def test_a_provider_on_this_machine_opens_loopback_only(self, address):
        with pytest.raises(Unsafe):
            checked_address(address, 443, local=True)

    @pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
    def test_a_public_address_is_connected_to_as_checked(self, address):
        assert checked_address(address, 443, local=False) == address

    def test_a_number_in_another_dress_is_what_it_is(self):
        for name in ("2130706433", "0x7f000001", "0177.0.0.1", "127.1"):
            with pytest.raises(Unsafe):
                checked_address(name, 443, local=False)

    def test_a_name_that_leads_nowhere_is_not_found(self):
        with pytest.raises(FetchError, match="cannot be found"):
            checked_address("no-such-host.invalid", 443, local=False)


class UrlTests:
    @pytest.mark.parametrize(
        "url",
        [
            "http://1.1.1.1/a.png",
            "http://127.0.0.1/a.png",
            "https://user:secret@example.com/a.png",
            "https://user@example.com/a.png",
            "https://[::1/a.png",
            "https://example.com:port/a.png",
            "https:///a.png",
            "file:///etc/passwd",
            "ftp://example.com/",
            "//x",
            "",
        ],
    )
    def test_only_https_without_credentials(self, url):
        with pytest.raises(Unsafe):
            check_url(url, local=False)

    @pytest.mark.parametrize("url", ["http://1.1.1.1/a.png", "http://10.0.0.1/", "http://us:secret@127.0.0.1/"])
    def test_a_provider_on_this_machine_opens_http_there_only(self, url):
        with pytest.raises(Unsafe):
            check_url(url, local=True)
        check_url("http://127.0.0.1:8000/a.png", local=True)

    def test_https_is_not_looked_up_before_the_connection(self):
        check_url("https://no-such-host.invalid/a.png?signature=1", local=False)
