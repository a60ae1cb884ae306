"""No screen, in no state of what it shows, has anything that axe-core finds: WCAG 2.2 A and AA, and best practice."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from generations.accounts import set_up_path
from generations.engine.notices import stop_token
from generations.models import (
    Call,
    Collection,
    Invitation,
    Output,
    Provider,
    SavedView,
    ShareLink,
    Statement,
    Tag,
    Task,
    Webhook,
)
from generations.sealed import seal
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = {
    "wide": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
ALL = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},  # of 2.2, and off unless asked for
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
ENDINGS = [  # ways to be in a state that read differently
    {"status": "queued", "hold": Task.Hold.UNDO},
    {"status": "queued", "hold": Task.Hold.RATE},
    {"status": "queued", "hold": Task.Hold.RUNNING},
    {"status": "queued", "hold": Task.Hold.UNREACHABLE},
    {"status": "queued", "hold": Task.Hold.APPROVAL},
    {"status": "cancelled", "error_code": "denied", "error": "Try the small model."},
    {"status": "failed", "error_code": "http_400", "error": "Aspect ratio must be 1:1."},
    {"status": "failed", "error_code": "provider", "error": "It gave up."},
    {"status": "failed", "error_code": "timeout", "spent": "unknown"},
    {"status": "expired", "error_code": "files_gone", "spent": "yes"},
]
FILMED = {"kind": "video", "mime": "video/mp4", "duration": 5.0}
HEARD = {"kind": "audio", "mime": "audio/mpeg", "duration": 65.0, "small": "", "medium": ""}
READ = {"kind": "text", "mime": "text/plain", "small": "", "medium": ""}


@pytest.fixture
def team_work(make_task, make_output, admin_user):
    """One task in each state and of each kind, by name."""
    work = {status: make_task(status, text=f"a lighthouse, {status}") for status in Task.Status.values}
    for fields in ENDINGS:
        make_task(text="a lighthouse in a fog so thick that nobody on the shore saw its light", **fields)
    for position in range(4):
        make_output(work["done"], color=f"#3b6ea{position}")
    make_output(work["partial"])
    make_output(work["partial"], saved=False, status="lost")
    make_output(work["saving"], saved=False, error="Storage is not answering.")
    for name, fields in {"video": FILMED, "audio": HEARD, "text": READ}.items():
        work[name] = make_task("done", kind=name, text=f"a lighthouse, {name}", author=admin_user)
        make_output(work[name], **fields)
    return work


@pytest.fixture(params=LOOKS)
def visit(request, chrome, live_server, client):
    """visit(path, person) gives a page of this look, as that person or a visitor sees it."""
    contexts = {}

    def enter(person):
        context = chrome.new_context(base_url=live_server.url, reduced_motion="reduce", **LOOKS[request.param])
        if person:
            client.force_login(person)
            key = client.session.session_key
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        return context

    def go(path, person=None):
        if person not in contexts:
            contexts[person] = enter(person)
        page = contexts[person].new_page()
        page.goto(path)
        return page

    yield go
    for context in contexts.values():
        context.close()


def found(page, within="html"):
    """What axe finds on the page or in a part of it, in the light and in the dark, one line for each thing."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    is_wide = page.viewport_size["width"] > 1000  # once is enough for the colours of the dark
    looks = [("light", ALL), ("dark", COLOURS)] if is_wide else [("light", ALL)]
    return [f"{page.url} {line}" for look in looks for line in findings(page, within, *look)]


def findings(page, within, scheme, options):
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.getAnimations().forEach(animation => animation.finish())")  # colours on their way
    options |= {"resultTypes": ["violations"], "preload": False}
    for violation in page.evaluate("([within, options]) => axe.run(within, options)", [within, options])["violations"]:
        for node in violation["nodes"]:
            yield f"{scheme} {violation['id']}: {node['target']} {node['failureSummary']}"


def fail(route):
    """Answer with the page of an error, at an address of the studio, so that its styles are found."""
    name = route.request.url.rsplit("/", 1)[1]
    route.fulfill(body=render_to_string(f"{name}.html", {"code": "e-1a2b3c"}), content_type="text/html")


