"""The Django admin: history for those who may read it, changed by nobody; people, managed by admins."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule

from generations.admin.tasks import timeline
from generations.models import (
    Attempt,
    Collection,
    Entry,
    Event,
    Heartbeat,
    Lease,
    Output,
    Prompt,
    Provider,
    ShareLink,
    Task,
    Upload,
    User,
)

HISTORY = [Prompt, Task, Attempt, Output, Upload, Collection, ShareLink, Event, Provider, Lease, Heartbeat, Failure]
SIGNED = "https://files.example.com/one.png?signature=open-sesame"


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def reader(db):
    """Somebody who may look into the admin, and nothing else."""
    return User.objects.create_user("rosa@example.com", "correct horse battery", name="Rosa Reader", is_staff=True)


@pytest.fixture
def past(member, make_task, make_output, make_upload):
    """past(count) puts that many rows into every table of the history."""

    def happen(count):
        for number in range(count):
            task = make_task("done", text=f"lighthouse {number}", answer=f'{{"url": "{SIGNED}"}}')
            make_output(task, url=SIGNED, described={"url": SIGNED})
            make_upload(color=f"#0000{number:02x}")
            Attempt.objects.create(task=task, number=1, epoch=1, form="plain", outcome="accepted", answer=SIGNED)
            ShareLink.make(task, member, days=30)
            name = f"Lighthouses {task.pk}"
            Collection.objects.create(owner=member, name=name).add(Output.objects.all(), member)
            Heartbeat.beat(f"host-{task.pk}")
            now = timezone.now()
            Failure.objects.create(
                id=f"job{task.pk}", name="north", func="save", started=now, stopped=now, success=False
            )
        Provider.current()
        Lease.acquire("host-1")

    return happen


class HistoryTests:
    @pytest.mark.parametrize("model", HISTORY)
    @pytest.mark.parametrize("who", ["admin_user", "reader"])
    def test_lists_and_rows_can_be_read(self, client, request, past, model, who):
        past(2)
        client.force_login(request.getfixturevalue(who))
        row = model.objects.first()
        assert client.get(address(model)).status_code == 200
        assert client.get(address(model), {"q": "light"}).status_code == 200
        assert client.get(address(model, "change", row.pk)).status_code == 200

    @pytest.mark.parametrize("model", HISTORY)
    def test_nothing_is_added_changed_or_deleted_by_hand(self, client, admin_user, past, model):
        past(1)
        client.force_login(admin_user)
        row = model.objects.first()
        before = list(model.objects.values())
        assert client.post(address(model, "add"), {}).status_code == 403
        assert client.post(address(model, "change", row.pk), {"text": "x"}).status_code == 403
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        client.post(address(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
        assert list(model.objects.values()) == before

    @pytest.mark.parametrize("model", HISTORY)
    def test_three_rows_and_twelve_cost_equal_queries(self, client, admin_user, past, model):
        client.force_login(admin_user)
        past(3)
        few = self.queries(client, model)
        past(9)
        assert self.queries(client, model) == few

    def queries(self, client, model):
        with CaptureQueriesContext(connection) as captured:
            client.get(address(model))
        return len(captured)

    @pytest.mark.parametrize("model", HISTORY)
    def test_members_and_visitors_do_not_get_in(self, client, member, past, model):
        past(1)
        assert client.get(address(model)).status_code == 302
        client.force_login(member)
        assert client.get(address(model), follow=True).status_code == 403

    def test_the_signatures_of_provider_files_are_not_shown(self, client, admin_user, past):
        past(1)
        client.force_login(admin_user)
        pages = [address(model, "change", model.objects.first().pk) for model in (Task, Attempt, Output)]
        shown = "".join(client.get(page).content.decode() for page in [*pages, address(Output)])
        assert "https://files.example.com/one.png?…" in shown
        assert "open-sesame" not in shown

    def test_a_generation_leads_to_all_that_belongs_to_it(self, client, admin_user, past):
        past(1)
        client.force_login(admin_user)
        task = Task.objects.get()
        html = client.get(address(Task, "change", task.pk)).content.decode()
        rows = [task.prompt, task.author, task.outputs.get(), task.attempts.get()]
        assert [row for row in rows if address(type(row), "change", row.pk) not in html] == []
        assert reverse("media", args=[task.outputs.get().pk, "small"]) in html
        assert "Asked for" in html

    def test_states_are_badges_and_pictures_are_small(self, client, admin_user, past, make_task):
        past(1)
        make_task("failed")
        client.force_login(admin_user)
        html = client.get(address(Task)).content.decode()
        assert '<span class="admin-status" data-state="done">Saved</span>' in html
        assert '<span class="admin-status" data-state="failed">Failed</span>' in html
        assert 'width="72" height="48"' in html

    def test_times_are_told_to_the_second(self, client, admin_user, past):
        past(1)
        client.force_login(admin_user)
        html = client.get(address(Task)).content.decode()
        asked = timezone.localtime(Task.objects.latest("pk").created_at)
        assert asked.strftime(f"{asked.day} %b %Y, %H:%M:%S") in html

    def test_links_are_found_by_what_they_are_now(self, client, admin_user, past):
        past(2)
        live, revoked = ShareLink.objects.all()
        revoked.revoke(admin_user)
        client.force_login(admin_user)
        for state, shown, hidden in (("live", live, revoked), ("revoked", revoked, live)):
            html = client.get(address(ShareLink), {"state": state}).content.decode()
            assert address(ShareLink, "change", shown.pk) in html
            assert address(ShareLink, "change", hidden.pk) not in html

    def test_a_password_is_told_of_and_never_shown(self, client, admin_user, past):
        past(1)
        link = ShareLink.objects.get()
        link.set_password("lantern-otter-52")
        link.change(admin_user, ["password"])
        client.force_login(admin_user)
        pages = [client.get(address(ShareLink)), client.get(address(ShareLink, "change", link.pk))]
        assert "password, original size" in pages[0].content.decode()
        assert not any(link.password in page.content.decode() for page in pages)

    def test_what_must_not_be_edited_has_no_page(self):
        assert [model for model in (Schedule, OrmQ, Group) if admin.site.is_registered(model)] == []

    def test_no_page_needs_inline_style_or_script(self, client, admin_user, past):
        past(1)
        client.force_login(admin_user)
        pages = [reverse("admin:index"), address(Task), address(Task, "change", Task.objects.get().pk)]
        pages += [address(User), address(User, "add"), address(User, "change", admin_user.pk)]
        html = "".join(client.get(page).content.decode() for page in pages)
        assert "style=" not in html
        assert "<script>" not in html
        assert " onclick=" not in html


class ActionTests:
    """Each asks once more, is for admins alone, and leaves a line of history with who did it."""

    def run(self, client, model, name, rows, **fields):
        return client.post(address(model), {"action": name, "_selected_action": [row.pk for row in rows]} | fields)

    def told(self, client, model, name, rows, **fields):
        """What the list says once it was meant."""
        return self.run(client, model, name, rows, confirmed="yes", **fields).wsgi_request._messages._queued_messages

    @pytest.fixture
    def ada(self, client, admin_user):
        client.force_login(admin_user)
        return client

    @pytest.fixture
    def unknown(self, make_task):
        task = make_task("unknown")
        Attempt.objects.create(task=task, number=1, epoch=1, form="plain", outcome="unknown")
        return task

    def events(self, task, actor):
        return list(task.events.filter(actor=actor).values_list("kind", "text"))

    def test_nothing_happens_before_it_was_meant(self, ada, past, unknown, make_task, make_output):
        past(1)
        held = make_task(hold=Task.Hold.RATE, not_before=timezone.now() + timedelta(hours=1))
        late = make_output(make_task("saving"), saved=False, not_before=timezone.now() + timedelta(hours=1))
        before = Event.objects.count()
        chosen = {
            Task: [("release", [held]), ("dismiss", [unknown]), ("look_up", [unknown]), ("retry_files", [late.task])],
            Output: [("retry", [late])],
            ShareLink: [("revoke", list(ShareLink.objects.all()))],
        }
        for model, actions in chosen.items():
            for name, rows in actions:
                html = self.run(ada, model, name, rows).content.decode()
                assert all(address(type(row), "change", row.pk) in html for row in rows)
                assert f'name="action" value="{name}"' in html
        assert Event.objects.count() == before

    @pytest.mark.parametrize("who", ["reader", "member", "viewer"])
    def test_they_are_for_admins_alone(self, client, request, who, past, unknown):
        past(1)
        client.force_login(request.getfixturevalue(who))
        for model, name, rows in ((Task, "dismiss", [unknown]), (ShareLink, "revoke", ShareLink.objects.all())):
            assert self.run(client, model, name, rows, confirmed="yes").status_code in (302, 403)
        unknown.refresh_from_db()
        assert (unknown.status, ShareLink.objects.live().count()) == ("unknown", 1)

    def test_the_page_of_a_row_offers_what_fits(self, ada, client, reader, past, unknown, make_task, member):
        past(1)
        done, link = Task.objects.get(status="done"), ShareLink.objects.get()
        offers = {unknown: ["look_up", "dismiss"], done: [], link: ["revoke"], member: ["disable", "end_sessions"]}
        for row, names in offers.items():
            page = ada.get(address(type(row), "change", row.pk))
            assert [action.name for action in page.context["fitting"]] == names
            assert [f'value="{name}"' in page.content.decode() for name in names] == [True] * len(names)
        client.force_login(reader)
        assert client.get(address(Task, "change", unknown.pk)).context["fitting"] == []

    def test_a_hold_is_released_but_not_one_that_its_author_may_undo(self, ada, admin_user, make_task):
        later = timezone.now() + timedelta(hours=1)
        held, undoable = (make_task(hold=hold, not_before=later) for hold in (Task.Hold.PAUSED, Task.Hold.UNDO))
        [said] = self.told(ada, Task, "release", [held, undoable])
        assert str(said) == "Released: 1. Left as they are: 1."
        assert list(Task.objects.sendable()) == [held]
        assert self.events(held, admin_user) == [("resumed", "released")]
        assert not held.release(admin_user), "once is enough"
        assert undoable.events.filter(actor=admin_user).count() == 0

    def test_an_id_is_attached_to_an_unknown_as_a_hint(self, ada, admin_user, unknown):
        wrong = self.run(ada, Task, "look_up", [unknown], confirmed="yes", provider_task_id="a b")
        assert (wrong.status_code, "That is no task id" in wrong.content.decode()) == (422, True)
        [said] = self.told(ada, Task, "look_up", [unknown], provider_task_id="task-77")
        assert str(said) == "Being looked for at Modellix: 1."
        attempt = unknown.attempts.get()
        assert (attempt.hinted_id, attempt.hinted_by, attempt.provider_task_id) == ("task-77", admin_user, None)

    def test_one_id_is_not_for_two(self, ada, make_task, unknown):
        [said] = self.told(ada, Task, "look_up", [unknown, make_task("unknown")], provider_task_id="task-77")
        assert str(said) == "At most 1 at once. Nothing was changed."

    def test_an_unknown_is_marked_as_not_sent(self, ada, admin_user, unknown, make_task):
        done = make_task("done")
        [said] = self.told(ada, Task, "dismiss", [unknown, done])
        assert str(said) == "Marked as not sent: 1. Left as they are: 1."
        unknown.refresh_from_db()
        assert (unknown.status, self.events(unknown, admin_user)) == (
            "cancelled",
            [("cancelled", "said not to have been sent")],
        )

    @pytest.mark.parametrize("by", [Task, Output])
    def test_a_file_that_waits_is_tried_now(self, ada, admin_user, make_task, make_output, by):
        task = make_task("saving")
        later = timezone.now() + timedelta(hours=1)
        late, lost = (make_output(task, saved=False, not_before=later, status=state) for state in ("waiting", "lost"))
        rows, name = ([task], "retry_files") if by is Task else ([late, lost], "retry")
        self.told(ada, by, name, rows)
        assert list(Output.objects.savable()) == [late]
        assert self.events(task, admin_user) == [("resumed", "file 1: to be saved now")]

    def test_links_are_revoked(self, ada, admin_user, past):
        past(2)
        [said] = self.told(ada, ShareLink, "revoke", ShareLink.objects.all())
        assert (str(said), ShareLink.objects.live().count()) == ("Revoked: 2.", 0)
        assert Event.objects.filter(kind=Event.Kind.UNSHARED, actor=admin_user).count() == 2

    def test_there_is_none_that_orders_or_sends(self, ada, rf, admin_user):
        request = rf.get("/")
        request.user = admin_user
        names = {model: list(admin.site.get_model_admin(model).get_actions(request)) for model in [*HISTORY, User]}
        more = {model: [name for name in found if name != "as_csv"] for model, found in names.items()}
        assert {model: found for model, found in more.items() if found} == {
            Task: ["release", "look_up", "dismiss", "retry_files"],
            Output: ["retry"],
            ShareLink: ["revoke"],
            User: ["disable", "end_sessions", "drop_second_step"],
        }

    def test_people_are_disabled_but_nobody_disables_themselves(self, ada, admin_user, member, make_task):
        link = ShareLink.make(make_task("done"), member, days=30)
        [said] = self.told(ada, User, "disable", [member, admin_user])
        assert str(said) == "Disabled: 1. Left as they are: 1."
        assert list(User.objects.filter(is_active=True)) == [admin_user]
        assert not link.is_live
        entry = LogEntry.objects.get()
        assert (entry.user, entry.object_id, entry.change_message) == (admin_user, str(member.pk), "Disabled.")
        assert str(self.told(ada, User, "disable", [member])[0]) == "Disabled: 0. Left as they are: 1."

    def test_sessions_of_one_person_are_ended(self, ada, admin_user, member, colleague):
        browsers = {person: Client() for person in (member, colleague)}
        for person, browser in browsers.items():
            browser.force_login(person)
        [said] = self.told(ada, User, "end_sessions", [member])
        assert str(said) == "Signed out: 1."
        assert [browser.get("/").status_code for browser in browsers.values()] == [302, 200]
        assert LogEntry.objects.get().change_message == "Signed out everywhere."


class TableTests:
    """What a list finds, as a table."""

    def read(self, response):
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    @pytest.mark.parametrize("model", [*HISTORY, User])
    def test_every_list_can_be_had(self, client, admin_user, past, model):
        past(2)
        client.force_login(admin_user)
        rows = self.read(client.get(address(model, "csv")))
        assert len(rows) == model.objects.count()
        chosen = {"action": "as_csv", "_selected_action": [model.objects.first().pk]}
        assert len(self.read(client.post(address(model), chosen))) == 1

    def test_it_has_all_that_match_and_no_more(self, client, admin_user, make_task):
        for status in ("failed", "failed", "done"):
            make_task(status, text=f"boats, {status}")
        client.force_login(admin_user)
        assert (
            f'href="{address(Task, "csv")}?status__exact=failed"'
            in client.get(address(Task), {"status__exact": "failed"}).content.decode()
        )
        rows = self.read(client.get(address(Task, "csv"), {"status__exact": "failed"}))
        assert [row["status"] for row in rows] == ["failed", "failed"]
        assert [row["prompt_text"] for row in rows] == ["boats, failed"] * 2
        assert client.get(address(Task, "csv"), {"nonsense": "1"}).status_code == 302

    def test_formulas_are_defused_and_signatures_left_out(self, client, admin_user, make_task):
        make_task("failed", text="=SUM(A1)", error=f"Not there: {SIGNED}")
        client.force_login(admin_user)
        [row] = self.read(client.get(address(Task, "csv")))
        assert row["prompt_text"] == "'=SUM(A1)"
        assert row["error"] == "Not there: https://files.example.com/one.png?…"

    def test_nothing_secret_is_in_it(self, client, admin_user, past):
        past(1)
        ShareLink.objects.get().set_password("lantern-otter-52")
        client.force_login(admin_user)
        tables = "".join(str(self.read(client.get(address(model, "csv")))) for model in [*HISTORY, User])
        secrets = [ShareLink.objects.get().token, User.objects.first().password, "open-sesame"]
        assert [secret for secret in secrets if secret in tables] == []

    def test_it_is_not_for_everybody(self, client, member, reader, past):
        past(1)
        assert client.get(address(Task, "csv")).status_code == 302
        client.force_login(member)
        assert client.get(address(Task, "csv"), follow=True).status_code == 403
        client.force_login(reader)
        assert len(self.read(client.get(address(Task, "csv")))) == 1

    def test_many_rows_cost_as_many_queries_as_few(self, client, admin_user, past, django_assert_num_queries):
        past(12)
        client.force_login(admin_user)
        with django_assert_num_queries(6):
            self.read(client.get(address(Task, "csv")))


class NonsenseTests:
    """What no page of ours sends is refused, or ignored, and breaks nothing."""

    @pytest.mark.parametrize("chosen", ["x", "9" * 30, "-1", "", "1\x00"])
    def test_rows_that_cannot_be(self, client, admin_user, chosen):
        client.force_login(admin_user)
        for model, action in ((Task, "dismiss"), (Output, "as_csv"), (User, "disable")):
            answer = client.post(address(model), {"action": action, "_selected_action": [chosen], "confirmed": "yes"})
            assert answer.status_code in (200, 302, 400)

    @pytest.mark.parametrize(
        "query",
        ["pk__in=99999999999999999999", "p=x", "p=999", "q=%00", "created_at__gte=x", "o=99", "state=x", "http=9"],
    )
    def test_addresses_that_mean_nothing(self, client, admin_user, make_task, query):
        make_task()
        client.force_login(admin_user)
        for model in (Task, Output, Attempt, Event):
            for page in (address(model), address(model, "csv")):
                answer = client.get(f"{page}?{query}")
                assert answer.status_code in (200, 302, 400)
                assert not answer.streaming or list(answer.streaming_content)


class LongListTests:
    @pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite how it goes about it")
    @pytest.mark.parametrize("model", [Prompt, Task, Attempt, Output, Event, Entry])
    def test_none_is_sorted_or_counted_as_a_whole(self, client, admin_user, past, model):
        past(1)
        client.force_login(admin_user)
        with CaptureQueriesContext(connection) as captured:
            client.get(address(model))
        asked = [each["sql"] for each in captured if f'FROM "{model._meta.db_table}"' in each["sql"]]
        counts = [sql for sql in asked if "COUNT(" in sql]
        assert len(counts) == 1
        assert "LIMIT 5000" in counts[0]
        with connection.cursor() as cursor:
            plans = [str(cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()) for sql in asked]
        assert [plan for plan in plans if "TEMP B-TREE" in plan] == []

    def test_it_is_counted_to_some_length_only(self, client, admin_user, make_task, monkeypatch):
        monkeypatch.setattr("generations.admin.history.Pages.MOST", 2)
        for _ in range(3):
            make_task()
        client.force_login(admin_user)
        html = " ".join(client.get(address(Task)).content.decode().split())
        assert "The newest 2 tasks; a filter finds older ones" in html

    def test_tasks_are_found_by_words_and_numbers(self, client, admin_user, make_task):
        task = make_task("done", text="a lantern in the fog")
        make_task(text="an otter")
        client.force_login(admin_user)
        for text in ("lant fog", str(task.pk), task.provider_task_id):
            found = client.get(address(Task), {"q": text}).context["cl"].result_list
            assert list(found) == [task]

    def test_files_are_found_by_task_hash_and_state(self, client, admin_user, make_task, make_output):
        saved, waiting = make_output(make_task("done")), make_output(make_task("saving"), saved=False)
        client.force_login(admin_user)
        asked = [{"q": saved.sha256}, {"q": str(saved.task_id)}, {"state": "saved"}, {"state": "unsaved"}]
        found = [list(client.get(address(Output), query).context["cl"].result_list) for query in asked]
        assert found == [[saved], [saved], [saved], [waiting]]

    def test_attempts_are_found_by_how_they_were_answered(self, client, admin_user, make_task):
        task = make_task()
        for number, status in enumerate((200, 503, None)):
            Attempt.objects.create(task=task, number=number, epoch=1, form="plain", http_status=status)
        client.force_login(admin_user)
        for asked, number in (("2", 0), ("5", 1), ("none", 2)):
            [found] = client.get(address(Attempt), {"http": asked}).context["cl"].result_list
            assert found.number == number

    def test_the_timeline_tells_how_each_attempt_was_answered(self, client, admin_user, make_task):
        task = make_task()
        attempt = task.claim(1, "plain")
        task.put_back(attempt, Task.Hold.RATE, timezone.now(), Attempt.Outcome.THROTTLED, "Slow down", http_status=429)
        task.accept(task.claim(1, "plain"), "task-77", http_status=200)
        task.start("processing")
        task.finish([], None, None, None, '{"result": {"metadata": {"request_id": "req-55aa10"}}}')
        assert [(step.event.kind, step.http_status, step.ids) for step in timeline(task)] == [
            ("asked", "", ""),
            ("claimed", "", ""),
            ("held", 429, ""),
            ("claimed", "", ""),
            ("accepted", 200, "task-77"),
            ("started", "", ""),
            ("finished", "", "request req-55aa10"),
        ]
        client.force_login(admin_user)
        html = client.get(address(Task, "change", task.pk)).content.decode()
        assert "<td>429</td>" in html
        assert "Mia Member" in html


class PeopleTests:
    NEW = {"email": "Nia@Example.com", "name": "Nia New", "role": "member"}

    def test_an_admin_adds_a_member_with_a_password(self, client, admin_user):
        client.force_login(admin_user)
        password = "seven green bottles"
        client.post(
            address(User, "add"), self.NEW | {"usable_password": "true", "password1": password, "password2": password}
        )
        person = User.objects.get(email="nia@example.com")
        assert (person.name, person.is_active, person.is_staff, person.is_superuser) == ("Nia New", True, False, False)
        assert person.check_password(password)

    def test_or_without_one_and_gets_a_link_that_lets_them_choose(self, client, admin_user):
        client.force_login(admin_user)
        response = client.post(address(User, "add"), self.NEW | {"usable_password": "false"})
        person = User.objects.get(email="nia@example.com")
        assert not person.has_usable_password()
        assert response["Location"] == reverse("admin:password-link", args=[person.pk])
        link = client.get(response["Location"]).context["address"]
        client.logout()
        form = client.get(link, follow=True)
        password = "seven green bottles"
        client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
        person.refresh_from_db()
        assert person.check_password(password)
        assert client.get(link, follow=True).context["token_fail"]

    def test_a_weak_password_or_a_known_email_is_refused(self, client, admin_user, member):
        client.force_login(admin_user)
        weak = self.NEW | {"usable_password": "true", "password1": "password", "password2": "password"}
        known = {"email": member.email.upper(), "name": "Somebody", "role": "member", "usable_password": "false"}
        assert client.post(address(User, "add"), weak).context["adminform"].form.errors.keys() == {"password2"}
        assert "already in the team" in client.post(address(User, "add"), known).content.decode()
        assert User.objects.count() == 2

    def change(self, client, person, **fields):
        fields = {"email": person.email, "name": person.name, "role": person.role, "is_active": "on"} | fields
        fields = {name: value for name, value in fields.items() if value}
        return client.post(address(User, "change", person.pk), fields)

    def test_switching_somebody_off_ends_their_session(self, client, admin_user, member):
        client.force_login(member)
        session = client.cookies["sessionid"].value
        client.force_login(admin_user)
        self.change(client, member, is_active="")
        client.cookies["sessionid"] = session
        assert client.get(reverse("account_change_password")).status_code == 302
        member.refresh_from_db()
        assert not member.is_active

    def test_a_new_admin_may_also_enter_the_admin(self, client, admin_user, member):
        client.force_login(admin_user)
        self.change(client, member, role="admin")
        member.refresh_from_db()
        assert (member.is_superuser, member.is_staff) == (True, True)

    def test_admins_cannot_lock_themselves_out(self, client, admin_user):
        client.force_login(admin_user)
        self.change(client, admin_user, name="Ada Renamed", is_active="")
        admin_user.refresh_from_db()
        assert (admin_user.name, admin_user.is_active, admin_user.is_superuser) == ("Ada Renamed", True, True)

    def test_nobody_is_deleted(self, client, admin_user, member):
        client.force_login(admin_user)
        assert client.post(address(User, "delete", member.pk), {"post": "yes"}).status_code == 403

    def test_a_reader_sees_people_and_changes_none(self, client, reader, member):
        client.force_login(reader)
        assert client.get(address(User)).status_code == 200
        assert client.get(address(User, "change", member.pk)).status_code == 200
        assert self.change(client, member, role="admin").status_code == 403
        assert client.post(address(User, "add"), self.NEW).status_code == 403
        assert client.get(reverse("admin:password-link", args=[member.pk])).status_code == 403
        assert client.get(reverse("admin:auth_user_password_change", args=[member.pk])).status_code == 403
        assert not User.objects.filter(role=User.Role.ADMIN).exists()


class DoorTests:
    def test_there_is_one_sign_in_for_all(self, client, db):
        response = client.get(reverse("admin:login"), {"next": reverse("admin:index")})
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))

    def test_it_is_called_by_our_name(self, client, admin_user):
        client.force_login(admin_user)
        assert "Modellix Studio" in client.get(reverse("admin:index")).content.decode()
