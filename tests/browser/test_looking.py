"""Looking closely: zoom and browse, frames of films, comparing, the keys."""

import re

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import expect

from generations.models import Favourite, Upload, Vote
from tests.browser.conftest import QUIET
from tests.conftest import PASSWORD
from tests.media.test_recordings import write_film

pytestmark = pytest.mark.django_db(transaction=True)
WIDE = {"width": 1440, "height": 900}


@pytest.fixture
def enter(chrome, live_server):
    """enter(person or None) gives a page of a new window; its console must stay silent."""
    contexts, complaints = [], []

    def note(text):
        if not any(known in text for known in QUIET):
            complaints.append(text)

    def open_window(cookies=(), **options):
        context = chrome.new_context(base_url=live_server.url, **{"viewport": WIDE} | options)
        contexts.append(context)
        context.add_cookies(list(cookies))
        page = context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and note(message.text))
        page.on("pageerror", lambda error: note(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def session(client, member, live_server):
    client.force_login(member)
    return [{"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": live_server.url}]


@pytest.fixture
def page(enter, session):
    return enter(session)


@pytest.fixture
def wall(make_task, make_output):
    """Three generations, the oldest first; the one in the middle has three pictures."""
    tasks = [make_task("done", text=f"harbour {name}") for name in ("one", "two", "three")]
    for task, count in zip(tasks, (1, 3, 1), strict=True):
        for position in range(count):
            make_output(task, color=f"#3b{task.pk % 10}e{position}5")
    return tasks


@pytest.fixture
def film(make_task, make_output, tmp_path):
    """A generation with a film of three seconds, red, green and blue, of eight frames each."""
    write_film(tmp_path / "film.mp4", ["#c02020", "#20c020", "#2020c0"])
    task = make_task("done", kind="video", text="a film")
    original = default_storage.save("film.mp4", ContentFile((tmp_path / "film.mp4").read_bytes()))
    make_output(task, kind="video", mime="video/mp4", original=original, frame_rate=8.0, width=320, height=180)
    return task


def transform(page, number=0):
    return page.locator(".zoomable > img").nth(number).evaluate("img => img.style.transform")


class BrowseTests:
    def test_the_keys_lead_through_files_and_generations_and_back_to_the_wall(
        self, whole_chrome, live_server, session, wall
    ):
        page = whole_chrome.new_page(base_url=live_server.url, viewport=WIDE)
        page.context.add_cookies(session)
        page.goto("/")
        page.evaluate("window.wall = 'as it was'")
        page.locator(f"#task-{wall[2].pk} .card-media").click()
        page.wait_for_url(f"**/tasks/{wall[2].pk}/")
        page.evaluate("window.page = 'the same'")
        for address in (f"{wall[1].pk}/", f"{wall[1].pk}/?file=2", f"{wall[1].pk}/?file=3", f"{wall[0].pk}/"):
            page.keyboard.press("ArrowRight")
            expect(page).to_have_url(re.compile(rf"/tasks/{re.escape(address)}$"))
        expect(page.locator("h1")).to_have_text("harbour one")
        expect(page).to_have_title("harbour one · Modellix Studio")
        assert page.evaluate("window.page") == "the same"
        page.keyboard.press("ArrowLeft")
        expect(page.locator(".pos")).to_have_text("3 of 3")
        page.keyboard.press("Escape")
        page.wait_for_url("/", wait_until="commit")
        assert page.evaluate("window.wall") == "as it was"
        page.close()

    def test_a_picture_is_zoomed_moved_and_fitted_again_and_a_refresh_leaves_it(self, page, wall):
        page.set_viewport_size({"width": 1000, "height": 700})
        page.goto(f"/tasks/{wall[1].pk}/?file=2")
        page.keyboard.press("z")
        zoomed = transform(page)
        assert "scale" in zoomed
        page.keyboard.press("+")
        assert transform(page) != zoomed
        box = page.locator(".zoomable").bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(*middle)
        page.mouse.wheel(0, -900)
        page.mouse.down()
        page.mouse.move(middle[0] + 60, middle[1] + 20, steps=3)
        page.mouse.up()
        moved = transform(page)
        assert not moved.startswith("translate(0%")
        page.locator("#request-json summary").click()
        wall[1].touch()
        with page.expect_response("**/changes/**"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_timeout(100)
        assert transform(page) == moved
        expect(page.locator(".pos")).to_have_text("2 of 3")
        assert page.locator("#request-json").get_attribute("open") is not None
        page.keyboard.press("Escape")
        assert transform(page) == ""
        expect(page).to_have_url(re.compile("file=2$"))

    def test_letters_are_off_for_who_does_not_want_them(self, page, member, wall):
        member.has_shortcuts = False
        member.save()
        page.goto(f"/tasks/{wall[0].pk}/")
        page.keyboard.press("z")
        assert transform(page) == ""
        page.keyboard.press("f")
        page.keyboard.press("ArrowLeft")
        expect(page.locator("h1")).to_have_text("harbour two")
        assert not Favourite.objects.exists()

    def test_a_finger_turns_the_page(self, enter, session, wall):
        phone = enter(session, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        phone.goto(f"/tasks/{wall[1].pk}/")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        phone.locator(".zoomable").evaluate(
            """frame => {
                const at = (type, x) => frame.dispatchEvent(new PointerEvent(type,
                    {bubbles: true, pointerId: 7, pointerType: "touch", clientX: x, clientY: 200}));
                at("pointerdown", 300); at("pointermove", 180); at("pointerup", 120);
            }"""
        )
        expect(phone.locator(".pos")).to_have_text("2 of 3")


class FilmTests:
    def test_it_goes_frame_by_frame_and_a_frame_becomes_an_input(self, page, film):
        page.goto(f"/tasks/{film.pk}/")
        video = page.locator("video")
        expect(video).to_have_js_property("readyState", 4)
        for key, frame in ((".", 1), (".", 2), (",", 1)):
            page.keyboard.press(key)
            expect(video).to_have_js_property("seeking", False)
            assert int(video.evaluate("video => video.currentTime") * 8) == frame
        page.get_by_role("button", name="Last frame").click()
        page.wait_for_url("**/?upload=*")
        (upload,) = Upload.objects.all()
        assert (upload.kind, upload.width, upload.height) == ("image", 320, 180)
        assert int(upload.color[5:], 16) > 150  # the blue end


class CompareTests:
    @pytest.fixture
    def rivals(self, make_task, make_output):
        first = make_task("done", text="stones")
        other = make_task("done", prompt=first.prompt, model_slug="openai/gpt-image-2", model_name="GPT Image 2")
        return [make_output(task, color=color) for task, color in ((first, "#111111"), (other, "#eeeeee"))]

    def test_two_are_zoomed_as_one_flipped_and_voted_on_without_names(self, page, rivals):
        page.goto(f"/tasks/{rivals[0].task_id}/")
        page.get_by_role("link", name="Compare").click()
        page.wait_for_url("/compare/**")
        page.keyboard.press("z")
        assert transform(page, 0) == transform(page, 1) != ""
        page.keyboard.press("Escape")
        first = page.locator(".zoomable > img").first
        page.keyboard.down(" ")
        expect(first).to_have_attribute("src", re.compile(f"/media/{rivals[1].pk}/medium/$"))
        page.keyboard.up(" ")
        expect(first).to_have_attribute("src", re.compile(f"/media/{rivals[0].pk}/medium/$"))
        page.get_by_role("link", name="Vote without names").click()
        expect(page.locator("main")).not_to_contain_text("GPT Image 2")
        page.keyboard.press("1")
        page.get_by_role("button", name="Vote and see the names").click()
        expect(page.locator(".notice.go")).to_contain_text("You chose")
        winner = Vote.objects.get(won=True).output.task.model_name
        expect(page.locator("figure.voted")).to_contain_text(winner)
        assert Vote.objects.count() == 2

    def test_films_play_as_one(self, page, film, make_task, make_output):
        (file,) = film.files
        other = make_task("done", kind="video", text="a film", model_slug="b/c")
        make_output(other, kind="video", mime="video/mp4", original=file.original)
        page.goto(f"/compare/?task={film.pk}&task={other.pk}")
        films = page.locator("video")
        expect(films.last).to_have_js_property("readyState", 4)
        page.keyboard.press("k")
        for number in range(2):
            expect(films.nth(number)).not_to_have_js_property("currentTime", 0)
        page.keyboard.press("k")
        page.locator("#seek").evaluate(
            "seek => { seek.value = 2; seek.dispatchEvent(new Event('input', {bubbles: true})); }"
        )
        for number in range(2):
            expect(films.nth(number)).to_have_js_property("currentTime", 2)
            expect(films.nth(number)).to_have_js_property("paused", True)


class KeyTests:
    def test_by_keys_alone_from_signing_in_to_a_liked_and_saved_picture(self, enter, member, wall):
        page = enter()
        page.goto("/account/login/")
        page.keyboard.type(member.email)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("/")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        page.locator(f"#prompt-{wall[0].pk}").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/tasks/{wall[0].pk}/")
        page.keyboard.press("f")
        expect(page.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
        with page.expect_download() as saved:
            page.keyboard.press("d")
        assert saved.value.suggested_filename == f"harbour-one-qwen-image-{wall[0].pk}-1.png"
        page.keyboard.press("g")
        page.keyboard.press("s")
        page.wait_for_url("/")
        page.keyboard.press("n")
        expect(page.locator("#composer-prompt")).to_be_focused()
        page.keyboard.type("g s")  # in a field these are words
        expect(page.locator("#composer-prompt")).to_have_value("g s")
