"""What is finished is kept, whatever file host, network and storage do; and what is kept is right."""

import hashlib
import io
import os
import subprocess
import sys
import time
import wave
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, connections
from django.db.models import CheckConstraint, Q
from django.utils import timezone
from PIL import Image

from generations.engine import renew, save
from generations.models import Collection, CollectionItem, Lease, Output, Prompt, Task
from tests.media.test_pictures import bomb
from tests.media.test_recordings import write_film

pytestmark = pytest.mark.django_db(transaction=True)

MB = 1_000_000


@pytest.fixture(autouse=True)
def quick(quick, monkeypatch):
    """Between two tries is no time at all."""
    monkeypatch.setattr(Output, "DELAYS", (0,) * 5)


@pytest.fixture
def finished(make_task, host, settings):
    """finished(path, ..., kind="image") gives a Task whose files lie at these paths of the host, unsaved."""
    settings.MODELLIX_BASE_URL = "http://127.0.0.1:1"

    def make(*paths, kind="image"):
        task = make_task("saving", kind=kind)
        deadline = timezone.now() + timedelta(hours=24)
        for position, path in enumerate(paths):
            task.outputs.create(position=position, url=f"{host.url}{path}", deadline=deadline)
        return task

    return make


def fresh(row):
    row.refresh_from_db()
    return row


def save_all(task):
    for output in task.outputs.all():
        save.save(output)
    return task.outputs.all()


def incoming():
    return [path.name for path in (Path(django_settings.MEDIA_ROOT) / ".incoming").glob("*")]


def encoded(picture, form="PNG"):
    buffer = io.BytesIO()
    picture.save(buffer, form)
    return buffer.getvalue()


class CollectingTests:
    def test_each_file_goes_into_the_collection_that_was_chosen(self, host, finished, member):
        host.files["a.png"] = encoded(Image.new("RGB", (8, 8)))
        collection = Collection.objects.create(owner=member, name="First light")
        task = finished("/file/a.png", "/file/a.png")
        Prompt.objects.update(collection=collection)
        first, second = task.outputs.all()
        save.save(second)
        save.save(first)
        save.save(first)
        assert list(collection.items.values_list("output", "added_by")) == [
            (second.pk, member.pk),
            (first.pk, member.pk),
        ]

    @pytest.mark.parametrize("fate", ["deleted", "removed", "hidden"])
    def test_one_that_is_gone_by_then_is_no_trouble(self, host, finished, colleague, fate):
        host.files["a.png"] = encoded(Image.new("RGB", (8, 8)))
        collection = Collection.objects.create(owner=colleague, name="First light")
        task = finished("/file/a.png")
        Prompt.objects.update(collection=collection)
        if fate == "deleted":
            collection.bin()
        elif fate == "removed":
            collection.delete()
        else:
            Collection.objects.update(is_private=True)
        assert [output.status for output in save_all(task)] == ["saved"]
        assert fresh(task).status == Task.Status.DONE
        assert not CollectionItem.objects.exists()

    def test_one_that_the_database_does_not_take_costs_no_file(self, host, finished, member):
        host.files["a.png"] = encoded(Image.new("RGB", (8, 8)))
        collection = Collection.objects.create(owner=member, name="First light")
        task = finished("/file/a.png")
        Prompt.objects.update(collection=collection)
        nothing = CheckConstraint(condition=Q(position__lt=0), name="nothing_fits")
        with connection.schema_editor() as schema:
            schema.add_constraint(CollectionItem, nothing)
        try:
            assert [output.status for output in save_all(task)] == ["saved"]
        finally:
            with connection.schema_editor() as schema:
                schema.remove_constraint(CollectionItem, nothing)
        assert fresh(task).status == Task.Status.DONE


