"""Links that begin something in the composer, by themselves or on the page where something is written already."""

import re

import pytest

from generations.models import Prompt, StarredModel
from tests.views.conftest import html

pytestmark = pytest.mark.django_db
QWEN = "alibaba/qwen-image"
DESK = {"HX-Request": "true", "HX-Target": "div#desk"}


def begin(client, query, **written):
    return client.post(
        f"/composer/{query}", {"shown": "alibaba/qwen-image", "model": "alibaba/qwen-image", **written}, headers=DESK
    )


class RemixTests:
    @pytest.mark.parametrize("who", ["member", "colleague", "admin_user"])
    def test_everybody_remixes_everybodys_work(self, request, client, make_task, who):
        client.force_login(request.getfixturevalue(who))
        task = make_task("done")
        page = client.get(f"/?remix={task.pk}")
        assert page.context["form"].text == "a lighthouse at dusk"
        assert "data-open" in html(page)
        assert f'name="parent" value="{task.prompt_id}"' in html(page)

    def test_visitors_sign_in_first(self, client, make_task):
        assert client.get(f"/?remix={make_task('done').pk}").status_code == 302

    @pytest.mark.parametrize("query", ["?remix=999", "?remix=x", "?input=999", "?input="])
    def test_what_is_not_there_is_not_found(self, mia, query):
        assert mia.get(f"/{query}").status_code == 404
        assert begin(mia, query).status_code == 404

    def test_on_the_page_only_the_composer_changes_and_what_was_written_can_be_brought_back(self, mia, make_task):
        answer = html(begin(mia, f"?remix={make_task('done').pk}", prompt="half a sentence"))
        assert answer.lstrip().startswith('<div class="desk"')
        assert "Your text was replaced." in answer
        fields = re.findall(
            r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.partition('id="replaced"')[2]
        )
        assert ("prompt", "half a sentence") in fields
        back = html(mia.post("/composer/", dict(fields), headers=DESK))
        assert ">half a sentence</textarea>" in back
        assert "Your text was replaced." not in back

    def test_where_nothing_was_written_there_is_nothing_to_bring_back(self, mia, make_task):
        assert "Your text was replaced." not in html(begin(mia, f"?remix={make_task('done').pk}", prompt="  "))

    def test_the_list_of_models_is_opened_on_request(self, mia, make_task):
        task = make_task("done")
        assert re.search(r'id="models"[^>]*data-open', html(mia.get(f"/?remix={task.pk}&pick=1")))
        assert not re.search(r'id="models"[^>]*data-open', html(mia.get(f"/?remix={task.pk}")))

    def test_nothing_is_ordered(self, mia, make_task):
        task = make_task("done")
        mia.get(f"/?remix={task.pk}")
        begin(mia, f"?remix={task.pk}&vary=1")
        assert Prompt.objects.count() == 1


class ResultTests:
    def test_a_result_comes_in_as_a_file_and_the_text_stays(self, mia, make_task, make_output):
        output = make_output(make_task("done"))
        answer = html(begin(mia, f"?input={output.pk}&kind=video", prompt="the boats sail"))
        assert ">the boats sail</textarea>" in answer
        assert re.search(r'id="kind-video"[^>]*checked', answer)
        assert "First frame" in answer
        assert "Your text was replaced." not in answer

    def test_the_address_does_not_narrow_the_feed(self, mia, make_task, make_output):
        output = make_output(make_task("done"))
        assert f'id="task-{output.task_id}"' in html(mia.get(f"/?input={output.pk}&kind=video"))

    def test_a_dropped_result_goes_where_there_is_room(self, mia, make_task, make_output):
        output = make_output(make_task("done"))
        page = {"shown": "kling/kling-v3-i2i", "model": "kling/kling-v3-i2i", "output": output.pk}
        answer = html(mia.post("/composer/", page, headers=DESK | {"HX-Target": "div#inputs"}))
        assert re.search(r'type="checkbox"\s+name="with-image"', answer)

    def test_a_result_that_is_not_saved_is_nothing(self, mia, make_task, make_output):
        output = make_output(make_task("saving"), saved=False)
        page = {"shown": "kling/kling-v3-i2i", "model": "kling/kling-v3-i2i", "output": output.pk}
        answer = html(mia.post("/composer/", page, headers=DESK | {"HX-Target": "div#inputs"}))
        assert not re.search(r'type="checkbox"\s+name="with-image"', answer)
        assert mia.get(f"/?input={output.pk}").status_code == 404


