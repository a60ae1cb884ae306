"""Orders and results come back into the composer."""

import uuid

import pytest
from django.core.files.storage import default_storage
from django.http import QueryDict

from generations.forms.composer import ComposerForm
from generations.forms.remix import as_page, remix, with_result, with_upload, with_value
from generations.models import Prompt, Task, Upload

pytestmark = pytest.mark.django_db

BANANA, EDIT, LONE = "google/nano-banana-2", "google/nano-banana-2-edit", "alibaba/qwen-image"
FEW = "google/nano-banana-edit"


def ordered(author, *slugs, prompt="paper boats", **changes):
    """The tasks of an order of these models; `changes` are inputs of the page."""
    given = {"model": slugs, "shown": slugs, "count": "1", **changes}
    data = QueryDict(mutable=True)
    for name, value in given.items():
        found = value if isinstance(value, (list, tuple)) else [value]
        data.setlist(name, [str(getattr(each, "pk", each)) for each in found])
    data["prompt"], data["order_key"] = prompt, str(uuid.uuid4())
    form = ComposerForm(as_page(ComposerForm.adapted(data, author)), author=author)
    assert form.errors == {}
    return form.order(author)


def values(form):
    return {setting.field.name: setting.value for setting in form.settings}


class RemixTests:
    def test_everything_comes_back(self, member):
        *_, task = ordered(
            member, LONE, count="3", **{"with-size": "928*1664", "with-seed": "7", "with-prompt_extend": "false"}
        )
        form = remix(task, member)
        assert (form.chosen.slug, form.text, form.wanted) == (LONE, "paper boats", 3)
        found = values(form)
        assert (found["size"], found["seed"], found["prompt_extend"]) == ("928*1664", "9", "false")
        assert form["parent"].value() == task.prompt_id

    def test_of_several_models_it_is_the_one_of_the_task_with_its_own_words(self, member):
        first, second = ordered(member, "minimax/minimax-image-01-t2i", LONE, **{"with-aspect_ratio": "9:16"})
        assert values(remix(first, member))["aspect_ratio"] == "9:16"
        form = remix(second, member)
        assert ([model.slug for model in form.models], values(form)["size"]) == ([LONE], second.body["size"])

    def test_its_order_is_a_remix_of_the_first(self, member):
        (task,) = ordered(member, BANANA)
        (again,) = ordered(member, BANANA, parent=task.prompt_id, prompt="paper boats at dusk")
        assert again.prompt.parent == task.prompt

    def test_a_parent_that_is_not_to_be_seen_is_none(self, member):
        hidden = Prompt.objects.create(author=member, text="never ordered")
        for parent in (hidden.pk, 999999):
            (task,) = ordered(member, BANANA, parent=parent, prompt=f"with {parent}")
            assert task.prompt.parent is None

    def test_files_come_back(self, member, make_upload):
        red, blue = make_upload(color="#aa0000"), make_upload(color="#0000aa")
        (task,) = ordered(member, FEW, **{"with-image": [red, blue]})
        assert list(remix(task, member).given.values()) == [[red, blue]]

    def test_varied_it_has_another_seed_where_there_is_one(self, member):
        (task,) = ordered(member, LONE, **{"with-seed": "7"})
        assert 0 <= int(values(remix(task, member, vary=True))["seed"]) < 2**31
        assert values(remix(task, member, vary=True))["seed"] != "7"
        (other,) = ordered(member, BANANA)
        assert values(remix(other, member, vary=True)) == values(remix(other, member))

    def test_a_model_that_is_gone_gives_way_and_what_it_took_is_kept(self, member):
        ordered(member, BANANA)
        (task,) = ordered(member, LONE, **{"with-seed": "7", "with-size": "1664*928"})
        Prompt.objects.filter(pk=task.prompt_id).update(model_slugs=["gone/for-good"])
        Task.objects.filter(pk=task.pk).update(model_slug="gone/for-good", model_name="Gone 1")
        form = remix(Task.objects.get(pk=task.pk), member)
        assert (form.withdrawn, form.chosen.slug, form.text) == (
            "Gone 1",
            BANANA,
            "paper boats",
        )
        assert form.parked["seed"] == "7"


class ResultTests:
    @pytest.fixture
    def result(self, make_task, make_output):
        return make_output(make_task("done"))

    def test_a_picture_becomes_an_upload_of_its_own_with_thumbnails(self, member, result):
        form = with_result(result, member, "image", ComposerForm.fresh(member))
        upload = Upload.objects.get()
        assert (upload.owner, upload.sha256, upload.kind, upload.size) == (member, result.sha256, "image", result.size)
        assert upload.original != result.original
        assert upload.small
        assert list(form.given.values()) == [[upload]] or form.spare == [upload]

    def test_it_brings_the_model_of_the_family_that_takes_it(self, member, result):
        ordered(member, BANANA, prompt="first")
        form = with_result(result, member, "image", ComposerForm.fresh(member, "as a woodcut"))
        assert (form.chosen.slug, form.text) == (EDIT, "as a woodcut")
        assert [upload for uploads in form.given.values() for upload in uploads] == [Upload.objects.get()]

    def test_for_a_film_it_is_the_first_frame(self, member, result):
        form = with_result(result, member, "video", ComposerForm.fresh(member))
        given = {taken.role: uploads for taken, uploads in form.given.items()}
        assert (form.kind, given["first_frame"]) == ("video", [Upload.objects.get()])

    def test_asked_for_twice_it_is_copied_once(self, member, result):
        for _ in range(2):
            with_result(result, member, "image", ComposerForm.fresh(member))
        assert Upload.objects.count() == 1

    def test_a_result_whose_file_is_gone_is_said(self, member, result):
        default_storage.delete(result.original)
        form = with_result(result, member, "image", ComposerForm.fresh(member))
        assert [slot.errors for slot in form.slots if slot.errors]
        assert not Upload.objects.exists()


class OneValueTests:
    def test_a_single_value_goes_into_what_is_being_written(self, member):
        (task,) = ordered(member, LONE, **{"with-size": "928*1664", "with-seed": "7", "with-prompt_extend": "false"})
        writing = ComposerForm.adapted(as_page(ComposerForm.fresh(member, "a new text", LONE)), member)
        before = values(writing)
        for name, text in (("size", "928*1664"), ("seed", "7"), ("prompt_extend", "false")):
            form = with_value(task, name, member, writing)
            assert (form.text, values(form)) == ("a new text", before | {name: text})

    def test_another_model_takes_it_in_its_own_words(self, member):
        (task,) = ordered(member, LONE, **{"with-size": "928*1664"})
        form = with_value(task, "size", member, ComposerForm.fresh(member, "", "minimax/minimax-image-01-t2i"))
        assert values(form)["aspect_ratio"] == "9:16"

    @pytest.mark.parametrize("name", ["nonsense", "prompt", ""])
    def test_what_is_none_of_its_parameters_changes_nothing(self, member, name):
        (task,) = ordered(member, LONE)
        writing = ComposerForm.fresh(member, "a new text", LONE)
        assert (with_value(task, name, member, writing).text, values(writing)) == ("a new text", values(writing))


class UploadTests:
    def test_a_frame_becomes_the_first_one_of_a_film(self, member, make_upload):
        upload = make_upload(size=(512, 512))
        form = with_upload(upload, member, "video", ComposerForm.fresh(member, "and the boat sails on"))
        assert (form.kind, form.text) == ("video", "and the boat sails on")
        assert [upload.pk for given in form.given.values() for upload in given] == [upload.pk]