class KeepingTests:
    def test_a_picture_is_kept_byte_for_byte_with_its_thumbnails(self, host, finished):
        host.files["a.png"] = encoded(Image.new("RGB", (2000, 1000), "#3366cc"))
        task = finished("/file/a.png")
        (output,) = save_all(task)
        assert fresh(task).status == Task.Status.DONE
        assert default_storage.open(output.original).read() == host.files["a.png"]
        assert output.sha256 == hashlib.sha256(host.files["a.png"]).hexdigest()
        assert (output.mime, output.width, output.height, output.size) == (
            "image/png",
            2000,
            1000,
            len(host.files["a.png"]),
        )
        assert [Image.open(default_storage.open(name)).size for name in (output.medium, output.small)] == [
            (1024, 512),
            (384, 192),
        ]
        assert output.color.startswith("#33")
        assert incoming() == []

    def test_a_film_is_kept_with_its_measures_and_a_poster(self, host, finished, tmp_path):
        write_film(tmp_path / "film", ["black", "#c02020"])
        host.files["a.mp4"] = (tmp_path / "film").read_bytes()
        (output,) = save_all(finished("/file/a.mp4", kind="video"))
        assert (output.kind, output.mime, output.width, output.height) == ("video", "video/mp4", 320, 180)
        assert output.duration == pytest.approx(2, abs=0.2)
        assert Image.open(default_storage.open(output.small)).size == (320, 180)
        assert output.color[1] in "bc"

    def test_a_sound_is_kept_with_its_length(self, host, finished):
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
            file.writeframes(bytes(16_000))
        host.files["a.wav"] = buffer.getvalue()
        (output,) = save_all(finished("/file/a.wav", kind="audio"))
        assert (output.kind, output.mime, output.duration, output.medium) == ("audio", "audio/wav", 1, "")

    def test_a_film_that_cannot_be_looked_into_is_kept_without_poster(self, finished):
        (output,) = save_all(finished("/film/100000", kind="video"))
        assert (output.status, output.kind, output.duration, output.small) == ("saved", "video", None, "")

    @pytest.mark.parametrize(
        "content",
        [
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<!doctype html><script>alert(1)</script>",
            bomb(8000),
        ],
        ids=["svg", "html", "bomb"],
    )
    def test_what_is_dangerous_is_kept_for_download_alone(self, host, finished, content):
        host.files["a.png"] = content
        task = finished("/file/a.png")
        for _ in range(save.TRIES_FOR_DAMAGED):
            assert fresh(task).status == Task.Status.SAVING
            (output,) = save_all(task)
        assert (output.status, output.kind, output.mime) == ("saved", "file", "application/octet-stream")
        assert output.original.endswith(".bin")
        assert default_storage.open(output.original).read() == content

    def test_a_connection_that_is_cut_costs_no_try(self, host, finished):
        (output,) = save_all(finished("/cut/900000/200000"))
        assert output.tries == 1
        assert len(host.sent) == 5

    @pytest.mark.parametrize("fault", ["redirect-private", "longer-than-declared"])
    def test_a_bad_download_waits_for_the_next_try(self, simulator, order, work, fault):
        simulator.set_faults([{"fault": f"file={fault}", "count": 1}])
        task = order()
        work()
        assert fresh(task).status == Task.Status.DONE
        assert task.outputs.get().tries == 2
        assert task.events.get(kind="file_failed").text.startswith("file 1: ")

    def test_the_key_goes_to_the_api_alone(self, simulator, host, order, work):
        simulator.set_faults([{"fault": "file=redirect", "count": 2}])
        order(n=2)
        work()
        files = [entry for entry in simulator.requests() if entry["path"].startswith("/files/")]
        assert len(files) == 4
        assert not [entry for entry in files if entry["key"] or entry["violation"]]


