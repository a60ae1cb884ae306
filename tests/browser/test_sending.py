"""Second thoughts, and what keeps people from paying twice or losing what they typed."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_walk import generate, states_of


@pytest.fixture
def undo(studio):
    """Everybody has some seconds to undo."""
    studio.let_undo(10)
    yield
    studio.let_undo(0)


class UndoTests:
    def test_undo_puts_everything_back_and_nothing_is_sent(self, page, provider, undo):
        page.goto("/")
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

    def test_send_now_does_not_wait_and_what_waits_is_sent_by_itself(self, page, provider, studio, undo):
        page.goto("/")
        hurried = generate(page, "A kite over the dunes")
        hurried.get_by_role("button", name="Send now").click()
        states_of(hurried)
        expect(page.locator("#messages .toast", has_text="Sending in")).to_have_count(0)
        studio.let_undo(2)
        states_of(generate(page, "A kite over the sea"))
        assert len([entry for entry in provider.ledger() if "A kite" in entry["body"]["prompt"]]) == 2