class SeveralTests:
    def test_removed_without_script_a_model_is_gone(self, mia):
        slugs = ["alibaba/qwen-image", "google/nano-banana-2"]
        page = mia.post("/composer/", {"shown": slugs, "model": slugs, "without": slugs[0], "prompt": "kept"})
        assert [model.slug for model in page.context["form"].models] == slugs[1:]
        assert ">kept</textarea>" in html(page)

    def test_without_script_the_list_of_models_comes_with_the_page(self, mia):
        page = html(mia.post("/composer/", {"shown": QWEN, "model": QWEN}))
        assert re.search(r'type="checkbox"\s+name="model"\s+value="alibaba/qwen-image" checked', page)
        assert "Use these models" in page

    def test_shelves_hold_each_model_once_what_is_used_and_starred_first(self, mia, member, make_task):
        StarredModel.objects.create(person=member, model_slug="google/nano-banana-2")
        make_task("done")
        answer = html(
            mia.post("/composer/", {"shown": QWEN, "model": QWEN}, headers=DESK | {"HX-Target": "div#model-list"})
        )
        assert re.findall(r"<h3>([^<]+)</h3>", answer)[:3] == ["Starred", "Recent", "Text to image"]
        slugs = re.findall(r'name="model"\s+value="([^"]+)"', answer)
        assert slugs[:2] == ["google/nano-banana-2", QWEN]
        assert len(slugs) == len(set(slugs))

    def test_a_prompt_of_any_script_and_with_markup_is_text(self, mia):
        text = '<b onclick="x">مرحبا 👋</b>' + "x" * 31_000
        answer = html(
            mia.post(
                "/composer/",
                {"prompt": text, "shown": "alibaba/qwen-image", "model": "alibaba/qwen-image"},
                headers=DESK,
            )
        )
        assert "&lt;b onclick=" in answer
        assert "<b onclick" not in answer
        assert 'dir="auto"' in answer

    def test_reasons_are_told_and_lead_to_their_fields(self, mia):
        page = {"shown": "kling/kling-v3-i2i", "model": "kling/kling-v3-i2i", "prompt": ""}
        answer = html(mia.post("/composer/", page, headers=DESK))
        assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', answer.partition('class="reasons')[2])[:2] == [
            ("composer-prompt", "Write a prompt."),
            ("with-image", "Picture: this is needed."),
        ]

    def test_where_one_of_two_is_enough_one_reason_says_so(self, mia):
        page = {"shown": "bytedance/seedance-1.5-pro-i2v", "model": "bytedance/seedance-1.5-pro-i2v", "kind": "video"}
        answer = html(mia.post("/composer/", page, headers=DESK))
        assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', answer.partition('class="reasons')[2]) == [
            ("with-first_frame_image", "First frame or last frame: at least one of these is needed."),
        ]


class NoteTests:
    def test_what_no_field_tells_of_a_model_is_said(self, mia):
        page = html(mia.get("/composer/?model=vidu/viduq3-pro-t2v"))
        assert "Its parameters are not known: your words are sent as its prompt, all else as you write it." in page

    def test_of_several_models_each_is_named(self, mia):
        page = html(mia.get("/composer/?model=bytedance/seedream-4.5-t2i&model=alibaba/qwen-image"))
        assert "Seedream 4.5 T2I: Each image of a series is probably charged." in page
