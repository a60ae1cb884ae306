"""The wall by hand: look for something, select, mark, throw away and take back, by pointer and by keys alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_walk import START, generate, states_of

LISTENING = """
window.told = [];
window.Notification = class { static permission = "granted"; constructor(text) { told.push(text); } };
window.AudioContext = class extends AudioContext { constructor() { super(); told.push("sound"); } };
"""
ENDS = (
    "card => { card.dataset.state = 'saving'; return new Promise(setTimeout).then(() => card.dataset.state = 'done'); }"
)


@pytest.fixture(scope="module")
def pictures(studio, chrome):
    """Three finished cards on the wall, newest first."""
    context = chrome.new_context(base_url=studio.url, storage_state=studio.session)
    page = context.new_page()
    page.goto(START)
    names = ["Wall one, a fox", "Wall two, an owl", "Wall three, a fox"]
    for made in [generate(page, name) for name in names]:
        states_of(made)
    context.close()
    return names[::-1]


def card(page, name):
    return page.locator("article.card", has_text=name)


class WallTests:
    def test_words_narrow_the_wall_and_the_address_keeps_them(self, page, pictures):
        page.goto("/")
        page.keyboard.press("/")
        page.keyboard.type("wall fox")
        expect(page.locator("article.card")).to_have_count(2)
        expect(page).to_have_url("/?q=wall+fox")
        expect(page.locator("#search")).to_be_focused()
        page.get_by_role("button", name="Status").click()
        page.locator("#facet-status").get_by_label("Failed").check()
        expect(page.get_by_text("Nothing matches “wall fox”.")).to_be_visible()
        page.keyboard.press("Escape")
        page.reload()
        page.get_by_role("link", name="Drop the filter Failed").click()
        expect(page.locator("article.card")).to_have_count(2)
        page.locator("article.card .prompt").first.click()
        page.wait_for_url("**/tasks/*/?q=wall+fox")
        page.go_back(wait_until="commit")  # the page comes from the browser's cache
        expect(page.locator("article.card")).to_have_count(2)
        expect(page.get_by_role("textbox", name="Prompt")).to_be_visible()

    def test_by_keys_alone_cards_are_reached_marked_selected_and_left(self, page, pictures):
        page.goto("/?q=wall")
        first, second, third = (card(page, name) for name in pictures)
        page.keyboard.press("ArrowRight")
        expect(first.locator("a.card-media")).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(second.locator("a.card-media")).to_be_focused()
        page.keyboard.press("f")
        expect(second.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("x")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+X")
        expect(page.locator("#selected")).to_have_text("3 selected")
        page.keyboard.press("Escape")
        expect(page.locator("#bulk")).to_be_hidden()
        expect(page.locator(".card-pick:checked")).to_have_count(0)
        expect(third.locator("a.card-media")).to_be_focused()

    def test_a_selection_survives_news_and_can_be_thrown_away_and_taken_back(self, page, pictures):
        page.goto(START)
        chosen = [card(page, name) for name in pictures]
        page.locator("#filters label[for=select-mode]").click()
        # (the whole picture is part of its checkbox now, so what is clicked is not what is named)
        chosen[0].locator(".card-media").click(position={"x": 60, "y": 90}, force=True)
        chosen[2].locator(".card-media").click(position={"x": 60, "y": 90}, force=True, modifiers=["Shift"])
        states_of(generate(page, "News while selecting"))
        expect(page.locator("#selected")).to_have_text("3 selected")
        page.locator("#bulk").get_by_role("button", name="Bin").click()
        for each in chosen:
            expect(each).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        for each in chosen:
            expect(each).to_have_count(1)
        order = page.locator("article.card .prompt").all_inner_texts()
        assert [text for text in order if text in pictures] == pictures

    def test_what_has_ended_is_told_in_one_sentence(self, page, pictures):
        page.goto(START)
        states_of(generate(page, "Told when it is ready"))
        expect(page.locator("#announce")).to_have_text("1 generation is ready.", timeout=15_000)

    def test_who_looks_elsewhere_is_told_as_they_wish(self, browse, pictures):
        page = browse(permissions=["notifications"])
        page.add_init_script(LISTENING)
        page.goto("/profile/")
        ready = page.get_by_role("group", name="My generation is ready")
        wishes = [ready.get_by_label("Browser"), ready.get_by_label("Sound")]
        for each in wishes:
            each.check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.goto("/")
        expect(card(page, pictures[0])).to_be_visible()
        for hidden in ("false", "true"):  # what is looked at needs no words
            page.evaluate(f"Object.defineProperty(document, 'hidden', {{ value: {hidden}, configurable: true }})")
            card(page, pictures[0]).evaluate(ENDS)
        page.wait_for_function("told.length == 2")
        assert page.evaluate("told") == ["Your generation is ready", "sound"]
        page.goto("/profile/")
        for each in wishes:
            each.uncheck()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()


class PlaceTests:
    def test_what_stays_in_view_takes_the_focus_without_moving_the_wall(self, browse, pictures):
        page = browse(viewport={"width": 1440, "height": 420})
        page.goto("/")
        page.locator("article.card").first.wait_for()
        for press in (
            lambda: page.keyboard.press("/"),
            lambda: page.locator("#filters label[for=select-mode]").click(),
            lambda: page.keyboard.press("n"),
            lambda: page.locator("#generate").focus(),
        ):
            page.evaluate("scrollTo(0, 100)")
            press()
            assert page.evaluate("scrollY") == 100

    def test_a_card_that_takes_the_focus_is_clear_of_the_bars(self, browse, pictures):
        page = browse(viewport={"width": 1440, "height": 800})
        page.goto("/")
        page.evaluate("document.body.style.paddingBottom = '900px'; scrollTo(0, 300)")
        first, bar = page.locator("article.card a.card-media").first, page.locator(".wall-head").bounding_box()
        assert first.bounding_box()["y"] < bar["y"] + bar["height"]
        first.focus()
        assert first.bounding_box()["y"] > bar["y"] + bar["height"]

    def test_a_long_reason_makes_its_card_grow(self, browse, studio, pictures):
        page = browse()
        page.goto(START)
        states_of(generate(page, "Wall four, a hare [[sim:post=400]]"), "failed")
        words = "The picture is too large for this model. " * 20
        studio.change("UPDATE generations_task SET error = ? WHERE error_code = 'http_400'", words)
        page.reload()
        frame = card(page, "Wall four").locator(".card-media")
        assert frame.evaluate("frame => frame.scrollHeight <= frame.clientHeight + 1")
        assert frame.get_by_role("link", name="Edit prompt").is_visible()

    def test_at_400_percent_nothing_is_wider_than_the_window(self, browse, pictures):
        page = browse(viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True)
        page.goto("/")
        path = card(page, pictures[0]).locator(".prompt").get_attribute("href")
        for place in ("/", path, "/models/", "/profile/", "/bin/"):
            page.goto(place)
            assert page.evaluate("document.documentElement.scrollWidth") == 320, place
