"""Everything in one file, and back: whole or not at all, and nothing bought by it."""

import hashlib
import json
import os
import stat
import zipfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core import serializers
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from PIL import Image

from generations.keeping import backup, restore
from generations.keeping.verify import verify
from generations.models import Collection, Favourite, Lease, Output, Prompt, Rating, ShareLink, Task, Upload, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def studio(member, admin_user, make_task, make_output, make_upload):
    """A bit of everything, with words of all kinds; nothing is under way."""
    task = make_task(
        "done", text="ein Leuchtturm \u2013 \u706f\u53f0 \U0001f30a", price_charged="0.0400", provider_task_id="img-1"
    )
    first, second = make_output(task), make_output(task, color="#a53b6e")
    upload = make_upload()
    make_task("failed", inputs={"image": upload.pk}, repeat_of=task).make_private(member)
    boats = Collection.objects.create(name="Boats", owner=member, cover=second)
    boats.items.create(output=first, position=1)
    Prompt.objects.filter(pk=task.prompt_id).update(collection=boats)  # which refers back, in a circle
    Favourite.mark(member, Output.objects.all())
    Rating.give(admin_user, Output.objects.all(), 4)
    ShareLink.make(task, member, days=3)
    Lease.acquire("somebody")
    Task.objects.filter(pk=task.pk).update(created_at=datetime(2026, 11, 25, 9, 0, 0, 456, tzinfo=UTC))  # microseconds
    return task


@pytest.fixture
def path(tmp_path):
    return tmp_path / "studio.zip"


def rows(but=()):
    """All that the tables hold."""
    return {
        model: serializers.serialize("jsonl", model._base_manager.order_by("pk"), cls=backup.Exact)
        for model in backup.tables()
        if model not in but
    }


def files(folder=""):
    folders, names = default_storage.listdir(folder)
    return sorted(
        [*(f"{folder}{name}" for name in names), *(each for name in folders for each in files(f"{folder}{name}/"))]
    )


def wipe():
    for name in backup.media():
        default_storage.delete(name)
    call_command("flush", interactive=False, verbosity=0)


def rewritten(path, change=lambda told: None, rows_of=()):
    """The path of the same backup with other contents, or other rows with a hash that is right."""
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        told = json.loads(source.read(backup.CONTENTS))
        for table, line in dict(rows_of).items():
            told["tables"][table]["sha256"] = hashlib.sha256(line).hexdigest()
        change(told)
        kept = {name: source.read(name) for name in source.namelist()}
        kept |= {f"tables/{table}.jsonl": line for table, line in dict(rows_of).items()}
        for name, content in (kept | {backup.CONTENTS: json.dumps(told)}).items():
            target.writestr(name, content)
    return changed


class RoundTests:
    def test_all_is_back_after_everything_was_lost(self, studio, path):
        before, names = rows(but=[Lease]), backup.media()
        report = backup.write(path)
        assert (report.files, report.missing, report.changed) == (9, [], [])
        wipe()
        assert not any(default_storage.exists(name) for name in names)
        found, count, unclear = restore.read(path)
        assert (found, count, unclear) == (report.rows, 9, 0)
        assert rows(but=[Lease]) == before
        assert list(verify()) == []
        assert User.objects.get(email="mia@example.com").check_password(PASSWORD)
        assert (
            Task.objects.create(
                **{
                    f.attname: getattr(studio, f.attname)
                    for f in Task._meta.fields
                    if f.name not in ("id", "provider_task_id")
                }
            ).pk
            > studio.pk
        )

    def test_what_was_waiting_is_never_sent_by_a_machine(self, make_task, path):
        task, sending, asking = make_task("queued"), make_task("submitting"), make_task(hold="approval")
        backup.write(path)
        wipe()
        assert restore.read(path)[2] == 3
        for each in (task, sending, asking):
            each.refresh_from_db()
        assert (task.status, task.spent, sending.status) == ("unknown", "unknown", "submitting")
        assert (asking.status, asking.hold) == ("unknown", "")  # an admin may have agreed since
        assert not Task.objects.sendable().exists()
        assert task.attempts.get().outcome == "unknown"
        assert "may have been sent" in task.error

    def test_a_holder_of_the_old_lease_is_not_obeyed(self, studio, path):
        epoch = Lease.objects.get().epoch
        backup.write(path)
        wipe()
        restore.read(path)
        assert Lease.objects.get().epoch == epoch + 1
        assert not Lease.renew("somebody", epoch)


