"""What a visitor without account or cookies gets by a link, and what nobody gets once it is closed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from generations.models import Event, ShareLink, Team
from generations.templatetags.gallery import day
from generations.views import exhibit

SECRET = "a zebra crossing in Samarkand"


@pytest.fixture
def task(make_task, make_output):
    task = make_task("done", text=SECRET)
    for _ in range(4):
        make_output(task)
    return task


@pytest.fixture
def link(task, member):
    return ShareLink.make(task, member, days=30)


def page(link):
    return reverse("share", args=[link.token])


def file(link, output=None, variant="original", query=""):
    output = output or link.task.outputs.first()
    return reverse("share-media", args=[link.token, output.pk, variant]) + query


def everything(response):
    """All bytes of an answer, with its headers."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return "\n".join(f"{name}: {value}" for name, value in response.items()) + body.decode("latin-1")


def item(link, output=None):
    return reverse("share-item", args=[link.token, (output or link.task.outputs.first()).pk])


def expire(link):
    ShareLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


class OpenTests:
    def test_anyone_sees_all_saved_files_and_gets_each_byte(self, client, link):
        wall = client.get(page(link)).content.decode()
        for output in link.task.outputs.all():
            assert f'href="{item(link, output)}"' in wall
            large = client.get(item(link, output)).content.decode()
            for variant in ("original", "medium", "small"):
                assert file(link, output, variant) in wall + large
                assert client.get(file(link, output, variant)).status_code == 200

    def test_each_file_leads_to_its_neighbours_and_back(self, client, link):
        first, second, third, _ = link.task.outputs.all()
        html = client.get(item(link, second)).content.decode()
        assert "2 of 4" in html
        for address in (item(link, first), item(link, third), page(link)):
            assert f'href="{address}"' in html

    def test_no_cookie_is_set(self, client, link):
        client.get(page(link))
        client.get(file(link))
        assert not client.cookies

    def test_search_engines_and_other_sites_learn_nothing(self, client, link):
        for response in (client.get(page(link)), client.get(file(link))):
            assert response["X-Robots-Tag"] == "noindex, nofollow"
            assert response["Referrer-Policy"] == "no-referrer"
        assert b'<meta name="robots" content="noindex, nofollow">' in client.get(page(link)).content

    def test_the_page_is_not_kept_and_files_are_asked_for_again(self, client, link):
        assert client.get(page(link))["Cache-Control"] == "private, no-store"
        assert client.get(file(link))["Cache-Control"] == "private, no-cache"

    def test_prompt_author_and_model_stay_with_the_team(self, client, link, member):
        told = everything(client.get(page(link)))
        for output in link.task.outputs.all():
            told += everything(client.get(file(link, output, query="?download")))
        words = [*SECRET.split()[1:], member.email, *member.name.split(), link.task.model_name, link.task.model_slug]
        assert "Four pictures" in told
        assert [word for word in words if word.casefold() in told.casefold() and word != "in"] == []

    def test_the_original_can_be_downloaded_under_a_name_that_tells_nothing(self, client, link):
        response = client.get(file(link, query="?download"))
        assert response["Content-Disposition"] == 'attachment; filename="picture-1.png"'

    def test_a_part_of_a_file_can_be_asked_for(self, client, link):
        response = client.get(file(link), HTTP_RANGE="bytes=0-7")
        assert (response.status_code, b"".join(response.streaming_content)) == (206, b"\x89PNG\r\n\x1a\n")

    def test_films_and_recordings_play_and_anything_else_is_a_download(self, client, make_task, make_output, member):
        task = make_task("done")
        for kind, mime in {"video": "video/mp4", "audio": "audio/mpeg", "file": "image/png"}.items():
            make_output(task, kind=kind, mime=mime, medium="", small="")
        link = ShareLink.make(task, member, days=1)
        film, recording, unknown = task.outputs.all()
        html = client.get(page(link)).content.decode()
        assert "Three files" in html
        assert f'<video src="{file(link, film)}"' in html
        assert f'<audio src="{file(link, recording)}"' in html
        assert f'href="{file(link, unknown, query="?download")}"' in client.get(item(link, unknown)).content.decode()

    def test_a_text_is_read_on_the_page(self, client, make_task, make_output, member):
        words = default_storage.save("words.txt", ContentFile(b"Dear <all>,"))
        text = make_output(make_task("done"), kind="text", mime="text/plain", original=words, medium="", small="")
        html = client.get(item(ShareLink.make(text.task, member, days=1), text)).content.decode()
        assert "Dear &lt;all&gt;," in html

    def test_files_not_saved_are_not_mentioned(self, client, link, make_output):
        waiting = make_output(link.task, saved=False)
        assert file(link, waiting) not in client.get(page(link)).content.decode()
        assert client.get(file(link, waiting)).status_code == 404

    def test_other_generations_stay_closed(self, client, link, make_task, make_output):
        other = make_output(make_task("done"))
        assert client.get(file(link, other)).status_code == 404

    def test_nothing_can_be_changed(self, client, link):
        for address in (page(link), item(link), file(link)):
            for method in (client.put, client.delete):
                assert method(address).status_code == 405
        assert client.post(file(link)).status_code == 405
        assert client.post(page(link)).url == page(link)

    def test_it_costs_the_same_for_one_picture_and_for_many(self, client, link, make_output, django_assert_num_queries):
        with django_assert_num_queries(6):
            client.get(page(link))
        for _ in range(8):
            make_output(link.task)
        with django_assert_num_queries(6):
            client.get(page(link))