def open_composer(page):
    if not page.locator("#composer").is_visible():
        page.get_by_role("button", name="New generation").click()


def test_what_is_amiss_is_found(visit, db):
    page = visit("/account/login/")
    page.evaluate("document.querySelector('h1').style.color = 'light-dark(black, #333)'")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    lines = found(page)
    assert len([line for line in lines if "light html-has-lang" in line]) == 1
    if page.viewport_size["width"] > 1000:
        assert len([line for line in lines if "dark color-contrast: ['h1']" in line]) == 1


class StudioTests:
    def test_the_wall_with_a_card_in_every_state(self, visit, team_work, member):
        assert found(visit("/", member)) == []

    def test_an_empty_wall_while_sending_is_paused(self, visit, admin_user):
        Provider.current().stop("no_credit", "", "")
        assert found(visit("/", admin_user)) == []

    def test_a_composer_that_was_filled_in_wrongly(self, visit, member):
        page = visit("/", member)
        open_composer(page)
        page.locator("#composer-prompt").press("Control+Enter")
        page.locator("#composer [aria-invalid]").first.wait_for()
        assert found(page) == []

    def test_what_opens_over_the_composer(self, visit, member):
        page = visit("/", member)
        open_composer(page)
        for name in ("models", "history", "presets", "targets"):
            page.locator(f"#{name}").evaluate("popover => popover.showPopover()")
            page.wait_for_load_state("networkidle")
            assert found(page, within=f"#{name}") == []

    def test_what_opens_over_the_wall(self, visit, team_work, member):
        page = visit("/", member)
        for name in ("facet-type", "facet-more", "keys", "account"):
            page.locator(f"#{name}").evaluate("popover => popover.showPopover()")
            page.wait_for_load_state("networkidle")
            assert found(page, within=f"#{name}") == []

    def test_cards_being_selected(self, visit, team_work, member):
        page = visit("/", member)
        page.locator("[for=select-mode]").first.click()
        page.locator(".card .pick").first.check()
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # where no card lies half under the bar
        assert found(page) == []
        page.locator(".everything .link").click()
        if page.locator("#bulk .more-of-it").is_visible():
            page.locator("#bulk .more-of-it").click()
        assert found(page, within="#bulk") == []

    def test_what_a_viewer_sees(self, visit, team_work, viewer):
        paths = ["/", team_work["done"].get_absolute_url()]
        assert [line for path in paths for line in found(visit(path, viewer))] == []

    def test_filters_that_find_something_and_nothing(self, visit, team_work, member):
        paths = ["/?kind=video&status=done&favourite=1", "/?q=fog&person=me", "/find/"]
        assert [line for path in paths for line in found(visit(path, member))] == []

    def test_saved_views_and_tags(self, visit, team_work, member):
        task = team_work["done"]
        Tag.put(["fog", "to print"], Output.objects.saved().filter(task=task), member)
        saved = SavedView.objects.create(owner=member, name="Fog", query="q=fog", is_shared=True)
        page = visit("/?q=fog&tag=fog", member)
        page.locator("#chip-views").click()
        page.locator("#view-name").wait_for()
        lines = found(page, within="#views")
        lines += found(visit(f"/views/{saved.pk}/", member))
        page = visit(task.get_absolute_url(), member)
        page.locator("[popovertarget=tag]:visible").first.click()
        page.locator("#tag .preset").first.wait_for()
        assert lines + found(page, within="#tag") + found(page, within="section[id^=tags-of]") == []


class GenerationTests:
    def test_its_page_in_states_unlike_and_of_every_kind(self, visit, team_work, member):
        names = ("processing", "unknown", "failed", "done", "partial", "video", "audio", "text")
        pages = [team_work[name].get_absolute_url() for name in names]
        assert [line for path in pages for line in found(visit(path, member))] == []

    def test_the_list_of_keys_over_it(self, visit, team_work, member):
        page = visit(team_work["video"].get_absolute_url(), member)
        page.keyboard.press("?")
        assert found(page, within="#keys") == []


