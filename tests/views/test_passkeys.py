"""Passkeys: made by who has just shown that it is they, good for signing in and for the second step, and no more."""

import hashlib
import html
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.core.cache import cache, caches
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from generations.accounts import takes_passkeys
from generations.forms.passkeys import NOT_TAKEN
from generations.views import limits
from tests.conftest import PASSWORD
from tests.views.test_budgets import wait_for

pytestmark = pytest.mark.django_db
ADD, LIST, LOGIN, CODE = "/account/passkeys/add/", "/account/passkeys/", "/account/login/passkey/", "/account/code/"
FLAG = AuthenticatorData.FLAG
KEY = '{"id": "AA", "rawId": "AA", "type": "public-key", "response": '
NONSENSE = [
    *("", "null", "[]", "7", '"{}"', "{}", "{", "[" * 19_000, "9" * 5000, "\0", "x" * 20_001, '{"id": "\\u0000"}'),
    *('{"id": NaN}', '{"response": []}', '{"response": {"userHandle": 7}}', KEY + '{"clientDataJSON": "e30"}}'),
    KEY + '{"clientDataJSON": "AA", "signature": "AA", "authenticatorData": "AA", "userHandle": "AA"}}',
    KEY + '{"clientDataJSON": "e30", "signature": "AA", "authenticatorData": "AA", "userHandle": "MQ"}}',
    KEY + '{"clientDataJSON": "e30", "attestationObject": "AA"}}',
    KEY + '{"clientDataJSON": "e30", "attestationObject": "oA"}}',
]


class Device:
    """An authenticator with one passkey, as a browser at this origin lets it answer."""

    def __init__(self, origin="http://localhost", flags=FLAG.UP | FLAG.UV):
        self.origin, self.flags = origin, flags
        self.key, self.pk = ec.generate_private_key(ec.SECP256R1()), b"a passkey"

    def make(self, options):
        asked = options["publicKey"]
        self.owner = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(bytes(16), self.pk, public)
        attested = AttestationObject.create("none", self.said(asked["rp"]["id"], FLAG.AT, made), {})
        return self.answer("webauthn.create", asked, attestationObject=websafe_encode(attested))

    def ask(self, options):
        asked = options["publicKey"]
        said = self.said(asked["rpId"])
        heard = CollectedClientData.create("webauthn.get", websafe_decode(asked["challenge"]), self.origin)
        signature = self.key.sign(said + heard.hash, ec.ECDSA(hashes.SHA256()))
        signed = {"authenticatorData": websafe_encode(said), "signature": websafe_encode(signature)}
        return self.answer("webauthn.get", asked, **signed, userHandle=self.owner)

    def said(self, host, flags=0, made=b""):
        return AuthenticatorData.create(hashlib.sha256(host.encode()).digest(), self.flags | flags, 0, made)

    def answer(self, kind, asked, **response):
        heard = CollectedClientData.create(kind, websafe_decode(asked["challenge"]), self.origin)
        pk = websafe_encode(self.pk)
        response |= {"clientDataJSON": websafe_encode(heard)}
        return {"id": pk, "rawId": pk, "type": "public-key", "response": response, "clientExtensionResults": {}}


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def browser(person=None, confirmed=True):
    """At an address where there are passkeys, signed in as this person, who has just given the password."""
    client = Client(SERVER_NAME="localhost")
    if person:
        client.force_login(person)
    if person and confirmed:
        client.post("/account/confirm/", {"password": PASSWORD})
    return client


def options(client, path):
    """What the page there tells the browser."""
    page = client.get(path).content.decode()
    return json.loads(html.unescape(re.search(r'<script id="passkey-options"[^>]*>(.*?)</script>', page)[1]))


def add(client, device, name="Laptop"):
    return client.post(ADD, {"credential": json.dumps(device.make(options(client, ADD))), "name": name}, follow=True)


def sign_in(client, device, **wishes):
    asked = client.get(LOGIN, headers={"Accept": "application/json"}).json()["request_options"]
    return client.post(LOGIN, {"credential": json.dumps(device.ask(asked))} | wishes, follow=True)


def is_in(client):
    return client.get("/profile/").status_code == 200


@pytest.fixture
def device(member):
    """With a passkey of the member's."""
    device = Device()
    add(browser(member), device)
    return device


