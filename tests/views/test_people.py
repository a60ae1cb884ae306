"""Coming into the team, what one may do in it, and leaving: by whom, at once, and never without an admin."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.utils import timezone

from generations.models import Invitation, LastAdmin, User
from tests.models.test_races import at_once
from tests.views.conftest import html
from tests.views.test_budgets import wait_for

pytestmark = pytest.mark.django_db
NEW = {"name": "Nora New", "email": "nora@example.com", "password": "a lantern in the fog"}


@pytest.fixture
def ada(client, admin_user):
    client.force_login(admin_user)
    return client


def invite(client, **fields):
    """The path of the invitation that this admin makes."""
    client.post("/team/invite/", {"role": "member"} | fields)
    return re.search(r'value="http://testserver(/invite/[\w-]+/)"', html(client.get("/team/")))[1]


def browser(person=None):
    client = Client()
    if person:
        client.force_login(person)
    return client


class InviteTests:
    def test_who_is_invited_joins_in_the_role_that_was_chosen(self, ada, admin_user):
        path = invite(ada, role="viewer")
        guest = browser()
        assert "Ada Admin invited you as a viewer" in html(guest.get(path))
        assert guest.post(path, NEW)["Location"] == "/"
        person = User.objects.get(email=NEW["email"])
        assert (person.role, person.is_staff, guest.session["_auth_user_id"]) == ("viewer", False, str(person.pk))
        assert Invitation.objects.get().used_by == person

    def test_its_address_is_shown_once_and_kept_nowhere(self, ada):
        path = invite(ada)
        assert path not in html(ada.get("/team/"))
        assert path.split("/")[2] not in str(list(Invitation.objects.values()))

    def test_used_withdrawn_over_renewed_and_unknown_look_alike(self, ada):
        paths = [invite(ada) for _ in range(4)]
        browser().post(paths[0], NEW)
        newest = list(Invitation.objects.order_by("pk"))
        ada.post(f"/team/invitations/{newest[1].pk}/withdraw/")
        Invitation.objects.filter(pk=newest[2].pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        ada.post(f"/team/invitations/{newest[3].pk}/renew/")
        answers = [browser().get(path) for path in [*paths, "/invite/never-was/"]]
        assert {answer.status_code for answer in answers} == {404}
        assert len({re.sub(r'value="[^"]*"', "", html(answer)) for answer in answers}) == 1
        assert browser().post(paths[1], NEW | {"email": "other@example.com"}).status_code == 404

    def test_one_that_is_renewed_opens_by_its_new_address(self, ada):
        invite(ada)
        ada.post(f"/team/invitations/{Invitation.objects.get().pk}/renew/")
        path = re.search(r'value="http://testserver(/invite/[\w-]+/)"', html(ada.get("/team/")))[1]
        assert browser().get(path).status_code == 200

    def test_where_it_names_an_email_it_is_that_persons(self, ada, settings):
        path = invite(ada, email="Lena@Example.com")
        browser().post(path, NEW)
        assert User.objects.get(name="Nora New").email == "lena@example.com"

    def test_it_is_sent_where_mail_is_set_up(self, ada):
        ada.post("/team/invite/", {"role": "member", "email": "lena@example.com"})
        wait_for(lambda: mail.outbox)
        assert mail.outbox[0].to == ["lena@example.com"]
        assert re.search(r"http://testserver/invite/[\w-]{32}/", mail.outbox[0].body)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"email": "ADA@example.com"}, "Somebody with this email is already in the team."),
            ({"email": "nobody"}, "Enter a valid email address."),
            ({"role": "owner"}, "Select a valid choice."),
        ],
    )
    def test_what_makes_no_sense_is_told_at_its_field(self, ada, fields, words):
        answer = ada.post("/team/invite/", {"role": "member"} | fields)
        assert (answer.status_code, words in html(answer), Invitation.objects.count()) == (422, True, 0)

    @pytest.mark.parametrize("wrong", [{"password": "short"}, {"email": "ada@example.com"}, {"name": ""}])
    def test_a_wrong_form_uses_nothing_up(self, ada, wrong):
        path = invite(ada)
        assert 'aria-invalid="true"' in html(browser().post(path, NEW | wrong))
        assert browser().post(path, NEW).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_an_invitation_that_two_use_at_once_lets_in_one(admin_user):
    path = invite(browser(admin_user))
    forms = [NEW | {"email": f"nora{number}@example.com"} for number in range(4)]
    answers = at_once(*(lambda form=form: browser().post(path, form).status_code for form in forms))
    assert sorted(answers) == [302, 404, 404, 404]
    assert User.objects.count() == 2


class ChangeTests:
    def test_a_role_and_a_budget_hold_from_the_next_request_on(self, ada, member):
        theirs = browser(member)
        assert 'id="composer"' in html(theirs.get("/"))
        assert ada.post(f"/team/{member.pk}/", {"role": "viewer", "budget": "20"}).status_code == 302
        assert 'id="composer"' not in html(theirs.get("/"))
        member.refresh_from_db()
        assert (member.role, member.budget) == ("viewer", Decimal(20))
        assert LogEntry.objects.get().change_message == "Made viewer."

    def test_who_is_no_longer_an_admin_may_not_read_the_history(self, ada, make_admin):
        other = make_admin("Otto")
        theirs = browser(other)
        assert theirs.get("/admin/generations/task/").status_code == 200
        ada.post(f"/team/{other.pk}/", {"role": "member", "budget": ""})
        assert theirs.get("/admin/generations/task/").status_code == 302
        assert theirs.get("/health/").status_code == 404

    def test_who_is_disabled_is_out_at_once_and_stays_out_of_old_sessions(self, ada, member):
        theirs = browser(member)
        ada.post(f"/team/{member.pk}/disable/")
        assert theirs.get("/").status_code == 302
        ada.post(f"/team/{member.pk}/enable/")
        assert theirs.get("/").status_code == 302
        assert browser(member).get("/").status_code == 200

    def test_who_is_removed_is_forgotten_and_what_they_made_stays(self, ada, member, make_task, make_output):
        task = make_task("done")
        make_output(task)
        ada.post(f"/team/{member.pk}/remove/")
        assert "Mia Member was removed. What they made stays." in html(ada.get("/team/"))
        said = html(ada.get(task.get_absolute_url()))
        assert "Former member" in said
        assert "Mia" not in said + html(ada.get("/team/"))
        member.refresh_from_db()
        assert (member.is_active, member.has_usable_password(), "mia" in member.email) == (False, False, False)
        assert ada.get(f"/team/{member.pk}/").status_code == 404

    def test_somebody_stays_admin(self, ada, admin_user, make_admin):
        for verb in ("disable", "remove"):
            assert "That is you" in html(ada.post(f"/team/{admin_user.pk}/{verb}/", follow=True))
        assert ada.post(f"/team/{admin_user.pk}/", {"role": "member", "budget": ""}).status_code == 302
        admin_user.refresh_from_db()
        assert admin_user.is_admin
        with pytest.raises(LastAdmin):
            admin_user.become("member")
        make_admin("Otto")
        admin_user.become("member")
        assert not User.objects.get(pk=admin_user.pk).is_superuser

    def test_a_budget_below_zero_is_refused(self, ada, member):
        assert ada.post(f"/team/{member.pk}/", {"role": "member", "budget": "-1"}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_admins_cannot_take_each_others_role_at_once(make_admin):
    two = [make_admin("Otto"), make_admin("Ida")]

    def demote(person):
        try:
            person.become("member")
        except LastAdmin:
            return False
        return True

    assert sorted(at_once(*(lambda person=person: demote(person) for person in two))) == [False, True]
    assert User.objects.admins().count() == 1


@pytest.fixture
def make_admin(db):
    return lambda name: User.objects.create_superuser(f"{name.lower()}@example.com", None, name=name)


class CastTests:
    @pytest.mark.parametrize("who", ["member", "viewer"])
    def test_all_see_who_is_there_and_admins_alone_change_it(self, request, who, admin_user, colleague):
        client = browser(request.getfixturevalue(who))
        said = html(client.get("/team/"))
        assert "Carl Colleague" in said
        assert "carl@example.com" not in said
        assert "/team/invite/" not in said
        paths = ["invite/", "invitations/1/renew/", "invitations/1/withdraw/", f"{colleague.pk}/"]
        paths += [f"{colleague.pk}/{verb}/" for verb in ("disable", "enable", "remove")]
        assert {client.post(f"/team/{path}").status_code for path in paths} <= {403, 404}
        assert client.get(f"/team/{colleague.pk}/").status_code == 404
        assert User.objects.get(pk=colleague.pk).is_active

    def test_visitors_sign_in(self, client, member):
        assert [client.get(path).status_code for path in ("/team/", f"/team/{member.pk}/")] == [302, 302]
