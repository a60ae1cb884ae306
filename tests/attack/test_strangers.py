"""What somebody keeps for themselves, tried by others at every address of the product, by every number it has.

A thing is named in the address, as in `/presets/7/`, or in what is sent, as in `pick=7`, or not at all, as where
everything is meant that some filters find. `tests/views/test_privacy.py` holds that nobody reads a word of it.
"""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.test import Client

from generations.models import Collection, Draft, Favourite, Rating, Revision, Tag, User
from generations.urls import urlpatterns
from tests.attack.conftest import path

pytestmark = pytest.mark.django_db

FREE = {"model", "share", "hook", "invited", "input", "ballot", "stop", "sessions"}  # no number: whoever has them may
REFUSED = {403, 404, 405}
WAYS = ("get", "post")
WISHES = {"only": "glass", "names": "glass", "name": "Mine", "stars": "5", "place": "start"}
NAMES = [  # under which forms and query strings name a thing by its number
    *("pick", "file", "task", "upload", "input", "remix", "use", "preset", "collection", "into", "save_to", "cover"),
    *("output", "winner", "left", "right", "to", "at", "prompt", "parent", "person", "draft", "undone", "revision"),
]
LISTS = [  # pages that show, or count, what there is
    *("/", "/?q=glass", "/?tag=glass", "/find/", "/find/tag/", "/find/model/", "/find/collection/", "/selection/all/"),
    *("/collections/", "/collections/1/", "/tags/choose/", "/collections/choose/", "/collections/targets/", "/links/"),
    *("/models/", "/models/alibaba/qwen-image/", "/usage/", "/usage/csv/", "/team/", "/views/", "/presets/", "/bin/"),
]
OF_THE_MOMENT = re.compile(r"csrfmiddlewaretoken.*?>|X-CSRFToken.*?}|seen\W+(value=\W)?\d+|upto=\d+|[0-9a-f-]{36}")


@pytest.fixture
def private(things, member, make_upload):
    """What Mia made, none of it for others: see conftest."""
    things["output"].task.make_private(member)
    things["attempt"].task.make_private(member)
    things["collection"].is_private = True
    things["collection"].save()
    Tag.put(["glass"], things["task"].outputs.all(), member)
    Draft.keep(member, {"prompt": ["a pond"]}, 0)
    session = UserSession.objects.create(user=member, ip="203.0.113.7", user_agent="a browser", session_key="a-key")
    return things | {"session": session}


@pytest.fixture
def numbered(private):
    """{name: path} of each address in which one of these things is named by its number."""
    found = {each.name: path(each, private) for each in urlpatterns if {"pk", "output_pk"} & parts(each)}
    return {name: where for name, where in found.items() if name.split("-")[0] not in FREE}


def parts(pattern):
    return {*pattern.pattern.converters} or {*pattern.pattern.regex.groupindex}


def rows(but):
    """{(model, number): fields} of all rows there are, but for this person's own and the counter of changes."""
    found = {}
    for model in set(apps.get_app_config("generations").get_models()) - {Revision}:
        found |= {(model, row["pk"]): row for row in model.objects.order_by().values("pk", *names(model))}
    found.pop((User, but and but.pk), None)
    return found


def names(model):
    return [field.attname for field in model._meta.concrete_fields]


def tied(key, row, before):
    """Whether a new row is tied to one of these, people apart."""
    model, _ = key
    ties = [field for field in model._meta.concrete_fields if field.is_relation and field.related_model is not User]
    return any((field.related_model, row[field.attname]) in before for field in ties)


@pytest.mark.parametrize("who", ["visitor", "viewer", "colleague"])
class StrangerTests:
    @pytest.fixture
    def person(self, request, who):
        return request.getfixturevalue(who) if who != "visitor" else None

    @pytest.fixture
    def browser(self, person):
        browser = Client()
        if person:
            browser.force_login(person)
        return browser

    def test_by_its_number_in_an_address(self, person, browser, numbered):
        before = rows(person)
        refused = REFUSED if person else REFUSED | {302}  # to sign in
        asked = {(name, way): getattr(browser, way)(at).status_code for name, at in numbered.items() for way in WAYS}
        assert {key: status for key, status in asked.items() if status not in refused} == {}
        assert rows(person) == before

    def test_by_its_number_in_what_is_sent(self, person, browser, addresses, private):
        before = rows(person)
        pks = sorted({thing.pk for thing in private.values() if hasattr(thing, "pk")})
        everything = {"all": "1", "person": private["person"].pk}
        for name, where in addresses.items():
            if name.split("-")[0] not in FREE and not name.startswith("account_"):
                for meant in (dict.fromkeys(NAMES, pks), everything):
                    browser.post(where, WISHES | meant)
        after = rows(person)
        assert {key: row for key, row in before.items() if after.get(key) != row} == {}
        assert [row for key, row in after.items() if key not in before and tied(key, row, before)] == []


def test_no_page_changes_by_what_others_keep_for_themselves(client, member, colleague, make_task, make_output):
    client.force_login(colleague)
    shelf = Collection.objects.create(owner=member, name="Boats")
    shelf.items.create(output=make_output(make_task("done")), position=0)
    client.get("/")  # writes the row of what is known of the provider
    before = shown(client)
    hidden = make_task("done", text="a lighthouse of glass", price_charged="0.5")
    shelf.items.create(output=make_output(hidden), position=1)
    Collection.objects.create(owner=member, name="Glass", is_private=True)
    Tag.put(["glass"], hidden.outputs.all(), member)
    Favourite.mark(member, hidden.outputs.all())
    Rating.give(member, hidden.outputs.all(), 4)
    for task in (hidden, make_task("queued"), make_task("failed")):
        task.make_private(member)
    assert [page for page, text in shown(client).items() if text != before[page]] == []


def shown(client):
    """{address: page} without what differs each time that it is asked for."""
    answers = {address: client.get(address) for address in LISTS}
    whole = {address: b"".join(each) if each.streaming else each.content for address, each in answers.items()}
    return {address: OF_THE_MOMENT.sub("", page.decode()) for address, page in whole.items()}