class LimitTests:
    def test_a_file_that_is_too_large_is_never_kept(self, finished, settings):
        settings.SAVE_MAX_IMAGE_BYTES = MB
        task = finished("/bytes/1000001", "/endless/")
        assert [output.status for output in save_all(task)] == ["waiting", "waiting"]
        assert {output.error for output in task.outputs.all()} == {
            "The file has more than the 1,000,000 bytes allowed."
        }
        assert incoming() == []

    def test_the_files_of_a_task_share_a_limit(self, host, finished, settings):
        settings.SAVE_MAX_TASK_BYTES = 3000
        host.files["a.png"] = encoded(Image.effect_noise((40, 40), 90))
        assert 1000 < len(host.files["a.png"]) < 2000
        outputs = save_all(finished(*["/file/a.png"] * 3))
        assert [output.status for output in outputs] == ["saved", "waiting", "waiting"]

    def test_so_many_files_and_no_more(self, simulator, order, work, settings):
        settings.SAVE_MAX_FILES = 2
        task = order(n=4)
        work()
        assert task.outputs.count() == 2


class GoneTests:
    def test_a_file_that_comes_back_is_saved(self, simulator, order, work):
        simulator.set_faults([{"fault": "file=404", "count": 3}])
        task = order(n=2)
        work()
        assert fresh(task).status == Task.Status.DONE
        assert sum(task.outputs.values_list("refusals", flat=True)) == 3

    def test_a_file_that_is_gone_leaves_the_others(self, simulator, order, work):
        task = order(n=2)
        simulator.set_faults([{"fault": "file=410", "path": "/0."}])
        work()
        assert fresh(task).status == Task.Status.PARTIAL
        assert list(task.outputs.values_list("status", "refusals")) == [("lost", renew.REFUSALS), ("saved", 0)]
        assert task.events.filter(kind="file_lost").count() == 1

    def test_a_fresh_address_is_taken(self, simulator, order, work):
        task = order()
        work()
        forget(task, url=f"{simulator.url}/files/elsewhere/0.png")
        work()
        assert fresh(task).status == Task.Status.DONE
        assert task.outputs.get().refusals == 1
        assert "elsewhere" not in task.outputs.get().url

    def test_a_record_that_is_gone_has_no_fresh_address(self, simulator, order, work):
        task = order()
        work()
        forget(task, url=f"{simulator.url}/files/elsewhere/0.png")
        simulator.set_faults([{"fault": "get=404"}])
        work()
        assert fresh(task).status == Task.Status.EXPIRED
        assert task.error_code == "files_gone"

    def test_nothing_is_given_up_while_the_provider_is_silent(self, simulator, order, work):
        task = order()
        work()
        forget(task, url=f"{simulator.url}/files/elsewhere/0.png")
        simulator.set_faults([{"fault": "get=503", "count": 4}])
        work()
        assert fresh(task).status == Task.Status.DONE
        assert task.outputs.get().refusals == 1

    def test_all_questions_to_the_provider_go_through_its_window(self, simulator, order, work):
        task = order()
        work()
        forget(task, url=f"{simulator.url}/files/elsewhere/0.png")
        work()
        asked = [entry for entry in simulator.requests() if entry["path"].startswith("/api/")]
        assert len(Lease.objects.get().sent) == len(asked)


def forget(task, **fields):
    """As if it had just been finished."""
    task.outputs.update(status=Output.Status.WAITING, tries=0, original="", **fields)
    Task.objects.filter(pk=task.pk).update(status=Task.Status.SAVING, closed_at=None)


class BrokenStorage(FileSystemStorage):
    def _save(self, name, content):
        raise ConnectionError("no answer")


