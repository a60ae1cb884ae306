"""Words on files: who puts them there, what they may be, and what is told of them."""

import re

import pytest

from generations.models import Output, Tag, Task
from tests.views.conftest import HTMX, html

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(make_task, make_output):
    """Two of one generation, one of another."""
    task, other = make_task("done"), make_task("done")
    return [make_output(task), make_output(task), make_output(other)]


def tags():
    return {tag.name: set(tag.outputs.values_list("pk", flat=True)) for tag in Tag.objects.all()}


class TagTests:
    def test_several_at_once_on_all_that_is_picked_whatever_their_capitals(self, mia, files):
        Tag.objects.create(name="Meer")
        data = {"pick": files[0].task_id, "names": " #MEER,, Neue  Straße\uff0c neue strasse "}
        answer = mia.post("/tags/add/", data, headers=HTMX)
        both = {files[0].pk, files[1].pk}
        assert tags() == {"Meer": both, "Neue Straße": both}
        assert "Tagged “MEER” and “Neue Straße”." in html(answer)
        assert html(answer).count("Press to remove") == 2  # the chooser stays, for more
        mia.post("/tags/add/", {"file": files[2].pk, "only": "meer", "names": "ne"}, headers=HTMX)
        assert tags() == {"Meer": both | {files[2].pk}, "Neue Straße": both}

    def test_everything_that_a_filter_finds(self, mia, files):
        mia.post("/tags/add/", {"all": "1", "q": "lighthouse", "names": "sea"}, headers=HTMX)
        mia.post("/tags/remove/", {"all": "1", "tag": "sea", "pick": files[0].task_id, "only": "sea"}, headers=HTMX)
        assert tags() == {}

    def test_one_that_no_file_has_any_more_is_gone(self, mia, files):
        Tag.put(["sea", "sky"], Output.objects.filter(pk=files[0].pk), None)
        page = html(mia.post("/tags/remove/", {"file": files[0].pk, "only": "SEA"}, headers=HTMX))
        assert tags() == {"sky": {files[0].pk}}
        assert f'id="tags-of-{files[0].pk}"' in page
        assert "/?tag=sky" in page
        assert "/?tag=sea" not in page

    @pytest.mark.parametrize(
        ("names", "said"),
        [
            (" , # ", "Name a tag."),
            ("x" * 41, "A tag has at most 40 characters."),
            ("a\x07b", "A tag has no control characters."),
            (",".join(map(str, range(21))), "At most 20 tags at once."),
        ],
    )
    def test_what_is_no_name_is_told(self, mia, files, names, said):
        assert said in html(mia.post("/tags/add/", {"file": files[0].pk, "names": names}, headers=HTMX))
        assert tags() == {}

    def test_without_script_one_comes_back_and_is_told(self, mia, files):
        answer = mia.post("/tags/add/", {"file": files[0].pk, "names": "sea"}, follow=True)
        assert "Tagged “sea”." in html(answer)

    def test_nobody_tags_what_they_do_not_see_and_viewers_nothing(self, client, viewer, colleague, files):
        Task.objects.update(is_private=True)
        for person, status in ((viewer, 403), (colleague, 404)):
            client.force_login(person)
            for way in ("add", "remove"):
                assert client.post(f"/tags/{way}/", {"file": files[0].pk, "names": "x"}).status_code == status
        client.force_login(viewer)
        assert client.get("/tags/choose/").status_code == 403
        client.logout()
        assert client.post("/tags/add/", {"file": files[0].pk, "names": "x"})["Location"].startswith("/account/login/")
        assert tags() == {}


class ChooserTests:
    def test_tells_how_much_of_what_is_picked_has_a_tag(self, mia, files):
        Tag.put(["sea"], Output.objects.filter(pk=files[0].pk), None)
        for query, words in (
            (f"file={files[0].pk}", "On it. Press to remove"),
            (f"pick={files[0].task_id}", "On some"),
        ):
            assert words in html(mia.get(f"/tags/choose/?{query}", headers=HTMX))
        assert "<html" in html(mia.get(f"/tags/choose/?file={files[0].pk}"))

    def test_the_last_name_typed_looks_for_more(self, mia, files):
        Tag.put(['Sea & "sky"\'', "harbour"], Output.objects.filter(pk=files[0].pk), None)
        page = html(mia.post("/tags/choose/", {"file": files[1].pk, "names": "new, SEA"}, headers=HTMX))
        assert re.findall(r"<b>(.*?)</b>", page) == ["Sea &amp; &quot;sky&quot;&#x27;"]
        assert 'value="new, SEA"' in page

    def test_tags_of_what_is_kept_private_are_not_offered(self, client, colleague, files):
        Tag.put(["secret"], Output.objects.filter(pk=files[0].pk), None)
        Task.objects.update(is_private=True)
        client.force_login(colleague)
        assert "secret" not in html(client.get("/tags/choose/", headers=HTMX))
        assert "secret" not in html(client.get("/find/tag/"))


class GenerationTests:
    def test_its_page_tells_the_tags_of_the_file_and_viewers_cannot_remove_them(self, client, mia, viewer, files):
        Tag.put(["sea"], Output.objects.filter(pk=files[1].pk), None)
        address = f"/tasks/{files[0].task_id}/"
        assert "/?tag=sea" not in html(mia.get(address))
        assert 'aria-label="Remove the tag sea"' in html(mia.get(f"{address}?file=2"))
        client.force_login(viewer)
        page = html(client.get(f"{address}?file=2"))
        assert "/?tag=sea" in page
        assert "Remove the tag" not in page
