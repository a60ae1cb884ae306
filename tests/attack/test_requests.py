"""Requests that somebody else's page, or somebody who is not meant to, would send."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from generations.models import Task, User

pytestmark = pytest.mark.django_db

HTML = "<img src=x onerror=alert(1)>\"'</script><script>alert(1)</script>"
OPEN_TO_OTHERS = {"hook", "stop-mail", "share", "share-item"}  # by secret addresses; and passwords: views/gate.py
NO_FORM = {"share-zip", "share-media", "share-preview", "input"}


class ForgedTests:
    def test_no_form_is_taken_without_the_token_of_our_page(self, addresses, admin_user):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(admin_user)
        answers = {name: browser.post(url).status_code for name, url in addresses.items()}
        taken = {name for name, status in answers.items() if status not in (403, 405)}
        assert taken <= OPEN_TO_OTHERS | NO_FORM

    def test_a_strangers_page_cannot_use_up_the_guesses_of_its_reader(self, client, things):
        things["share"].set_password("open sesame")
        things["share"].save()
        url = things["share"].get_absolute_url()
        for _ in range(8):
            assert client.post(url, {"password": "no"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
        assert client.post(url, {"password": "open sesame"}).status_code == 302

    def test_reading_changes_nothing(self, addresses, client, member):
        client.force_login(member)
        before = list(Task.objects.order_by("pk").values())
        for url in addresses.values():
            if url != reverse("account_logout"):
                client.get(url, {"pick": 1, "file": 1})
        assert list(Task.objects.order_by("pk").values()) == before


class LedAwayTests:
    @pytest.mark.parametrize(
        "place", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
    )
    def test_nobody_is_led_to_another_site(self, addresses, client, admin_user, place):
        client.force_login(admin_user)
        for name, url in addresses.items():
            with transaction.atomic():
                answer = client.post(url, {"next": place}, query_params={"next": place}, headers={"Referer": place})
                transaction.set_rollback(True)
            client.force_login(admin_user)
            assert not answer.get("Location", "").startswith(("//", "http", "javascript", "/\\")), name

    def test_another_name_of_the_host_is_refused(self, client, addresses):
        for name in ("account_login", "account_reset_password", "share", "healthz"):
            assert client.get(addresses[name], headers={"Host": "evil.example"}).status_code == 400

    @pytest.mark.parametrize(
        "path", ["media/1/../../settings.py", "media/1/..%2f..%2fdb/", "in/../x", "static/../manage.py"]
    )
    def test_no_path_leads_out(self, client, member, things, path):
        client.force_login(member)
        assert client.get(f"/{path}").status_code == 404


class SignInTests:
    def test_signing_in_takes_another_session(self, client, member):
        client.get("/account/login/")
        session = client.session
        session["planted"] = True
        session.save()
        client.cookies["sessionid"] = planted = session.session_key
        client.post("/account/login/", {"login": member.email, "password": "correct horse battery"})
        assert client.cookies["sessionid"].value != planted

    def test_nobody_makes_themselves_more_than_they_are(self, client, member, addresses):
        client.force_login(member)
        more = {"role": "admin", "is_superuser": "1", "is_staff": "1", "is_active": "1", "author": 1, "owner": 1}
        for url in addresses.values():
            client.post(url, more | {"name": "Mia", "time_zone": "UTC"})
            client.force_login(member)
        member = User.objects.get(pk=member.pk)
        assert (member.role, member.is_superuser, member.is_staff) == (User.Role.MEMBER, False, False)


class MarkupTests:
    def test_no_words_of_others_become_markup(self, client, admin_user, addresses, things):
        fields = {"model_name": HTML, "error": HTML, "error_code": "failed", "provider_task_id": HTML[:60]}
        Task.objects.filter(pk=things["attempt"].task_id).update(status="failed", **fields)
        things["task"].prompt.text = HTML
        things["task"].prompt.save()
        things["upload"].name = HTML
        things["upload"].save()
        things["link"].shows_prompts = True
        named = dict.fromkeys(("collection", "preset", "view", "person"), "name") | {"link": "title"}
        for thing, field in named.items():
            setattr(things[thing], field, HTML[:60])
            things[thing].save()
        client.force_login(admin_user)
        for name, url in addresses.items():
            if name == "account_logout":
                continue
            page = client.get(url)
            if page.get("Content-Type", "").startswith("text/html") and not page.streaming:
                assert "<img src=x" not in page.content.decode(), name
                assert "<script>alert" not in page.content.decode(), name
