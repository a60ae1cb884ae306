"""Collections: what goes in and comes out, by whom, and at which place."""

import pytest

from generations.models import Collection, CollectionItem, Output

pytestmark = pytest.mark.django_db


@pytest.fixture
def first_light(member):
    return Collection.objects.create(owner=member, name="First light")


@pytest.fixture
def files(make_task, make_output):
    """Five saved files of as many tasks."""
    return [make_output(make_task("done")) for _ in range(5)]


def picked(*files):
    return Output.objects.filter(pk__in=[file.pk for file in files])


def order(collection, person):
    return list(collection.files(person).values_list("pk", flat=True))


def pks(*files):
    return [file.pk for file in files]


class AddTests:
    def test_files_go_to_the_end_the_oldest_first_and_each_once(self, first_light, files, member, colleague):
        a, b, c, *_ = files
        assert len(first_light.add(picked(b), colleague)) == 1
        assert [item.output_id for item in first_light.add(picked(c, b, a), member)] == pks(a, c)
        assert order(first_light, member) == pks(b, a, c)
        assert first_light.items.get(output=b).added_by == colleague

    def test_what_is_in_the_bin_is_gone_at_once_and_comes_back_to_its_place(self, first_light, files, member):
        a, b, c, *_ = files
        first_light.add(picked(a, b, c), member)
        b.task.bin(member)
        assert order(first_light, member) == pks(a, c)
        b.task.restore(member)
        assert order(first_light, member) == pks(a, b, c)

    def test_a_deleted_one_takes_nothing(self, first_light, files, member):
        first_light.bin()
        assert first_light.add(picked(*files), member) == []
        assert not CollectionItem.objects.exists()


class RemoveTests:
    def test_who_put_it_in_the_owner_and_admins_may(self, first_light, files, member, colleague, admin_user, viewer):
        a, b, *_ = files
        first_light.add(picked(a, b), member)
        for nobody in (colleague, viewer):
            assert first_light.remove(picked(a, b), nobody) == []
        first_light.add(picked(*files), colleague)
        assert len(first_light.remove(picked(*files), colleague)) == 3
        assert len(first_light.remove(picked(a), admin_user)) == 1
        assert len(first_light.remove(picked(*files), member)) == 1

    def test_what_was_taken_out_goes_back_to_its_place(self, first_light, files, member, colleague):
        first_light.add(picked(*files), colleague)
        gone = first_light.remove(picked(files[1], files[3]), member)
        first_light.put_back(gone)
        first_light.put_back(gone)
        assert order(first_light, member) == pks(*files)
        assert set(first_light.items.values_list("added_by", flat=True)) == {colleague.pk}


class MoveTests:
    def test_before_and_after_any_other(self, first_light, files, member):
        a, b, c, d, e = files
        first_light.add(picked(*files), member)
        for moved, beside, is_after, wanted in (
            (e, a, False, (e, a, b, c, d)),
            (e, d, True, (a, b, c, d, e)),
            (b, d, False, (a, c, b, d, e)),
            (b, d, True, (a, c, d, b, e)),
            (a, a, False, (a, c, d, b, e)),
        ):
            first_light.move(moved, beside, is_after)
            assert order(first_light, member) == pks(*wanted)

    def test_changes_one_row_and_never_runs_out_of_room(
        self, first_light, files, member, django_assert_max_num_queries
    ):
        first_light.add(picked(*files), member)
        wanted = pks(*files)
        for turn in range(40):  # far more often than the room between two places can be halved
            moved = files[turn % 4 + 1]
            with django_assert_max_num_queries(8):
                assert first_light.move(moved, files[0], is_after=True)
            wanted.remove(moved.pk)
            wanted.insert(1, moved.pk)
            assert order(first_light, member) == wanted

    def test_places_that_two_share_are_told_apart(self, first_light, files, member):
        a, b, c, d, _ = files
        first_light.add(picked(a, b, c, d), member)
        first_light.items.update(position=7)
        assert first_light.move(d, c)
        assert order(first_light, member) == pks(a, b, d, c)
        assert first_light.move(a, b, is_after=True)
        assert order(first_light, member) == pks(b, a, d, c)

    def test_beside_what_is_gone_nothing_moves(self, first_light, files, member):
        first_light.add(picked(*files[:2]), member)
        assert not first_light.move(files[0], files[4])
        assert not first_light.move(files[4], files[0])


class DeleteTests:
    def test_it_can_be_taken_back_for_thirty_days(self, first_light, files, member, colleague):
        first_light.add(picked(*files), member)
        assert (first_light.bin(), first_light.bin()) == (True, False)
        assert not Collection.objects.visible_to(member)
        assert not Collection.objects.changeable_by(member)
        assert list(Collection.objects.restorable_by(member)) == [first_light]
        assert not Collection.objects.restorable_by(colleague)
        first_light.restore()
        assert order(Collection.objects.visible_to(colleague).get(), colleague) == pks(*files)

    def test_its_name_is_free_at_once_and_it_comes_back_under_another(self, first_light, member):
        first_light.bin()
        Collection.objects.create(owner=member, name="First light")
        first_light.restore()
        assert {str(each) for each in Collection.objects.visible_to(member)} == {
            "First light",
            f"First light (restored {first_light.pk})",
        }
