"""The models page by hand."""

import re

from playwright.sync_api import expect


def test_a_model_is_found_starred_and_used(page, studio):
    page.goto("/")
    page.get_by_role("link", name="Models").click()
    rows = page.locator(".model-row:not(.head)")
    expect(rows).to_have_count(252)
    page.get_by_label("Search models").fill("nano banana")
    page.get_by_text("Text to image", exact=True).first.click()
    expect(page).to_have_url(f"{studio.url}/models/?q=nano+banana&type=text-to-image")
    expect(page.locator("#announce")).to_have_text(f"{rows.count()} models.")
    star = page.get_by_role("button", name="Star Nano Banana 2", exact=True)
    star.press("Enter")
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(star).to_be_focused()
    page.get_by_text("Starred", exact=True).click()
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Nano Banana 2", exact=True).click()
    expect(page.get_by_role("heading", name="Nano Banana 2")).to_be_visible()
    page.go_back(wait_until="commit")
    expect(page.get_by_label("Search models")).to_have_value("nano banana")
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Use Nano Banana 2", exact=True).click()
    expect(page.locator("#chosen")).to_contain_text("Nano Banana 2")


def test_without_script_it_is_found_and_starred_too(browse, studio):
    page = browse(java_script_enabled=False)
    page.goto("/models/")
    page.get_by_label("Search models").fill("kling v3 omni")
    page.get_by_role("button", name="Show").click()
    found = page.url
    page.locator(".star").first.click()
    expect(page.locator(".star").first).to_have_attribute("aria-pressed", "true")
    assert re.search(r"q=kling", found)
    assert page.url == found