class BackupTests:
    def test_only_its_owner_may_read_it_and_it_overwrites_nothing(self, studio, path):
        backup.write(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with pytest.raises(CommandError, match="is there already"):
            call_command("backup", str(path))
        assert os.listdir(path.parent) == [path.name]

    def test_others_may_write_while_it_is_made(self, studio, path, monkeypatch):
        """Its tables are of one moment: what comes after it is not in them."""
        write_rows = backup.write_rows

        def slowly(archive, model):
            if model is Task:
                other = connection.copy()
                with other.cursor() as cursor:
                    cursor.execute("UPDATE generations_task SET error = 'changed meanwhile'")
                other.close()
            return write_rows(archive, model)

        monkeypatch.setattr(backup, "write_rows", slowly)
        backup.write(path)
        assert set(Task.objects.values_list("error", flat=True)) == {"changed meanwhile"}
        with zipfile.ZipFile(path) as archive:
            assert b"changed meanwhile" not in archive.read("tables/generations.task.jsonl")

    def test_it_tells_what_is_missing_or_was_changed_and_keeps_the_rest(self, studio, path):
        first, second = studio.outputs.all()
        default_storage.delete(first.original)
        default_storage.delete(second.original)
        default_storage.save(second.original, ContentFile(b"something else"))
        told = StringIO()
        with pytest.raises(CommandError, match="All else is in the backup"):
            call_command("backup", str(path), stdout=StringIO(), stderr=told)
        assert f"Missing: {first.original}" in told.getvalue()
        assert f"Not what it was when it was saved: {second.original}" in told.getvalue()


class RefusalTests:
    def refused(self, path, words):
        tasks, before = Task.objects.count(), files()
        with pytest.raises(restore.CannotRestore, match=words):
            restore.read(path)
        assert (Task.objects.count(), files()) == (tasks, before)

    def test_into_a_studio_that_is_not_empty(self, studio, path):
        backup.write(path)
        self.refused(path, "This studio is not empty")
        name = studio.outputs.first().original
        wipe()
        default_storage.save(name, ContentFile(b"somebody's"))
        self.refused(path, "The media storage is not empty")

    def test_what_is_damaged_or_no_backup(self, studio, path, tmp_path):
        backup.write(path)
        wipe()
        data = bytearray(path.read_bytes())
        whole = bytes(data)
        for place in (len(data) // 4, len(data) // 2):
            data[place] ^= 1
        path.write_bytes(data)
        self.refused(path, "damaged|is not a backup")
        for content in (whole[: len(whole) // 2], b"", b"something else"):
            path.write_bytes(content)
            self.refused(path, "is not a backup")

    def test_what_this_version_does_not_understand(self, studio, path):
        backup.write(path)
        wipe()
        for change, words in (
            (lambda told: told["migrations"].append("generations.9999_future"), "of another version"),
            (lambda told: told.update(format=9), "of another version"),
            (lambda told: told["files"].update({"../../evil": {"size": 0, "sha256": ""}}), "does not hold"),
            (lambda told: told["tables"].popitem(), "does not hold"),
            (lambda told: told.update(migrations=[]), "is not a backup"),
            (lambda told: told.update(tables=[]), "is not a backup"),
            (lambda told: told["files"].update({"a.png": None}), "is not a backup"),
        ):
            self.refused(rewritten(path, change), words)

    def test_rows_that_were_never_of_a_studio(self, studio, path):
        backup.write(path)
        wipe()
        for table, line, words in (
            ("tag", b'{"model": "sessions.session", "fields": {"expire_date": "2099-01-01T00:00Z"}}', "has a row of"),
            ("tag", b'{"model": "generations.tag", "pk": "x", "fields": {}}', "cannot be read"),
            ("tag", b'{"model": "generations.nothing"}', "cannot be read"),
            ("tag", b"\xff", "cannot be read"),
            ("shareitem", b'{"model": "generations.shareitem", "fields": {"link": 7, "position": 0}}', "do not fit"),
        ):
            self.refused(rewritten(path, rows_of={f"generations.{table}": line}), words)

    def test_two_files_of_one_name(self, studio, path):
        backup.write(path)
        wipe()
        with zipfile.ZipFile(path, "a") as archive, pytest.warns(match="Duplicate name"):
            archive.writestr(archive.namelist()[-2], b"another")
        self.refused(path, "does not hold")

    def test_paths_that_lead_out_of_the_storage(self):
        assert restore.is_inside("g/2026/11/1/1-abc.png")
        for name in ("/etc/passwd", "g/../../x", "..", "g\\..\\x"):
            assert not restore.is_inside(name)


class VerifyTests:
    def test_it_is_silent_about_what_is_well(self, studio):
        out = StringIO()
        call_command("verify", stdout=out)
        assert out.getvalue() == "All saved files are there and intact.\n"

    def test_it_makes_missing_thumbnails_again(self, studio):
        output = studio.outputs.first()
        default_storage.delete(output.small)
        out = StringIO()
        call_command("verify", stdout=out)
        assert f"{output.small}: made again" in out.getvalue()
        with default_storage.open(output.small) as file, Image.open(file) as image:
            assert max(image.size) == 96

    def test_it_tells_of_originals_that_are_gone_or_changed(self, studio):
        first, second = studio.outputs.all()
        upload = Upload.objects.get()
        default_storage.delete(first.original)
        for kept, content in ((second, b"x" * second.size), (upload, b"short")):
            default_storage.delete(kept.original)
            default_storage.save(kept.original, ContentFile(content))
        told = StringIO()
        with pytest.raises(SystemExit):
            call_command("verify", stdout=StringIO(), stderr=told)
        lines = told.getvalue()
        for words in (
            f"{first.original}: is gone",
            f"{second.original}: is not what it was",
            f"{upload.original}: has 5 bytes",
        ):
            assert words in lines


class ExportTests:
    def test_it_is_readable_without_the_product_and_goes_on_where_it_stopped(self, studio, tmp_path, make_output):
        folder = tmp_path / "export"
        out = StringIO()
        call_command("export", str(folder), stdout=out)
        assert out.getvalue() == "2 files written, 0 were there.\n"
        told = json.loads((folder / "manifest.json").read_text())["files"]
        assert {row["prompt"] for row in told} == {studio.prompt.text}
        kept = [Path(folder / row["file"]) for row in told]
        assert [backup.hashlib.sha256(each.read_bytes()).hexdigest() for each in kept] == [
            row["sha256"] for row in told
        ]
        assert json.loads((folder / "collections.json").read_text())[0]["files"] == [told[0]["file"]]
        kept[0].write_bytes(b"cut of")
        make_output(studio)
        out = StringIO()
        call_command("export", str(folder), stdout=out)
        assert out.getvalue() == "2 files written, 1 were there.\n"
        assert not list(folder.rglob("*.part"))

    def test_what_is_missing_is_marked(self, studio, tmp_path):
        default_storage.delete(studio.outputs.first().original)
        with pytest.raises(CommandError, match="1 could not be read"):
            call_command("export", str(tmp_path / "export"), stdout=StringIO())
        told = json.loads((tmp_path / "export" / "manifest.json").read_text())["files"]
        assert [row["missing"] for row in told] == [True, False]

    def test_what_is_in_the_bin_stays_there(self, studio, member, tmp_path):
        studio.bin(member)
        call_command("export", str(tmp_path / "export"), stdout=StringIO())
        assert json.loads((tmp_path / "export" / "manifest.json").read_text()) == {"files": []}
