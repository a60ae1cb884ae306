"""The frame around every page: who is here, what holds things up, what just happened; and the look's own promises."""

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as project
from django.contrib import messages
from django.shortcuts import render
from django.test import RequestFactory
from django.utils import timezone

from generations.models import Heartbeat, Provider
from generations.templatetags import studio

ROOT = Path(project.BASE_DIR)
PAGE = "/account/password/change/"
WORKER_DOWN = "Generating is paused: the background worker is not running."


@pytest.fixture
def page(client, member, admin_user):
    """page() is what a member sees, page(admin=True) what an admin sees."""

    def see(admin=False):
        client.force_login(admin_user if admin else member)
        return re.sub(r"\s+", " ", client.get(PAGE).content.decode())

    return see


@pytest.fixture
def worker(db):
    Heartbeat.beat("here")


def silent_for(seconds):
    Provider.current()
    Provider.objects.update(unreachable_since=timezone.now() - timedelta(seconds=seconds))


class BannerTests:
    def test_there_is_none_while_all_is_well(self, page, worker):
        assert '<p class="banner' not in page()

    @pytest.mark.parametrize(
        ("pause", "said", "to_admins", "to_members"),
        [
            ("key_missing", "there is no Modellix key", "Set MODELLIX_API_KEY", "An admin needs to set it."),
            ("key_refused", "Modellix refused our key", "Check MODELLIX_API_KEY", "An admin needs to check it."),
            ("no_credit", "Modellix is out of credit", "Top up at Modellix", "An admin can top up."),
        ],
    )
    def test_a_pause_is_told_with_what_to_do(self, page, worker, pause, said, to_admins, to_members):
        Provider.current().stop(pause, "in the provider's words", "")
        for admin, hint in ((True, to_admins), (False, to_members)):
            assert f"Sending is paused: {said}. What you send waits in line. {hint}" in page(admin)

    def test_a_silent_provider_is_told_after_a_while(self, page, worker):
        silent_for(10)
        assert '<p class="banner' not in page()
        silent_for(20)
        assert "Modellix cannot be reached. Nothing is lost" in page()

    def test_aworker_without_a_sign_of_life_is_told_and_only_admins_can_help(self, page, worker):
        Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=61))
        assert WORKER_DOWN in page()
        assert "Start it again" not in page()
        assert "An admin can start it again." in page()
        assert "Start it again on the server" in page(admin=True)

    @pytest.mark.parametrize("pause", ["", "key_missing", "key_refused", "no_credit"])
    def test_admins_are_led_to_the_health_page(self, page, worker, pause):
        Provider.current().stop(pause, "", "")
        silent_for(20)
        link = '<a class="link" href="/health/">Health</a> says more.'
        assert link in page(admin=True)
        assert link not in page()

    def test_credit_that_runs_out_is_told_while_there_is_some(self, page, worker):
        Provider.current().learn(balance="1.00")
        assert '<p class="banner' not in page()
        Provider.current().learn(balance="0.4")
        assert "Modellix has $0.40 of credit left. Without credit, what you send waits in line. An admin" in page()
        assert "Top up at Modellix." in page(admin=True)

    def test_only_the_worst_is_told(self, page):
        Provider.current().stop("no_credit", "", "")
        silent_for(60)
        assert WORKER_DOWN in page()
        assert page().count('<p class="banner') == 1

    def test_the_region_can_be_refreshed_alone(self, member, worker):
        request = RequestFactory().get("/")
        request.user = member
        region = render(request, "_banners.html").content.decode().strip()
        assert region.startswith('<div class="banners" id="banners"')


