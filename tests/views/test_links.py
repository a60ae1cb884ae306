"""Making, changing and revoking links, by who may."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.urls import reverse
from django.utils import timezone

from generations.models import Collection, Event, ShareLink, Team
from tests.views.conftest import html

HTMX = {"HTTP_HX_REQUEST": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def task(make_task, make_output):
    task = make_task("done")
    make_output(task)
    return task


@pytest.fixture
def collection(member, task):
    collection = Collection.objects.create(owner=member, name="First light")
    collection.items.create(output=task.outputs.get(), position=1)
    return collection


@pytest.fixture
def link(task, member):
    return ShareLink.make(task, member, days=30)


def rule(**rules):
    Team.objects.update_or_create(pk=1, defaults=rules)


def options(**changes):
    """What the dialog sends when nothing was touched, but for these."""
    return {f"link-{name}": value for name, value in {"ends": "30", "downloads": "original", **changes}.items()}


def make(client, subject, changes=None, **headers):
    return client.post(reverse("links"), subject | options(**changes or {}), **headers)


def change(client, link, changes=None, **headers):
    kept = {"ends": "keep", "downloads": link.downloads}
    return client.post(reverse("link", args=[link.pk]), options(**kept | (changes or {})), **headers)


def errors(response, status=422):
    """What the form says about each field that is wrong."""
    assert response.status_code == status
    return {name: found[0] for name, found in response.context["form"].errors.items()}


class MakeTests:
    def test_what_a_member_sees_opens_to_outsiders(self, client, colleague, task):
        client.force_login(colleague)
        response = make(client, {"task": task.pk})
        link = ShareLink.objects.get()
        assert (response.status_code, response["Location"]) == (302, reverse("link", args=[link.pk]))
        assert (link.task, link.creator, link.password, link.shows_prompts) == (task, colleague, "", False)
        assert timedelta(minutes=-1) < link.expires_at - timezone.now() - 30 * DAY <= timedelta()
        assert Event.objects.filter(kind=Event.Kind.SHARED, task=task, actor=colleague).count() == 1
        client.logout()
        assert client.get(link.get_absolute_url()).status_code == 200

    def test_what_is_private_is_shared_by_its_author_and_admins_alone(
        self, client, member, colleague, admin_user, task, collection
    ):
        task.make_private(member)
        Collection.objects.update(is_private=True)
        for person, status in ((colleague, 404), (member, 302), (admin_user, 302)):
            client.force_login(person)
            for subject in ({"task": task.pk}, {"collection": collection.pk}, {"pick": task.pk}):
                assert client.get(reverse("link-new"), subject).status_code == (200 if status == 302 else 404)
                assert make(client, subject).status_code == status
        assert not ShareLink.objects.filter(creator=colleague).exists()

    def test_a_viewer_shares_nothing_and_a_visitor_has_to_sign_in(self, client, viewer, task):
        for path in (reverse("link-new"), reverse("links")):
            assert client.post(path, {"task": task.pk})["Location"].startswith(reverse("account_login"))
        client.force_login(viewer)
        assert make(client, {"task": task.pk}).status_code == 403
        assert client.get(reverse("link-new"), {"task": task.pk}).status_code == 403
        assert not ShareLink.objects.exists()
        assert reverse("link-new") not in html(client.get(task.get_absolute_url())) + html(client.get("/"))

    @pytest.mark.parametrize("subject", [{}, {"task": "9" * 30}, {"collection": "x"}, {"pick": 999}, {"task": 999}])
    def test_what_is_not_there_is_not_found(self, client, member, subject, db):
        client.force_login(member)
        assert client.get(reverse("link-new"), subject).status_code == 404
        assert make(client, subject).status_code == 404

    def test_a_collection_in_step_or_as_it_is_now(self, client, member, collection, make_task, make_output):
        client.force_login(member)
        make(client, {"collection": collection.pk}, {"title": "First light"})
        make(client, {"collection": collection.pk}, {"is_frozen": "on"})
        collection.items.create(output=make_output(make_task("done")), position=2)
        frozen, in_step = ShareLink.objects.all()
        assert (in_step.title, in_step.shown().count(), frozen.shown().count()) == ("First light", 2, 1)

    def test_a_selection_newest_first(self, client, member, make_task, make_output):
        tasks = [make_task("done") for _ in range(3)]
        files = [make_output(task) for task in tasks for _ in range(2)]
        client.force_login(member)
        make(client, {"pick": [tasks[0].pk, tasks[2].pk], "file": files[3].pk})
        shown = [output.pk for output in ShareLink.objects.get().shown()]
        assert shown == [files[place].pk for place in (4, 5, 3, 0, 1)]

    def test_everything_that_matches(self, client, member, task, make_task, make_output):
        film = make_task("done", kind="video")
        make_output(film)
        client.force_login(member)
        make(client, {"all": "1", "kind": "video"})
        assert [output.task for output in ShareLink.objects.get().shown()] == [film]

    def test_what_of_a_selection_cannot_be_shared_is_said(self, client, member, task, make_task):
        waiting, thrown = make_task("queued"), make_task("done")
        thrown.bin(member)
        client.force_login(member)
        response = client.post(reverse("link-new"), {"pick": [task.pk, waiting.pk, thrown.pk]})
        assert "2 of what you picked are left out" in html(response)
        make(client, {"pick": [task.pk, waiting.pk, thrown.pk]})
        assert [output.task for output in ShareLink.objects.get().shown()] == [task]

    def test_nothing_saved_is_nothing_to_share(self, client, member, make_task, make_output):
        task = make_task("saving")
        make_output(task, saved=False)
        client.force_login(member)
        for subject in ({"task": task.pk}, {"pick": task.pk}):
            assert "Nothing of it is saved yet" in errors(make(client, subject))["__all__"]
        assert not ShareLink.objects.exists()

    def test_too_many_files_are_said_to_be_too_many(self, client, member, task, make_output, monkeypatch):
        monkeypatch.setattr(ShareLink, "MOST_FILES", 1)
        make_output(task)
        client.force_login(member)
        assert "at most 1 files" in errors(make(client, {"pick": task.pk}))["__all__"]
        page = html(client.post(reverse("link-new"), {"pick": task.pk}))
        assert ("at most 1 files" in page, 'form="share-form"' in page) == (True, False)

    def test_all_options_at_once(self, client, member, task):
        client.force_login(member)
        chosen = {"title": "For the jury", "message": "Choose one.", "downloads": "none", "shows_prompts": "on"}
        make(client, {"task": task.pk}, chosen | {"address": "Spring-2027", "ends": "never"})
        link = ShareLink.objects.get()
        assert (link.title, link.message, link.downloads) == ("For the jury", "Choose one.", "none")
        assert (link.shows_prompts, link.token, link.expires_at) == (True, "spring-2027", None)

    def test_each_link_has_an_address_of_its_own(self, client, member, task):
        client.force_login(member)
        make(client, {"task": task.pk})
        make(client, {"task": task.pk})
        assert len(set(ShareLink.objects.values_list("token", flat=True))) == 2


class EndTests:
    @pytest.mark.parametrize(
        ("choice", "span"), [("hour", DAY / 24), ("1", DAY), ("7", 7 * DAY), ("30", 30 * DAY), ("90", 90 * DAY)]
    )
    def test_it_closes_by_itself(self, client, member, task, choice, span):
        client.force_login(member)
        make(client, {"task": task.pk}, {"ends": choice})
        assert timedelta(minutes=-1) < ShareLink.objects.get().expires_at - timezone.now() - span <= timedelta()

    def test_on_a_date_at_its_end(self, client, member, task):
        client.force_login(member)
        day = timezone.localdate() + 2 * DAY
        make(client, {"task": task.pk}, {"ends": "date", "on": day.isoformat()})
        last = ShareLink.objects.get().expires_at - timedelta(seconds=1)
        assert timezone.localdate(last) == day
        assert timezone.localtime(last).hour == 23

    def test_not_on_a_day_that_is_over_nor_on_none(self, client, member, task):
        client.force_login(member)
        for on, said in (("2020-01-01", "This day is over."), ("", "Choose a date."), ("soon", "Enter a valid date.")):
            assert errors(make(client, {"task": task.pk}, {"ends": "date", "on": on})) == {"on": said}

    @pytest.mark.parametrize("choice", ["0", "31", "-1", "forever", "keep", "latest", ""])
    def test_other_lives_are_refused(self, client, member, task, choice):
        client.force_login(member)
        assert "ends" in errors(make(client, {"task": task.pk}, {"ends": choice}))
        assert not ShareLink.objects.exists()

    def test_the_day_is_said(self, client, member, task):
        client.force_login(member)
        page = html(client.get(reverse("link-new"), {"task": task.pk}))
        day = timezone.localtime(timezone.now() + 30 * DAY)
        assert f'<option value="30" selected>In 30 days ({day.day} {day:%B}' in page


class PasswordTests:
    def test_one_is_made_up_and_told_once(self, client, member, task):
        client.force_login(member)
        form = client.get(reverse("link-new"), {"task": task.pk}).context["form"]
        password = form["password"].value()
        assert len(password.split("-")) == 4
        made = html(make(client, {"task": task.pk}, {"asks_password": "on", "password": password}, **HTMX))
        link = ShareLink.objects.get()
        assert check_password(password, link.password)
        assert password in made
        assert password not in html(client.get(reverse("link", args=[link.pk])))
        assert not any(password in event.text for event in Event.objects.all())

    def test_without_script_it_is_told_on_the_next_page(self, client, member, task):
        client.force_login(member)
        told = {"asks_password": "on", "password": "lantern-otter-52"}
        response = client.post(reverse("links"), {"task": task.pk} | options(**told), follow=True)
        assert "lantern-otter-52" in html(response)

    def test_it_can_be_changed_kept_and_removed(self, client, member, link):
        client.force_login(member)
        change(client, link, {"asks_password": "on", "password": "lantern-otter-52"})
        change(client, link, {"asks_password": "on", "password": "", "title": "New"})
        kept = ShareLink.objects.get()
        assert (check_password("lantern-otter-52", kept.password), kept.title) == (True, "New")
        change(client, link, {"asks_password": "on", "password": "violet-kettle-19"})
        assert check_password("violet-kettle-19", ShareLink.objects.get().password)
        change(client, link, {"password": "violet-kettle-19"})
        assert ShareLink.objects.get().password == ""

    def test_one_that_is_asked_for_has_to_be_given_and_not_too_short(self, client, member, task):
        client.force_login(member)
        for password, said in (("", "Give a password, or do not ask for one."), ("abc", "At least 6 characters.")):
            told = {"asks_password": "on", "password": password}
            assert errors(make(client, {"task": task.pk}, told)) == {"password": said}

    def test_another_is_made_up_on_request(self, client, member):
        client.force_login(member)
        first, second = (html(client.get(reverse("link-password"))) for _ in range(2))
        assert first != second


class AddressTests:
    @pytest.mark.parametrize("address", ["ab", "-spring", "spring-", "two words", "späte", "a/b", "a_b", "x" * 41])
    def test_only_letters_digits_and_hyphens(self, client, member, task, address):
        client.force_login(member)
        assert "address" in errors(make(client, {"task": task.pk}, {"address": address}))

    @pytest.mark.parametrize("address", ["admin", "Sign-In", "media", "zip"])
    def test_not_what_looks_like_a_page_of_the_studio(self, client, member, task, address):
        client.force_login(member)
        assert "keeps this word" in errors(make(client, {"task": task.pk}, {"address": address}))["address"]

    def test_one_that_is_taken_stays_taken_and_it_is_said_why(self, client, member, colleague, task):
        client.force_login(member)
        make(client, {"task": task.pk}, {"address": "spring"})
        client.force_login(colleague)
        assert errors(make(client, {"task": task.pk}, {"address": "Spring"}))["address"] == (
            "Another link has this address."
        )
        ShareLink.objects.get().revoke(member)
        assert "It stays taken" in errors(make(client, {"task": task.pk}, {"address": "spring"}))["address"]

    def test_of_two_at_once_one_gets_it(self, client, member, task, monkeypatch):
        client.force_login(member)
        make(client, {"task": task.pk}, {"address": "spring"})
        monkeypatch.setattr("generations.forms.links.LinkForm.clean_address", lambda form: "spring")  # looked too early
        said = "Another link took this address just now."
        assert errors(make(client, {"task": task.pk}, {"address": "spring"})) == {"address": said}
        assert ShareLink.objects.count() == 1

    def test_it_changes_only_when_that_is_asked_for(self, client, member, link):
        client.force_login(member)
        change(client, link, {"ends": "7", "title": "New"})
        assert ShareLink.objects.get().token == link.token
        change(client, link, {"address": "spring"})
        assert ShareLink.objects.get().token == "spring"
        page = client.get(reverse("link", args=[link.pk]))
        assert page.context["form"]["address"].value() == "spring"
        change(client, link, {"address": "spring", "title": "Newer"})
        assert ShareLink.objects.get().token == "spring"
        change(client, link, {"address": ""})
        assert len(ShareLink.objects.get().token) == 22


class RuleTests:
    def test_nobody_makes_or_changes_a_link_while_they_are_switched_off(self, client, member, task, link):
        rule(links_allowed=False)
        client.force_login(member)
        said = "An admin has switched links off for the whole team."
        assert errors(make(client, {"task": task.pk}))["__all__"] == said
        assert errors(change(client, link, {"ends": "never"}))["__all__"] == said
        assert said in html(client.get(reverse("link-new"), {"task": task.pk}))

    def test_a_password_that_every_link_needs_is_asked_for(self, client, member, task):
        rule(link_needs_password=True)
        client.force_login(member)
        assert client.get(reverse("link-new"), {"task": task.pk}).context["form"]["asks_password"].value()
        assert "every link" in errors(make(client, {"task": task.pk}))["asks_password"].lower()
        make(client, {"task": task.pk}, {"asks_password": "on", "password": "lantern-otter-52"})
        assert ShareLink.objects.live().count() == 1

    def test_no_longer_than_the_longest_life(self, client, member, task):
        rule(link_longest_days=14)
        client.force_login(member)
        form = client.get(reverse("link-new"), {"task": task.pk}).context["form"]
        assert [value for value, _ in form.fields["ends"].choices] == ["hour", "1", "7", "latest", "date"]
        assert form["ends"].value() == "latest"
        for choice in ("30", "never"):
            assert "ends" in errors(make(client, {"task": task.pk}, {"ends": choice}))
        far = {"ends": "date", "on": (timezone.localdate() + 15 * DAY).isoformat()}
        assert "an admin decided" in errors(make(client, {"task": task.pk}, far))["on"]
        make(client, {"task": task.pk}, {"ends": "latest"})
        link = ShareLink.objects.get()
        assert timedelta(seconds=-5) < link.expires_at - link.created_at - 14 * DAY <= timedelta()

    def test_it_counts_from_when_the_link_was_made(self, client, member, link):
        rule(link_longest_days=30)
        ShareLink.objects.update(created_at=timezone.now() - 25 * DAY)
        client.force_login(member)
        form = client.get(reverse("link", args=[link.pk])).context["form"]
        assert [value for value, _ in form.fields["ends"].choices] == ["keep", "hour", "1", "date"]


class ChangeTests:
    @pytest.mark.parametrize("who", ["member", "admin_user"])
    def test_who_made_it_and_admins_change_it(self, client, request, link, who):
        person = request.getfixturevalue(who)
        client.force_login(person)
        assert client.get(reverse("link", args=[link.pk])).status_code == 200
        change(client, link, {"title": "For the jury", "downloads": "web"})
        changed = ShareLink.objects.get()
        assert (changed.title, changed.downloads, changed.expires_at) == ("For the jury", "web", link.expires_at)
        event = Event.objects.get(kind=Event.Kind.RESHARED)
        assert (event.actor, event.text) == (person, f"link {link.pk}: title, downloads")

    def test_the_author_of_a_generation_changes_what_others_made_to_it(self, client, member, colleague, task):
        link = ShareLink.make(task, colleague, days=1)
        client.force_login(member)
        assert change(client, link, {"title": "Mine"}).status_code == 302

    def test_others_find_nothing(self, client, colleague, viewer, link):
        paths = [reverse("link", args=[link.pk]), reverse("link-code", args=[link.pk, "svg"])]
        posts = [*paths[:1], *(reverse(name, args=[link.pk]) for name in ("link-revoke", "link-extend"))]
        for path in paths:
            assert client.get(path)["Location"].startswith(reverse("account_login"))
        for person, status in ((colleague, 404), (viewer, 403)):
            client.force_login(person)
            assert [client.get(path).status_code for path in paths] == [404, 404]
            assert [client.post(path).status_code for path in posts] == [status] * 3
        assert ShareLink.objects.live().exists()

    def test_the_timeline_of_a_generation_tells_of_its_making_alone(self, client, member, link):
        client.force_login(member)
        assert link.change(member, ["title"])
        assert "Link changed" not in html(client.get(link.task.get_absolute_url()))

    def test_saved_as_it_is_nothing_happens(self, client, member, link):
        client.force_login(member)
        assert "Nothing changed." in html(change(client, link, **HTMX))
        assert not Event.objects.filter(kind=Event.Kind.RESHARED).exists()

    def test_a_collection_link_is_frozen_and_let_go(self, client, member, collection):
        link = ShareLink(collection=collection, creator=member).open()
        client.force_login(member)
        change(client, link, {"is_frozen": "on"})
        assert ShareLink.objects.get().items.count() == 1
        change(client, link)
        assert not ShareLink.objects.get().is_frozen

    def test_a_revoked_one_stays_closed(self, client, member, link):
        link.revoke(member)
        client.force_login(member)
        assert "revoked" in errors(change(client, link, {"ends": "never"}))["__all__"]
        assert ShareLink.objects.get().expires_at == link.expires_at


class ExtendTests:
    def test_one_press_keeps_it_open(self, client, member, link):
        now = timezone.now()
        ShareLink.objects.update(created_at=now - 29 * DAY, expires_at=now + DAY)
        client.force_login(member)
        extend = reverse("link-extend", args=[link.pk])
        assert extend in html(client.get(reverse("links")))
        assert "stays open" in html(client.post(extend, **HTMX))
        assert "Nothing changed" in html(client.post(extend, **HTMX))
        assert ShareLink.objects.get().expires_at == now + 31 * DAY
        assert extend not in html(client.get(reverse("links")))


class RevokeTests:
    @pytest.mark.parametrize("who", ["member", "admin_user"])
    def test_author_and_admin_close_it_at_once(self, client, request, link, who):
        person = request.getfixturevalue(who)
        client.force_login(person)
        assert client.post(reverse("link-revoke", args=[link.pk])).status_code == 302
        assert not ShareLink.objects.live().exists()
        assert Event.objects.filter(kind=Event.Kind.UNSHARED, actor=person).count() == 1
        assert client.get(link.get_absolute_url()).status_code == 410

    def test_twice_is_once(self, client, member, link):
        client.force_login(member)
        client.post(reverse("link-revoke", args=[link.pk]))
        first = ShareLink.objects.get().revoked_at
        client.post(reverse("link-revoke", args=[link.pk]))
        assert ShareLink.objects.get().revoked_at == first
        assert Event.objects.filter(kind=Event.Kind.UNSHARED).count() == 1


class CodeTests:
    def test_it_is_a_drawing_of_the_address(self, client, member, link):
        client.force_login(member)
        drawing = client.get(reverse("link-code", args=[link.pk, "svg"]))
        assert (drawing["Content-Type"], b"<svg" in drawing.content) == ("image/svg+xml", True)
        assert b"style=" not in drawing.content
        picture = client.get(reverse("link-code", args=[link.pk, "png"]), {"download": ""})
        assert picture.content.startswith(b"\x89PNG")
        assert picture["Content-Disposition"] == f'attachment; filename="link-{link.pk}.png"'

    def test_there_is_one_even_when_its_maker_may_no_longer_see_what_it_opened(self, client, member, colleague, task):
        link = ShareLink.make(task, colleague, days=30)
        task.make_private(member)
        client.force_login(colleague)
        assert client.get(reverse("link-code", args=[link.pk, "svg"])).status_code == 200


class BoxTests:
    """What the pages show of links to them."""

    def test_htmx_gets_the_link_to_copy_and_the_box_anew(self, client, member, task):
        client.force_login(member)
        page = html(make(client, {"task": task.pk}, **HTMX))
        address = f"http://testserver{ShareLink.objects.get().get_absolute_url()}"
        assert page.count(f'value="{address}"') == 3  # to be copied, in the box, in the list
        assert f'id="links-task-{task.pk}"' in page
        assert "<!DOCTYPE" not in page

    def test_a_link_without_a_picture_has_its_address_too(self, client, member, make_task, make_output):
        heard = make_task("done", kind="audio")
        make_output(heard, kind="audio", small="", medium="")
        client.force_login(member)
        page = html(make(client, {"task": heard.pk}, **HTMX))
        assert page.count(ShareLink.objects.get().get_absolute_url()) > 3

    def test_a_revoked_link_leaves_the_box(self, client, member, link):
        client.force_login(member)
        assert link.token in html(client.get(link.task.get_absolute_url()))
        page = html(client.post(reverse("link-revoke", args=[link.pk]), **HTMX))
        assert link.token not in page.partition("</section>")[0]
        assert "Link revoked." in page
        assert link.token not in html(client.get(link.task.get_absolute_url()))

    def test_addresses_are_those_that_people_outside_use(self, client, member, link, settings):
        settings.PUBLIC_URL = "https://studio.example.com"
        client.force_login(member)
        page = html(client.get(reverse("link", args=[link.pk])))
        assert f"https://studio.example.com{link.get_absolute_url()}" in page

    def test_a_colleague_sees_their_own_links_only(self, client, colleague, task, link):
        own = ShareLink.make(task, colleague, days=1)
        client.force_login(colleague)
        page = html(client.get(task.get_absolute_url()))
        assert (own.token in page, link.token in page) == (True, False)

    def test_a_collection_has_its_links_too(self, client, member, collection):
        link = ShareLink(collection=collection, creator=member).open()
        client.force_login(member)
        assert link.token in html(client.get(collection.get_absolute_url()))

    def test_openings_are_told(self, client, member, link):
        client.get(link.get_absolute_url())
        client.force_login(member)
        assert "Opened once, now" in html(client.get(reverse("link", args=[link.pk])))
