"""Private generations: nobody else meets a word or a byte of them, wherever they look; made private and shown again."""

import re
from itertools import product

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate

from generations.forms.compare import Ballot
from generations.models import (
    Collection,
    CollectionItem,
    Favourite,
    Heartbeat,
    Output,
    Preset,
    Prompt,
    Rating,
    Revision,
    ShareItem,
    ShareLink,
    Tag,
    Task,
    Upload,
    Vote,
)
from generations.urls import urlpatterns
from generations.views.viewers import MAY
from tests.views.conftest import HTMX, html, order

pytestmark = pytest.mark.django_db

WORDS = "a walled garden of quincunx trees"
TELLING = "quincunx"


def on_wall(seen=None, **more):
    """What a page of the wall sends along."""
    known = {"seen": Revision.latest() if seen is None else seen, "day": localdate().isoformat()}
    return known | {"worker": str(Heartbeat.is_any_fresh())} | more


def parts(response):
    return re.findall(r'<hx-partial (?:id|hx-target)="([^"]+)"\s+hx-swap="(\w+)"', html(response))


def said(response):
    [text] = re.findall(r'<div class="said">(?:<span>)?(.*?)<', re.sub(r"\s*\n\s*", "", html(response)))
    return text


def pks(rows):
    return set(rows.values_list("pk", flat=True))


@pytest.fixture
def secret(member, colleague, viewer, make_task, make_output, make_upload):
    """Of a private picture: what may be in addresses and in their queries, and the bytes that others may not get."""
    given, public = make_upload(color="#c81e5a"), make_task("done", text="a public pond")
    task = make_task("done", text=WORDS, inputs={"image": given.pk})
    Upload.objects.filter(pk=given.pk).show()
    file, other = make_output(task, color="#1ec85a"), make_output(public)
    for person in (colleague, viewer):
        Favourite.mark(person, Output.objects.filter(task=task))
        Rating.give(person, Output.objects.filter(task=task), 5)
    shelf = Collection.objects.create(owner=colleague, name="Gardens", cover=file)
    for position, each in enumerate([file, other]):
        CollectionItem.objects.create(collection=shelf, output=each, position=position)
    Preset.objects.create(owner=member, name="Trees", is_shared=True, cover=file)
    child = Prompt.objects.create(author=member, text="a pond", parent=task.prompt, model_slugs=[task.model_slug])
    make_task("done", prompt=child)
    ballot = Ballot.shuffled([file, other])
    Vote.cast(ballot.number, colleague, ballot.files, file)
    links = [ShareLink.make(task, colleague, days=1)]
    links.append(ShareLink.objects.create(collection=shelf, creator=colleague))
    links.append(ShareLink.objects.create(creator=colleague))
    ShareItem.objects.create(link=links[2], output=file, position=0)
    Tag.put([TELLING], task.outputs.all(), member)
    own = Collection.objects.create(owner=member, name=f"For {TELLING}", is_private=True, cover=other)
    CollectionItem.objects.create(collection=own, output=other, position=0)
    values = {
        "pk": {task.pk, public.pk, given.pk, shelf.pk, own.pk, *pks(Preset.objects), *pks(ShareLink.objects)},
        "output_pk": {file.pk, other.pk},
        "variant": {"original", "medium", "small", "poster", "web"},
        "token": {*(link.token for link in links), ballot.token(colleague)},
        "key": {"alibaba/qwen-image"},
        "form": {"svg"},
        "name": {"type", "model", "person", "status", "more", "tag", "collection"},
    }
    query = {"pick": task.pk, "task": task.pk, "file": file.pk, "remix": task.pk, "q": "walled", "words": "walled"}
    hidden = [TELLING.encode(), *kept(file), *kept(given)]
    assert task.make_private(member)
    return values, query | {"tag": "garden", "collection": shelf.pk, "before": task.pk + 9}, hidden


class LeakTests:
    """Mia's private picture, tied to all that others may look at before she made it private."""

    def test_nobody_else_meets_a_word_or_a_byte_at_any_address(self, client, secret, member, colleague, viewer):
        values, query, hidden = secret
        assert {"studio", "task", "media", "upload", "changes", "collection"} <= met(client, member, *secret)
        for person in (colleague, viewer):
            assert met(client, person, values, query, hidden) == set()
        assert met(Client(), None, values, query, hidden) == set()

    @pytest.mark.parametrize("name", ["remix", "input", "upload", "undone", "preset"])
    def test_nor_in_the_composer(self, client, secret, colleague, name):
        values, _, hidden = secret
        client.force_login(colleague)
        for pk in values["pk"] | values["output_pk"]:
            answer = client.get(f"/?{name}={pk}")
            assert not any(each in answer.content for each in hidden)

    def test_counts_and_figures_leave_it_out(self, client, secret, member, colleague):
        told = {}
        for person in (member, colleague):
            client.force_login(person)
            runs = client.get("/models/alibaba/qwen-image/").context["figures"].runs
            [upto] = re.findall(r"Select all (\d+)", html(client.get("/selection/all/")))
            told[person] = (runs, int(upto))
        assert told[member] == tuple(number + 1 for number in told[colleague])