class FrameTests:
    def test_the_demo_is_said_on_every_page(self, page, settings):
        assert ">Demo<" not in page()
        settings.DEMO = True
        assert ">Demo<" in page()

    def test_only_admins_are_led_to_the_admin(self, page):
        assert 'href="/admin/"' not in page()
        assert 'href="/admin/"' in page(admin=True)

    def test_signing_out_is_a_post(self, page):
        assert re.search(r'<form method="post" action="/account/logout/"> <input type="hidden" name="csrf', page())

    def test_it_costs_two_queries_beyond_session_and_person(self, client, member, worker, django_assert_num_queries):
        Provider.current()
        client.force_login(member)
        with django_assert_num_queries(4):
            client.get(PAGE)

    def test_messages_become_toasts_in_the_tone_of_their_level(self, member, worker):
        request = RequestFactory().get(PAGE)
        request.user = member
        request._messages = [
            messages.storage.base.Message(level, text)
            for level, text in ((messages.SUCCESS, "Sent."), (messages.WARNING, "Careful."), (messages.ERROR, "<No>"))
        ]
        page = re.sub(r"\s+", " ", render(request, "base.html").content.decode())
        tones = re.findall(r'class="toast (\w*)" role="(\w+)">.*?<div class="said">(.*?)</div>', page)
        assert tones == [("", "status", "Sent."), ("ask", "status", "Careful."), ("stop", "alert", "&lt;No&gt;")]


class WordsTests:
    @pytest.mark.parametrize(
        ("amount", "total", "unit"),
        [
            (None, "", ""),
            (0, "$0.00", "$0.000"),
            ("0.016", "$0.02", "$0.016"),
            ("0.0004", "$0.0004", "$0.0004"),
            ("0.004", "$0.004", "$0.004"),
            ("1234.5", "$1,234.50", "$1,234.500"),
        ],
    )
    def test_money_never_rounds_to_nothing(self, amount, total, unit):
        assert (studio.money(amount), studio.money(amount, 3)) == (total, unit)

    @pytest.mark.parametrize(
        ("seconds", "said"),
        [(None, ""), (0.4, "under 1 s"), (6, "6 s"), (59.6, "1 min"), (84, "1 min 24 s"), (7510, "2 h 5 min")],
    )
    def test_a_length_of_time(self, seconds, said):
        assert studio.span(seconds) == said

    @pytest.mark.parametrize(
        ("width", "height", "word"),
        [(1024, 1024, "1:1"), (1664, 928, "16:9"), (928, 1664, "9:16"), (2048, 858, "21:9"), (1, 9, "1:8")],
    )
    def test_a_shape_is_named_after_its_nearest(self, width, height, word):
        assert studio.aspect(SimpleNamespace(ratio_width=width, ratio_height=height)) == word

    def test_keys_stand_out_from_the_words_between_them(self):
        line = studio.key("Choose < one", "1 to 4")
        assert line == "<div><dt>Choose &lt; one</dt><dd><kbd>1</kbd> to <kbd>4</kbd></dd></div>"


class LookTests:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    styles = sorted((ROOT / "static/css").rglob("*.css"))

    def test_every_icon_that_a_template_names_is_in_the_sprite(self):
        sprite = (ROOT / "static/icons.svg").read_text()
        drawn = set(re.findall(r'<symbol id="i-([\w-]+)"', sprite))
        text = "".join(template.read_text() for template in self.templates)
        assert set(re.findall(r'{% icon "([\w-]+)"', text)) <= drawn

    def test_every_shape_has_its_rule(self):
        rules = (ROOT / "static/css/components/ratio.css").read_text()
        assert {*re.findall(r'data-ar="([\d:]+)"', rules), "1:1"} == set(studio.RATIOS)

    def test_every_style_sheet_is_imported_once_or_belongs_to_a_page(self):
        imported = re.findall(r'@import "([\w/-]+\.css)"', (ROOT / "static/css/studio.css").read_text())
        text = "".join(template.read_text() for template in self.templates)
        linked = set(re.findall(r"""{% static 'css/([\w/-]+\.css)' %}""", text))
        files = [str(style.relative_to(ROOT / "static/css")) for style in self.styles]
        assert sorted([*imported, *linked]) == sorted(files)

    def test_nothing_needs_more_than_our_content_policy_allows(self):
        for template in self.templates:
            text = template.read_text()
            assert not re.search(r"\sstyle=|<style|\son\w+=|hx-on|javascript:|<script>|hx-trigger=\"[^\"]*\[", text), (
                template
            )

    def test_every_colour_that_is_used_has_a_token(self):
        css = "".join(style.read_text() for style in self.styles if style.name != "admin.css")
        assert set(re.findall(r"var\((--[\w-]+)", css)) <= set(re.findall(r"(--[\w-]+):", css))
