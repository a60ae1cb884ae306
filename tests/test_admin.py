"""The Django admin: history for those who may read it, changed by nobody; people, managed by admins."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule

from generations.models import (
    Attempt,
    Collection,
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
    def test_three_rows_and_thirty_cost_equal_queries(self, client, admin_user, past, model):
        client.force_login(admin_user)
        past(3)
        few = self.queries(client, model)
        past(27)
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

    def test_admins_revoke_links_and_other_staff_do_not(self, client, admin_user, reader, past):
        past(2)
        chosen = {"action": "revoke", "_selected_action": list(ShareLink.objects.values_list("pk", flat=True))}
        for person, left in ((reader, 2), (admin_user, 0)):
            client.force_login(person)
            client.post(address(ShareLink), chosen)
            assert ShareLink.objects.live().count() == left
        assert Event.objects.filter(kind=Event.Kind.UNSHARED, actor=admin_user).count() == 2

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