class CompareTests:
    def test_side_by_side_and_without_names(self, visit, team_work, member, make_task, make_output):
        rival = make_task("done", model_slug="openai/gpt-image-2", model_name="GPT Image 2")
        make_output(rival)
        pictures, films = f"?task={team_work['done'].pk}&task={rival.pk}", f"?task={team_work['video'].pk}"
        queries = ["", films, pictures, f"{pictures}&blind=1"]
        assert [line for query in queries for line in found(visit(f"/compare/{query}", member))] == []


class CollectionTests:
    def test_the_shelf_a_collection_and_what_opens_over_them(self, visit, team_work, member):
        collection = Collection.objects.create(owner=member, name="Lighthouses", description="At dusk", is_private=True)
        ShareLink.objects.create(collection=collection, creator=member)
        collection.add(Output.objects.saved(), member)
        page = visit(collection.get_absolute_url(), member)
        shown = found(visit("/collections/", member)) + found(page)
        page.locator("[popovertarget=card-menu]:visible").first.dispatch_event("click")
        page.locator("#card-menu [popovertarget=collect]").click()
        page.locator("#collect .preset").wait_for()
        assert shown + found(page, within="#card-menu") + found(page, within="#collect") == []


class LinkTests:
    def test_the_list_the_dialog_and_the_rules(self, visit, team_work, member, admin_user):
        task = team_work["done"]
        _, ending, revoked = (ShareLink.make(task, member, days) for days in (None, 30, 1))
        now = timezone.now()
        times = {"created_at": now - timedelta(days=29), "expires_at": now + timedelta(days=1)}
        ShareLink.objects.filter(pk=ending.pk).update(password="hashed", **times)
        revoked.revoke(member)
        page = visit("/links/", member)
        shown = found(page)
        page.locator(f"#link-{ending.pk}").get_by_role("link", name="Edit").click()
        page.locator("#share[open]").wait_for()
        for details in page.locator("#share summary").all():
            details.click()
        dialog = found(page, within="#share")
        plain = found(visit(f"/links/new/?task={task.pk}", member))
        assert shown + dialog + plain + found(visit("/settings/", admin_user)) == []


class BinTests:
    def test_full_and_empty(self, visit, team_work, member):
        empty = found(visit("/bin/", member))
        for name in ("done", "failed"):
            team_work[name].bin(member)
        assert empty + found(visit("/bin/", member)) + found(visit(team_work["done"].get_absolute_url(), member)) == []


