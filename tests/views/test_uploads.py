"""Files as inputs, on the page: choosing, changing one's mind, ordering, and who gets to see them."""

import re
import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from generations.models import Task, Upload
from tests.conftest import ORDER, encoded
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db
EDIT, SERIES = "kling/kling-v3-i2i", "google/nano-banana-edit"
PICTURE = encoded(Image.new("RGB", (96, 64), "#aa3311"), "PNG")


def picture(content=PICTURE):
    return SimpleUploadedFile("harbour.png", content, "image/png")


def page(slug=EDIT, **changes):
    order = {"order_key": str(uuid.uuid4()), "model": slug, "shown": slug, "prompt": "as a woodcut", "count": "1"}
    return order | changes


def text(response):
    return response.content.decode()


def kept(response):
    """(slot, number) of the files that the page now holds."""
    return re.findall(r'name="(with-\w+)"\s+value="(\d+)"\s+checked', text(response))


class ComposerTests:
    def choose(self, mia, slug=EDIT, **changes):
        headers = HTMX | {"HX-Target": "div#inputs"}
        return mia.post("/composer/", page(slug, **changes), headers=headers)

    def test_a_chosen_file_is_kept_and_shown(self, mia, member):
        answer = self.choose(mia, **{"file-image": picture()})
        upload = Upload.objects.get(owner=member)
        assert kept(answer) == [("with-image", str(upload.pk))]
        assert f'src="/uploads/{upload.pk}/small/"' in text(answer)
        assert text(answer).lstrip().startswith('<div class="inputs"')

    def test_a_list_grows_and_a_single_file_is_changed(self, mia, make_upload):
        old = str(make_upload().pk)
        for slug, count in ((SERIES, 2), (EDIT, 1)):
            answer = self.choose(mia, slug, **{"with-image": old, "file-image": picture()})
            assert len(kept(answer)) == count
        assert ("with-image", old) not in kept(answer)

    def test_what_is_wrong_is_said_at_the_slot_and_what_was_there_stays(self, mia, make_upload):
        old = make_upload()
        answer = self.choose(mia, **{"with-image": old.pk, "file-image": picture(PICTURE[:60])})
        assert kept(answer) == [("with-image", str(old.pk))]
        assert 'id="with-image-error"' in text(answer)
        assert "This picture cannot be opened" in text(answer)
        assert Upload.objects.count() == 1

    def test_one_without_its_tick_is_gone(self, mia):
        assert kept(self.choose(mia)) == []

    def test_files_are_kept_when_another_model_is_chosen(self, mia, make_upload):
        upload = make_upload()
        order = page(EDIT, model="alibaba/qwen-image-2.0") | {"with-image": upload.pk}
        answer = mia.post("/composer/", order, headers=HTMX | {"HX-Target": "div#settings"})
        assert kept(answer) == [("with-spare", str(upload.pk))]
        assert "Qwen Image 2.0 takes none of these. They are kept." in text(answer)
        whole = mia.post("/composer/", order, headers=HTMX | {"HX-Target": "div#desk"})
        assert "Qwen Image 2.0 takes no pictures: yours are not sent." in text(whole).partition("More settings")[2]

    def test_a_file_from_nowhere_is_not_kept(self, mia):
        for slug in ("nobody/nothing", "alibaba/qwen-image-2.0"):
            mia.post("/composer/", page(slug) | {"file-image": picture()}, headers=HTMX)
        assert not Upload.objects.exists()

    def test_a_visitor_can_give_nothing(self, client):
        assert self.choose(client, **{"file-image": picture()}).status_code == 401
        assert not Upload.objects.exists()

    def test_models_stand_on_shelves_by_what_becomes_what(self, mia):
        shelves = re.findall(r"<h3>([^<]+)</h3>", text(mia.post("/composer/")).partition('id="models"')[2])
        assert shelves[:4] == [
            "Text to image",
            "Text to image. Older, may be withdrawn",
            "Image to image",
            "Image to image. Older, may be withdrawn",
        ]


