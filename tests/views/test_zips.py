"""Zip files of what is picked."""

import csv
import io
import json
import zipfile

import pytest
from django.core import signals
from django.core.files.storage import default_storage
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from generations.media import zips as making
from generations.models import Collection, CollectionItem, Team
from generations.views import zips


def zipped(response):
    """{name: content} of a good answer."""
    assert response.status_code == 200
    data = b"".join(response.streaming_content)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def cancel(response):
    """As the server does when the browser is gone; the connection to the database, which the test needs, stays."""
    signals.request_finished.disconnect(close_old_connections)
    response.close()
    signals.request_finished.connect(close_old_connections)


def table(files):
    return list(csv.DictReader(io.StringIO(files["manifest.csv"].decode("utf-8-sig"))))


def listed(files):
    return json.loads(files["manifest.json"])["files"]


@pytest.fixture
def boats(make_task, make_output):
    """A finished task with two pictures, charged."""
    task = make_task("done", text="Paper boats, at dawn", price_charged="0.0400", provider_task_id="img-7")
    make_output(task, color="#3b6ea5")
    make_output(task, color="#a53b6e")
    return task


@pytest.fixture
def fetch(client):
    """fetch(person, **selection) asks for a zip."""

    def ask(person, method="post", **selection):
        client.force_login(person)
        return getattr(client, method)(reverse("zip"), selection)

    return ask


class AccessTests:
    def test_the_whole_team_gets_what_it_sees(self, fetch, member, colleague, viewer, admin_user, boats):
        for person in (member, colleague, viewer, admin_user):
            assert len(zipped(fetch(person, pick=boats.pk))) == 4

    def test_a_visitor_is_sent_to_sign_in(self, client, boats):
        response = client.get(reverse("zip"), {"pick": boats.pk})
        assert response["Location"].startswith(reverse("account_login"))

    def test_the_page_of_several_files_leads_to_it_and_tells_how_much_it_is(
        self, client, member, boats, make_task, make_output
    ):
        client.force_login(member)
        boats.outputs.update(size=1_500_000)
        page = client.get(boats.get_absolute_url()).content.decode()
        assert f"{reverse('zip')}?pick={boats.pk}" in page
        assert "2.9\N{NO-BREAK SPACE}MB</span>" in page
        alone = make_output(make_task("done")).task
        assert reverse("zip") not in client.get(alone.get_absolute_url()).content.decode().partition('id="files"')[2]

    def test_what_one_may_not_see_is_not_in_it(self, fetch, member, colleague, make_task, make_output, boats):
        hidden = make_output(make_task("done", is_private=True)).task
        picks = {"pick": [boats.pk, hidden.pk]}
        assert len(zipped(fetch(member, **picks))) == 5
        assert len(zipped(fetch(colleague, **picks))) == 4

    def test_nothing_picked_is_said(self, fetch, member, make_task):
        for selection in ({}, {"pick": make_task("failed").pk}, {"pick": "nonsense"}):
            assert fetch(member, **selection).status_code == 302
        assert b"no saved file" in fetch(member).client.get("/").content


class ContentTests:
    def test_every_file_is_in_it_under_a_telling_name(self, fetch, member, boats):
        files = zipped(fetch(member, "get", pick=boats.pk))
        stem = f"paper-boats-at-dawn-qwen-image-{boats.pk}"
        assert list(files) == [f"{stem}-1.png", f"{stem}-2.png", "manifest.csv", "manifest.json"]

    def test_single_files_and_all_that_the_filters_find(self, fetch, member, boats, make_task, make_output):
        make_output(make_task("done", text="a lighthouse"))
        assert len(zipped(fetch(member, file=boats.outputs.first().pk))) == 3
        assert len(zipped(fetch(member, all="1"))) == 5
        assert len(zipped(fetch(member, all="1", q="boats"))) == 4

    def test_files_carry_the_teams_marks(self, fetch, member, boats):
        Team(pk=1, name="Northlight").save()
        assert b"Northlight" in next(iter(zipped(fetch(member, pick=boats.pk)).values()))

    def test_the_manifests_tell_of_each_file(self, fetch, member, boats):
        files = zipped(fetch(member, pick=boats.pk))
        output, row = boats.outputs.first(), table(files)[0]
        assert row["file"] in files
        assert (row["task"], row["position"], row["provider_task_id"]) == (str(boats.pk), "1", "img-7")
        assert (row["prompt"], row["model"], row["ordered_by"]) == ("Paper boats, at dawn", "Qwen Image", "Mia Member")
        assert (row["size"], row["sha256"]) == (str(output.size), output.sha256)
        assert (row["missing"], row["task_charged_usd"]) == ("", "0.0400")
        assert json.loads(row["settings"]) == boats.body
        assert listed(files)[0] == row | {
            **{"missing": False, "task": boats.pk, "position": 1, "size": output.size, "settings": boats.body},
            **{"width": 96, "height": 64, "duration_seconds": None},
        }

    def test_a_missing_file_is_marked_and_the_rest_comes(self, fetch, member, boats):
        default_storage.delete(boats.outputs.first().original)
        files = zipped(fetch(member, pick=boats.pk))
        assert len(files) == 3
        assert [row["missing"] for row in table(files)] == ["yes", ""]
        assert [row["missing"] for row in listed(files)] == [True, False]

    def test_a_prompt_is_no_formula_to_a_spreadsheet(self, fetch, member, make_task, make_output):
        for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1"):
            make_output(make_task("done", text=text))
        files = zipped(fetch(member, all="1"))
        assert all(row["prompt"].startswith("'") for row in table(files))
        assert listed(files)[0]["prompt"] == "=1+1"

    def test_more_files_than_are_read_at_a_time(self, fetch, member, boats, make_task, make_output, monkeypatch):
        monkeypatch.setattr(zips, "BATCH", 2)
        for _ in range(3):
            make_output(make_task("done"))
        assert len(listed(zipped(fetch(member, all="1")))) == 5


