"""What is compressed on its way out, and what is not."""

import gzip
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from django.views.debug import get_exception_reporter_filter

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


class HeadersTests:
    def test_every_answer_keeps_to_itself(self, client, member, make_task, make_output):
        picture = make_output(make_task("done"))
        client.force_login(member)
        for url in ("/", "/nowhere/", reverse("media", args=[picture.pk, "original"]), "/static/css/tokens.css"):
            headers = client.get(url).headers
            assert "camera=()" in headers["Permissions-Policy"]
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")


class BodyTests:
    def test_strangers_send_forms_and_no_files(self, client, member):
        def post(url):
            return client.post(url, {"file": SimpleUploadedFile("a.png", bytes(3_000_000))}).status_code

        assert [post(url) for url in ("/account/login/", "/s/a-link/", "/origin/")] == [413] * 3
        client.force_login(member)
        assert post("/origin/") == 422


class SecurityTests:
    def test_every_test_that_the_threat_model_names_is_there(self, settings):
        named = re.findall(r"`(tests/[\w/]+\.py)`", (settings.BASE_DIR / "SECURITY.md").read_text())
        assert named
        assert [path for path in named if not (settings.BASE_DIR / path).is_file()] == []


class ReportsTests:
    """What is told of an error to whoever is mailed it."""

    def test_no_secret_is_in_it(self, settings):
        settings.MODELLIX_API_KEY = settings.METRICS_TOKEN = settings.REDIS_URL = "hush"
        settings.Q_CLUSTER = {"redis": "redis://:hush@broker/1"}
        settings.S3 = {"S3_SECRET_ACCESS_KEY": "hush"}
        request = RequestFactory().post("/", {"password": "hush", "oldpassword": "hush", "name": "hush"})
        told = get_exception_reporter_filter(request)
        assert set(told.get_post_parameters(request)) == {"password", "oldpassword", "name"}
        environment = {"DATABASE_URL": "hush", "EMAIL_URL": "hush", "HTTP_COOKIE": "hush", "HTTP_AUTHORIZATION": "hush"}
        environment = {name: told.cleanse_setting(name, value) for name, value in environment.items()}
        assert "hush" not in f"{told.get_safe_settings()} {told.get_post_parameters(request)} {environment}"