class OrderTests:
    def test_without_script_the_file_comes_with_the_order(self, mia):
        assert mia.post("/tasks/", page() | {"file-image": picture()}).status_code == 302
        assert Task.objects.get().inputs == {"image": Upload.objects.get().pk}

    def test_what_was_taken_stays_when_something_else_is_wrong(self, mia):
        answer = mia.post("/tasks/", page(prompt="") | {"file-image": picture()})
        assert answer.status_code == 422
        assert kept(answer) == [("with-image", str(Upload.objects.get().pk))]
        assert not Task.objects.exists()

    def test_a_damaged_file_is_no_order(self, mia):
        answer = mia.post("/tasks/", page() | {"file-image": picture(PICTURE[:60])}, headers=HTMX)
        assert answer.status_code == 422
        assert "This picture cannot be opened" in text(answer)
        assert not Task.objects.exists()

    def test_the_page_of_the_generation_shows_what_it_was_given(self, mia, make_task, make_upload):
        upload = make_upload()
        task = make_task("done", model_slug=SERIES, inputs={"image": [upload.pk]})
        shown = text(mia.get(task.get_absolute_url()))
        assert f'href="/uploads/{upload.pk}/original/"' in shown
        assert "<h2>Given</h2>" in shown
        assert "<h2>Given</h2>" not in text(mia.get(make_task("done").get_absolute_url()))

    def test_a_card_that_waits_for_its_files_says_so(self, mia, make_task, make_upload):
        make_task("queued", model_slug=EDIT, inputs={"image": make_upload().pk}, hold=Task.Hold.INPUTS)
        shown = text(mia.get("/"))
        assert "Its files are not at Modellix yet" in shown
        assert "cancelling is free" in shown


class MediaTests:
    @pytest.mark.parametrize("variant", ["original", "medium", "small"])
    def test_the_whole_team_sees_what_was_given(
        self, client, member, colleague, admin_user, make_upload, make_task, variant
    ):
        upload = make_upload()
        Task.order(make_task().prompt, member, **ORDER, body={}, inputs={"image": [upload.pk]})
        with default_storage.open(getattr(upload, variant)) as file:
            content = file.read()
        for person in (member, colleague, admin_user):
            client.force_login(person)
            answer = client.get(reverse("upload", args=[upload.pk, variant]))
            assert (answer.status_code, answer.getvalue()) == (200, content)
            assert answer["Content-Type"] == ("image/png" if variant == "original" else "image/webp")
            assert "sandbox" in answer["Content-Security-Policy"]

    def test_what_only_lies_in_a_composer_is_its_owners_and_the_admins(
        self, client, member, colleague, admin_user, make_upload
    ):
        upload = make_upload()
        for person, status in ((member, 200), (colleague, 404), (admin_user, 200)):
            client.force_login(person)
            assert client.get(reverse("upload", args=[upload.pk, "small"])).status_code == status
            assert client.get(f"/?upload={upload.pk}").status_code == status

    def test_nobody_else_does(self, client, member, make_upload):
        address = reverse("upload", args=[make_upload().pk, "original"])
        assert client.get(address).url.startswith("/account/login/")
        client.force_login(member)
        type(member).objects.update(is_active=False)
        assert client.get(address).status_code == 302

    @pytest.mark.parametrize("path", ["/uploads/999/original/", "/uploads/1/sha256/", "/uploads/x/original/"])
    def test_what_is_not_there_is_not_found(self, mia, make_upload, path):
        make_upload()
        assert mia.get(path).status_code == 404

    def test_only_reading_is_asked_of_it(self, mia, make_upload):
        assert mia.post(reverse("upload", args=[make_upload().pk, "original"])).status_code == 405


class PublicTests:
    @pytest.fixture
    def address(self, make_upload):
        return make_upload().public_url()  # without a PUBLIC_URL, the path alone

    def test_whoever_holds_the_address_gets_the_original(self, client, address):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert answer.getvalue() == default_storage.open(Upload.objects.get().original).read()
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert client.head(address).status_code == 200
        assert client.get(address, headers={"Range": "bytes=0-3"}).getvalue() == b"\x89PNG"

    def test_any_other_address_leads_nowhere(self, client, address):
        start, name = address.rsplit("/", 1)
        for other in (f"{start}x/{name}", f"/in/1/{name}", f"/in/1:2:3/{name}"):
            assert client.get(other).status_code == 404

    def test_it_is_for_reading_alone(self, client, address):
        assert client.post(address).status_code == 405
