"""Who gets which byte: every address of a file, for every person, in every condition, held against one table."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone

from generations.models import Collection, CollectionItem, ShareLink, Task, Team, User
from generations.urls import urlpatterns

PASSWORD = "open sesame"
LOCK = make_password(PASSWORD)
PAST = timezone.now() - timedelta(days=1)
PEOPLE = ("author", "member", "viewer", "admin", "disabled", "visitor")
SIGNED_OUT = dict.fromkeys(("disabled", "visitor"), 302)  # to sign in


@pytest.fixture
def cast(member, colleague, viewer, admin_user):
    """Name → User; nobody for the visitor. Who is disabled made nothing, and signed in before."""
    gone = User.objects.create_user("dan@example.com", "correct horse battery", name="Dan Disabled")
    return {"author": member, "member": colleague, "viewer": viewer, "admin": admin_user, "disabled": gone} | {
        "visitor": None
    }


@pytest.fixture
def come_in(client, cast):
    """come_in(person) gives their browser."""

    def enter(name):
        client.logout()
        if cast[name]:
            client.force_login(cast[name])
            User.objects.filter(pk=cast["disabled"].pk).update(is_active=False)
        return client

    return enter


@pytest.fixture
def picture(make_task, make_output):
    return make_output(make_task("done", text="a lighthouse of glass"))


@pytest.fixture
def film(make_task, make_output):
    """Its thumbnails are its posters."""
    return make_output(make_task("done", kind="video"), color="#a53b6e", kind="video", mime="video/mp4", duration=2.0)


@pytest.fixture
def collection(member, picture, film):
    found = Collection.objects.create(name="Boats", owner=member)
    for position, output in enumerate((picture, film)):
        CollectionItem.objects.create(collection=found, output=output, position=position)
    return found


# What the team sees


def team_addresses(output):
    media = {name: reverse("media", args=[output.pk, name]) for name in ("small", "medium", "original")}
    return media | {
        "page": reverse("task", args=[output.task_id]),
        "menu": reverse("task-menu", args=[output.task_id]),
        "download": f"{media['original']}?download",
        "untouched": f"{media['original']}?download=untouched",
        "small taken home": f"{media['small']}?download",
    }


TEAM = {  # condition → person → answer, the same for every address of the file
    "for the team": dict.fromkeys(("author", "member", "viewer", "admin"), 200) | SIGNED_OUT,
    "private": {"author": 200, "admin": 200, "member": 404, "viewer": 404} | SIGNED_OUT,
    "binned": dict.fromkeys(("author", "member", "viewer", "admin"), 404) | SIGNED_OUT,
    "private and binned": dict.fromkeys(("author", "member", "viewer", "admin"), 404) | SIGNED_OUT,
}


@pytest.mark.parametrize("condition", TEAM)
@pytest.mark.parametrize("kind", ["picture", "film"])
class TeamTests:
    def test_every_address_of_a_file(self, request, come_in, kind, condition):
        output = request.getfixturevalue(kind)
        now = {"binned_at": PAST if "binned" in condition else None, "is_private": "private" in condition}
        Task.objects.filter(pk=output.task_id).update(**now)
        seen = {}
        for person in PEOPLE:
            browser = come_in(person)
            seen[person] = {name: browser.get(url).status_code for name, url in team_addresses(output).items()}
        expected = {person: dict.fromkeys(team_addresses(output), TEAM[condition][person]) for person in PEOPLE}
        assert seen == expected

    def test_what_lists_it(self, request, come_in, collection, kind, condition):
        output = request.getfixturevalue(kind)
        now = {"binned_at": PAST if "binned" in condition else None, "is_private": "private" in condition}
        Task.objects.filter(pk=output.task_id).update(**now)
        lists = [
            reverse("studio"),
            collection_page(collection),
            reverse("collection-zip", args=[collection.pk]),
            reverse("zip") + f"?file={output.pk}",
        ]
        for person in PEOPLE:
            browser = come_in(person)
            answers = [browser.get(url) for url in lists]
            tells = [holds(answer, output) for answer in answers]
            assert tells == [TEAM[condition][person] == 200] * len(lists), person


def collection_page(collection):
    return reverse("collection", args=[collection.pk])


def holds(answer, output):
    """Whether a page shows the file, or a zip brings it."""
    if answer.streaming:
        return output.sha256.encode() in b"".join(answer.streaming_content)
    return f"/media/{output.pk}/" in answer.content.decode()


# What visitors see

ADDRESSES = (
    *("page", "item", "small", "medium", "original"),
    *("take medium", "take original", "zip", "preview"),
)


def address(link, output, what):
    if what in ("page", "zip", "preview"):
        return reverse({"page": "share"}.get(what, f"share-{what}"), args=[link.token])
    if what == "item":
        return reverse("share-item", args=[link.token, output.pk])
    variant = what.removeprefix("take ")
    return reverse("share-media", args=[link.token, output.pk, variant]) + ("?download" if variant != what else "")


OPEN, WEB, LOOK = (  # of a picture, with each choice of what may be taken home
    dict(zip(ADDRESSES, answers, strict=True))
    for answers in (
        (200, 200, 200, 200, 200, 404, 200, 200, 200),
        (200, 200, 200, 200, 404, 200, 404, 200, 200),
        (200, 200, 200, 200, 404, 404, 404, 404, 200),
    )
)
ASKED = dict.fromkeys(ADDRESSES, 302) | {"page": 200, "item": 200}  # to the page that asks for the password
GONE = dict.fromkeys(ADDRESSES, 404) | {"page": 200, "zip": 200, "preview": 200}  # the file; the film is still there
CLOSED, UNKNOWN = dict.fromkeys(ADDRESSES, 410), dict.fromkeys(ADDRESSES, 404)

LINKS = {  # condition → fields of the link, what happened beside, answers of the picture's addresses
    "shared": ({}, None, OPEN),
    "shared with its prompt": ({"shows_prompts": True}, None, OPEN),
    "web size": ({"downloads": "web"}, None, WEB),
    "no downloads": ({"downloads": "none"}, None, LOOK),
    "behind a password": ({"password": LOCK}, None, ASKED),
    "with a wrong password": ({"password": LOCK}, "types a wrong one", ASKED),
    "with the right password": ({"password": LOCK}, "types the right one", OPEN | {"preview": 404}),
    "with a password changed since": ({"password": LOCK}, "types one that is changed", ASKED),
    "expired": ({"expires_at": PAST}, None, CLOSED),
    "expired behind a password": ({"expires_at": PAST, "password": LOCK}, None, CLOSED),
    "revoked": ({"revoked_at": PAST}, None, CLOSED),
    "never made": ({"token": "another-address"}, None, UNKNOWN),
    "switched off": ({}, "the team switches links off", CLOSED),
    "older than the team allows": ({"created_at": PAST}, "the team allows a day at most", CLOSED),
    "without a password that the team wants": ({}, "the team wants passwords", CLOSED),
    "of somebody who left": ({}, "its maker leaves", CLOSED),
    "of somebody else's, private by now": ({}, "the picture becomes private", GONE),
    "binned": ({}, "the picture is binned", GONE),
    "removed from the collection": ({}, "the picture is taken out", GONE),
}


def happen(what, link, picture, client):
    page = reverse("share", args=[link.token])
    if what in ("types the right one", "types one that is changed"):
        client.post(page, {"password": PASSWORD})
    if what == "types a wrong one":
        client.post(page, {"password": "open barley"})
    if what == "types one that is changed":
        ShareLink.objects.filter(pk=link.pk).update(password=make_password(PASSWORD))
    if what == "its maker leaves":
        User.objects.filter(pk=link.creator_id).update(is_active=False)
    if what == "the picture is taken out":
        picture.items.all().delete()
    Task.objects.filter(pk=picture.task_id).update(
        is_private=what == "the picture becomes private",
        binned_at=PAST if what == "the picture is binned" else None,
    )
    rules = {
        "the team switches links off": {"links_allowed": False},
        "the team allows a day at most": {"link_longest_days": 1},
        "the team wants passwords": {"link_needs_password": True},
    }
    Team(pk=1, **rules.get(what, {})).save()


@pytest.mark.parametrize("condition", LINKS)
class VisitorTests:
    def test_every_address_of_a_link_is_the_same_for_everybody(self, come_in, cast, collection, picture, condition):
        fields, event, expected = LINKS[condition]
        link = ShareLink.objects.create(collection=collection, creator=cast["member"])
        asked = ShareLink(token=link.token)
        for person in ("author", "member", "visitor"):  # of the file, of the link, of neither
            browser = come_in(person)
            ShareLink.objects.filter(pk=link.pk).update(**fields)
            happen(event, link, picture, browser)
            seen = {what: browser.get(address(asked, picture, what)).status_code for what in ADDRESSES}
            assert seen == expected, person
            User.objects.filter(pk=link.creator_id).update(is_active=True)


class BesideTests:
    """Bytes that belong to no generation on the wall."""

    def test_a_thumbnail_in_the_bin_is_for_who_may_take_it_out(self, come_in, picture):
        url = reverse("bin-thumbnail", args=[picture.pk])
        for binned_at, allowed in ((None, ()), (timezone.now(), ("author", "admin")), (PAST - timedelta(days=40), ())):
            Task.objects.filter(pk=picture.task_id).update(binned_at=binned_at)
            seen = {person: come_in(person).get(url).status_code for person in PEOPLE}
            assert seen == {person: 200 if person in allowed else 404 for person in PEOPLE} | SIGNED_OUT

    @pytest.mark.parametrize("is_shown", [True, False])
    def test_an_input_is_its_owners_until_the_team_has_seen_it(self, come_in, make_upload, is_shown):
        upload = make_upload()
        type(upload).objects.update(is_shown=is_shown)
        for variant in ("small", "medium", "original", "original/?download"):
            url = f"{reverse('upload', args=[upload.pk, variant.partition('/')[0]])}{variant.partition('/')[2]}"
            seen = {person: come_in(person).get(url).status_code for person in PEOPLE}
            allowed = PEOPLE if is_shown else ("author", "admin")
            assert seen == {person: 200 if person in allowed else 404 for person in PEOPLE} | SIGNED_OUT

    def test_there_is_no_other_address_of_files(self):
        """A new one has to come into these tables."""
        addresses = {each.name: str(each.pattern) for each in urlpatterns}
        converters = {each.name: set(each.pattern.converters) for each in urlpatterns}
        giving = {
            name
            for name, address in addresses.items()
            if {"output_pk", "variant"} & converters[name]
            or re.search("zip|preview", name)
            or re.match("s/|in/", address)
        }
        tested = {"media", "upload", "bin-thumbnail", "zip", "collection-zip"}
        tested |= {"share", "share-item", "share-media", "share-preview", "share-zip"}
        beside = {"collection-item": "a line of a page", "input": "for Modellix, by a signed address of six hours"}
        assert giving == tested | set(beside)
