"""The page of all links."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from generations.models import Collection, ShareLink, Team
from generations.views import link_list
from tests.views.conftest import html

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def task(make_task, make_output):
    task = make_task("done")
    make_output(task)
    return task


def listed(client, **query):
    """The links on a page of the list, in order."""
    return list(client.get(reverse("links"), query).context["page"])


class ListTests:
    def test_ones_own_and_those_to_ones_own_and_for_admins_all(
        self, client, member, colleague, admin_user, viewer, task, make_task, make_output
    ):
        theirs = make_task("done", author=colleague)
        make_output(theirs)
        first, second, third = (
            ShareLink.make(*each, 1) for each in ((task, member), (task, colleague), (theirs, colleague))
        )
        assert client.get(reverse("links"))["Location"].startswith(reverse("account_login"))
        for person, seen in (
            (member, [second, first]),
            (colleague, [third, second]),
            (admin_user, [third, second, first]),
            (viewer, []),
        ):
            client.force_login(person)
            assert listed(client) == seen
        client.force_login(admin_user)
        assert listed(client, mine="on") == []

    def test_in_which_state_they_are(self, client, member, task):
        now = timezone.now()
        lasting, ending, expired, revoked = (ShareLink.make(task, member, 30) for _ in range(4))
        for link, left in ((ending, timedelta(hours=2)), (expired, timedelta())):
            times = {"created_at": now - timedelta(days=30), "expires_at": now + left}
            ShareLink.objects.filter(pk=link.pk).update(**times)
        revoked.revoke(member)
        client.force_login(member)
        assert listed(client) == [revoked, expired, ending, lasting]
        assert listed(client, state="open") == [ending, lasting]
        assert listed(client, state="ending") == [ending]
        assert listed(client, state="closed") == [revoked, expired]
        assert listed(client, state="nonsense") == [revoked, expired, ending, lasting]
        page = html(client.get(reverse("links")))
        assert [word in page for word in ("Closes", "Expired", "Revoked", "30 more days")] == [True] * 4
        assert "1 link closes soon." in page
        assert "closes soon." not in html(client.get(reverse("links"), {"state": "ending"}))

    @pytest.mark.parametrize(
        ("rules", "said"),
        [({"links_allowed": False}, "Switched off"), ({"link_needs_password": True}, "Needs a password")],
    )
    def test_what_a_rule_closes_says_so(self, client, member, task, rules, said):
        ShareLink.make(task, member, 30)
        Team.objects.create(pk=1, **rules)
        client.force_login(member)
        assert said in html(client.get(reverse("links"), {"state": "closed"}))

    def test_they_are_found_by_title_prompt_collection_and_address(self, client, member, task):
        by_prompt = ShareLink.make(task, member, 30)
        collection = Collection.objects.create(owner=member, name="First light")
        by_collection = ShareLink(collection=collection, creator=member).open()
        by_title = ShareLink(creator=member, title="For the jury", token="spring").open([task.outputs.get().pk])
        client.force_login(member)
        for words, found in (("dusk light", by_prompt), ("first LIGHT", by_collection), ("jury", by_title)):
            assert listed(client, q=words) == [found]
        assert listed(client, q="spring") == [by_title]
        assert "No link matches." in html(client.get(reverse("links"), {"q": "zebra"}))

    def test_a_picture_that_became_private_is_not_shown_to_who_shared_it(self, client, member, colleague, task):
        ShareLink.make(task, colleague, 30)
        client.force_login(colleague)
        picture = reverse("media", args=[task.outputs.get().pk, "small"])
        assert picture in html(client.get(reverse("links")))
        task.make_private(member)
        assert picture not in html(client.get(reverse("links")))

    def test_htmx_gets_the_list_alone(self, client, member, db):
        client.force_login(member)
        page = html(client.get(reverse("links"), **HTMX))
        assert "Nothing is shared yet." in page
        assert "<!DOCTYPE" not in page

    def test_many_come_in_pages_and_cost_no_more(
        self, client, member, task, django_assert_max_num_queries, monkeypatch
    ):
        monkeypatch.setattr(link_list, "PER_PAGE", 12)
        client.force_login(member)
        for count in (3, 27):
            for _ in range(count):
                ShareLink.make(task, member, 1)
            with django_assert_max_num_queries(8):
                html(client.get(reverse("links")))
        assert (len(listed(client)), len(listed(client, page=3))) == (12, 6)
        assert "page=2" in html(client.get(reverse("links")))