@pytest.fixture
def full_disk(tmp_path, settings):
    """A disk of one megabyte: full_disk() gives it eight. None where we may not mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return
    settings.MEDIA_ROOT = disk
    yield lambda: subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
    subprocess.run(["umount", str(disk)], check=True)


class StorageTests:
    def test_a_full_disk_is_waited_for(self, host, finished, full_disk):
        if full_disk is None:
            pytest.skip("needs the right to mount a small disk")
        host.files["a.png"] = encoded(Image.effect_noise((1600, 1600), 90))
        task = finished("/file/a.png")
        (output,) = save_all(task)
        assert (output.status, output.error) == ("waiting", "Storage isn't answering (No space left on device).")
        assert self.left_behind() == []
        full_disk()
        (output,) = save_all(task)
        assert (output.status, output.error) == ("saved", "")

    def test_a_media_folder_that_is_gone_is_waited_for(self, finished, settings, tmp_path, host):
        host.files["a.png"] = encoded(Image.new("RGB", (8, 8)))
        settings.MEDIA_ROOT = tmp_path / "not yet" / "media"
        (tmp_path / "not yet").touch()
        task = finished("/file/a.png")
        (output,) = save_all(task)
        assert (output.status, output.error) == ("waiting", "Storage isn't answering (Not a directory).")
        assert host.seen == []
        (tmp_path / "not yet").unlink()
        (output,) = save_all(task)
        assert output.status == "saved"

    def test_a_storage_that_does_not_answer_is_waited_for(self, finished, settings, host):
        host.files["a.png"] = encoded(Image.new("RGB", (9, 9)))
        working = settings.STORAGES
        settings.STORAGES = working | {"default": {"BACKEND": f"{__name__}.BrokenStorage"}}
        task = finished("/file/a.png")
        (output,) = save_all(task)
        assert (output.status, output.error) == ("waiting", "Storage isn't answering (ConnectionError).")
        settings.STORAGES = working
        (output,) = save_all(task)
        assert output.status == "saved"

    def test_our_own_trouble_never_loses_a_file(self, finished, settings, host):
        """However late: only the provider's side can say that a file is gone."""
        host.files["a.png"] = encoded(Image.new("RGB", (10, 10)))
        settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.BrokenStorage"}}
        task = finished("/file/a.png", "/status/500")
        task.outputs.update(deadline=timezone.now() - timedelta(hours=1))
        assert [output.status for output in save_all(task)] == ["waiting", "lost"]

    def left_behind(self):
        return [path for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()]


class LeftOverTests:
    def test_the_next_try_clears_away_what_a_killed_one_left(self, host, finished):
        task = finished("/endless/", kind="video")
        connections.close_all()
        pk = task.outputs.get().pk
        with saver(pk) as process:
            while not incoming():
                time.sleep(0.01)
            process.kill()
        assert incoming() == [f"{pk}-1"]
        host.files["a.png"] = encoded(Image.new("RGB", (11, 11)))
        task.outputs.update(url=f"{host.url}/file/a.png", lease_until=timezone.now() - timedelta(seconds=1))
        assert save_all(task)[0].status == "saved"
        assert incoming() == []

    def test_what_is_never_tried_again_is_cleared_away_in_time(self):
        folder = Path(django_settings.MEDIA_ROOT) / ".incoming" / "1-1"
        folder.mkdir(parents=True)
        save.clear_left_overs()
        assert incoming() == ["1-1"]
        os.utime(folder, (0, 0))
        save.clear_left_overs()
        assert incoming() == []


class MemoryTests:
    def test_it_is_flat_however_large_the_result(self, host, finished):
        """At most 60 MB above idle for a film of 300 MB and for twelve pictures of 2048 by 2048."""
        host.files["a.png"] = encoded(Image.effect_noise((256, 256), 60).resize((2048, 2048)).convert("RGB"))
        film, pictures = finished("/film/300000000", kind="video"), finished(*["/file/a.png"] * 12)
        connections.close_all()
        with saver(*Output.objects.values_list("pk", flat=True)) as process:
            risen = int(process.stdout.read())
        assert [fresh(task).status for task in (film, pictures)] == [Task.Status.DONE] * 2
        assert risen < 60 * MB


def saver(*pks):
    """A process that saves these files and prints how far its memory rose."""
    command = [sys.executable, "-m", "tests.engine.memory", *map(str, pks)]
    environment = os.environ | {"MODELLIX_BASE_URL": django_settings.MODELLIX_BASE_URL}
    return subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE)