class AddTests:
    @pytest.mark.parametrize("who", ["member", "viewer", "admin_user"])
    def test_everybody_may_and_sees_the_recovery_codes(self, request, who):
        person = request.getfixturevalue(who)
        client = browser(person)
        answer = add(client, Device())
        assert "Passkey added." in answer.content.decode()
        assert len(re.findall(r"<code>\d{8}</code>", answer.content.decode())) == 10
        assert re.search(r"<b>Laptop</b>.*not used yet", client.get(LIST).content.decode())

    def test_the_person_is_told_by_mail_of_each_that_comes_or_goes(self, member):
        client = browser(member)
        add(client, Device())
        client.post(f"{LIST}{Authenticator.objects.get(type='webauthn').pk}/remove/")
        wait_for(lambda: len(mail.outbox) == 2)
        assert {told.body.splitlines()[2] for told in mail.outbox} == {
            "A passkey was added. Browser: A browser.",
            "A passkey was removed. Browser: A browser.",
        }
        assert {address for told in mail.outbox for address in told.to} == {member.email}

    def test_the_password_is_asked_for_first(self, member):
        client = browser(member, confirmed=False)
        assert client.get(ADD).url.startswith("/account/confirm/")
        assert client.post(ADD, {"credential": "{}"}).url.startswith("/account/confirm/")

    def test_it_is_called_like_the_browser_and_by_no_endless_name(self, member):
        client = browser(member)
        firefox = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko Firefox/140.0"}
        assert 'value="Firefox on Windows"' in client.get(ADD, headers=firefox).content.decode()
        assert "at most 80 characters" in add(client, Device(), "x" * 81).content.decode()

    @pytest.mark.parametrize(
        "device", [Device("https://evil.example"), Device("http://localhost.evil.example"), Device(flags=FLAG.UP)]
    )
    def test_of_another_site_or_without_finger_face_or_pin_it_is_not_taken(self, member, device):
        assert NOT_TAKEN in add(browser(member), device).content.decode()
        assert not member.has_second_step

    def test_nothing_is_stored_but_what_is_read_later(self, member):
        client, device = browser(member), Device()
        heard = json.dumps(device.make(options(client, ADD)))
        client.post(ADD, {"credential": f'{heard[:-1]}, "more": [1e999, NaN, {"[" * 99}{"]" * 99}]}}'})
        assert set(Authenticator.objects.get(type="webauthn").data["credential"]) == set(json.loads(heard))
        assert sign_in(browser(), device).wsgi_request.user == member

    def test_what_was_heard_once_is_not_taken_again(self, member):
        client, device = browser(member), Device()
        heard = {"credential": json.dumps(device.make(options(client, ADD)))}
        client.post(ADD, heard)
        assert NOT_TAKEN in client.post(ADD, heard).content.decode()

    def test_elsewhere_the_page_says_why_there_are_none(self, client, member):
        client.force_login(member)
        client.post("/account/confirm/", {"password": PASSWORD})
        for path in (LIST, ADD):
            page = client.get(path).content.decode()
            assert "Browsers use passkeys over https and on localhost alone" in page
            assert "passkey.js" not in page
        assert "passkey.js" not in Client().get("/account/login/").content.decode()

    def test_browsers_have_them_over_https_and_on_this_machine(self, rf):
        https = {"wsgi.url_scheme": "https"}
        taken = [
            rf.get("/", SERVER_NAME="localhost"),
            *(rf.get("/", SERVER_NAME=name, **https) for name in ("studio.example.com", "studio2")),
        ]
        refused = [rf.get("/", SERVER_NAME=name, **https) for name in ("127.0.0.1", "[::1]")]
        refused += [rf.get("/", SERVER_NAME=name) for name in ("studio.example.com", "127.0.0.1")]
        assert all(map(takes_passkeys, taken))
        assert not any(map(takes_passkeys, refused))

    @pytest.fixture(autouse=True)
    def _under_any_name(self, settings):
        settings.ALLOWED_HOSTS = ["*"]


