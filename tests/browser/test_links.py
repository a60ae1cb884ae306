"""Links by hand: to a collection, with a password, changed without another address, revoked; and from the wall."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from generations.models import Collection, Output, ShareLink
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
def visitor(chrome):
    """A window of somebody outside."""
    context = chrome.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def files(make_task, make_output):
    return [make_output(make_task("done", text=name)) for name in ("ridge", "dune", "moon")]


def test_a_collection_with_a_password_is_shared_changed_and_closed(page, visitor, files, member):
    collection = Collection.objects.create(owner=member, name="First light")
    collection.add(Output.objects.all(), member)
    page.goto(collection.get_absolute_url())
    page.get_by_role("button", name="Share").click()
    dialog = page.locator("#share")
    expect(dialog.get_by_label("Closes")).to_be_focused()
    expect(dialog.get_by_label("Password", exact=True)).to_be_hidden()
    dialog.get_by_label("Ask for a password").check()
    password = dialog.get_by_label("Password", exact=True).input_value()
    dialog.get_by_role("button", name="Make a link").click()
    expect(dialog.get_by_role("button", name="Copy").first).to_be_focused()
    address = dialog.get_by_label("Public link").input_value()
    assert dialog.get_by_label("Password").input_value() == password
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".page-head .badge.go")).to_have_text("Shared")
    expect(page.get_by_role("button", name="Share")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Make another link")).to_be_visible()

    visitor.goto(address)
    visitor.get_by_label("Password", exact=True).fill(password)
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("heading", name="First light")).to_be_visible()

    page.goto("/links/")
    page.get_by_role("link", name="Edit").click()
    dialog.get_by_label("Closes").select_option(label="Never")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Link changed.")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(page.locator(".door .badge.go")).to_have_text("Open")
    link = ShareLink.objects.get()
    assert (link.expires_at, address.endswith(link.get_absolute_url())) == (None, True)
    assert visitor.goto(address).status == 200

    page.get_by_role("link", name="Edit").click()
    dialog.get_by_role("button", name="Revoke…").click()
    dialog.get_by_role("button", name="Keep it").click()
    dialog.get_by_role("button", name="Revoke…").click()
    dialog.get_by_role("button", name="Revoke link").click()
    expect(page.locator(".door .badge").first).to_have_text(re.compile("Revoked"))
    expect(dialog).to_be_hidden()
    assert visitor.goto(address).status == 410


def test_what_is_selected_on_the_wall_is_shared_and_a_mistake_is_led_to(page, files):
    page.goto("/")
    page.locator("[for=select-mode]").first.click()
    for box in page.locator(".card .pick").all()[:2]:
        box.check()
    page.locator("#bulk").get_by_role("button", name="Share").click()
    dialog = page.locator("#share")
    expect(dialog.get_by_role("heading")).to_have_text("Share 2 files")
    dialog.get_by_text("Title, message and address").click()
    dialog.get_by_label("Own address").fill("admin")
    dialog.get_by_role("button", name="Make a link").click()
    expect(dialog.get_by_label("Own address")).to_be_focused()
    expect(dialog.get_by_text("The studio keeps this word for itself.")).to_be_visible()
    dialog.get_by_label("Own address").fill("jury")
    dialog.get_by_role("button", name="Make a link").click()
    expect(dialog.get_by_label("Public link")).to_have_value(re.compile("/s/jury/$"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(".card .pick:checked")).to_have_count(2)
    assert [output.pk for output in ShareLink.objects.get().shown()] == [files[2].pk, files[1].pk]


def test_without_script_a_link_is_made_on_a_page(chrome, live_server, client, member, files):
    client.force_login(member)
    context = chrome.new_context(base_url=live_server.url, java_script_enabled=False)
    key = client.session.session_key
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page = context.new_page()
    page.goto(files[0].task.get_absolute_url())
    page.get_by_role("link", name="Make a link").click()
    page.get_by_label("Ask for a password").check()
    password = page.get_by_label("Password", exact=True).input_value()
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_text(f"not shown again: {password}")).to_be_visible()
    page.get_by_role("button", name="Revoke…").click()
    page.get_by_role("button", name="Revoke link").click()
    expect(page.get_by_text("no longer works").first).to_be_visible()
    assert not ShareLink.objects.live().exists()
    context.close()
