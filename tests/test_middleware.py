"""What is compressed on its way out, and what is not."""

import gzip

from django.urls import reverse

GZIP = {"accept-encoding": "gzip, deflate, br"}


class CompressPagesTests:
    def test_a_page_is_a_fraction_of_its_size(self, client, member):
        client.force_login(member)
        plain, small = client.get("/"), client.get("/", headers=GZIP)
        assert small["Content-Encoding"] == "gzip"
        assert len(small.content) < len(plain.content) / 3
        assert b"</html>" in gzip.decompress(small.content)

    def test_its_length_tells_nothing_of_what_is_in_it(self, client, db):
        lengths = {len(client.get(reverse("account_login"), headers=GZIP).content) for _ in range(12)}
        assert len(lengths) > 3

    def test_a_picture_is_sent_as_it_is_with_its_length_and_in_parts(self, client, member, make_task, make_output):
        picture = make_output(make_task("done"))
        client.force_login(member)
        address = reverse("media", args=[picture.pk, "original"])
        whole = client.get(address, headers=GZIP)
        assert ("Content-Encoding" in whole, whole["Content-Length"]) == (False, str(picture.size))
        part = client.get(address, headers=GZIP | {"range": "bytes=0-9"})
        assert (part.status_code, part["Content-Range"]) == (206, f"bytes 0-9/{picture.size}")

    def test_who_takes_no_gzip_gets_plain_words(self, client, db):
        page = client.get(reverse("account_login"), headers={"accept-encoding": "identity"})
        assert "Content-Encoding" not in page
        assert b"</html>" in page.content
