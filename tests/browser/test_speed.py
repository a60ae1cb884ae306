"""How the product's own web server gives pages out: compressed, with what they need kept by browsers for good."""

import re

import requests


def asked(studio, path, **headers):
    cookies = {cookie["name"]: cookie["value"] for cookie in studio.session["cookies"]}
    answer = requests.get(studio.url + path, cookies=cookies, headers={"Accept-Encoding": "gzip, br"} | headers)
    assert answer.status_code == 200
    return answer


class SpeedTests:
    def test_what_a_page_needs_is_kept_for_good(self, studio):
        page = asked(studio, "/").text
        needed = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
        assert {path.rsplit(".", 1)[1] for path in needed} >= {"css", "js", "woff2", "svg"}
        for path in needed:
            headers = asked(studio, path).headers
            assert headers["Cache-Control"] == "max-age=315360000, public, immutable", path
            if path.endswith((".css", ".js", ".svg")):
                assert headers["Content-Encoding"] == "br", path

    def test_a_page_is_compressed_and_says_on_what_it_depends(self, studio):
        headers = asked(studio, "/").headers
        assert headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in headers["Vary"]

    def test_it_has_one_style_sheet_and_the_font_of_its_words_from_the_start(self, page):
        page.goto("/")
        loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
        assert len([name for name in loaded if ".css" in name]) == 1
        [font] = [name for name in loaded if ".woff2" in name]
        assert font.endswith(page.locator("link[rel=preload]").get_attribute("href"))
