"""The address and the key, as a person sets them; the order of the path forms."""

import pytest

from generations.modellix.client import Client, check_base_url, check_key, forms_to_try, key_fingerprint


class BaseUrlTests:
    @pytest.mark.parametrize(
        ("text", "origin"),
        [
            ("https://api.modellix.ai", "https://api.modellix.ai"),
            (" https://api.modellix.ai/ ", "https://api.modellix.ai"),
            ("https://api.modellix.ai:8443", "https://api.modellix.ai:8443"),
            ("http://localhost:8001", "http://localhost:8001"),
            ("http://127.0.0.1:8001/", "http://127.0.0.1:8001"),
            ("http://[::1]:8001", "http://[::1]:8001"),
        ],
    )
    def test_an_origin_is_taken(self, text, origin):
        assert check_base_url(text) == origin

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", "must look like"),
            ("api.modellix.ai", "must look like"),
            ("ftp://api.modellix.ai", "must look like"),
            ("https://", "must look like"),
            ("https://:8001", "must look like"),
            ("https://[::1", "cannot be read"),
            ("https://api.modellix.ai:port", "cannot be read"),
            ("https://api.modellix.ai:99999", "cannot be read"),
            ("https://api..modellix.ai", "cannot be read"),
            (f"https://{'a' * 64}.ai", "cannot be read"),
            ("https://api.modellix.ai/api/v1", "must end after the host"),
            ("https://api.modellix.ai//", "must end after the host"),
            ("https://api.modellix.ai?x=1", "must end after the host"),
            ("https://api.modellix.ai?", "must end after the host"),
            ("https://api.modellix.ai#top", "must end after the host"),
            ("https://me:word@api.modellix.ai", "must end after the host"),
            ("https://@api.modellix.ai", "must end after the host"),
            ("https://api.mod ellix.ai", "must end after the host"),
            ("https://api.modellix.ai\\x", "must end after the host"),
            ("http://api.modellix.ai", "must use https"),
            ("http://192.168.1.7", "must use https"),
            ("http://localhost.example", "must use https"),
        ],
    )
    def test_anything_else_is_told_in_words(self, text, problem):
        with pytest.raises(ValueError, match=problem):
            check_base_url(text)


class KeyTests:
    def test_a_key_is_trimmed(self):
        assert check_key("  mk-demo-0001\n") == "mk-demo-0001"
        assert check_key("!" * 16384) == "!" * 16384

    @pytest.mark.parametrize("text", ["", "  ", "two words", "schlüssel", "tab\tbed", "!" * 16385, "nul\0"])
    def test_what_cannot_be_a_key_is_refused_without_naming_it(self, text):
        with pytest.raises(ValueError, match="The key") as caught:
            check_key(text)
        assert not text.strip() or text not in str(caught.value)

    def test_the_client_checks_both(self):
        with pytest.raises(ValueError, match="address"):
            Client("http://api.modellix.ai", "mk-demo-0001")
        with pytest.raises(ValueError, match="key"):
            Client("https://api.modellix.ai", "")

    def test_a_fingerprint_tells_keys_apart_and_gives_nothing_away(self):
        assert key_fingerprint("mk-demo-0001") == "17722375c59d"
        assert key_fingerprint("mk-demo-0002") != key_fingerprint("mk-demo-0001")


class FormTests:
    @pytest.mark.parametrize(
        ("setting", "worked", "type", "forms"),
        [
            ("auto", "", "text-to-image", ("typed", "async", "plain")),
            ("auto", "typed", "text-to-image", ("typed", "async", "plain")),
            ("auto", "async", "text-to-image", ("async", "typed", "plain")),
            ("auto", "plain", "text-to-image", ("plain", "typed", "async")),
            ("auto", "", "", ("async", "plain")),
            ("auto", "plain", None, ("plain", "async")),
            ("plain", "async", "text-to-image", ("plain",)),
            ("typed", "", "text-to-image", ("typed",)),
            ("typed", "", "", ()),
        ],
    )
    def test_what_worked_comes_first_and_a_setting_is_final(self, setting, worked, type, forms):
        assert forms_to_try(setting, worked, type) == forms