def met(client, person, values, query, hidden):
    """The names of the addresses of the product at which this person meets any of what is hidden."""
    answers = asked(client, person, values, query)
    return {name for name, content in answers if any(each in content for each in hidden)}


def asked(client, person, values, query):
    """(name, content) for each address of the product that can be asked for, with each of these values in it.

    Whoever adds a new part to an address says in the fixture above what it may be.
    """
    if person:
        client.force_login(person)
    for pattern in urlpatterns:
        if pattern.name in ("input", "hook", "set-up"):  # for whoever holds an unguessable address
            continue
        names = list(pattern.pattern.regex.groupindex)
        for each in product(*(values[name] for name in names)):
            address = reverse(pattern.name, kwargs=dict(zip(names, each, strict=True)))
            seen = {"seen": 0, "day": localdate().isoformat(), "worker": "False"} if pattern.name == "changes" else {}
            queries = [seen, query | seen]
            for data in queries[: 1 if {"variant", "token"} & set(names) else 2]:
                answer = client.get(f"{address}?{urlencode(data)}", headers=HTMX if data else {})
                yield pattern.name, answer.getvalue()


def kept(file):
    """What is in the stored files of it, as far as it is in no other."""
    for name in {file.original, file.medium, file.small} - {""}:
        with default_storage.open(name) as stored:
            yield stored.read()[40:]
    yield file.sha256.encode()


class MakePrivateTests:
    @pytest.fixture
    def work(self, make_task, make_output):
        task = make_task("done")
        make_output(task)
        return task

    def test_others_walls_lose_the_card_at_once_and_get_it_back_in_its_place(
        self, client, work, make_task, member, colleague
    ):
        newer, seen, carl = make_task("done"), Revision.latest(), Client()
        carl.force_login(colleague)
        client.force_login(member)
        answer = client.post("/private/", on_wall(seen, pick=work.pk), headers=HTMX)
        assert (f"task-{work.pk}", "outerMorph") in parts(answer)
        assert "Private" in html(answer)
        answer = carl.get("/changes/", on_wall(seen), headers=HTMX)
        assert [part for part in parts(answer) if "task" in part[0]] == [(f"task-{work.pk}", "delete")]
        seen = Revision.latest()
        client.post("/private/remove/", on_wall(pick=work.pk), headers=HTMX)
        answer = carl.get("/changes/", on_wall(seen), headers=HTMX)
        assert [part for part in parts(answer) if "task" in part[0]] == [
            (f"task-{work.pk}", "delete"),
            (f"task-{newer.pk}", "afterend"),
        ]
        assert f'id="task-{work.pk}"' in html(answer)
        answer = carl.get("/changes/", on_wall(seen, filters="kind=video"), headers=HTMX)
        assert (f"task-{newer.pk}", "afterend") not in parts(answer)

    def test_it_says_what_it_did_and_takes_it_back(self, mia, work, make_task, colleague):
        hidden, theirs = make_task("processing"), make_task("done", author=colleague)
        hidden.make_private(hidden.author)
        answer = mia.post("/private/", on_wall(pick=[work.pk, hidden.pk, theirs.pk]), headers=HTMX)
        assert said(answer) == "1 made private; 1 is somebody else’s."  # noqa: RUF001
        assert pks(Task.objects.filter(is_private=True)) == {work.pk, hidden.pk}
        [revision] = re.findall(r'name="revision" value="(\d+)"', html(answer))
        answer = mia.post("/private/remove/", on_wall(revision=revision), headers=HTMX)
        assert said(answer) == "The team sees it again."
        assert f".toast:has([name='revision'][value='{revision}'])" in html(answer)
        assert (f"task-{work.pk}", "outerMorph") in parts(answer)
        assert pks(Task.objects.filter(is_private=True)) == {hidden.pk}

    def test_on_its_own_page_the_page_says_so(self, mia, work):
        page = on_wall(pick=work.pk, task=work.pk)
        assert "Of the team only you and admins see it.<" in html(mia.post("/private/", page, headers=HTMX))
        ShareLink.make(work, work.author, days=1)
        assert "admins see it. Its links still work." in html(mia.get(work.get_absolute_url()))
        assert "Of the team only" not in html(mia.post("/private/remove/", page, headers=HTMX))
        assert mia.post("/private/", page, headers={"Referer": "http://testserver/tasks/1/"}).url.endswith("/tasks/1/")

    @pytest.mark.parametrize("address", ["/private/", "/private/remove/"])
    def test_only_its_author_and_admins_may(self, client, work, member, colleague, viewer, admin_user, address):
        is_hidden = "remove" in address
        expected = {colleague: 404 if is_hidden else 302, viewer: 403, member: 302, admin_user: 302}
        for person, status in expected.items():
            Task.objects.update(is_private=is_hidden)
            client.force_login(person)
            assert client.post(address, {"pick": work.pk}).status_code == status
            assert client.get(address).status_code == 405
            may = person in (member, admin_user)
            assert Task.objects.get(pk=work.pk).is_private is (is_hidden is not may)
        assert Client().post(address, {"pick": work.pk}).url.startswith("/account/login/")
        assert client.post(address, {"pick": "x"}).status_code == 404

    def test_what_it_was_made_from_is_as_private_unless_others_show_it(self, member, make_task, make_upload):
        given, other, kept = (make_upload(color=color) for color in ("#102030", "#203040", "#304050"))
        task = make_task("done", inputs={"image": given.pk, "more": [other.pk, kept.pk]})
        Upload.objects.show()
        make_task("done", inputs={"images": [other.pk]})
        Preset.objects.create(owner=member, name="Kept", is_shared=True, values={"image": [kept.pk]})
        task.make_private(member)
        assert shown() == {other.pk, kept.pk}
        task.make_public(member)
        assert shown() == {given.pk, other.pk, kept.pk}