class OtherPagesTests:
    def test_the_models_and_one_of_each_kind(self, visit, team_work, member):
        paths = ["/models/?provider=google", "/models/?q=zebra", "/models/alibaba/qwen-image/"]
        paths += ["/models/google/imagen-4.0-generate-001/", "/models/kling/kling-v3-i2i/"]
        assert [line for path in paths for line in found(visit(path, member))] == []

    def test_figures(self, visit, team_work, admin_user, member):
        page = visit("/usage/", admin_user)
        page.get_by_text("Show as a table").click()
        Statement.objects.create(taken=2, booked=1, balance=1, up_to=0, since=timezone.now(), until=timezone.now())
        lines = found(page) + found(visit("/usage/credit/", admin_user)) + found(visit("/usage/?model=none", member))
        lines += found(visit("/approvals/", admin_user))
        assert lines + found(visit("/usage/ask/", member)) == []

    def test_how_the_studio_is(self, visit, team_work, admin_user):
        Provider.current().stop(Provider.Pause.NO_CREDIT, "Payment Required", "")
        assert found(visit("/health/", admin_user)) == []

    def test_the_history_of_tasks_and_the_question_whether_it_is_meant(self, visit, team_work, admin_user):
        page = visit("/admin/generations/task/", admin_user)
        lines = found(page)
        page.locator(f'.action-select[value="{team_work["unknown"].pk}"]').check()
        page.locator("select[name=action]").select_option(label="Attach a task id to an unknown")
        page.get_by_role("button", name="Go", exact=True).click()
        page.get_by_label("Task id at Modellix").wait_for()
        assert lines + found(page) == []

    def test_who_signs_in_as_this_person(self, visit, member):
        page = visit("/account/two-step/on/", member)
        lines = found(page)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
        page.locator(".qr svg").wait_for()
        lines += found(page) + found(visit("/profile/email/", member))
        Authenticator.objects.create(user=member, type="totp", data={"secret": seal("GEZDGNBVGY3TQOJQ")})
        Authenticator.objects.create(user=member, type="recovery_codes", data={"seed": seal("a seed"), "used_mask": 0})
        lines += found(visit("/account/two-step/codes/", member))
        lines += found(visit("/account/passkeys/add/", member)) + found(visit("/account/passkeys/", member))
        page = visit("/account/login/")
        page.locator("[name=login]").fill(member.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator("[name=code]").wait_for()
        assert lines + found(page) == []

    def test_the_team(self, visit, admin_user, member, viewer):
        Invitation.make(admin_user, "viewer", "lena@example.com")
        _, token = Invitation.make(admin_user, "member")
        page = visit("/team/", admin_user)
        page.get_by_role("button", name="Invite").click()
        page.get_by_role("button", name="Copy").wait_for()
        lines = found(page) + found(visit(f"/team/{member.pk}/", admin_user)) + found(visit("/team/", member))
        lines += found(visit(f"/invite/{token}/"))
        assert lines + found(visit("/invite/none/")) == []

    def test_telling_programs_and_people(self, visit, admin_user, member):
        webhook = Webhook.objects.create(pk=1, address="https://example.com/hook")
        Call.objects.create(webhook=webhook, event="test", body="{}", tries=7, due_at=None, http_status=500, text="no")
        page = visit("/settings/webhook/", admin_user)
        page.get_by_role("button", name="Make a new secret").click()
        page.get_by_text("Copy it now").wait_for()
        assert found(page) + found(visit(f"/mail/stop/{stop_token(member, 'ready')}/")) == []

    def test_what_is_ones_own(self, visit, member):
        paths = ["/profile/", "/account/password/change/", "/origin/"]
        assert [line for path in paths for line in found(visit(path, member))] == []

    def test_what_lies_outside_the_door(self, visit, db):
        paths = [set_up_path(), "/account/login/", "/account/password/reset/", "/account/password/reset/done/"]
        assert [line for path in paths for line in found(visit(path))] == []

    def test_what_a_visitor_is_shown(self, visit, team_work):
        links = [ShareLink.make(team_work[name], team_work[name].author, 30) for name in ("done", "video", "audio")]
        one = reverse("share-item", args=[links[0].token, team_work["done"].outputs.first().pk])
        pages = [visit(path) for path in (*(link.get_absolute_url() for link in links), one, "/s/closed/")]
        assert [line for page in pages for line in found(page)] == []

    def test_what_a_visitor_is_shown_over_a_gallery_and_in_its_place(self, visit, team_work):
        link = ShareLink.make(team_work["done"], team_work["done"].author, 30)
        ShareLink.objects.update(shows_prompts=True, title="Lights", message="By night.")
        page = visit(link.get_absolute_url())
        page.locator(".piece").first.click()
        page.locator(".viewer h1").wait_for()
        lines = found(page) + found(visit(f"{link.get_absolute_url()}0/"))
        ShareLink.objects.update(password=make_password("open sesame"))
        page = visit(link.get_absolute_url())
        lines += found(page)
        page.get_by_label("Password", exact=True).fill("let me in")
        page.get_by_role("button", name="Open gallery").click()
        page.locator(".error-text").wait_for()
        assert lines + found(page) == []

    def test_errors(self, visit):
        page = visit("/healthz")
        page.route("**/errors/*", fail)
        for name in ("400", "403", "403_csrf", "404", "429", "500"):
            page.goto(f"/errors/{name}")
            assert found(page) == []
