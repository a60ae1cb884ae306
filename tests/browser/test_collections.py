"""Collections by hand: made, filled by a key, put in order without and with a pointer, deleted and taken back."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from generations.models import Collection, CollectionItem, Output
from tests.browser.conftest import QUIET

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(chrome, live_server, client, member):
    """A window of Mia's, whose console must stay silent."""
    client.force_login(member)
    complaints = []
    context = chrome.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    key = client.session.session_key
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [text for text in complaints if not any(known in text for known in QUIET)] == []


@pytest.fixture
def files(make_task, make_output):
    names = ("ridge", "dune", "moon", "lake")
    return [make_output(make_task("done", text=name), color=f"#3b6e{place}5") for place, name in enumerate(names)]


@pytest.fixture
def first_light(member, files):
    collection = Collection.objects.create(owner=member, name="First light")
    collection.add(Output.objects.all(), member)
    return collection


def shown(page):
    return page.locator("#items > .card .prompt").all_inner_texts()


def kept():
    return list(CollectionItem.objects.values_list("output__task__prompt__text", flat=True))


def grip(page, name):
    return page.locator(".card", has_text=name).locator("[data-grip]")


def centre(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_enter_takes_the_only_row_or_leads_to_the_first(page, files, member):
    Collection.objects.create(owner=member, name="Lakes")
    page.goto("/")
    page.locator(".card", has_text="lake").locator("a.card-media").focus()
    page.keyboard.press("c")
    field = page.get_by_label("Find a collection, or name a new one")
    expect(field).to_be_focused()
    page.keyboard.type("First light")
    page.keyboard.press("Enter")  # before its row is there
    expect(page.get_by_text("Added to First light")).to_be_visible()
    expect(page.locator("#collect")).to_be_hidden()
    page.keyboard.press("c")
    expect(field).to_be_focused()
    page.keyboard.type("lake")
    page.keyboard.press("Enter")
    row = page.locator("#collect").get_by_role("button", name="Lakes")
    expect(row).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="New collection “lake”")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Added to Lakes")).to_be_visible()
    assert set(Collection.objects.values_list("name", flat=True)) == {"First light", "Lakes"}


def test_made_on_the_shelf_and_filled_from_the_wall_by_a_key(page, files):
    page.goto("/collections/")
    page.get_by_role("button", name="New collection").first.click()
    page.get_by_role("button", name="Create collection").click()
    expect(page.get_by_text("Give it a name.")).to_be_visible()
    page.get_by_label("Name").fill("First light")
    page.get_by_role("button", name="Create collection").click()
    expect(page.get_by_role("heading", name="An empty collection.")).to_be_visible()
    page.goto("/")
    for name in ("ridge", "moon"):
        media = page.locator(".card", has_text=name).locator("a.card-media")
        media.focus()
        page.keyboard.press("c")
        expect(page.locator("#collect.htmx-request")).to_have_count(0)
        expect(page.get_by_label("Find a collection, or name a new one")).to_be_focused()
        page.locator("#collect").get_by_role("button", name="First light").click()
        expect(page.get_by_text("Added to First light")).to_be_visible()
        expect(media).to_be_focused()
    assert kept() == ["ridge", "moon"]
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Removed from First light")).to_be_visible()
    assert kept() == ["ridge"]
    media.focus()
    page.keyboard.press("c")
    expect(page.locator("#collect.htmx-request")).to_have_count(0)
    page.get_by_label("Find a collection, or name a new one").fill("Night")
    page.get_by_role("button", name="New collection “Night”").click()
    expect(page.get_by_text("Added to Night")).to_be_visible()


def test_put_in_order_by_keys_alone(page, first_light):
    page.goto(first_light.get_absolute_url())
    grip(page, "ridge").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#announce")).to_contain_text("Picked up.")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#announce")).to_have_text("Place 3 of 4.")
    assert kept() == ["ridge", "dune", "moon", "lake"]
    page.keyboard.press("Enter")
    expect(page.locator("#announce")).to_contain_text("Moved to place 3 of 4.")
    expect(grip(page, "ridge")).to_be_focused()
    assert kept() == shown(page) == ["dune", "moon", "ridge", "lake"]
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.press("Escape")
    expect(page.locator("#announce")).to_have_text("Back in its place.")
    assert kept() == shown(page) == ["dune", "moon", "ridge", "lake"]


def test_put_in_order_by_dragging_and_back_when_it_fails(page, first_light):
    page.goto(first_light.get_absolute_url())

    def drag(name, to):
        page.mouse.move(*centre(page.locator(".card", has_text=name).locator(".card-media")))
        page.mouse.down()
        page.mouse.move(*centre(page.locator(".card", has_text=to).locator(".card-media")), steps=5)
        page.mouse.up()

    drag("lake", to="dune")
    expect(page.locator("#announce")).to_contain_text("Moved to place 2 of 4.")
    expect(page).to_have_url(first_light.get_absolute_url())
    assert kept() == shown(page) == ["ridge", "lake", "dune", "moon"]
    first_light.remove(Output.objects.filter(task__prompt__text="ridge"), first_light.owner)
    drag("moon", to="lake")
    expect(page.get_by_text("Not moved: it, or what was beside it, is no longer here.")).to_be_visible()
    assert shown(page) == ["ridge", "lake", "dune", "moon"]
    page.route("**/move/", lambda route: route.abort())
    drag("moon", to="lake")
    expect(page.get_by_text("The studio did not answer")).to_be_visible()
    assert shown(page) == ["ridge", "lake", "dune", "moon"]


def test_several_are_picked_by_keys_and_taken_out_at_once(page, first_light):
    page.goto(first_light.get_absolute_url())
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".card", has_text="dune").locator(".card-media")).to_be_focused()
    page.keyboard.press("f")
    heart = page.locator(".card", has_text="dune").get_by_role("button", name="Favourite")
    expect(heart).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(page.locator("#selected")).to_have_text("2 selected")
    page.locator("#bulk").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("2 removed from First light")).to_be_visible()
    expect(page.locator("#items > .card .prompt")).to_have_text(["ridge", "lake"])
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#items > .card .prompt")).to_have_text(["ridge", "dune", "moon", "lake"])


def test_a_cover_a_removal_undone_and_a_deletion_undone(page, first_light):
    page.goto(first_light.get_absolute_url())  # by keys, as the menu may still find its place
    card = page.locator(".card", has_text="moon")
    card.hover()
    card.get_by_role("button", name="More actions").click()
    page.locator("#card-menu").get_by_role("button", name="Move to the front").press("Enter")
    expect(page.locator("#items > .card .prompt").first).to_have_text("moon")
    card.hover()
    card.get_by_role("button", name="Remove from First light").click()
    expect(card).to_have_count(0)
    expect(page.get_by_text("3 files")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#items > .card .prompt").first).to_have_text("moon")
    lake = page.locator(".card", has_text="lake")
    lake.hover()
    lake.get_by_role("button", name="More actions").click()
    page.locator("#card-menu").get_by_role("button", name="Use as cover").press("Enter")
    expect(page.get_by_text("The cover of First light is changed.")).to_be_visible()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Delete…").press("Enter")
    page.get_by_role("button", name="Delete collection").click()
    expect(page.get_by_text("No collections yet.")).to_be_visible()
    page.get_by_role("link", name="Undo").click()
    expect(page.get_by_role("heading", name="First light")).to_be_visible()
    assert kept() == ["moon", "ridge", "dune", "lake"]
