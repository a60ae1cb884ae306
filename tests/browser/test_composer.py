"""The composer by hand: several models, files from everywhere, an order once more."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.conftest import encoded

MODELS = ["minimax/minimax-image-01-t2i", "google/nano-banana-2", "alibaba/qwen-image-2.0"]
START = f"/?use={MODELS[0]}"


def made(page, text, count=1):
    """The finished cards of this prompt."""
    cards = page.locator("article.card[data-state=done]", has_text=text)
    expect(cards).to_have_count(count, timeout=60_000)
    return cards


def orders(provider, text):
    return [entry for entry in provider.ledger() if entry["body"].get("prompt") == text]


def drop(page, target, **files):
    """Drop files, or what a card carries, onto `target`: name → bytes, or type → text."""
    bag = page.evaluate_handle(
        """(given) => {
          const bag = new DataTransfer();
          for (const [name, held] of Object.entries(given)) {
            if (typeof held === "string") bag.setData(name, held);
            else bag.items.add(new File([new Uint8Array(held)], name, { type: "image/jpeg" }));
          }
          return bag;
        }""",
        {name: list(held) if isinstance(held, bytes) else held for name, held in files.items()},
    )
    for event in ("dragover", "drop"):
        page.locator(target).dispatch_event(event, {"dataTransfer": bag})


@pytest.fixture
def harbour():
    return encoded(Image.new("RGB", (640, 480), "#3b6ea5"), "JPEG")


def test_three_models_answer_one_prompt(page, provider):
    page.goto(START)
    page.locator("#choose-model").click()
    search = page.get_by_role("searchbox", name="Search models")
    expect(page.locator("#models .option").first).to_be_visible()
    for slug in MODELS[1:]:
        search.fill(slug.partition("/")[2].replace("-", " "))
        search.press("ArrowDown")
        page.keyboard.press("Space")
    search.fill("")
    expect(page.locator("#models-picked")).to_contain_text("3 chosen")
    search.press("Enter")
    expect(page.locator("#models")).to_be_hidden()
    page.locator("#count").fill("1")
    page.locator(".aspects label", has_text="16:9").first.click()
    text = "Lanterns on a lake, three times"
    page.get_by_role("textbox", name="Prompt").fill(text)
    expect(page.locator("#generate")).to_contain_text("Generate 3")
    page.keyboard.press("Control+Enter")
    made(page, text, count=3)
    shapes = {entry["model"]: entry["body"] for entry in orders(provider, text)}
    assert len(shapes) == 3
    expect(page.locator("#chosen .what")).to_have_count(3)
    page.get_by_role("button", name="Remove Nano Banana 2", exact=True).click()
    expect(page.locator("#chosen .what")).to_have_count(2)


def test_a_dropped_picture_brings_the_model_that_takes_it_and_becomes_another(page, provider, harbour):
    page.goto("/?use=google/nano-banana-2")
    drop(page, "#composer-prompt", **{"harbour.jpg": harbour})
    expect(page.locator("#inputs .ref img")).to_be_visible()
    expect(page.locator("#chosen")).to_contain_text("Nano Banana 2 Edit")
    page.locator("#choose-model").click()
    expect(page.locator(".option:has([value='google/nano-banana-2-edit']) .pick")).to_be_checked()
    page.keyboard.press("Escape")
    text = "The harbour, dropped, as a woodcut"
    page.get_by_role("textbox", name="Prompt").fill(text)
    page.locator("#count").fill("1")
    page.locator("#generate").click()
    made(page, text)
    (order,) = orders(provider, text)
    assert str(order["body"]).count("/in/") == 1


def test_a_picture_of_the_wall_becomes_the_first_frame_of_a_film_and_a_remix(page, provider):
    page.goto(START)
    still = "A still that will move"
    page.get_by_role("textbox", name="Prompt").fill(still)
    page.locator("#count").fill("1")
    page.locator("#generate").click()
    card = made(page, still).first
    output = re.search(r"/media/(\d+)/", card.locator("img").first.get_attribute("src"))[1]
    page.get_by_text("Video", exact=True).click()
    expect(page.get_by_role("textbox", name="Prompt")).to_have_attribute("placeholder", "Describe a film")
    drop(page, "#inputs .drop", **{"application/x-modellix-output": output})
    expect(page.get_by_role("group", name="First frame").locator("img")).to_be_visible()
    film = "The camera drifts to the left"
    page.get_by_role("textbox", name="Prompt").fill(film)
    page.locator("#generate").click()
    made(page, film)
    (order,) = orders(provider, film)
    assert "/in/" in str(order["body"])

    page.evaluate("window.sameDocument = true")
    page.get_by_role("textbox", name="Prompt").fill("Half a thought")
    task = card.get_attribute("id").removeprefix("task-")
    page.evaluate(
        """(address) => {
          const link = Object.assign(document.createElement("a"), { href: address, textContent: "Once more" });
          document.querySelector("#feed").prepend(link);
        }""",
        f"/?remix={task}",
    )
    page.get_by_role("link", name="Once more").click()
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value(still)
    expect(page.locator("#kind-image")).to_be_checked()
    assert page.evaluate("window.sameDocument") is True
    page.locator("#replaced").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("Half a thought")
    expect(page.locator("#kind-video")).to_be_checked()


class MoreSettingsTests:
    def test_settings_that_open_below_the_edge_come_into_view(self, browse):
        page = browse(viewport={"width": 1440, "height": 640})
        page.goto(START)
        page.locator("#more-settings > summary").click()
        expect(page.locator("#more-settings .advanced-body > *").last).to_be_in_viewport(ratio=1)
