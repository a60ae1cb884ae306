"""Each byte that a visitor can ask for, in each condition of the link: one table, and all of it holds."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone

from generations.engine import jobs
from generations.models import Collection, CollectionItem, Guess, ShareItem, ShareLink, Task, Team, User

PASSWORD = "open sesame"
LOCK = make_password(PASSWORD)
ADDRESSES = ("page", "item", "zip", "preview", "small", "medium", "original", "take medium", "take original")
WHOLE = {"page": "share", "zip": "share-zip", "preview": "share-preview"}
AWAY = timezone.now() - timedelta(days=1)


def address(link, output, what):
    if what in WHOLE:
        return reverse(WHOLE[what], args=[link.token])
    if what == "item":
        return reverse("share-item", args=[link.token, output.pk])
    variant = what.removeprefix("take ")
    return reverse("share-media", args=[link.token, output.pk, variant]) + ("?download" if variant != what else "")


@pytest.fixture
def link(make_task, make_output, member):
    """To one picture, with originals to take home; nothing is behind a password yet."""
    return ShareLink.make(make_output(make_task("done")).task, member, days=30)


def answers(client, link, output=None):
    output = output or link.task.outputs.first()
    return [client.get(address(link, output, what)).status_code for what in ADDRESSES]


def change(link, **fields):
    ShareLink.objects.filter(pk=link.pk).update(**fields)
    link.refresh_from_db()
    return link


OPTIONS = {  # of a picture and of a film: what is at each of these addresses
    ("image", "original"): [200, 200, 200, 200, 200, 200, 200, 404, 200],
    ("image", "web"): [200, 200, 200, 200, 200, 200, 404, 200, 404],
    ("image", "none"): [200, 200, 404, 200, 200, 200, 404, 404, 404],
    ("video", "original"): [200, 200, 200, 200, 200, 200, 200, 404, 200],
    ("video", "web"): [200, 200, 200, 200, 200, 200, 200, 404, 404],
    ("video", "none"): [200, 200, 404, 200, 200, 200, 200, 404, 404],
}
EMPTY = [200] + [404] * 8
SHUT = [410] * 9
UNLOCKED = [200, 200, 200, 404, *OPTIONS["image", "original"][4:]]  # but without a preview
CONDITIONS = {
    "expired": ({"expires_at": AWAY}, 410),
    "revoked": ({"revoked_at": AWAY}, 410),
    "renamed": ({"token": "another-address"}, 404),
}


class TableTests:
    @pytest.mark.parametrize(("kind", "downloads"), OPTIONS)
    def test_what_may_be_taken_home_is_all_that_can_be(self, client, link, kind, downloads):
        link.task.outputs.update(kind=kind, mime={"image": "image/png", "video": "video/mp4"}[kind])
        change(link, downloads=downloads, shows_prompts=True)
        assert answers(client, link) == OPTIONS[kind, downloads]

    @pytest.mark.parametrize("condition", CONDITIONS)
    @pytest.mark.parametrize("password", ["", LOCK], ids=["without password", "with password"])
    def test_a_closed_link_gives_nothing_with_or_without_its_password(self, client, link, condition, password):
        change(link, password=password)
        if password:
            client.post(address(link, None, "page"), {"password": PASSWORD})
        assert answers(client, link)[0] == 200
        fields, status = CONDITIONS[condition]
        old = ShareLink(token=link.token, task=link.task)
        change(link, **fields)
        assert answers(client, old) == [status] * len(ADDRESSES)

    def test_what_is_no_longer_of_the_gallery_is_gone_and_the_rest_stays(self, client, link, make_output):
        output = make_output(link.task, saved=False)
        assert answers(client, link, output) == [200, 404, 200, 200, *[404] * 5]

    @pytest.mark.parametrize(("cause", "expected"), {"binned": SHUT, "private": EMPTY, "left": SHUT}.items())
    def test_what_its_maker_may_no_longer_show_is_gone(self, client, link, colleague, cause, expected):
        change(link, creator=colleague)
        if cause == "binned":
            Task.objects.update(binned_at=timezone.now())
        elif cause == "private":
            Task.objects.update(is_private=True)
        else:
            User.objects.filter(pk=colleague.pk).update(is_active=False)
        assert answers(client, link) == expected

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [({"links_allowed": False}, SHUT), ({"link_needs_password": True}, SHUT), ({"link_longest_days": 40}, None)],
    )
    def test_what_the_team_decides_holds_for_links_made_before(self, client, link, rule, expected):
        Team.objects.create(pk=1, **rule)
        assert answers(client, link) == (expected or OPTIONS["image", "original"])

    def test_taken_out_of_a_collection_it_is_gone_unless_the_link_is_frozen(self, client, link, member):
        collection = Collection.objects.create(name="Boats", owner=member)
        output = link.task.outputs.first()
        place = CollectionItem.objects.create(collection=collection, output=output, position=1)
        kept, frozen = (
            ShareLink.objects.create(collection=collection, creator=member, is_frozen=is_frozen)
            for is_frozen in (False, True)
        )
        ShareItem.objects.create(link=frozen, output=output, position=1)
        assert answers(client, kept, output) == answers(client, frozen, output) == OPTIONS["image", "original"]
        place.delete()
        assert answers(client, kept, output) == EMPTY
        assert answers(client, frozen, output) == OPTIONS["image", "original"]

    def test_an_original_that_cannot_be_given_without_its_words_stays_while_the_prompt_is_hidden(self, client, link):
        link.task.outputs.update(mime="image/avif")
        assert answers(client, link) == OPTIONS["image", "web"]
        change(link, shows_prompts=True)
        assert answers(client, link) == OPTIONS["image", "original"]

    def test_everybody_of_the_team_and_who_left_it_sees_what_a_visitor_sees(
        self, client, link, member, colleague, viewer, admin_user
    ):
        User.objects.filter(pk=colleague.pk).update(is_active=False)
        for person in (None, member, colleague, viewer, admin_user):
            client.logout()
            if person:
                client.force_login(person)
            for downloads in ShareLink.Downloads.values:
                change(link, downloads=downloads, password="")
                assert answers(client, link) == OPTIONS["image", downloads], person
            change(link, password=LOCK)
            assert answers(client, link) == [200, 200, *[302] * 7], person
            assert "behind a password" in client.get(address(link, None, "page")).content.decode()


class PasswordTests:
    @pytest.fixture(autouse=True)
    def locked(self, link):
        change(link, password=LOCK, title="First light")

    def guess(self, client, link, password, **headers):
        return client.post(address(link, None, "page"), {"password": password}, **headers)

    def test_without_it_there_is_a_page_that_asks_and_tells_nothing(self, client, link):
        for what in ("page", "item"):
            response = client.get(address(link, link.task.outputs.first(), what))
            html = response.content.decode()
            assert "This gallery is behind a password." in html
            assert [word for word in ("First light", "picture", "og:", "Mia") if word in html] == []
        for what in ADDRESSES[2:]:
            response = client.get(address(link, link.task.outputs.first(), what))
            assert response.url == address(link, None, "page")
        assert not client.cookies

    def test_with_it_everything_opens_for_a_day(self, client, link):
        response = self.guess(client, link, PASSWORD)
        assert response.url == address(link, None, "page")
        assert answers(client, link) == UNLOCKED
        cookie = response.cookies["gallery"]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (response.url, True, "Lax")
        assert LOCK not in str(cookie)

    def test_the_page_of_one_picture_asks_and_then_shows_that_picture(self, client, link):
        where = address(link, link.task.outputs.first(), "item")
        assert client.post(where, {"password": PASSWORD}).url == where
        assert "1 of 1" in client.get(where).content.decode()

    def test_the_key_is_kept_from_plain_http(self, client, link, settings):
        settings.SESSION_COOKIE_SECURE = True
        assert self.guess(client, link, PASSWORD).cookies["gallery"]["secure"]

    def test_the_key_ends_with_the_link_or_after_a_day(self, client, link):
        change(link, expires_at=timezone.now() + timedelta(hours=1))
        assert 3590 <= self.guess(client, link, PASSWORD).cookies["gallery"]["max-age"] <= 3600
        change(link, expires_at=None)
        client.cookies.clear()
        assert self.guess(client, link, PASSWORD).cookies["gallery"]["max-age"] >= 24 * 3600 - 10

    def test_changing_the_password_takes_the_key_away(self, client, link):
        self.guess(client, link, PASSWORD)
        change(link, password=make_password(PASSWORD))
        assert "behind a password" in client.get(address(link, None, "page")).content.decode()

    def test_the_key_of_one_link_opens_no_other(self, client, link, member):
        other = change(ShareLink.make(link.task, member, days=1), password=LOCK)
        self.guess(client, link, PASSWORD)
        assert answers(client, other)[2:] == [302] * 7

    def test_a_cookie_made_up_opens_nothing(self, client, link):
        client.cookies["gallery"] = "open:sesame"
        assert answers(client, link)[2:] == [302] * 7

    def test_after_five_wrong_ones_there_is_a_pause_even_for_the_right_one(self, client, link):
        said = [self.guess(client, link, "let me in") for _ in range(6)]
        assert [response.status_code for response in said] == [422] * 5 + [429]
        assert "Not that one. 4 tries left before a 15-minute pause." in said[0].content.decode()
        assert "1 try left" in said[3].content.decode()
        assert "That was the last try for 15 minutes." in said[4].content.decode()
        assert "Too many tries. Try again in 15 minutes." in said[5].content.decode()
        assert self.guess(client, link, PASSWORD).status_code == 429
        Guess.objects.update(until=timezone.now())
        assert self.guess(client, link, PASSWORD).status_code == 302

    def test_the_pause_is_of_one_address_and_one_link(self, client, link, member):
        other = change(ShareLink.make(link.task, member, days=1), password=LOCK)
        for _ in range(6):
            self.guess(client, link, "let me in")
        assert self.guess(client, link, PASSWORD, REMOTE_ADDR="203.0.113.7").status_code == 302
        assert self.guess(client, other, PASSWORD).status_code == 302

    def test_many_addresses_together_are_stopped_too(self, client, link, monkeypatch):
        monkeypatch.setattr(Guess, "MOST_TOGETHER", 3)
        tries = [self.guess(client, link, "let me in", REMOTE_ADDR=f"203.0.113.{number}") for number in range(4)]
        assert [response.status_code for response in tries] == [422, 422, 422, 429]

    def test_all_addresses_of_one_ipv6_network_are_one(self, client, link):
        tries = [self.guess(client, link, "let me in", REMOTE_ADDR=f"2001:db8::{number}") for number in range(1, 7)]
        assert tries[-1].status_code == 429

    def test_who_is_asking_is_told_by_the_proxy_in_front(self, client, link, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for number in range(5):
            self.guess(client, link, "let me in", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.7")
        assert self.guess(client, link, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.7").status_code == 429
        assert self.guess(client, link, PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 302

    def test_the_right_one_wipes_the_slate(self, client, link):
        for _ in range(4):
            self.guess(client, link, "let me in")
        self.guess(client, link, PASSWORD)
        assert "4 tries left" in self.guess_afresh(client, link).content.decode()

    def guess_afresh(self, client, link):
        client.cookies.clear()
        return self.guess(client, link, "let me in")

    def test_addresses_are_kept_as_keyed_hashes_and_forgotten_after_the_pause(self, client, link):
        self.guess(client, link, "let me in", REMOTE_ADDR="203.0.113.7")
        kept = Guess.objects.exclude(address="").get()
        assert len(kept.address) == 64
        Guess.objects.update(until=timezone.now())
        jobs.tick_job()
        assert not Guess.objects.exists()

    def test_a_form_on_another_site_uses_up_nobodys_tries(self, client, link):
        assert self.guess(client, link, "let me in", HTTP_SEC_FETCH_SITE="cross-site").status_code == 200
        assert not Guess.objects.exists()

    def test_an_empty_answer_is_no_try(self, client, link):
        assert self.guess(client, link, "").status_code == 422
        assert not Guess.objects.exists()

    def test_a_viewer_of_the_team_may_give_it_too(self, client, link, viewer):
        client.force_login(viewer)
        assert self.guess(client, link, PASSWORD).status_code == 302
