"""A visitor's way through a gallery: by mouse, keys and fingers, and without script."""

import pytest
from playwright.sync_api import expect

from generations.models import ShareLink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link(make_task, make_output, member):
    task = make_task("done")
    for number in range(6):
        make_output(task, color=f"#{number}b6ea5")
    return ShareLink.make(task, member, days=30)


@pytest.fixture
def visit(chrome, live_server, link):
    """visit(**context options) gives the page of the gallery in a window of its own; its console must stay silent."""
    contexts, complaints = [], []

    def note(text):
        if "410 (Gone)" not in text and "Transition was aborted" not in text:  # a closed link, and a quick next page
            complaints.append(text)

    def go(**options):
        context = chrome.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and note(message.text))
        page.on("pageerror", lambda error: note(str(error)))
        page.goto(link.get_absolute_url())
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


def address(link, place):
    return f"{link.get_absolute_url()}{link.task.outputs.all()[place - 1].pk}/"


def expect_at(page, link, place):
    """That this picture is open, at its address; or, for 0, none."""
    page.wait_for_url(f"**{address(link, place) if place else link.get_absolute_url()}")
    if place:
        expect(page.locator(".lightbox h1")).to_have_text(f"Picture {place} of 6")
    else:
        expect(page.locator(".lightbox")).to_be_hidden()


class LightboxTests:
    def test_keys_turn_the_pages_and_focus_never_leaves_until_it_returns_to_the_last_picture(self, visit, link):
        page = visit()
        page.locator(".piece").nth(1).click()
        expect_at(page, link, 2)
        page.keyboard.press("ArrowRight")
        expect_at(page, link, 3)
        for _ in range(7):
            page.keyboard.press("Tab")
            assert page.evaluate("!document.activeElement.matches('.public *')")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect_at(page, link, 1)
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Escape")
        expect_at(page, link, 0)
        expect(page.locator(".piece").first).to_be_focused()

    def test_closing_leads_to_where_the_last_picture_hangs(self, visit, link):
        page = visit(viewport={"width": 500, "height": 300})
        page.locator(".piece").first.click()
        expect_at(page, link, 1)
        for place in range(2, 7):
            page.keyboard.press("ArrowRight")
            expect_at(page, link, place)
        page.keyboard.press("Escape")
        expect_at(page, link, 0)
        page.evaluate("() => new Promise((done) => setTimeout(done, 200))")  # a browser scrolls back late
        expect(page.locator(".piece").last).to_be_in_viewport()

    def test_buttons_turn_too_and_keep_the_focus_where_it_was(self, visit, link):
        page = visit()
        page.locator(".piece").first.click()
        page.get_by_role("link", name="Next").click()
        expect_at(page, link, 2)
        expect(page.get_by_role("link", name="Next")).to_be_focused()
        page.get_by_role("link", name="Back to the gallery").click()
        expect_at(page, link, 0)

    def test_back_closes_it_and_forward_opens_it_again(self, visit, link):
        page = visit()
        page.locator(".piece").first.click()
        expect_at(page, link, 1)
        page.keyboard.press("ArrowRight")
        expect_at(page, link, 2)
        page.go_back()
        expect_at(page, link, 0)
        page.go_forward()
        expect_at(page, link, 2)
        page.keyboard.press("Escape")
        expect_at(page, link, 0)

    def test_a_finger_turns_the_page(self, visit, link):
        page = visit(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
        page.locator(".piece").first.tap()
        expect_at(page, link, 1)
        swipe(page, 300, 120)
        expect_at(page, link, 2)
        swipe(page, 120, 300)
        expect_at(page, link, 1)

    def test_its_address_leads_there_again_and_keys_work_there_too(self, visit, link):
        page = visit()
        page.goto(address(link, 3))
        page.keyboard.press("ArrowRight")
        expect_at(page, link, 4)
        page.keyboard.press("Escape")
        expect_at(page, link, 0)

    def test_without_script_each_picture_has_a_page(self, visit, link):
        page = visit(java_script_enabled=False)
        page.locator(".piece").nth(1).click()
        expect_at(page, link, 2)
        page.get_by_role("link", name="Next").click()
        expect_at(page, link, 3)
        page.get_by_role("link", name="Back to the gallery").click()
        expect_at(page, link, 0)

    def test_closed_in_the_meantime_it_says_so(self, visit, link, member):
        page = visit()
        link.revoke(member)
        with page.expect_navigation():
            page.locator(".piece").nth(4).click()
        expect(page.get_by_role("heading")).to_have_text("This gallery has closed.")


def swipe(page, start, end):
    page.evaluate(
        """([start, end]) => {
          const target = document.querySelector(".viewer .picture");
          const finger = (x) => new Touch({ identifier: 1, target, clientX: x, clientY: 400 });
          const said = (type, x, touches) =>
            target.dispatchEvent(new TouchEvent(type, { bubbles: true, touches, changedTouches: [finger(x)] }));
          said("touchstart", start, [finger(start)]);
          said("touchend", end, []);
        }""",
        [start, end],
    )
