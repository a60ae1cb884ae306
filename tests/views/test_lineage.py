"""Where a generation comes from and what came of it; the order as text."""

import json
import re
import shlex
import time

import pytest
from django.utils.html import strip_tags

from generations.models import Prompt
from generations.views.lineage import pieces
from generations.views.recipe import Recipe

pytestmark = pytest.mark.django_db


def family(page):
    found = re.search('id="family".*?</section>', page.content.decode(), re.DOTALL)
    return found and found[0]


class FamilyTests:
    def test_what_changed_on_the_way_is_told_word_by_word(self, mia, member, make_task):
        parent = make_task("done", text="a red boat at dawn", body={"prompt": "x", "seed": 7, "n": 2})
        remix = Prompt.objects.create(author=member, text="a blue boat at dawn", parent=parent.prompt)
        child = make_task("done", prompt=remix, model_slug="b/c", model_name="Other", body={"prompt": "x", "seed": 8})
        told = family(mia.get(f"/tasks/{child.pk}/"))
        assert f'href="/tasks/{parent.pk}/"' in told
        assert "a <del>red </del><ins>blue </ins>boat at dawn" in told
        changed = " ".join(strip_tags(told.replace("<", " <")).split())
        for line in ("Model Qwen Image Other", "Seed 7 8", "Images 2"):
            assert line in changed
        assert f'href="/tasks/{child.pk}/"' in family(mia.get(f"/tasks/{parent.pk}/"))

    def test_what_the_same_press_made_stands_together(self, mia, make_task):
        one = make_task("done")
        other = make_task("failed", prompt=one.prompt)
        assert f'href="/tasks/{other.pk}/"' in family(mia.get(f"/tasks/{one.pk}/"))

    def test_a_lone_one_has_no_family(self, mia, make_task):
        assert family(mia.get(f"/tasks/{make_task('done').pk}/")) is None

    def test_what_is_in_the_bin_is_not_told_of(self, mia, member, make_task):
        one = make_task("done")
        assert make_task("failed", prompt=one.prompt).bin(member)
        assert family(mia.get(f"/tasks/{one.pk}/")) is None

    def test_words_of_strangers_stay_words(self, mia, member, make_task):
        parent = make_task("done", text="<script>alert(1)</script>")
        remix = Prompt.objects.create(author=member, text="<b>bold</b>", parent=parent.prompt)
        told = family(mia.get(f"/tasks/{make_task('done', prompt=remix).pk}/"))
        assert "<del>&lt;script&gt;alert(1)&lt;/script&gt; </del><ins>&lt;b&gt;bold&lt;/b&gt; </ins>" in told


class PiecesTests:
    def test_the_same_text_has_no_changes(self):
        assert pieces("a boat", "a boat") == []

    def test_the_longest_prompts_are_compared_at_once(self):
        before, after = ("".join(f"{word * number % 977} " for number in range(6500)) for word in (31, 37))
        began = time.perf_counter()
        assert pieces(before, after)
        assert time.perf_counter() - began < 2


class RecipeTests:
    def test_it_is_the_request_as_json_for_curl_and_for_the_command_line(self, make_task):
        body = {"prompt": 'it\'s $HOME & "more" \N{SNOWMAN}', "n": 2}
        recipe = Recipe(make_task("done", body=body), [])
        assert json.loads(recipe.json) == body
        curl = shlex.split(recipe.curl)
        assert curl[:2] == ["curl", "https://api.modellix.ai/api/v1/alibaba/qwen-image"]
        assert "Authorization: Bearer $MODELLIX_API_KEY" in curl
        assert json.loads(curl[curl.index("-d") + 1]) == body
        command = shlex.split(recipe.command)
        assert command[:5] == ["modellix-cli", "model", "run", "--model-slug", "alibaba/qwen-image"]
        assert json.loads(command[command.index("--body") + 1]) == body

    def test_files_stand_in_it_by_their_names(self, make_task, make_upload):
        upload = make_upload()
        task = make_task("done", inputs={"image": upload.pk, "references": [upload.pk]})
        recipe = Recipe(task, [("image", [upload]), ("references", [upload])])
        assert recipe.body["image"] == "<3b6ea5.png>"
        assert recipe.body["references"] == ["<3b6ea5.png>"]

    def test_the_page_shows_it_to_everybody_without_the_key(self, mia, make_task, settings):
        settings.MODELLIX_API_KEY = "mk-secret-0001"
        page = mia.get(f"/tasks/{make_task('done').pk}/").content.decode()
        assert "$MODELLIX_API_KEY" in page
        assert "mk-secret-0001" not in page
