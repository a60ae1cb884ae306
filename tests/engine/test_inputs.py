"""Files given as inputs: they reach the provider in the way that the model takes, in time, once, and leave no trace."""

import base64

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from generations.engine import places
from generations.forms.uploads import take
from generations.modellix import inputs
from generations.modellix.client import Client
from generations.models import Deposit, Event, Task
from tests.conftest import ANY_PICTURE

pytestmark = pytest.mark.django_db(transaction=True)

EDIT = "kling/kling-v3-i2i"  # one picture, by address or as bare base64
SERIES = "kling/kling-image-o1"  # a list of up to ten
TRY_ON = "kling/kolors-virtual-try-on-v1-5"  # two parameters
BY_ADDRESS = "google/nano-banana-edit"  # a list of up to three, by address alone
FRAME = "vidu/viduq3-turbo-i2v"  # by address or as data: URI
UNKNOWN = "xai/grok-imagine-image-edit"  # whatever a person writes
GIF = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")  # one pixel


@pytest.fixture
def edit(order):
    """edit(slug, **uploads by parameter) orders something made from files."""

    def make(slug=EDIT, text="in the style of a woodcut", author=None, **given):
        named = {n: [each.pk for each in v] if isinstance(v, list) else v.pk for n, v in given.items()}
        kind = {"model_type": "image-to-video", "kind": "video"} if slug == FRAME else {"model_type": "image-to-image"}
        return order(text, author, slug=slug, inputs=named, **kind)

    return make


@pytest.fixture
def others(simulator):
    """The same team's key in somebody else's hands."""
    return Client(simulator.url, "mk-tests")


@pytest.fixture
def tiny_store(monkeypatch):
    """The provider stores hardly anything, so that files have to go another way."""
    monkeypatch.setattr(inputs, "LARGEST_STORED", 100)


def fresh(task):
    task.refresh_from_db()
    return task


def asked(simulator, method):
    return [entry for entry in simulator.requests() if (entry["method"], "/media/" in entry["path"]) == (method, True)]


def colors(count):
    return [f"#{number:02x}6ea5" for number in range(count)]


class StoredTests:
    def test_a_file_is_uploaded_sent_by_its_address_and_taken_away_again(self, simulator, edit, work, make_upload):
        task = edit(image=make_upload())
        work()
        assert fresh(task).status == Task.Status.DONE
        (entry,) = simulator.ledger()
        assert entry["body"] == {"prompt": task.prompt.text, "image": entry["body"]["image"]}
        assert entry["body"]["image"].startswith(f"{simulator.url}/in/file-")
        assert task.attempts.get().sent == entry["body"]
        assert [len(asked(simulator, method)) for method in ("GET", "POST", "DELETE")] == [1, 1, 1]
        assert Deposit.objects.count() == 0

    def test_a_file_of_an_undocumented_model_goes_where_its_name_stands(self, simulator, order, work, make_upload):
        red, blue = make_upload(color="#aa0000"), make_upload(color="#0000aa")
        body = {"prompt": "as one", "images": [{"url": "{{file 2}}", "as": "{{file 2}} too"}, {"url": "{{file 1}}"}]}
        given = {"{{file 1}}": red.pk, "{{file 2}}": blue.pk}
        task = order(slug=UNKNOWN, model_type="image-to-image", body=body, inputs=given)
        work()
        assert fresh(task).status == Task.Status.DONE
        (entry,) = simulator.ledger()
        sent = entry["body"]["images"]
        assert sent[0]["as"] == "{{file 2}} too"
        addresses = [sent[1]["url"], sent[0]["url"]]
        assert all(address.startswith(f"{simulator.url}/in/file-") for address in addresses)
        assert len(set(addresses)) == 2
        assert task.attempts.get().sent == entry["body"]

    def test_one_upload_serves_all_orders_that_need_it(self, simulator, edit, work, make_upload):
        picture = make_upload()
        for number in range(4):
            edit(image=picture, text=f"variant {number}")
        work(until=lambda: len(simulator.ledger()) == 4)
        assert len(simulator.ledger()) == 4
        assert len({entry["body"]["image"] for entry in simulator.ledger()}) == 1
        assert len(asked(simulator, "POST")) == 1

    def test_a_list_keeps_its_order_and_each_parameter_its_file(self, simulator, edit, work, make_upload):
        red, blue = make_upload(color="#aa0000"), make_upload(color="#0000aa")
        edit(SERIES, images=[blue, red, blue])
        edit(TRY_ON, human_image=red, cloth_image=blue)
        work(until=lambda: len(simulator.ledger()) == 2)
        first, second = [entry["body"] for entry in simulator.ledger()]
        assert first["images"] == [second["cloth_image"], second["human_image"], second["cloth_image"]]
        assert second["cloth_image"] != second["human_image"]

    def test_the_provider_can_fetch_what_was_given(self, simulator, others, edit, work, make_upload):
        upload = make_upload()
        edit(image=upload)
        work(until=simulator.ledger)
        (file,) = others.files()
        path = file.url.removeprefix(simulator.url)
        assert others.session.get(simulator.url + path).content == default_storage.open(upload.original).read()

    def test_many_orders_share_ten_places(self, simulator, edit, work, make_upload):
        for color in colors(11):
            edit(image=make_upload(color=color), text=color)
        work(until=lambda: len(simulator.ledger()) == 11)
        assert len(simulator.ledger()) == 11
        assert [entry for entry in simulator.requests() if entry["status"] == 429] == []
        assert len(asked(simulator, "POST")) == 11
        assert asked(simulator, "DELETE")

    def test_orders_of_many_files_do_not_block_each_other(self, simulator, edit, work, make_upload, colleague):
        for number, author in enumerate([None, colleague, None]):
            files = [make_upload(color=color[:5] + f"{number:02x}") for color in colors(7)]
            edit(SERIES, text=f"series {number}", author=author, images=files)
        work(until=lambda: len(simulator.ledger()) == 3)
        assert len(simulator.ledger()) == 3
        assert [entry for entry in simulator.requests() if entry["status"] == 429] == []


