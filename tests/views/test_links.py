"""Making and revoking links, by who may change the generation."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from generations.models import Event, ShareLink
from generations.views import links

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def task(make_task, make_output):
    task = make_task("done")
    make_output(task)
    return task


@pytest.fixture
def link(task, member):
    return ShareLink.make(task, member, days=30)


def make(client, task, days="30", **headers):
    return client.post(reverse("task-links", args=[task.pk]), {"days": days}, **headers)


def revoke(client, link, **headers):
    return client.post(reverse("link-revoke", args=[link.pk]), **headers)


def back(task):
    return f"{task.get_absolute_url()}#links"


class MakeTests:
    def test_the_author_makes_a_link_that_works(self, client, member, task):
        client.force_login(member)
        response = make(client, task)
        link = ShareLink.objects.get()
        assert (response.status_code, response["Location"]) == (302, back(task))
        assert (link.task, link.creator) == (task, member)
        assert Event.objects.filter(kind=Event.Kind.SHARED, task=task, actor=member).count() == 1
        client.logout()
        assert client.get(link.get_absolute_url()).status_code == 200

    def test_an_admin_may_share_what_others_made(self, client, admin_user, task):
        client.force_login(admin_user)
        make(client, task)
        assert ShareLink.objects.get().creator == admin_user

    def test_a_colleague_may_not(self, client, colleague, task):
        client.force_login(colleague)
        assert make(client, task).status_code == 404
        assert not ShareLink.objects.exists()

    def test_a_visitor_is_sent_to_sign_in(self, client, task):
        assert make(client, task)["Location"].startswith(reverse("account_login"))
        assert not ShareLink.objects.exists()

    def test_an_unknown_generation_is_not_found_and_a_look_is_not_an_order(self, client, member, task):
        client.force_login(member)
        assert client.post(reverse("task-links", args=[task.pk + 1])).status_code == 404
        assert client.get(reverse("task-links", args=[task.pk])).status_code == 405

    @pytest.mark.parametrize("days", ["1", "7", "30", "90"])
    def test_it_closes_after_the_days_chosen(self, client, member, task, days):
        client.force_login(member)
        make(client, task, days)
        left = ShareLink.objects.get().expires_at - timezone.now()
        assert timedelta(days=int(days), minutes=-1) < left <= timedelta(days=int(days))

    def test_it_can_stay_open_until_revoked(self, client, member, task):
        client.force_login(member)
        make(client, task, "")
        assert ShareLink.objects.get().expires_at is None

    @pytest.mark.parametrize("days", ["0", "31", "-1", "forever"])
    def test_other_lifetimes_are_refused(self, client, member, task, days):
        client.force_login(member)
        assert make(client, task, days).status_code == 302
        assert make(client, task, days, **HTMX).status_code == 422
        assert not ShareLink.objects.exists()

    def test_nothing_saved_is_nothing_to_share(self, client, member, make_task, make_output):
        task = make_task("saving")
        make_output(task, saved=False)
        client.force_login(member)
        response = make(client, task, **HTMX)
        assert response.status_code == 422
        assert "Nothing of it is saved yet" in response.content.decode()
        assert not ShareLink.objects.exists()

    def test_each_link_has_an_address_of_its_own(self, client, member, task):
        client.force_login(member)
        make(client, task)
        make(client, task)
        assert len(set(ShareLink.objects.values_list("token", flat=True))) == 2


class RevokeTests:
    @pytest.mark.parametrize("who", ["member", "admin_user"])
    def test_author_and_admin_close_it_at_once(self, client, request, link, who):
        person = request.getfixturevalue(who)
        client.force_login(person)
        response = revoke(client, link)
        assert (response.status_code, response["Location"]) == (302, back(link.task))
        assert not ShareLink.objects.live().exists()
        assert Event.objects.filter(kind=Event.Kind.UNSHARED, actor=person).count() == 1
        assert client.get(link.get_absolute_url()).status_code == 410

    def test_who_made_a_link_may_close_it_though_another_made_the_picture(self, client, admin_user, task, colleague):
        link = ShareLink.make(task, colleague, days=1)
        client.force_login(colleague)
        assert revoke(client, link).status_code == 302
        assert not ShareLink.objects.live().exists()

    def test_a_colleague_and_a_visitor_may_not(self, client, colleague, link):
        assert revoke(client, link)["Location"].startswith(reverse("account_login"))
        client.force_login(colleague)
        assert revoke(client, link).status_code == 404
        assert ShareLink.objects.live().exists()

    def test_twice_is_once(self, client, member, link):
        client.force_login(member)
        revoke(client, link)
        first = ShareLink.objects.get().revoked_at
        assert revoke(client, link).status_code == 302
        assert ShareLink.objects.get().revoked_at == first
        assert Event.objects.filter(kind=Event.Kind.UNSHARED).count() == 1


class BoxTests:
    def html(self, client, task):
        return make(client, task, **HTMX).content.decode()

    def test_htmx_gets_the_box_with_the_new_link_and_a_word(self, client, member, task):
        client.force_login(member)
        html = self.html(client, task)
        assert f"http://testserver{ShareLink.objects.get().get_absolute_url()}" in html
        assert 'id="links"' in html
        assert "Link made." in html
        assert "<!DOCTYPE" not in html

    def test_a_revoked_link_leaves_the_box(self, client, member, link):
        client.force_login(member)
        html = revoke(client, link, **HTMX).content.decode()
        assert link.token not in html
        assert "Link revoked." in html

    def test_addresses_are_those_that_people_outside_use(self, client, member, task, settings):
        settings.PUBLIC_URL = "https://studio.example.com"
        client.force_login(member)
        html = self.html(client, task)
        assert f"https://studio.example.com{ShareLink.objects.get().get_absolute_url()}" in html

    def test_only_live_links_are_listed_newest_first(self, rf, task, member):
        first, second = ShareLink.make(task, member, 1), ShareLink.make(task, member, None)
        ShareLink.make(task, member, 1).revoke(member)
        expired = ShareLink.make(task, member, 1)
        ShareLink.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
        assert links.box(rf.get("/"), task)["links"] == [second, first]

    def test_openings_are_told(self, client, member, link):
        client.get(link.get_absolute_url())
        client.force_login(member)
        assert "Opened once, now" in self.html(client, link.task)

    def test_three_links_and_thirty_cost_the_same(self, client, member, task, django_assert_max_num_queries):
        client.force_login(member)
        for count in (3, 27):
            for _ in range(count):
                ShareLink.make(task, member, 1)
            with django_assert_max_num_queries(12):
                self.html(client, task)