def shown():
    return pks(Upload.objects.filter(is_shown=True))


class OrderTests:
    def test_what_is_ordered_in_private_is_so_from_its_first_moment(self, client, member, colleague, make_upload):
        client.force_login(member)
        given = make_upload()
        sent = order("kling/kling-v3-i2i", private="1", prompt=WORDS, **{"with-image": given.pk})
        client.post("/tasks/", sent, headers=HTMX)
        [task] = Task.objects.all()
        assert task.is_private
        assert task.upload_pks == [given.pk]
        assert shown() == set()
        client.force_login(colleague)
        assert TELLING not in html(client.get("/"))
        assert client.get(f"/uploads/{given.pk}/small/").status_code == 404

    def test_the_switch_stays_as_it_was_for_the_next_order(self, mia):
        assert not switched_on(mia.get("/"))
        for private in ({"private": "1"}, {}):
            answer = mia.post("/tasks/", order(prompt=f"boats {private}", **private), headers=HTMX)
            assert switched_on(answer) is switched_on(mia.get("/")) is bool(private)

    def test_the_draft_keeps_it_and_so_does_another_model(self, mia):
        mia.post("/draft/", order(private="1", draft="0"))
        assert switched_on(mia.get("/"))
        answer = mia.post("/composer/", order(private="1", kind="video"), headers=HTMX | {"HX-Target": "div#desk"})
        assert switched_on(answer)

    def test_a_remix_of_it_begins_private_and_so_does_a_repeat(self, mia, member, make_task):
        task, other = make_task("done", text=WORDS), make_task("done")
        task.make_private(member)
        assert switched_on(mia.get(f"/?remix={task.pk}"))
        assert not switched_on(mia.get(f"/?remix={other.pk}"))
        mia.post(f"/tasks/{task.pk}/order-again/")
        assert Task.objects.get(repeat_of=task).is_private

    def test_a_preset_knows_nothing_of_it(self, mia):
        mia.post("/presets/new/", order(private="1", **{"preset-name": "Mine", "preset-text": "boats"}))
        assert not switched_on(mia.get(f"/?preset={Preset.objects.get().pk}"))


def switched_on(response):
    [field] = re.findall(r'<input id="private".*?>', html(response), re.S)
    return "checked" in field


