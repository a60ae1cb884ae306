"""Everything that matches is picked and liked at once; a card that is made private leaves the walls of others."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from generations.models import Favourite
from generations.views.feed import PAGE

pytestmark = pytest.mark.django_db(transaction=True)
COMPLAINTS = ("error", "warning")


@pytest.fixture
def look(chrome, live_server):
    """look(person, path="/") gives a page as that person sees it; its console must stay silent."""
    contexts, complaints = [], []

    def go(person, path="/"):
        context = chrome.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
        contexts.append(context)
        client = Client()
        client.force_login(person)
        key = client.session.session_key
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: message.type in COMPLAINTS and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


def test_everything_that_matches_is_picked_and_liked(look, member, make_task, make_output):
    film = make_task("done", kind="video")
    for task in [film, *(make_task("done", text="a harbour") for _ in range(PAGE + 6))]:
        make_output(task, saved=False, status="saved")
    page = look(member, "/?kind=image")
    page.locator("#filters label[for=select-mode]").click()
    page.locator(".everything .link").click()
    expect(page.locator("#bulk")).to_contain_text(f"All {PAGE + 6} that match")
    expect(page.locator(".card-pick:checked")).to_have_count(PAGE)
    page.get_by_role("link", name="Show earlier work").click()
    expect(page.locator(".card-pick:checked")).to_have_count(PAGE + 6)
    page.locator("#bulk").get_by_role("button", name="Favourite").click()
    expect(page.get_by_text(f"{PAGE + 6} files are now favourites.")).to_be_visible()
    assert set(Favourite.objects.values_list("output__task__kind", flat=True)) == {"image"}
    page.locator(".card-pick").first.uncheck()
    expect(page.locator("#selected")).to_have_text(f"{PAGE + 5} selected")
    expect(page.locator("#pick-all")).not_to_be_checked()
    page.get_by_label("Select today").check()
    expect(page.locator("#selected")).to_have_text(f"{PAGE + 6} selected")
    page.locator("#search").fill("nowhere")
    expect(page.locator(".everything .link")).to_contain_text("Select all 0 that match")


def test_what_is_made_private_leaves_a_colleagues_page_and_comes_back(look, member, colleague, make_task, make_output):
    older, task, _ = make_task("done", text="a pier"), make_task("done", text="a cove"), make_task("processing")
    for each in (older, task):
        make_output(each)
    mine, theirs = look(member), look(colleague)
    expect(theirs.locator("article.card")).to_have_count(3)
    mine.locator(f"#task-{task.pk}").hover()
    mine.locator(f"#more-{task.pk}").click()
    mine.get_by_role("button", name="Make private").click()
    expect(mine.locator(f"#task-{task.pk} .lock")).to_have_text("Private")
    expect(theirs.locator("article.card")).to_have_count(2)
    mine.get_by_role("button", name="Undo").click()
    expect(mine.locator(f"#task-{task.pk} .lock")).to_have_count(0)
    expect(theirs.locator("article.card")).to_have_count(3)
    names = [f"task-{each.pk}" for each in (task, older)]
    assert theirs.locator("article.card").evaluate_all("cards => cards.map(card => card.id)")[1:] == names
