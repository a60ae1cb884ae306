"""The admins' page of the webhook."""

import pytest
from django.urls import reverse

from generations.engine import calls
from generations.models import Call, Event, Webhook
from tests.views.conftest import html

PATH = "/settings/webhook/"
GOOD = {"address": "https://93.184.215.14/hook", "events": ["generation.ready"], "is_on": "on"}


@pytest.fixture
def ada(client, admin_user):
    client.force_login(admin_user)
    return client


@pytest.fixture
def call(admin_user):
    return calls.test(Webhook.objects.create(pk=1, address=GOOD["address"]))


def posts(call):
    return [PATH, f"{PATH}test/", f"{PATH}secret/", f"{PATH}calls/{call.pk}/again/"]


class WebhookTests:
    @pytest.mark.parametrize("who", ["member", "viewer", None])
    def test_it_is_for_admins_alone(self, client, request, call, who):
        if who:
            client.force_login(request.getfixturevalue(who))
        before = Webhook.objects.values().get()
        wanted = (404,) if who == "member" else (403, 404) if who else (302,)
        for path in posts(call):
            assert client.post(path, GOOD | {"address": "https://93.184.215.99/"}).status_code in wanted
        answer = client.get(PATH)
        assert answer.status_code == (404 if who else 302)
        assert who or answer.url.startswith(reverse("account_login"))
        assert (Webhook.objects.values().get(), Call.objects.count()) == (before, 1)

    def test_it_is_kept_and_its_secret_is_shown_once(self, ada):
        assert ada.post(PATH, GOOD).url == PATH
        kept = Webhook.objects.get()
        assert (kept.address, kept.events, kept.is_on) == (GOOD["address"], ["generation.ready"], True)
        assert kept.secret in html(ada.get(PATH))
        assert kept.secret not in html(ada.get(PATH))

    def test_who_changed_what_is_told_on_the_page_and_in_the_history(self, ada, admin_user):
        ada.post(PATH, GOOD | {"address": "https://93.184.215.14/hooks/their-secret"})
        for _ in range(2):
            ada.post(PATH, {"address": "https://93.184.215.15/", "events": ["generation.failed"]})
        ada.post(f"{PATH}secret/")
        secret = Webhook.objects.get().secret
        told = list(Event.objects.filter(kind="webhook").order_by("pk").values_list("actor", "text"))
        assert told == [
            (admin_user.pk, "address at 93.184.215.14; calls for generation.ready; switched on"),
            (admin_user.pk, "address at 93.184.215.15; calls for generation.failed; switched off"),
            (admin_user.pk, "new secret"),
        ]
        ada.get(PATH)  # the secret is shown this once
        page = html(ada.get(PATH))
        assert "Address at 93.184.215.15; calls for generation.failed; switched off" in page
        assert secret not in page

    def test_a_new_secret_takes_the_place_of_the_old_one(self, ada):
        ada.post(PATH, GOOD)
        old = Webhook.objects.get().secret
        page = html(ada.post(f"{PATH}secret/", follow=True))
        assert old != Webhook.objects.get().secret
        assert Webhook.objects.get().secret in page

    @pytest.mark.parametrize(
        "address",
        [
            *("http://93.184.215.14/", "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://0/"),
            *("https://localhost/", "https://me:secret@93.184.215.14/", "ftp://93.184.215.14/", "javascript:alert(1)"),
        ],
    )
    def test_only_public_addresses_with_https_are_taken(self, ada, address):
        answer = ada.post(PATH, GOOD | {"address": address})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in html(answer)
        assert not Webhook.objects.exists()

    def test_a_test_is_sent_by_the_cluster_also_while_it_is_off(self, ada, call):
        Webhook.objects.update(is_on=False)
        assert "A test is on its way." in html(ada.post(f"{PATH}test/", follow=True))
        assert list(Call.objects.values_list("event", "tries")) == [("test", 0), ("test", 0)]
        assert Call.objects.due().count() == 2

    def test_what_was_given_up_is_sent_again_on_a_press(self, ada, call):
        Call.objects.update(due_at=None, tries=7, http_status=500, text="<b>no</b>")
        page = html(ada.get(PATH))
        assert "Given up" in page
        assert "&lt;b&gt;no&lt;/b&gt;" in page
        ada.post(f"{PATH}calls/{call.pk}/again/")
        assert Call.objects.due().count() == 1
        assert ada.post(f"{PATH}calls/{call.pk + 1}/again/").status_code == 404

    def test_before_there_is_one_nothing_can_be_sent(self, ada):
        for path in (f"{PATH}test/", f"{PATH}secret/", f"{PATH}calls/1/again/"):
            assert ada.post(path).status_code == 404
