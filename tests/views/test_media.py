"""Saved files, for people of the team."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.http import http_date
from PIL import Image

from generations.models import Team

LETTERS = b"abcdefghijklmnopqrstuvwxyz"


def address(output, variant="original", query=""):
    return reverse("media", args=[output.pk, variant]) + query


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def stored(name):
    with default_storage.open(name) as file:
        return file.read()


@pytest.fixture
def picture(make_task, make_output):
    return make_output(make_task("done", text="Paper boats, at dawn & <very> slowly drifting down the old canal"))


@pytest.fixture
def letters(picture):
    """An output of 26 bytes, the alphabet."""
    picture.original = default_storage.save("letters.txt", ContentFile(LETTERS))
    picture.mime, picture.kind, picture.sha256 = "text/plain", "text", hashlib.sha256(LETTERS).hexdigest()
    picture.save()
    return picture


@pytest.fixture
def seen_by(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


class AccessTests:
    @pytest.mark.parametrize("variant", ["original", "medium", "small"])
    def test_the_whole_team_gets_every_variant(self, seen_by, member, colleague, admin_user, picture, variant):
        for person in (member, colleague, admin_user):
            assert body(seen_by(person).get(address(picture, variant))) == stored(getattr(picture, variant))

    def test_a_visitor_is_sent_to_sign_in(self, client, picture):
        response = client.get(address(picture))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))

    def test_who_is_switched_off_gets_nothing_from_then_on(self, seen_by, member, picture):
        client = seen_by(member)
        member.is_active = False
        member.save()
        assert client.get(address(picture)).status_code == 302

    @pytest.mark.parametrize("variant", ["url", "sha256", "large", "pk"])
    def test_only_the_three_variants_have_an_address(self, seen_by, member, picture, variant):
        assert seen_by(member).get(address(picture, variant)).status_code == 404

    def test_what_was_not_saved_is_not_found(self, seen_by, member, make_task, make_output):
        waiting = make_output(make_task("saving"), saved=False)
        assert seen_by(member).get(address(waiting)).status_code == 404

    def test_a_file_lost_from_storage_is_not_found(self, seen_by, member, picture):
        default_storage.delete(picture.small)
        assert seen_by(member).get(address(picture, "small")).status_code == 404

    def test_nothing_can_be_posted(self, seen_by, member, picture):
        assert seen_by(member).post(address(picture)).status_code == 405


class HeaderTests:
    def test_a_browser_may_not_guess_run_or_keep_it_unasked(self, seen_by, member, picture):
        response = seen_by(member).get(address(picture))
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-cache"
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "sandbox" in response["Content-Security-Policy"]

    def test_the_original_says_what_it_is_and_thumbnails_are_webp(self, seen_by, member, picture):
        client = seen_by(member)
        assert client.get(address(picture))["Content-Type"] == "image/png"
        assert client.get(address(picture, "medium"))["Content-Type"] == "image/webp"
        assert client.get(address(picture, "small"))["Content-Type"] == "image/webp"

    def test_text_is_shown_as_utf8(self, seen_by, member, letters):
        assert seen_by(member).get(address(letters))["Content-Type"] == "text/plain; charset=utf-8"

    @pytest.mark.parametrize("mime", ["image/svg+xml", "text/html", "application/xhtml+xml", "application/pdf", ""])
    def test_what_could_run_as_a_page_is_handed_over_as_a_file(self, seen_by, member, picture, mime):
        picture.mime = mime
        picture.save()
        response = seen_by(member).get(address(picture))
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")

    def test_head_tells_the_same_without_the_file(self, seen_by, member, letters):
        client = seen_by(member)
        got, asked = client.get(address(letters)), client.head(address(letters), HTTP_RANGE="bytes=0-3")
        assert body(asked) == b""
        assert asked.status_code == 200
        assert dict(asked.items()) == dict(got.items())
        assert asked["Content-Length"] == "26"


class MarksTests:
    @pytest.fixture
    def mia(self, client, member, picture):
        picture.task.provider_task_id = "img-7"
        picture.task.save()
        client.force_login(member)
        return client

    def test_a_download_carries_the_teams_marks_and_the_same_picture(self, mia, picture):
        Team(pk=1, name="Northlight").save()
        response = mia.get(address(picture, query="?download"))
        data = body(response)
        assert int(response["Content-Length"]) == len(data)
        for word in (b"trainedAlgorithmicMedia", picture.task.model_name.encode(), b"modellix:img-7/1", b"Northlight"):
            assert word in data
        with Image.open(BytesIO(data)) as marked, Image.open(BytesIO(stored(picture.original))) as original:
            assert marked.tobytes() == original.tobytes()

    def test_each_of_them_can_be_switched_off(self, mia, picture):
        tags = set()
        for name in ("marks_source", "marks_model", "marks_task", "marks_team"):
            Team.objects.update_or_create(pk=1, defaults={"name": "Northlight", name: False})
            tags.add((response := mia.get(address(picture, query="?download")))["ETag"])
        assert body(response) == stored(picture.original)
        assert len(tags) == 4

    def test_the_original_stays_untouched_and_can_be_had(self, mia, picture):
        for query in ("", "?download=untouched"):
            assert hashlib.sha256(body(mia.get(address(picture, query=query)))).hexdigest() == picture.sha256

    def test_any_part_of_a_marked_file_can_be_asked_for(self, mia, picture):
        whole = body(mia.get(address(picture, query="?download")))
        part = mia.get(address(picture, query="?download"), headers={"Range": "bytes=30-600"})
        assert (part.status_code, body(part)) == (206, whole[30:601])


class DownloadTests:
    def name(self, client, output, variant="original"):
        return client.get(address(output, variant, "?download"))["Content-Disposition"]

    def test_the_name_tells_prompt_model_and_number(self, seen_by, member, picture):
        name = f"paper-boats-at-dawn-very-slowly-drifting-qwen-image-{picture.task_id}-1.png"
        assert self.name(seen_by(member), picture) == f'attachment; filename="{name}"'

    def test_a_thumbnail_has_its_own_ending(self, seen_by, member, picture):
        assert self.name(seen_by(member), picture, "medium").endswith('-1.webp"')

    def test_words_of_other_scripts_are_kept(self, seen_by, member, make_task, make_output):
        output = make_output(make_task("done", text="紙の船"))
        assert self.name(seen_by(member), output).startswith(
            "attachment; filename*=utf-8''%E7%B4%99%E3%81%AE%E8%88%B9-"
        )

    def test_a_prompt_without_words_leaves_model_and_number(self, seen_by, member, make_task, make_output):
        output = make_output(make_task("done", text="!!! ../../"))
        assert f'"qwen-image-{output.task_id}-1.png"' in self.name(seen_by(member), output)

    def test_unasked_it_is_shown_in_the_page(self, seen_by, member, picture):
        assert seen_by(member).get(address(picture))["Content-Disposition"].startswith("inline")


class FreshnessTests:
    def test_the_same_file_is_not_sent_twice(self, seen_by, member, picture):
        client = seen_by(member)
        first = client.get(address(picture))
        for tag in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
            again = client.get(address(picture), HTTP_IF_NONE_MATCH=tag)
            assert again.status_code == 304
            assert body(again) == b""
            assert again["ETag"] == first["ETag"]
            assert again["Cache-Control"] == "private, no-cache"
        assert client.get(address(picture), HTTP_IF_MODIFIED_SINCE=first["Last-Modified"]).status_code == 304

    def test_another_tag_or_an_older_copy_gets_the_file(self, seen_by, member, picture):
        client = seen_by(member)
        older = http_date((picture.saved_at - timedelta(hours=1)).timestamp())
        assert client.get(address(picture), HTTP_IF_NONE_MATCH='"other"').status_code == 200
        assert client.get(address(picture), HTTP_IF_MODIFIED_SINCE=older).status_code == 200

    def test_each_variant_has_its_own_tag(self, seen_by, member, picture):
        client = seen_by(member)
        assert len({client.get(address(picture, variant))["ETag"] for variant in ("original", "medium", "small")}) == 3

    def test_a_signed_out_browser_is_not_told_that_its_copy_is_good(self, seen_by, member, picture):
        client = seen_by(member)
        tag = client.get(address(picture))["ETag"]
        client.logout()
        assert client.get(address(picture), HTTP_IF_NONE_MATCH=tag).status_code == 302


class RangeTests:
    @pytest.mark.parametrize(
        ("asked", "sent", "said"),
        [
            ("bytes=0-3", b"abcd", "bytes 0-3/26"),
            ("bytes=0-0", b"a", "bytes 0-0/26"),
            ("bytes=23-", b"xyz", "bytes 23-25/26"),
            ("bytes=25-25", b"z", "bytes 25-25/26"),
            ("bytes=20-999", b"uvwxyz", "bytes 20-25/26"),
            ("bytes=-2", b"yz", "bytes 24-25/26"),
            ("bytes=-999", LETTERS, "bytes 0-25/26"),
        ],
    )
    def test_a_part_is_sent_as_a_part(self, seen_by, member, letters, asked, sent, said):
        response = seen_by(member).get(address(letters), HTTP_RANGE=asked)
        assert (response.status_code, body(response), response["Content-Range"]) == (206, sent, said)
        assert response["Content-Length"] == str(len(sent))
        assert response["Accept-Ranges"] == "bytes"

    @pytest.mark.parametrize("asked", ["bytes=26-", "bytes=99-120", "bytes=-0"])
    def test_a_part_beyond_the_end_is_refused_with_the_size(self, seen_by, member, letters, asked):
        response = seen_by(member).get(address(letters), HTTP_RANGE=asked)
        assert (response.status_code, body(response), response["Content-Range"]) == (416, b"", "bytes */26")

    @pytest.mark.parametrize(
        "asked", ["bytes=0-1,4-5", "lines=0-1", "bytes=5-2", "bytes=a-b", "bytes=-", "bytes=" + "9" * 5000 + "-"]
    )
    def test_what_we_do_not_grant_gets_the_whole_file(self, seen_by, member, letters, asked):
        response = seen_by(member).get(address(letters), HTTP_RANGE=asked)
        assert (response.status_code, body(response)) == (200, LETTERS)

    def test_a_part_of_another_file_is_not_mixed_in(self, seen_by, member, letters):
        client = seen_by(member)
        first = client.get(address(letters))
        for condition, status in (
            (first["ETag"], 206),
            (first["Last-Modified"], 206),
            ('"other"', 200),
            (f"W/{first['ETag']}", 200),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ):
            response = client.get(address(letters), HTTP_RANGE="bytes=0-3", HTTP_IF_RANGE=condition)
            assert response.status_code == status

    def test_a_copy_that_is_still_good_beats_a_range(self, seen_by, member, letters):
        client = seen_by(member)
        tag = client.get(address(letters))["ETag"]
        assert client.get(address(letters), HTTP_RANGE="bytes=0-3", HTTP_IF_NONE_MATCH=tag).status_code == 304
