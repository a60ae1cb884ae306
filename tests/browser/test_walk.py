"""From a prompt in the browser to a saved, shared picture."""

import re
import time

import pytest
from playwright.sync_api import expect

START = "/?use=minimax/minimax-image-01-t2i"
STATES = ["queued", "submitting", "pending", "processing", "saving", "done"]


def generate(page, text):
    prompt = page.get_by_role("textbox", name="Prompt", exact=True)
    prompt.fill(text)
    prompt.press("Control+Enter")
    card = page.locator("article.card", has_text=text)
    expect(card).to_be_visible()
    expect(prompt).to_have_value("")  # the answer is in: what is typed now is a new prompt
    return card


def states_of(card, until="done", seconds=30):
    """The states the card passes through, each once, until the last one."""
    seen, deadline = [], time.monotonic() + seconds
    while not seen or seen[-1] != until:
        assert time.monotonic() < deadline, seen
        state = card.get_attribute("data-state")
        if not seen or seen[-1] != state:
            seen.append(state)
        time.sleep(0.05)
    return seen


class WalkTests:
    def test_a_first_prompt_becomes_four_pictures_without_a_reload(self, page):
        page.goto(START)
        page.evaluate("window.sameDocument = true")
        card = generate(page, "Paper-cut mountains at first light")
        passed = states_of(card)
        assert passed == [state for state in STATES if state in passed]
        assert len(passed) >= 2  # a quick one may be done before it is looked at in between
        pictures = card.locator(".card-media img")
        expect(pictures).to_have_count(4)
        for picture in pictures.all():
            assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert page.evaluate("window.sameDocument") is True
        expect(page.get_by_role("textbox", name="Prompt")).to_have_value("")
        expect(page.get_by_role("textbox", name="Prompt")).to_be_focused()

    def test_a_finished_page_makes_no_more_requests(self, page):
        page.goto(START)
        states_of(generate(page, "A quiet harbour, no wind"))
        page.wait_for_timeout(1500)  # the last answer, and the pictures it brought
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(6000)
        assert asked == []

    def test_two_browsers_see_each_others_cards_appear_and_complete(self, browse):
        mine, other = browse(), browse()
        mine.goto(START)
        other.goto(START)
        generate(mine, "Dunes before sunrise, seen by two")
        generate(other, "A greenhouse at night, seen by two")
        for page in (mine, other):
            for text in ("Dunes before sunrise, seen by two", "A greenhouse at night, seen by two"):
                card = page.locator("article.card", has_text=text)
                expect(card).to_have_count(1, timeout=15_000)
                expect(card).to_have_attribute("data-state", "done", timeout=20_000)

    def test_a_double_click_orders_once(self, page, provider):
        page.goto(START)
        page.get_by_role("textbox", name="Prompt").fill("Pressed twice by mistake")
        page.get_by_role("button", name=re.compile("^Generate")).dblclick()
        card = page.locator("article.card", has_text="Pressed twice by mistake")
        states_of(card)
        expect(card).to_have_count(1)
        assert len([entry for entry in provider.ledger() if entry["body"]["prompt"] == "Pressed twice by mistake"]) == 1

    def test_an_empty_prompt_is_answered_at_the_field(self, page):
        page.goto(START)
        prompt = page.get_by_role("textbox", name="Prompt")
        prompt.press("Control+Enter")
        expect(prompt).to_have_attribute("aria-invalid", "true")
        expect(prompt).to_be_focused()

    def test_a_link_shows_it_to_anyone_until_it_is_revoked(self, page, browse):
        page.goto(START)
        card = generate(page, "Three glazed vases, raking light")
        states_of(card)
        card.get_by_role("link", name="Three glazed vases").last.click()
        page.get_by_role("link", name="Make a link").click()
        page.get_by_role("button", name="Make a link").click()
        address = page.locator("#share input[readonly]").input_value()
        page.keyboard.press("Escape")
        visitor = browse(signed_in=False)
        assert visitor.goto(address).status == 200
        pictures = [image.get_attribute("src") for image in visitor.locator("main img").all()]
        assert pictures
        assert visitor.context.cookies() == []
        assert "glazed" not in visitor.content()
        assert [visitor.request.get(picture).status for picture in pictures] == [200] * len(pictures)
        page.locator(".links").get_by_role("link", name="Edit").click()
        page.get_by_role("button", name="Revoke…").click()
        page.get_by_role("button", name="Revoke link").click()
        expect(page.locator(".links")).to_have_count(0)
        assert visitor.goto(address).status in (404, 410)
        assert all(visitor.request.get(picture).status in (404, 410) for picture in pictures)


