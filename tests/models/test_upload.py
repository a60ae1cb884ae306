"""Uploads: who may see them, and what the address for outsiders is worth."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from generations.modellix.client import StoredFile
from generations.models import Deposit, Upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public(settings):
    settings.PUBLIC_URL = "https://studio.example.com"


def token(upload):
    return upload.public_url().split("/")[-2]


class PublicAddressTests:
    def test_the_address_leads_to_the_file_and_names_its_kind(self, make_upload):
        upload = make_upload(form="JPEG")
        start, _, name = upload.public_url().rpartition("/")
        assert start.startswith("https://studio.example.com/in/")
        assert name == f"{upload.sha256[:12]}.jpg"
        assert upload.public_url().isascii()
        assert Upload.signed(token(upload)) == upload

    def test_it_ends(self, make_upload, monkeypatch):
        upload = make_upload()
        address = token(upload)
        monkeypatch.setattr(Upload, "OPEN_FOR", timedelta(seconds=-1))
        assert Upload.signed(address) is None

    def test_another_number_needs_another_signature(self, make_upload):
        first, second = make_upload(), make_upload(color="#102030")
        number, _, signature = token(first).partition(":")
        assert Upload.signed(f"{second.pk}:{signature}") is None
        assert Upload.signed(number) is None
        assert Upload.signed("") is None

    @pytest.mark.parametrize(
        ("address", "reachable"), [("https://studio.example.com", True), ("http://10.0.0.5:8000", False), ("", False)]
    )
    def test_the_provider_reaches_public_https_addresses_alone(self, settings, address, reachable):
        settings.PUBLIC_URL = address
        assert Upload.are_reachable() == reachable


class RowTests:
    def test_the_team_sees_what_the_team_gave(self, make_upload, member, colleague):
        upload = make_upload()
        assert list(Upload.objects.visible_to(colleague)) == []
        Upload.objects.all().show()
        assert list(Upload.objects.visible_to(colleague)) == [upload]
        colleague.is_active = False
        assert list(Upload.objects.visible_to(colleague)) == []

    def test_a_file_is_one_upload_of_each_person(self, make_upload, colleague):
        upload = make_upload()
        assert make_upload() == upload
        assert make_upload(owner=colleague) != upload
        with pytest.raises(IntegrityError), transaction.atomic():
            Upload.objects.create(owner=upload.owner, sha256=upload.sha256, size=1)

    def test_a_deposit_noted_twice_is_one_with_the_newer_address(self, make_upload):
        upload, made = make_upload(), datetime.now(UTC) - timedelta(days=1)
        for number in (1, 2):
            Deposit.note(upload.pk, "key", StoredFile("file-1", f"https://example.com/{number}", "image", "a", 1, made))
        deposit = Deposit.objects.get()
        assert (deposit.url, deposit.expires_at) == ("https://example.com/2", made + Deposit.LIFETIME)

    def test_only_what_lasts_and_was_stored_with_this_key_is_usable(self, make_upload):
        old = datetime.now(UTC) - Deposit.LIFETIME
        for number, made in enumerate([old, None]):
            Deposit.note(make_upload().pk, "key", StoredFile(f"file-{number}", "https://example.com/", "", "", 1, made))
        assert [deposit.file_id for deposit in Deposit.objects.usable("key")] == ["file-1"]
        assert not Deposit.objects.usable("another").exists()