class OtherWaysTests:
    def test_what_the_store_does_not_take_goes_as_base64(self, simulator, edit, work, make_upload, tiny_store):
        upload = make_upload()
        task = edit(image=upload)
        work()
        assert fresh(task).status == Task.Status.DONE
        (entry,) = simulator.ledger()
        assert base64.b64decode(entry["body"]["image"]) == default_storage.open(upload.original).read()
        assert task.attempts.get().sent == task.body | {"image": f"… ({upload.size:,} bytes)"}
        assert asked(simulator, "POST") == []

    def test_or_as_a_data_uri_where_the_model_wants_one(self, simulator, edit, work, make_upload, tiny_store):
        upload = make_upload(form="JPEG")
        task = edit(FRAME, first_frame_image=upload)
        work(until=simulator.ledger)
        prefix, _, content = simulator.ledger()[0]["body"]["first_frame_image"].partition(",")
        assert prefix == "data:image/jpeg;base64"
        assert base64.b64decode(content) == default_storage.open(upload.original).read()
        assert task.attempts.get().sent["first_frame_image"] == f"{prefix},… ({upload.size:,} bytes)"

    def test_or_from_our_own_address_while_it_lasts(
        self, simulator, edit, work, make_upload, tiny_store, settings, client, monkeypatch
    ):
        settings.PUBLIC_URL = "https://studio.example.com"
        settings.ALLOWED_HOSTS = ["studio.example.com"]
        upload = make_upload()
        edit(BY_ADDRESS, image=[upload])
        work(until=simulator.ledger)
        (address,) = simulator.ledger()[0]["body"]["image"]
        path = address.removeprefix(settings.PUBLIC_URL)
        assert address == settings.PUBLIC_URL + path
        answer = client.get(path, headers={"host": "studio.example.com"})
        assert answer.getvalue() == default_storage.open(upload.original).read()
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")

    def test_without_any_way_it_ends_at_once_and_costs_nothing(self, simulator, edit, work, make_upload, tiny_store):
        task = edit(BY_ADDRESS, image=[make_upload()])
        work()
        assert (fresh(task).status, task.spent, task.attempt) == (Task.Status.FAILED, Task.Spent.NO, 0)
        assert task.error.endswith("is too large, or one too many, for A model.")
        assert simulator.ledger() == []


