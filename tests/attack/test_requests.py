"""Requests that somebody else's page, or somebody who is not meant to, would send."""

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from generations.models import Task, Team, User

pytestmark = pytest.mark.django_db

MODELS = list(apps.get_app_config("generations").get_models())
ELSEWHERE = ("//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "nowhere")
OPEN_TO_OTHERS = {"hook", "stop-mail", "share", "share-item"}  # by secret addresses; and passwords: views/gate.py
NO_FORM = {"share-zip", "share-media", "share-preview", "input"}


class OtherSitesTests:
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
    def test_nobody_is_led_to_another_site(self, addresses, client, admin_user):
        client.force_login(admin_user)
        cookies = client.cookies.copy()
        for number, (name, url) in enumerate(addresses.items()):
            first, second, third = (ELSEWHERE[(number + turn) % len(ELSEWHERE)] for turn in range(3))
            client.cookies = cookies.copy()
            with transaction.atomic():
                answer = client.post(url, {"next": first}, query_params={"next": second}, headers={"Referer": third})
                transaction.set_rollback(True)
            assert not answer.get("Location", "").startswith(("//", "http", "javascript", "/\\")), name

    def test_made_up_words_lead_nowhere_and_break_nothing(self, client, member, things):
        client.force_login(member)
        assert client.post("/models/alibaba/qwen-image/star/", {"next": "nowhere"}).url == reverse("models")
        for page in ("nowhere", "http://[", "http://testserver"):
            assert (
                client.post("/favourites/", {"file": things["output"].pk}, headers={"Referer": page}).status_code == 302
            )

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


class ForgedFieldTests:
    """A member sends every field that there is, with somebody else's number or a better value in it."""

    @pytest.fixture
    def forged(self, admin_user):
        fields = {field for model in MODELS for field in model._meta.concrete_fields}
        people = {field.name for field in fields if field.related_model is User}
        forged = {field.name: "1" for field in fields} | dict.fromkeys(people, str(admin_user.pk))
        return forged | {
            "role": "admin",
            "status": "done",
            "name": "Mia",
            "time_zone": "UTC",
            "email": "mia@example.com",
        }

    def test_nobody_gets_more_than_they_may_have_or_gives_what_they_did_to_others(
        self, client, member, admin_user, addresses, forged
    ):
        client.force_login(member)
        cookies, before = client.cookies.copy(), held(admin_user)
        for name, url in addresses.items():
            client.cookies = cookies.copy()
            with transaction.atomic():
                answer = client.post(url, forged)
                assert answer.status_code >= 400 or held(admin_user) == before, name
                transaction.set_rollback(True)


def held(person):
    """What is somebody's, how much of it there is, and what people may do and spend."""
    owned = [field for model in MODELS for field in model._meta.concrete_fields if field.related_model is User]
    counts = {str(field): field.model.objects.filter(**{field.name: person}).count() for field in owned}
    rights = list(User.objects.order_by("pk").values("role", "is_superuser", "is_staff", "is_active", "budget"))
    prices = Task.objects.aggregate(Sum("price_charged"), Sum("price_maximum"))
    return counts, rights, prices, list(Team.objects.values())