class WordsTests:
    def test_a_title_and_a_message_are_told_with_what_there_is(self, client, link):
        ShareLink.objects.update(title="First <light>", message="Before the colour arrives.")
        Team.objects.create(pk=1, name="Northlight")
        html = client.get(page(link)).content.decode()
        assert "<h1>First &lt;light&gt;</h1>" in html
        for words in ("Before the colour arrives.", "4 pictures", "Shared by Northlight", "Open until"):
            assert words in html

    def test_nothing_left_is_said(self, client, link):
        link.task.outputs.update(status="lost")
        html = client.get(page(link)).content.decode()
        assert "Nothing here any more." in html

    def test_many_files_have_pages_and_one_place_each(self, client, link, make_output, monkeypatch):
        monkeypatch.setattr(exhibit, "PAGE", 3)
        last = link.task.outputs.last()
        assert item(link, last) not in client.get(page(link)).content.decode()
        html = client.get(page(link), {"page": "2"}).content.decode()
        assert item(link, last) in html
        assert "4 to 4 of 4" in html
        assert f'href="{page(link)}?page=2"' in client.get(item(link, last)).content.decode()

    @pytest.mark.parametrize(
        ("ahead", "words"),
        [
            (timedelta(days=20), "13 June"),
            (timedelta(hours=3), "today, 15:30 UTC"),
            (timedelta(days=400), "28 June 2027"),
        ],
    )
    def test_the_end_is_told_by_the_day_and_the_last_one_by_the_hour(self, monkeypatch, ahead, words):
        now = datetime(2026, 5, 24, 12, 30, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: now)
        assert day(now + ahead) == words


class CountTests:
    def opened(self, link):
        link.refresh_from_db()
        return link.opened

    def test_visitors_are_counted(self, client, link):
        client.get(page(link))
        client.get(page(link))
        assert self.opened(link) == 2
        assert timezone.now() - link.last_opened_at < timedelta(minutes=1)

    def test_the_team_looking_as_visitors_is_not(self, client, link, member, colleague):
        for person in (member, colleague):
            client.force_login(person)
            assert client.get(page(link)).status_code == 200
        assert self.opened(link) == 0

    def test_files_and_mere_questions_are_not(self, client, link):
        client.head(page(link))
        client.get(file(link))
        assert self.opened(link) == 0

    def test_a_closed_link_is_not(self, client, link):
        expire(link)
        client.get(page(link))
        assert self.opened(link) == 0


class ClosedTests:
    def addresses(self, link):
        return [page(link), item(link), *(file(link, variant=variant) for variant in ("original", "medium", "small"))]

    def test_after_revoking_neither_page_nor_file_is_served(self, client, link, member):
        addresses = self.addresses(link)
        assert {client.get(address).status_code for address in addresses} == {200}
        link.revoke(member)
        assert {client.get(address).status_code for address in addresses} == {410}

    def test_after_expiry_neither(self, client, link):
        addresses = self.addresses(link)
        expire(link)
        assert {client.get(address).status_code for address in addresses} == {410}

    def test_an_unknown_link_is_not_found(self, client, link):
        unknown = ShareLink(token="A" * 22, task=link.task)
        assert {client.get(address).status_code for address in self.addresses(unknown)} == {404}

    def test_closed_for_all_means_for_the_author_too(self, client, link, member):
        link.revoke(member)
        client.force_login(member)
        assert client.get(page(link)).status_code == 410

    def test_the_browsers_own_copy_is_not_confirmed(self, client, link, member):
        first = client.get(file(link))
        fresh = {"HTTP_IF_NONE_MATCH": first["ETag"], "HTTP_IF_MODIFIED_SINCE": first["Last-Modified"]}
        assert client.get(file(link), **fresh).status_code == 304
        link.revoke(member)
        assert client.get(file(link), **fresh).status_code == 410
        assert client.get(file(link), HTTP_RANGE="bytes=0-3").status_code == 410

    def test_expired_revoked_and_unknown_look_alike(self, client, task, member):
        expired, revoked = ShareLink.make(task, member, days=1), ShareLink.make(task, member, days=None)
        expire(expired)
        revoked.revoke(member)
        unknown = ShareLink(token="A" * 22, task=task)
        told = [everything(client.get(page(link))) for link in (expired, revoked, unknown)]
        told += [everything(client.get(file(link))) for link in (expired, revoked, unknown)]
        assert len(set(told)) == 1
        assert "This gallery has closed." in told[0]
        assert [word for word in (SECRET.split()[1], member.name, "picture") if word in told[0]] == []
        assert not client.cookies

    def test_a_link_that_never_expires_stays_open(self, client, task, member):
        assert client.get(page(ShareLink.make(task, member, days=None))).status_code == 200

    def test_revoking_one_leaves_the_other(self, client, task, link, member):
        other = ShareLink.make(task, member, days=1)
        link.revoke(member)
        assert client.get(page(other)).status_code == 200
        assert Event.objects.filter(kind=Event.Kind.UNSHARED).count() == 1


class NeighbourTests:
    def test_the_team_still_needs_to_sign_in_everywhere_else(self, client, link):
        output = link.task.outputs.first()
        assert client.get(reverse("media", args=[output.pk, "original"])).status_code == 302
