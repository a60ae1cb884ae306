"""Second thoughts, and what keeps people from paying twice or losing what they typed."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_walk import START, generate

SENT = re.compile("pending|processing|saving|done")


@pytest.fixture
def undo(studio):
    """Everybody has some seconds to undo."""
    studio.let_undo(10)
    yield
    studio.let_undo(0)


class UndoTests:
    def test_undo_puts_everything_back_and_nothing_is_sent(self, page, provider, undo):
        page.goto(START)
        page.get_by_role("spinbutton", name="Images").fill("4")
        card = generate(page, "A lantern on a frozen lake")
        toast = page.locator("#messages .toast", has_text="Sending in")
        expect(toast).to_contain_text(re.compile("Sending in [5-9] s"))
        expect(card).to_contain_text(re.compile("Sending in [5-9] s"))
        toast.get_by_role("button", name="Undo").click()
        expect(card).to_have_count(0)
        expect(toast).to_have_count(0)
        expect(page.locator("#messages")).to_contain_text("Taken back. Nothing was sent.")
        expect(page.get_by_role("textbox", name="Prompt")).to_have_value("A lantern on a frozen lake")
        expect(page.get_by_role("spinbutton", name="Images")).to_have_value("4")
        assert not [entry for entry in provider.ledger() if "frozen lake" in entry["body"]["prompt"]]

    def test_on_a_phone_what_was_taken_back_is_in_view(self, browse, studio, undo):
        page = browse(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        page.goto(START)
        page.get_by_role("textbox", name="Prompt", exact=True).fill("A lantern that comes back")
        page.get_by_role("button", name=re.compile("^Generate")).click()
        page.locator("#messages .toast").get_by_role("button", name="Undo").click()
        prompt = page.get_by_role("textbox", name="Prompt", exact=True)
        expect(prompt).to_be_visible()
        expect(prompt).to_have_value("A lantern that comes back")

    def test_send_now_does_not_wait_and_what_waits_is_sent_by_itself(self, page, provider, studio, undo):
        page.goto(START)
        hurried = generate(page, "A kite over the dunes")
        hurried.get_by_role("button", name="Send now").click()
        expect(hurried).to_have_attribute("data-state", SENT, timeout=9000)
        expect(page.locator("#messages .toast", has_text="Sending in")).to_have_count(0)
        studio.let_undo(2)
        expect(generate(page, "A kite over the sea")).to_have_attribute("data-state", SENT, timeout=20_000)
        assert len([entry for entry in provider.ledger() if "A kite" in entry["body"]["prompt"]]) == 2


class TypingTests:
    def test_what_is_typed_while_an_order_is_on_its_way_stays(self, page, provider):
        page.goto(START)
        waiting = []
        page.route("**/tasks/", lambda route: waiting.append(route))  # noqa: PLW0108 (Playwright marks what it is given)
        prompt = page.get_by_role("textbox", name="Prompt", exact=True)
        prompt.fill("A heron that is sent")
        prompt.press("Control+Enter")
        while not waiting:
            page.wait_for_timeout(20)
        prompt.fill("A heron that is still being written")
        waiting[0].continue_()
        expect(page.locator("article.card", has_text="A heron that is sent")).to_be_visible()
        expect(prompt).to_have_value("A heron that is still being written")
        page.unroute("**/tasks/")
        prompt.press("Control+Enter")
        expect(page.locator("article.card", has_text="still being written")).to_be_visible()
        expect(prompt).to_have_value("")


class HistoryTests:
    def test_earlier_prompts_are_walked_through_and_what_was_not_sent_is_kept(self, page):
        page.goto(START)
        for text in ("The oldest of three kites", "The middle of three kites"):
            generate(page, text)
        prompt = page.get_by_role("textbox", name="Prompt", exact=True)
        prompt.fill("Not sent yet")
        for text in ("The middle of three kites", "The oldest of three kites"):
            prompt.press("Alt+ArrowUp")
            expect(prompt).to_have_value(text)
        for text in ("The middle of three kites", "Not sent yet"):
            prompt.press("Alt+ArrowDown")
            expect(prompt).to_have_value(text)
        prompt.press("Alt+ArrowDown")
        expect(prompt).to_have_value("Not sent yet")
        page.get_by_role("button", name="Earlier prompts").click()
        page.get_by_role("searchbox", name="Search your prompts").fill("oldest kites")
        expect(page.locator("#history-rows li")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(prompt).to_have_value("The oldest of three kites")
        expect(prompt).to_be_focused()
        expect(page.locator("#history")).to_be_hidden()
        prompt.press("Control+z")
        expect(prompt).to_have_value("Not sent yet")


class DraftTests:
    def test_a_draft_goes_on_on_another_device_and_two_windows_lose_nothing(self, browse):
        left = browse()
        left.goto(START)
        write = left.get_by_role("textbox", name="Prompt", exact=True)
        with left.expect_response("**/draft/"):
            write.press_sequentially("A heron", delay=5)
        right = browse()
        right.goto("/")
        expect(right.get_by_role("textbox", name="Prompt", exact=True)).to_have_value("A heron")
        with right.expect_response("**/draft/"):
            right.get_by_role("textbox", name="Prompt", exact=True).fill("A heron at dusk")
        write.fill("A heron in the reeds")
        notice = left.locator("#draft-notice")
        expect(notice).to_contain_text("This draft was changed in another window.")
        expect(write).to_have_value("A heron in the reeds")
        with left.expect_response("**/draft/"):
            notice.get_by_role("button", name="Keep this one").click()
        expect(notice).to_be_hidden()
        right.get_by_role("textbox", name="Prompt", exact=True).fill("A heron, taking off")
        right.locator("#draft-notice").get_by_role("button", name="Use the other one").click()
        expect(right.get_by_role("textbox", name="Prompt", exact=True)).to_have_value("A heron in the reeds")
        generate(left, "A heron in the reeds")
        left.reload()
        expect(write).to_have_value("")

    def test_what_was_typed_last_is_kept_by_a_page_that_goes(self, page):
        page.goto("/")
        page.get_by_role("textbox", name="Prompt", exact=True).fill("Typed and left at once")
        page.goto("/profile/")
        page.goto("/")
        expect(page.get_by_role("textbox", name="Prompt", exact=True)).to_have_value("Typed and left at once")
        page.get_by_role("textbox", name="Prompt", exact=True).fill("")
        with page.expect_response("**/draft/"):
            pass


class TwinTests:
    def test_the_same_again_is_sent_only_when_it_is_meant(self, page, provider):
        page.goto(START)
        prompt = page.get_by_role("textbox", name="Prompt", exact=True)
        generate(page, "A bell tower, twice")
        prompt.fill("A bell tower, twice")
        prompt.press("Control+Enter")
        notice = page.locator("#twin")
        expect(notice).to_contain_text(re.compile(r"You sent this .+ ago \(task \d+"))
        expect(page.locator("article.card", has_text="A bell tower, twice")).to_have_count(1)
        notice.get_by_role("button", name="Send again").dblclick()
        cards = page.locator("article.card", has_text="A bell tower, twice")
        expect(cards).to_have_count(2)
        expect(notice).to_have_count(0)
        expect(cards.first).to_have_attribute("data-state", SENT, timeout=20_000)
        assert len([entry for entry in provider.ledger() if "A bell tower" in entry["body"]["prompt"]]) == 2
