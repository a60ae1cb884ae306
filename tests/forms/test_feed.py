"""The filters of the feed, as an address tells them."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.utils.timezone import make_aware, now

from generations.forms.feed import FeedForm
from generations.models import Collection, CollectionItem, Favourite, Rating, Tag, Task, task_words

pytestmark = pytest.mark.django_db


def asked(address):
    return FeedForm(QueryDict(address))


@pytest.fixture
def find(member):
    """find(address, by=member): the pks found, newest first."""
    return lambda address, by=member: list(
        asked(address).filtered(Task.objects.visible_to(by), by).values_list("pk", flat=True)
    )


def change(task, **fields):
    Task.objects.filter(pk=task.pk).update(**fields)
    return task.pk


class FilterTests:
    def test_nothing_asked_finds_everything(self, find, make_task):
        tasks = [make_task(status).pk for status in Task.Status]
        assert find("") == tasks[::-1]

    def test_what_a_task_is_and_who_asked_for_it(self, find, make_task, colleague):
        film = change(make_task(), kind="video", model_type="text-to-video", model_slug="kling/kling-v3-t2v")
        hers = make_task(author=colleague).pk
        mine = make_task().pk
        assert find("kind=video") == find("type=text-to-video") == find("provider=kling") == [film]
        assert find("model=kling/kling-v3-t2v") == [film]
        assert find(f"person={colleague.pk}") == [hers]
        assert find("person=me") == [mine, film]
        assert find("person=me", by=colleague) == [hers]
        assert find(f"person=me&person={colleague.pk}") == [mine, hers, film]
        assert find("kind=video&person=me") == [film]
        assert find(f"kind=video&person={colleague.pk}") == []

    @pytest.mark.parametrize(
        ("word", "states"),
        [
            ("open", {"queued", "submitting", "pending", "processing", "saving"}),
            ("done", {"done", "partial"}),
            *((word, {word}) for word in ("unknown", "failed", "expired", "cancelled")),
        ],
    )
    def test_states_go_by_what_they_mean_to_people(self, find, make_task, word, states):
        tasks = {status: make_task(status).pk for status in Task.Status.values}
        assert set(find(f"status={word}")) == {tasks[status] for status in states}

    def test_favourites_are_ones_own_and_stars_are_anybodys(self, find, make_task, make_output, member, colleague):
        task, _ = make_task("done"), make_task("done")
        make_output(task)
        Favourite.mark(member, task.outputs.all())
        Rating.give(member, task.outputs.all(), 4)
        assert find("favourite=1") == [task.pk]
        assert find("favourite=1", by=colleague) == []
        assert find("rating=4") == find("rating=4", by=colleague) == [task.pk]
        assert find("rating=5") == []

    def test_tags_whatever_their_capitals(self, find, make_task, make_output, member):
        task, _ = make_task("done"), make_task("done")
        make_output(task), make_output(task)
        Tag.put(["Straße am Meer"], task.outputs.all(), member)
        assert find("tag=STRASSE+am+meer") == find("tag=none&tag=Straße+am+Meer") == [task.pk]
        assert find("tag=Straße") == []

    def test_what_is_liked_rated_and_tagged_at_once(self, find, make_task, make_output, member):
        all_three, liked, rated, _ = tasks = [make_task("done") for _ in range(4)]
        for task in tasks:
            make_output(task)
        for task in (all_three, liked):
            Favourite.mark(member, task.outputs.all())
        for task in (all_three, rated):
            Rating.give(member, task.outputs.all(), 5)
        Tag.put(["Harbour"], all_three.outputs.all() | liked.outputs.all(), member)
        assert find("favourite=1&tag=harbour") == [liked.pk, all_three.pk]
        assert find("favourite=1&rating=4") == find("favourite=1&rating=4&tag=harbour&status=done") == [all_three.pk]
        assert find("favourite=1&tag=nobody's") == find("favourite=1&rating=4&tag=harbour&status=failed") == []

    def test_collections_that_one_may_see(self, find, make_task, make_output, member, colleague):
        task, _ = make_task("done"), make_task("done")
        collection = Collection.objects.create(owner=member, name="Sea", is_private=True)
        for place in range(2):
            CollectionItem.objects.create(collection=collection, output=make_output(task), position=place)
        assert find(f"collection={collection.pk}") == find(f"collection={collection.pk}&collection=x") == [task.pk]
        assert find(f"collection={collection.pk}", by=colleague) == []

    def test_private_ones_are_ones_own_and_for_admins_everybodys(self, find, make_task, colleague, admin_user):
        make_task("done")
        mine = change(make_task("done"), is_private=True)
        theirs = change(make_task("done", author=colleague), is_private=True)
        assert find("visibility=private") == [mine]
        assert find("visibility=private", by=colleague) == [theirs]
        assert find("visibility=private", by=admin_user) == [theirs, mine]

    def test_days_are_whole_days_both_included(self, find, make_task):
        noon = make_aware(datetime.fromisoformat("2026-03-14T12:00"))
        days = [change(make_task(), created_at=noon + timedelta(days=n)) for n in range(4)]
        assert find("since=2026-03-15") == days[:0:-1]
        assert find("until=2026-03-15") == days[1::-1]
        assert find("since=2026-03-15&until=2026-03-16") == days[2:0:-1]


@pytest.fixture(params=["one after the other", "in the index"])
def way(request, monkeypatch):
    """Both ways of looking for words, whatever their number."""
    monkeypatch.setattr(task_words, "COMMON", 0 if request.param == "one after the other" else 10**6)


@pytest.mark.usefixtures("way")
class SearchTests:
    def test_all_words_in_prompt_or_model(self, find, make_task):
        task = make_task(text="A red Lighthouse at dusk, 100% calm").pk
        make_task(text="a barn at noon")
        assert find("q=lighthouse") == find("q=dusk+qwen") == find("q=100%25") == find("q=++RED++cal") == [task]
        assert find("q=lighthouse+noon") == find("q=_") == []
        assert len(find("q=alibaba/qwen")) == 2

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("Grüne Äpfel auf weißem Tuch", "äpfel"),
            ("grüne äpfel", "ÄPFEL"),
            ("grüne äpfel", "gru apf"),
            ("a cafe\u0301 at night", "café"),
            ("Ёлка в Москве", "елка моск"),
            ("منارة عند الغسق", "الغسق"),
            ("مَنارة", "منارة"),
            ("हिन्दी में", "हिन्"),
            ("한국어 등대", "등대"),
            ("夕暮れの灯台、長時間露光", "灯"),
            ("夕暮れの灯台、長時間露光", "灯台 露光"),
            ("夕暮れの灯台、長時間露光", "夕暮れの灯台"),
            ("一座红色的灯塔", "灯塔"),
            ("ประภาคารยามค่ำ", "ยาม"),
            ("a 🦊 in snow", "🦊"),
            ("☀️ over dunes", "☀"),
            ("a 4:3 study, f/2.8", "2.8"),
            ("don't look", "don't"),
        ],
    )
    def test_words_of_any_script(self, find, make_task, text, word):
        task = make_task(text=text).pk
        make_task(text="nothing of this at 0:0")
        assert find(f"q={quote(word)}") == [task]

    @pytest.mark.parametrize("word", ["house", "light houses", "灯光", "台灯", "塔色", "🦋"])
    def test_neither_ends_of_words_nor_words_apart(self, find, make_task, word):
        make_task(text="a lighthouse 灯台 with 光 🦊")
        assert find(f"q={quote(word)}") == []

    @pytest.mark.parametrize(
        "typed",
        [
            '"',
            "'",
            "*",
            "-",
            "()",
            "\\",
            "' | 'a",
            "NEAR(",
            "{a}:",
            "%",
            "_",
            "a\u200b",
            "!",
            "&",
            "<->",
            ":*",
            "^",
            ";--",
        ],
    )
    def test_nothing_typed_is_syntax(self, find, make_task, typed):
        task = make_task(text="red dusk and sea").pk
        assert find(f"q=red+{quote(typed)}+dus{quote(typed)}") in ([task], [])
        assert find(f"q={quote(typed)}") in ([task], [])
        assert find("q=red+AND+sea") == [task]
        assert find("q=red+NOT+sea") == find("q=red+OR+zebra") == []

    def test_with_other_filters_what_is_private_or_binned_stays_hidden(self, find, make_task, colleague):
        seen = change(make_task("failed", text="a harbour"))
        change(make_task("failed", text="a harbour", author=colleague), is_private=True)
        change(make_task("failed", text="a harbour"), binned_at=now())
        make_task("done", text="a harbour")
        assert find("q=harb&status=failed") == [seen]

    def test_the_number_of_a_task_ours_or_the_providers(self, find, make_task):
        first, second = make_task("done"), make_task("done")
        assert find(f"q={first.pk}") == find(f"q=%23{first.pk}") == [first.pk]
        assert find(f"q={second.provider_task_id}") == [second.pk]


class AddressTests:
    def test_it_has_one_order_and_no_blanks(self):
        address = "page=3&since=&q=+harbour+&status=failed&kind=video&kind=image&kind=video&favourite=on"
        assert asked(address).query == "q=harbour&kind=video&kind=image&status=failed&favourite=1"
        assert asked("").query == asked("page=2&q=").query == ""

    def test_read_again_it_says_the_same(self):
        address = "q=a%26b+c&type=text-to-image&provider=xai&model=a%2Fb&person=me&rating=3&since=2026-01-02"
        assert asked(asked(address).query).asked == asked(address).asked

    def test_what_is_left_without_one_filter_or_one_value(self):
        form = asked("q=sea&kind=image&kind=video&status=done")
        assert form.without("kind", "image") == "q=sea&kind=video&status=done"
        assert form.without("status", "done") == form.without("status") == "q=sea&kind=image&kind=video"
        assert form.without("q") == "kind=image&kind=video&status=done"

    @pytest.mark.parametrize(
        "nonsense",
        [
            *("kind=fresco", "status=DONE", "person=everyone", "rating=6", "rating=x", "since=today"),
            *("since=0001-01-01", "until=9999-12-31", "q=%00", f"q={'x' * 201}", f"model={'x' * 300}", "model=%00"),
            *("person=99999999999999999999", "favourite=", "unheard=of"),
        ],
    )
    def test_nonsense_is_passed_over_and_the_rest_counts(self, find, make_task, nonsense):
        old, new = make_task("failed"), make_task("done")
        found = find(f"{nonsense}&status=failed")
        assert found == ([] if nonsense.startswith("person") else [old.pk])
        assert new.pk not in found
