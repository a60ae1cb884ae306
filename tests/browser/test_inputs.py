"""A picture made from a picture, by hand."""

from base64 import b64encode
from urllib.parse import urljoin

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_walk import START
from tests.conftest import encoded

EDIT = "kling/kling-v3-i2i"


def choose_model(page, slug):
    page.locator("#choose-model").click()
    option = page.locator(f"#models .option:has([value='{slug}'])")
    option.hover()
    option.get_by_role("button", name="Only this").click()


@pytest.fixture
def harbour():
    content = encoded(Image.new("RGB", (640, 480), "#3b6ea5"), "JPEG")
    return {"name": "harbour.jpg", "mimeType": "image/jpeg", "buffer": content}


def drop(page, selector, content):
    """Let go of a file over an element, as from the desk."""
    script = """(text) => {
        const bag = new DataTransfer();
        bag.items.add(new File([Uint8Array.from(atob(text), (byte) => byte.charCodeAt())], "desk.png"));
        return bag;
    }"""
    text = b64encode(content).decode()
    page.dispatch_event(selector, "dragover", {"dataTransfer": page.evaluate_handle(script, text)})
    page.dispatch_event(selector, "drop", {"dataTransfer": page.evaluate_handle(script, text)})


def test_a_picture_is_given_checked_and_made_into_another(page, provider, harbour):
    page.goto(START)
    choose_model(page, EDIT)
    slot = page.get_by_role("group", name="Picture")
    slot.locator("[type=file]").set_input_files(harbour | {"buffer": harbour["buffer"][:400]})
    expect(slot.get_by_role("alert")).to_contain_text("This picture cannot be opened")
    slot.locator("[type=file]").set_input_files(harbour)
    expect(slot.locator("img")).to_have_js_property("complete", True)
    expect(slot.get_by_role("alert")).to_have_count(0)
    page.get_by_role("textbox", name="Prompt").fill("The harbour as a woodcut")
    page.get_by_role("button", name="Generate").click()
    card = page.locator("article.card", has_text="The harbour as a woodcut").first
    expect(card).to_have_attribute("data-state", "done", timeout=30_000)
    (order, *_) = [entry for entry in provider.ledger() if entry["body"]["prompt"] == "The harbour as a woodcut"]
    assert order["body"]["image"].startswith(f"{provider.url}/in/")
    card.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Given")).to_be_visible()
    expect(page.get_by_role("img", name="harbour.jpg")).to_be_visible()
    made = page.url
    download = page.request.get(urljoin(made, page.locator("#download").get_attribute("href"))).body()
    page.goto(START)
    drop(page, "#wall", download)
    expect(page.locator("#messages")).to_contain_text("Found by the mark in it")
    assert page.url.startswith(made)
    page.goto(START)
    drop(page, "#wall", b"from elsewhere")
    expect(page.get_by_role("alert")).to_contain_text("did not come from here")


def test_unticked_it_is_gone_and_another_model_keeps_it(page, harbour):
    page.goto(START)
    choose_model(page, EDIT)
    slot = page.get_by_role("group", name="Picture")
    slot.locator("[type=file]").set_input_files(harbour)
    expect(slot.locator("img")).to_be_visible()
    choose_model(page, "google/nano-banana-edit")
    several = page.get_by_role("group", name="Pictures")
    expect(several.locator("img")).to_be_visible()
    several.locator(".ref").click()
    expect(several.locator("img")).to_have_count(0)