class EverythingTests:
    """All that the filters find, in the same number of statements whatever it is."""

    def test_how_many_they_are_and_the_newest_of_them(self, mia, make_task):
        film, _ = make_task("done", kind="video"), make_task("done")
        page = html(mia.get("/selection/all/?kind=video"))
        assert "Select all 1 that match" in page
        assert f'name="upto" value="{film.pk}"' in page
        assert re.search(r'name="kind" value="video"\s+form="bulk"', page)

    def test_it_is_done_with_all_and_says_what_it_left_out(self, mia, make_task, colleague):
        done, running = [make_task("done") for _ in range(3)], make_task("processing")
        theirs = make_task("done", author=colleague)
        late = make_task("done")
        page = on_wall(all=1, upto=theirs.pk, pick=[done[0].pk])
        answer = mia.post("/bin/add/", page, headers=HTMX)
        assert said(answer) == "3 moved to the bin; 1 is not finished yet and 1 is somebody else’s."  # noqa: RUF001
        assert pks(Task.objects.filter(binned_at=None)) == {running.pk, theirs.pk, late.pk}
        assert [part for part in parts(answer) if part[1] == "delete"] == [(f"task-{done[0].pk}", "delete")]
        assert ("everything", "outerHTML") in parts(answer)
        [revision] = re.findall(r'name="revision" value="(\d+)"', html(answer))
        mia.post("/bin/restore/", on_wall(revision=revision), headers=HTMX)
        assert not Task.objects.binned().exists()

    @pytest.mark.parametrize("address", ["favourites", "favourites/remove", "ratings", "bin/add", "private"])
    def test_its_cost_does_not_grow(self, mia, make_task, make_output, address):
        def cost(number):
            for _ in range(number):
                make_output(make_task("done"), saved=False, status="saved")
            with CaptureQueriesContext(connection) as captured:
                assert mia.post(f"/{address}/", on_wall(all=1, stars=3), headers=HTMX).status_code == 200
            return len(captured)

        few = cost(3)
        assert cost(30) <= few

    def test_where_very_many_are_shown_the_page_comes_anew(self, mia, make_task, make_output):
        make_output(task := make_task("done"))
        answer = mia.post("/favourites/", {"pick": [task.pk, *range(9_000, 9_100)]}, headers=HTMX)
        assert answer["HX-Refresh"] == "true"
        assert "1 file is now a favourite." in html(mia.get("/"))

    def test_without_script_too(self, mia, make_task, make_output):
        make_output(make_task("done"))
        assert mia.post("/favourites/", {"all": 1, "kind": "image"}).url == "/"
        assert Favourite.objects.count() == 1

    def test_the_hearts_of_what_is_shown_are_told(self, mia, make_task, make_output):
        tasks = [make_task("done") for _ in range(3)]
        for task in tasks:
            make_output(task)
        answer = mia.post("/favourites/", {"all": 1, "pick": tasks[0].pk}, headers=HTMX)
        assert "3 files are now favourites." in html(answer)
        assert re.findall(r'partial id="favourite-pick-(\d+)"', html(answer)) == [str(tasks[0].pk)]
        mia.post("/favourites/remove/", {"all": 1, "favourite": 1}, headers=HTMX)
        assert not Favourite.objects.exists()


class ViewerTests:
    @pytest.fixture
    def vera(self, client, viewer):
        client.force_login(viewer)
        return client

    def test_sees_no_composer_and_no_action_that_would_be_refused(self, vera, make_task, make_output):
        task = make_task("done")
        make_output(task)
        addresses = ("/", task.get_absolute_url(), f"/tasks/{task.pk}/menu/", "/models/", "/models/alibaba/qwen-image/")
        pages = "".join(html(vera.get(address)) for address in addresses)
        assert "You can look, like and rate. Ask an admin if you want to generate." in pages
        for link in ("remix=", "?input=", "?use=", 'id="composer"', "/bin/", "/private/", "/star/", "/order-again/"):
            assert link not in pages

    def test_is_offered_nothing_at_any_address_that_would_be_refused(self, vera, secret, member, viewer):
        Task.objects.get(is_private=True).make_public(member)
        values, query, _ = secret
        posted = re.compile(rb'(?:formaction|method="post"\s+action|hx-post)="(/[^"?]*)')
        found = {(name, to) for name, page in asked(vera, viewer, values, query) for to in posted.findall(page)}
        assert {(name, to) for name, to in found if resolve(to.decode()).url_name not in MAY} == set()

    def test_their_profile_works(self, vera, viewer):
        assert "undo" not in html(vera.get("/profile/"))
        vera.post("/profile/", {"name": "Vera Vermeer", "has_shortcuts": "on"})
        viewer.refresh_from_db()
        assert viewer.name == "Vera Vermeer"
        assert "Viewer, joined" in html(vera.get("/profile/"))

    def test_picks_everything_too(self, vera, viewer, make_task, make_output):
        make_output(make_task("done"))
        vera.post("/favourites/", {"all": 1})
        assert viewer.favourites.count() == 1
