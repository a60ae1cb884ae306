"""Files given as inputs: they reach the provider in the way that the model takes, once, in time, and leave no trace."""

import pytest

from generations.models import Deposit, Task

pytestmark = pytest.mark.django_db(transaction=True)

EDIT = "kling/kling-v3-i2i"  # one picture, by address or as base64
TRY_ON = "kling/kolors-virtual-try-on-v1-5"  # two
SERIES = "kling/kling-image-o1"  # a list of up to ten


@pytest.fixture
def edit(order):
    """edit(**uploads by parameter) orders a picture made from pictures."""

    def make(slug=EDIT, **given):
        pks = {
            name: [each.pk for each in value] if isinstance(value, list) else value.pk for name, value in given.items()
        }
        task = order(slug=slug, model_type="image-to-image")
        Task.objects.filter(pk=task.pk).update(inputs=pks)
        return Task.objects.get(pk=task.pk)

    return make


def fresh(task):
    task.refresh_from_db()
    return task


def calls(simulator, method, path="/api/v1/media/files"):
    return [entry for entry in simulator.requests() if entry["method"] == method and entry["path"].startswith(path)]


class StoredTests:
    def test_a_picture_is_uploaded_sent_by_address_and_taken_away_again(self, simulator, edit, work, make_upload):
        upload = make_upload()
        task = edit(image=upload)
        work()
        assert fresh(task).status == Task.Status.DONE
        (entry,) = simulator.ledger()
        assert entry["body"]["image"].startswith(f"{simulator.url}/in/file-")
        assert task.attempts.get().sent == entry["body"]
        assert len(calls(simulator, "POST")) == 1
        assert len(calls(simulator, "DELETE")) == 1
        assert Deposit.objects.count() == 0