class TroubleTests:
    def test_a_file_that_modellix_refuses_ends_the_order_in_its_words(self, simulator, edit, work, member):
        task = edit(image=take(member, SimpleUploadedFile("dot.gif", GIF), ANY_PICTURE))
        work()
        assert (fresh(task).status, task.spent, task.attempt) == (Task.Status.FAILED, Task.Spent.NO, 0)
        assert task.error == "Invalid format: the file must be PNG, JPEG, WebP, MP4, or sound"
        assert simulator.ledger() == []

    def test_with_all_places_taken_by_others_it_waits_and_lets_others_pass(
        self, simulator, others, edit, order, work, make_upload, monkeypatch
    ):
        monkeypatch.setattr(places, "LOOK_AGAIN_AFTER", 0.2)
        theirs = [others.upload(f"{n}.png", "image/png", b"\x89PNG\r\n\x1a\n") for n in range(10)]
        task, plain = edit(image=make_upload()), order()
        work(until=lambda: fresh(plain).status == Task.Status.DONE and fresh(task).hold)
        assert (task.status, task.hold, task.attempt) == (Task.Status.QUEUED, Task.Hold.INPUTS, 0)
        assert task.events.filter(kind=Event.Kind.HELD).get().text == places.NO_ROOM
        others.delete(theirs[0].file_id)
        work()
        assert fresh(task).status == Task.Status.DONE
        assert {file.file_id for file in others.files()} == {file.file_id for file in theirs[1:]}

    def test_a_provider_that_cannot_be_reached_leaves_it_in_the_queue(
        self, simulator, start_simulator, edit, work, make_upload
    ):
        task = edit(image=make_upload())
        simulator.close()
        work(until=lambda: fresh(task).hold)
        assert (task.status, task.hold, task.attempt) == (Task.Status.QUEUED, Task.Hold.INPUTS, 0)
        assert "no connection could be made" in task.events.filter(kind=Event.Kind.HELD).first().text
        start_simulator()
        work()
        assert fresh(task).status == Task.Status.DONE

    def test_a_copy_that_others_threw_away_is_brought_again(self, simulator, others, edit, work, make_upload):
        upload = make_upload()
        edit(image=upload)
        work(until=simulator.ledger)
        others.delete(Deposit.objects.get().file_id)
        second = edit(image=upload, text="once more")
        work()
        assert fresh(second).status == Task.Status.DONE
        assert len(asked(simulator, "POST")) == 2

    def test_a_file_that_our_storage_lost_holds_up_its_own_order_alone(self, simulator, edit, order, work, make_upload):
        lost = make_upload(color="#010203")
        default_storage.delete(lost.original)
        task, whole = edit(image=lost), edit(image=make_upload())
        work(until=lambda: fresh(whole).status == Task.Status.DONE)
        assert (fresh(task).status, task.hold, task.attempt) == (Task.Status.QUEUED, Task.Hold.INPUTS, 0)
        assert "does not give out" in task.events.filter(kind=Event.Kind.HELD).first().text

    def test_so_does_one_that_would_be_embedded(self, simulator, edit, work, make_upload, tiny_store):
        lost = make_upload(color="#010203")
        default_storage.delete(lost.original)
        task = edit(image=lost)
        work(until=lambda: fresh(task).hold)
        assert (task.status, task.spent, task.attempts.get().outcome) == (Task.Status.QUEUED, "", "withdrawn")
        assert simulator.ledger() == []

    def test_cancelled_while_it_waits_it_leaves_nothing_behind(
        self, simulator, others, edit, work, make_upload, member
    ):
        lost = make_upload(color="#010203")
        default_storage.delete(lost.original)
        task = edit(SERIES, images=[make_upload(), lost])
        work(until=lambda: fresh(task).hold and Deposit.objects.exists())
        assert len(others.files()) == 1
        assert task.cancel(member)
        work()
        assert others.files() == ()
        assert simulator.ledger() == []