class DownloadTests:
    def test_it_is_a_download_with_its_length_and_nobody_else_keeps_it(self, fetch, member, boats):
        response = fetch(member, pick=boats.pk)
        assert response["Content-Type"] == "application/zip"
        assert response["Content-Disposition"].startswith('attachment; filename="studio-2')
        assert response["Content-Disposition"].endswith('-2-files.zip"')
        assert response["Cache-Control"] == "private, no-cache"
        assert int(response["Content-Length"]) == len(b"".join(response.streaming_content))

    def test_the_zip_of_one_file_is_called_as_the_file(self, fetch, member, boats):
        name = fetch(member, file=boats.outputs.first().pk)["Content-Disposition"]
        assert f'"paper-boats-at-dawn-qwen-image-{boats.pk}-1.zip"' in name

    def test_a_length_that_takes_long_to_tell_is_left_out(self, fetch, member, boats, monkeypatch):
        monkeypatch.setattr(making, "PATIENCE", -1)
        response = fetch(member, pick=boats.pk)
        assert "Content-Length" not in response
        assert len(zipped(response)) == 4

    def test_what_is_binned_on_the_way_is_left_out(self, fetch, member, boats, make_task, make_output, monkeypatch):
        monkeypatch.setattr(making, "PATIENCE", -1)
        monkeypatch.setattr(zips, "BATCH", 1)
        late = make_output(make_task("done"))
        response = fetch(member, all="1")
        next(iter(response.streaming_content))
        late.task.bin(member)
        names = zipfile.ZipFile(io.BytesIO(b"PK" + b"".join(response.streaming_content))).namelist()
        assert len(names) == 4

    def test_more_files_cost_no_more_queries(self, fetch, member, boats, make_task, make_output):
        zipped(fetch(member, all="1"))  # signs in
        with CaptureQueriesContext(connection) as few:
            zipped(fetch(member, all="1"))
        for _ in range(5):
            make_output(make_task("done"))
        with CaptureQueriesContext(connection) as many:
            zipped(fetch(member, all="1"))
        assert len(many) == len(few)

    def test_so_many_at_once_and_no_more_until_one_ends(self, fetch, member, boats):
        open_ones = [fetch(member, pick=boats.pk) for _ in range(zips.AT_ONCE)]
        response = fetch(member, pick=boats.pk)
        assert (response.status_code, response["Retry-After"]) == (503, "60")
        cancel(open_ones.pop())
        assert len(zipped(fetch(member, pick=boats.pk))) == 4
        for each in open_ones:
            cancel(each)
            cancel(each)
        assert zips.room._value == zips.AT_ONCE

    def test_a_cancelled_one_leaves_no_file_open(self, fetch, member, boats, monkeypatch):
        opened, real = [], default_storage.open
        monkeypatch.setattr(default_storage, "open", lambda name: opened.append(real(name)) or opened[-1])
        response = fetch(member, pick=boats.pk)
        next(iter(response.streaming_content))
        cancel(response)
        assert opened
        assert all(file.closed for file in opened)


class CollectionTests:
    def test_its_files_and_no_others_of_the_same_generations_in_its_order(self, client, member, viewer, boats):
        first, second = boats.outputs.all()
        harbour = Collection.objects.create(name="Harbour: A/B", owner=member)
        CollectionItem.objects.create(collection=harbour, output=second, position=1)
        address = reverse("collection-zip", args=[harbour.pk])
        client.force_login(viewer)
        response = client.get(address)
        assert "Harbour- A-B.zip" in response["Content-Disposition"]
        assert [row["sha256"] for row in listed(zipped(response))] == [second.sha256]
        CollectionItem.objects.create(collection=harbour, output=first, position=0)
        assert [row["sha256"] for row in listed(zipped(client.get(address)))] == [first.sha256, second.sha256]

    def test_what_is_private_to_others_is_not_among_them(self, client, member, colleague, boats):
        mine = Collection.objects.create(name="Mine", owner=member, is_private=True)
        team = Collection.objects.create(name="Team", owner=member)
        CollectionItem.objects.create(collection=team, output=boats.outputs.first(), position=0)
        boats.make_private(member)
        client.force_login(colleague)
        for each in (mine, team):
            assert client.get(reverse("collection-zip", args=[each.pk])).status_code == 404
