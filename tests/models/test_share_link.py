"""Links: when they open, as the team's rules are now, and what may be done with them."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from generations.models import Collection, Event, ShareLink, Team

OPEN, ENDING, EXPIRED, REVOKED, SHUT = "open", "ending", "expired", "revoked", "shut"
DAY = timedelta(days=1)


@pytest.fixture
def task(make_task, make_output):
    task = make_task("done")
    make_output(task)
    return task


@pytest.fixture
def make_link(task, member):
    """make_link(age, ends_in, **fields): made so many days ago, over in so many; None for no end."""

    def make(age=0, ends_in=None, **fields):
        link = ShareLink.make(task, member, days=None)
        now = timezone.now()
        times = {"created_at": now - age * DAY, "expires_at": None if ends_in is None else now + ends_in * DAY}
        ShareLink.objects.filter(pk=link.pk).update(**times | fields)
        return ShareLink.objects.with_state().get(pk=link.pk)

    return make


def rule(**rules):
    Team.objects.update_or_create(pk=1, defaults=rules)


def state(link):
    return ShareLink.objects.with_state().get(pk=link.pk).state


class StateTests:
    @pytest.mark.parametrize(
        ("age", "ends_in", "expected"),
        [
            (0, None, OPEN),
            (0, 1 / 24, OPEN),  # an hour is not too short to be open
            (26, 4, OPEN),
            (28, 2, ENDING),
            (98, 2, ENDING),
            (86, 4, OPEN),  # of ninety days, three are enough notice
            (0.94 / 24, 0.06 / 24, ENDING),
            (30, 0, EXPIRED),
            (40, -10, EXPIRED),
        ],
    )
    def test_by_its_age_and_end(self, make_link, age, ends_in, expected):
        link = make_link(age, ends_in)
        assert link.state == expected
        assert link.is_live == (expected in (OPEN, ENDING))
        assert ShareLink.objects.live().exists() == link.is_live
        assert [each.pk for each in ShareLink.objects.in_state(expected)] == [link.pk]

    def test_one_that_is_revoked(self, make_link, member):
        link = make_link(0, -1)
        link.revoke(member)
        assert state(link) == REVOKED
        assert not link.is_live

    def test_one_to_what_is_in_the_bin_or_of_who_left_is_shut(self, make_link, task, member):
        link = make_link()
        task.bin(member)
        assert (state(link), link.is_live) == (SHUT, False)
        task.restore(member)
        assert (state(link), link.is_live) == (OPEN, True)
        member.is_active = False
        member.save()
        assert (state(link), link.is_live) == (SHUT, False)


class RuleTests:
    """What the admins decide holds for links that are open already."""

    @pytest.mark.parametrize(
        ("rules", "age", "ends_in", "password", "expected"),
        [
            ({"links_allowed": False}, 0, None, "x", SHUT),
            ({"links_allowed": False}, 9, -1, "x", EXPIRED),
            ({"link_needs_password": True}, 0, None, "", SHUT),
            ({"link_needs_password": True}, 0, None, "x", OPEN),
            ({"link_longest_days": 7}, 0, None, "", OPEN),
            ({"link_longest_days": 7}, 6.5, None, "", ENDING),
            ({"link_longest_days": 7}, 6.5, 90, "", ENDING),
            ({"link_longest_days": 7}, 8, None, "", EXPIRED),
            ({"link_longest_days": 7}, 8, 90, "", EXPIRED),
            ({"link_longest_days": 7}, 3, -1, "", EXPIRED),
            ({"link_longest_days": 7}, 0, 1, "", OPEN),
        ],
    )
    def test_they_hold_at_once(self, make_link, rules, age, ends_in, password, expected):
        link = make_link(age, ends_in, password=password)
        rule(**rules)
        assert state(link) == expected
        assert link.is_live == ShareLink.objects.live().exists() == (expected in (OPEN, ENDING))
        Team.objects.all().delete()
        assert state(link) != SHUT

    def test_the_end_told_is_the_one_that_counts(self, make_link):
        rule(link_longest_days=7)
        link = make_link(2, 90)
        assert link.ends_at == link.latest_at == link.created_at + 7 * DAY
        short = make_link(2, 1)
        assert short.ends_at == short.expires_at


class ExtendTests:
    def test_one_that_ends_soon_stays_open_for_thirty_days_more_once(self, make_link, member):
        link = make_link(28, 2)
        assert link.can_be_extended
        assert link.extend(member)
        assert not link.extend(member)
        assert ShareLink.objects.get().expires_at == link.expires_at + 30 * DAY
        assert Event.objects.filter(kind=Event.Kind.RESHARED, actor=member).count() == 1

    @pytest.mark.parametrize(("age", "ends_in"), [(0, 30), (0, None), (30, -1)])
    def test_no_other_does(self, make_link, member, age, ends_in):
        link = make_link(age, ends_in)
        assert not link.can_be_extended
        assert not link.extend(member)
        assert ShareLink.objects.get().expires_at == link.expires_at

    def test_no_longer_than_the_rules_allow(self, make_link, member):
        rule(link_longest_days=40)
        link = make_link(28, 2)
        assert link.extend(member)
        assert ShareLink.objects.get().expires_at == link.created_at + 40 * DAY
        rule(link_longest_days=30)
        assert not make_link(28, 2).extend(member)


class ChangeTests:
    def test_it_is_written_down_what_was_changed(self, make_link, task, member):
        link = make_link(0, 30)
        link.title, link.expires_at = "For the jury", None
        link.set_password("lantern-otter-52")
        assert link.change(member, ["title", "expires_at", "password"])
        changed = ShareLink.objects.get()
        assert (changed.title, changed.expires_at, changed.token) == ("For the jury", None, link.token)
        assert check_password("lantern-otter-52", changed.password)
        event = Event.objects.get(kind=Event.Kind.RESHARED)
        assert (event.task, event.actor, event.text) == (task, member, f"link {link.pk}: title, expires at, password")

    def test_a_revoked_one_stays_as_it_is(self, make_link, member):
        link = make_link()
        link.revoke(member)
        link.title = "Still here"
        assert not link.change(member, ["title"])
        assert ShareLink.objects.get().title == ""


class ShownTests:
    @pytest.fixture
    def collection(self, member, make_task, make_output):
        collection = Collection.objects.create(owner=member, name="First light")
        for position in (3, 1, 2):
            collection.items.create(output=make_output(make_task("done")), position=position)
        return collection

    def pks(self, link):
        return [output.pk for output in ShareLink.objects.get(pk=link.pk).shown()]

    def in_order(self, collection):
        return list(collection.items.values_list("output", flat=True))

    def test_a_collection_in_its_order_as_it_is_now(self, collection, member, make_task, make_output):
        link = ShareLink(collection=collection, creator=member).open()
        assert self.pks(link) == self.in_order(collection)
        collection.items.create(output=make_output(make_task("done")), position=0)
        assert self.pks(link) == self.in_order(collection)
        assert Event.objects.filter(kind=Event.Kind.SHARED, task=None, text=f"link {link.pk}").exists()

    def test_a_frozen_one_as_it_was(self, collection, member, make_task, make_output):
        link = ShareLink(collection=collection, creator=member, is_frozen=True).open()
        before = self.in_order(collection)
        collection.items.all().delete()
        assert self.pks(link) == before
        link.is_frozen = False
        assert link.change(member, ["is_frozen"])
        assert self.pks(link) == []
        assert not link.items.exists()
        collection.items.create(output=make_output(make_task("done")), position=0)
        link.is_frozen = True
        assert link.change(member, ["is_frozen"])
        assert self.pks(link) == self.in_order(collection) == [item.output_id for item in link.items.all()]

    def test_a_collection_that_became_private_is_not_shown_by_others(self, collection, member, colleague):
        link = ShareLink(collection=collection, creator=colleague).open()
        assert self.pks(link)
        Collection.objects.update(is_private=True)
        assert not self.pks(link)
        assert self.pks(ShareLink(collection=collection, creator=member).open())

    def test_a_selection_in_the_order_given_without_what_is_private(self, member, colleague, make_task, make_output):
        outputs = [make_output(make_task("done")) for _ in range(3)]
        pks = [outputs[2].pk, outputs[0].pk, outputs[1].pk]
        link = ShareLink(creator=colleague).open(pks)
        assert self.pks(link) == pks
        outputs[0].task.make_private(member)
        assert self.pks(link) == [pks[0], pks[2]]

    def test_the_face_is_the_first_picture(self, collection, member, task, make_task, make_output):
        first = task.outputs.get()
        heard = make_task("done")
        make_output(heard, small="")
        links = [
            ShareLink(task=task, creator=member).open(),
            ShareLink(collection=collection, creator=member).open(),
            ShareLink(collection=collection, creator=member, is_frozen=True).open(),
            ShareLink(creator=member).open([first.pk]),
            ShareLink(task=heard, creator=member).open(),
        ]
        faces = dict(ShareLink.objects.with_face().values_list("pk", "face"))
        in_collection = self.in_order(collection)[0]
        assert [faces[link.pk] for link in links] == [first.pk, in_collection, in_collection, first.pk, None]


class NameTests:
    def test_it_is_known_by_its_title_or_by_what_it_opens(self, task, member):
        collection = Collection.objects.create(owner=member, name="First light")
        links = [
            ShareLink(task=task, creator=member),
            ShareLink(collection=collection, creator=member),
            ShareLink(task=task, creator=member, title="For the jury"),
            ShareLink(creator=member),
        ]
        names = [link.name_for(member) for link in links]
        assert names == ["a lighthouse at dusk", "First light", "For the jury", ""]

    def test_but_not_by_what_is_kept_from_somebody_by_now(self, task, member, colleague, admin_user):
        link = ShareLink.make(task, colleague, 30)

        def names():
            found = ShareLink.objects.get(pk=link.pk)
            return [found.name_for(person) for person in (member, admin_user, colleague)]

        title = "a lighthouse at dusk"
        assert names() == [title, title, title]
        task.make_private(member)
        assert names() == [title, title, "Something private"]
        task.make_public(member)
        task.bin(member)
        assert names() == [title, title, "Something in the bin"]