class SignInTests:
    def test_it_signs_in_without_password_and_second_step(self, device, member):
        client = browser()
        assert sign_in(client, device).wsgi_request.user == member
        assert is_in(client)
        assert "last used today" in client.get(LIST).content.decode()

    def test_for_as_long_as_is_wished(self, device):
        for wishes, ends in (({}, True), ({"remember": "on"}, False)):
            client = browser()
            sign_in(client, device, **wishes)
            assert client.session.get_expire_at_browser_close() == ends

    def test_after_it_the_password_alone_does_not_suffice(self, device, member):
        client = browser()
        client.post("/account/login/", {"login": member.email, "password": PASSWORD})
        assert not is_in(client)
        assert "Recovery code" in client.get(CODE).content.decode()
        answer = client.post(CODE, {"credential": json.dumps(device.ask(options(client, CODE)))})
        assert answer.url == "/"
        assert is_in(client)

    def test_the_second_step_takes_none_of_somebody_else(self, device, colleague):
        other = Device()
        add(browser(colleague), other)
        client = browser()
        client.post("/account/login/", {"login": colleague.email, "password": PASSWORD})
        refused = client.post(CODE, {"credential": json.dumps(device.ask(options(client, CODE)))})
        assert NOT_TAKEN in refused.content.decode()
        assert not is_in(client)

    def test_unknown_ones_and_unknown_people_are_told_the_same(self, device, member, colleague):
        thief = Device()
        for owner in (device.owner, websafe_encode(b"9999"), websafe_encode(b"\xff"), str(colleague.pk), None):
            thief.owner, client = owner, browser()
            assert NOT_TAKEN in sign_in(client, thief).content.decode()
            assert not is_in(client)

    def test_nobody_learns_whose_passkeys_there_are(self, device):
        asked = browser().get(LOGIN, headers={"Accept": "application/json"}).json()["request_options"]["publicKey"]
        assert asked["allowCredentials"] == []

    def test_who_was_disabled_stays_out(self, device, member, admin_user):
        member.disable()
        client = browser()
        sign_in(client, device)
        assert not is_in(client)

    def test_it_ends_with_the_second_step(self, device, member):
        member.drop_second_step()
        client = browser()
        assert NOT_TAKEN in sign_in(client, device).content.decode()

    def test_what_no_browser_says_is_refused_everywhere(self, device, member):
        client, visitor = browser(member), browser()
        client.get(ADD)
        visitor.get(LOGIN, headers={"Accept": "application/json"})
        for heard in NONSENSE:
            cache.clear()
            assert NOT_TAKEN in visitor.post(LOGIN, {"credential": heard}, follow=True).content.decode(), heard
            assert NOT_TAKEN in client.post(ADD, {"credential": heard}).content.decode(), heard

    def test_tries_are_counted(self, device, monkeypatch):
        client = browser()
        assert [client.post(LOGIN).status_code for _ in range(11)] == [302] * 10 + [429]
        monkeypatch.setitem(limits.RATES, "mfa_login_webauthn", 1)
        caches["limits"].clear()
        codes = [client.get(LOGIN, headers={"Accept": "application/json"}).status_code for _ in range(2)]
        assert codes == [200, 429]


class KeepTests:
    def test_renamed_and_removed_by_who_shows_that_it_is_they(self, device, member):
        passkey = Authenticator.objects.get(type="webauthn")
        paths = [f"{LIST}{passkey.pk}/", f"{LIST}{passkey.pk}/remove/"]
        unsure, client = browser(member, confirmed=False), browser(member)
        assert all(unsure.post(path).url.startswith("/account/confirm/") for path in paths)
        assert "<b>Old phone</b>" in client.post(paths[0], {"name": "Old phone"}, follow=True).content.decode()
        assert "It is the last" in client.get(paths[1]).content.decode()
        assert "None yet." in client.post(paths[1], follow=True).content.decode()
        assert not member.has_second_step

    def test_it_shows_that_it_is_they(self, device, member):
        client = browser(member, confirmed=False)
        path = f"/account/confirm/passkey/?next={ADD}"
        refused = client.post(path, {"credential": "{}"}, follow=True)
        assert NOT_TAKEN in refused.content.decode()
        assert client.post(path, {"credential": json.dumps(device.ask(options(client, path)))}).url == ADD
        assert client.get(ADD).status_code == 200

    def test_those_of_others_are_not_there(self, device, colleague):
        passkey = Authenticator.objects.get(type="webauthn")
        client = browser(colleague)
        for path in (f"{LIST}{passkey.pk}/", f"{LIST}{passkey.pk}/remove/"):
            assert client.get(path).status_code == client.post(path, {"name": "Mine"}).status_code == 404
        assert "Laptop" not in client.get(LIST).content.decode()

    def test_visitors_sign_in(self, client):
        for path in (LIST, ADD, f"{LIST}1/", f"{LIST}1/remove/", "/account/confirm/passkey/"):
            assert client.get(path).url.startswith("/account/login/")
            assert client.post(path).url.startswith("/account/login/")