class TroubleTests:
    def test_an_ended_session_keeps_the_draft_and_says_so(self, browse, chrome, studio):
        page = browse()
        page.goto(START)
        page.get_by_role("textbox", name="Prompt").fill("A draft that must survive")
        page.context.clear_cookies(name="sessionid")
        page.keyboard.press("Control+Enter")
        link = page.locator("#messages").get_by_role("link")
        expect(link).to_be_visible()
        expect(page.locator("article.card")).to_have_count(0)
        expect(page.get_by_role("textbox", name="Prompt")).to_have_value("A draft that must survive")
        link.click()
        page.get_by_label("Email").fill("mira@example.com")
        page.get_by_label("Password", exact=True).fill("paper mountains 7")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("textbox", name="Prompt")).to_have_value("A draft that must survive")
        studio.session = page.context.storage_state()

    def test_a_server_that_is_away_is_waited_for(self, page):
        page.goto(START)
        card = generate(page, "Waiting for the server")
        page.context.set_offline(True)
        expect(page.locator("#away")).to_contain_text("Nothing is lost; cards update when")
        page.get_by_role("textbox", name="Prompt").fill("Asked for in vain")
        page.locator("#generate").click()
        expect(page.get_by_text("The studio did not answer, so that may not be done. Try again.")).to_have_count(1)
        page.context.set_offline(False)
        expect(page.locator("#messages")).to_contain_text("Everything is up to date.")
        expect(page.locator("#away")).to_be_empty()
        states_of(card)

    def test_an_unclear_outcome_is_bought_once_and_found_by_its_id(self, page, provider):
        card, bought = self.unclear(page, provider, "drop-after-create")
        card.get_by_role("link", name=re.compile("Check")).click()
        page.get_by_label("Task id at Modellix").fill(bought[0]["task_id"])
        page.get_by_role("button", name="Check").click()
        expect(page.locator("#stage img").first).to_be_visible(timeout=30_000)
        assert len(self.bought(provider, bought[0]["body"]["prompt"])) == 1

    def test_an_unclear_outcome_that_was_not_sent_costs_nothing(self, page, provider):
        card, bought = self.unclear(page, provider, "500")
        assert bought == []
        card.get_by_role("button", name="It was not sent").click()
        states_of(card, until="cancelled")
        expect(card).to_contain_text("Mira Okafor said it was not sent.")

    def unclear(self, page, provider, fault):
        """(the card of an order whose outcome is unknown, what the provider booked for it)"""
        page.goto(START)
        text = f"Wet cobblestones [[sim:post={fault}]]"
        card = generate(page, text)
        states_of(card, until="unknown")
        expect(card).to_contain_text("Did Modellix get this?")
        return card, self.bought(provider, text)

    def bought(self, provider, text):
        return [entry for entry in provider.ledger() if entry["body"]["prompt"] == text]

    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            ("post=400", ["use these settings", "refused on demand.", "You were not charged."]),
            ("fail=moderation", ["The prompt was refused by the content filter.", "You were charged $"]),
        ],
    )
    def test_what_ends_without_a_picture_says_why_what_it_cost_and_how_to_go_on(self, page, fault, words):
        page.goto(START)
        card = generate(page, f"A knight in the rain [[sim:{fault}]]")
        states_of(card, until="failed")
        for each in words:
            expect(card).to_contain_text(each)
        card.get_by_role("link", name="Edit prompt").click()
        expect(page.get_by_role("textbox", name="Prompt")).to_have_value(re.compile("^A knight in the rain"))


class PhoneTests:
    def test_the_sheet_takes_a_prompt_and_leaves_the_wall_to_its_picture(self, browse, chrome):
        page = browse(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        page.goto(START)
        sheet = page.locator("#composer")
        if not sheet.is_visible():
            page.get_by_role("button", name="New generation").tap()
        page.get_by_role("textbox", name="Prompt").fill("Boats from a phone")
        page.get_by_role("button", name=re.compile("^Generate")).tap()
        expect(sheet).to_be_hidden()
        card = page.locator("article.card", has_text="Boats from a phone")
        states_of(card)
        card.get_by_role("link").first.tap()
        expect(page.locator("#stage img").first).to_be_visible()


class PlainTests:
    def test_all_of_it_works_without_script(self, browse):
        page = browse(java_script_enabled=False)
        page.goto(START)
        page.get_by_role("textbox", name="Prompt").fill("No script needed")
        page.get_by_role("button", name=re.compile("^Generate")).click()
        card = page.locator("article.card", has_text="No script needed")
        expect(card).to_be_visible()
        for _ in range(40):
            if card.get_attribute("data-state") == "done":
                break
            page.wait_for_timeout(500)
            page.reload()
        expect(card).to_have_attribute("data-state", "done")
        card.get_by_role("link", name="No script needed").last.click()
        expect(page.locator("h1")).to_contain_text("No script needed")

    def test_it_fits_a_small_phone(self, browse):
        page = browse(viewport={"width": 360, "height": 740})
        for address in ("/", "/account/password/change/"):
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
