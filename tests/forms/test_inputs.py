"""The composer's files: given, kept while other things change, and ordered with."""

import uuid

import pytest
from django.http import QueryDict

from generations.forms.composer import ComposerForm
from generations.forms.inputs import SPARE, refit
from generations.forms.offer import offer
from generations.modellix.catalogue import find
from generations.modellix.inputs import inputs
from generations.models import Prompt, Task, Upload

pytestmark = pytest.mark.django_db

EDIT = "kling/kling-v3-i2i"  # one picture
SERIES = "kling/kling-image-o1"  # up to ten, or none
FEW = "google/nano-banana-edit"  # one to three, by address alone
MASKED = "openai/gpt-image-2-edit"  # up to sixteen, and a mask
UNKNOWN = "xai/grok-imagine-image-edit"  # nobody knows what
WORDS = "alibaba/qwen-image-2.0"


def page(slug, **changes):
    """The composer's inputs as a browser sends them; those of several values are lists."""
    form = ComposerForm.adapted(QueryDict(f"model={slug}"))
    plain = {"order_key": str(uuid.uuid4()), "model": slug, "shown": slug, "prompt": "as a woodcut", "count": "1"}
    data = QueryDict(mutable=True)
    data.update(plain | {setting.bound.html_name: setting.value for setting in form.settings})
    for name, value in changes.items():
        data.setlist(name.replace("with_", "with-"), [str(getattr(each, "pk", each)) for each in value])
    return data


@pytest.fixture
def composer(member):
    """composer(slug, with_NAME=[uploads]) is the bound form."""
    return lambda slug, **changes: ComposerForm(page(slug, **changes), author=member)


@pytest.fixture
def switch(member):
    """switch(old, new, **changes) is the composer after another model was chosen."""

    def adapted(old, new, **changes):
        data = page(old, **changes)
        data["model"] = new
        return ComposerForm.adapted(data, member)

    return adapted


def given(form):
    return {taken.name: uploads for taken, uploads in form.given.items()}


def ordered(form):
    assert form.errors == {}
    return form.order(form.author)


class OrderTests:
    def test_an_order_refers_to_what_was_given(self, composer, make_upload):
        picture = make_upload()
        (task,) = ordered(composer(EDIT, with_image=[picture]))
        assert task.inputs == {"image": picture.pk}
        assert "image" not in task.body
        assert (task.model_type, task.upload_pks) == ("image-to-image", [picture.pk])
        assert task.prompt.values["image"] == [picture.pk]

    def test_a_list_is_a_list_in_the_order_given(self, composer, make_upload):
        red, blue = make_upload(color="#aa0000"), make_upload(color="#0000aa")
        (task,) = ordered(composer(FEW, with_image=[blue, red]))
        assert task.inputs == {"image": [blue.pk, red.pk]}

    def test_what_is_made_from_a_file_gets_its_shape(self, composer, make_upload):
        (task,) = ordered(composer("vidu/viduq3-turbo-i2v", with_first_frame_image=[make_upload(size=(600, 800))]))
        assert (task.ratio_width, task.ratio_height) == (3, 4)

    def test_a_file_is_an_address_to_a_schema_that_asks_for_one(self, composer, make_upload):
        picture = make_upload(size=(600, 800))
        assert composer("alibaba/happyhorse-1.0-i2v", with_first_frame_image=[picture]).errors == {}
        assert composer("alibaba/wan2.7-i2v", with_first_frame=[picture]).errors == {}

    def test_each_task_of_an_order_takes_the_same_files(self, composer, make_upload):
        picture = make_upload()
        tasks = ordered(composer(FEW, with_image=[picture], count=["3"]))
        assert [task.inputs for task in tasks] == [{"image": [picture.pk]}] * 3

    def test_what_is_optional_may_be_left_out(self, composer):
        (task,) = ordered(composer(SERIES))
        assert task.inputs == {}

    def test_pressed_twice_it_orders_once(self, composer, make_upload):
        form = composer(EDIT, with_image=[make_upload()])
        assert ordered(form) == ordered(ComposerForm(form.data, author=form.author))
        assert Prompt.objects.count() == 1

    def test_another_file_is_another_order(self, composer, make_upload, member):
        form = composer(EDIT, with_image=[make_upload()])
        ordered(form)
        changed = form.data.copy()
        changed.setlist("with-image", [str(make_upload(color="#102030").pk)])
        ordered(ComposerForm(changed, author=member))
        assert Prompt.objects.count() == 2

    def test_the_same_order_again_takes_the_same_files(self, composer, make_upload, member):
        (task,) = ordered(composer(EDIT, with_image=[make_upload()]))
        Task.objects.filter(pk=task.pk).update(status=Task.Status.FAILED)
        task.refresh_from_db()
        assert task.order_again(member).inputs == task.inputs

    def test_a_colleagues_upload_may_be_used_once_the_team_has_seen_it(self, composer, make_upload, colleague):
        upload = make_upload(owner=colleague)
        assert composer(EDIT, with_image=[upload]).errors == {"with-image": ["This is needed."]}
        Upload.objects.all().show()
        (task,) = ordered(composer(EDIT, with_image=[upload]))
        assert task.upload_pks == [upload.pk]


class CleanTests:
    def test_what_is_needed_is_asked_for_at_its_slot(self, composer):
        form = composer(EDIT)
        assert form.errors == {"with-image": ["This is needed."]}
        assert [slot.errors for slot in form.slots] == [["This is needed."]]

    def test_too_many_are_counted(self, composer, make_upload):
        uploads = [make_upload(color=f"#0000{n:02x}") for n in range(4)]
        assert composer(FEW, with_image=uploads).errors == {"with-image": ["At most 3; these are 4."]}

    def test_more_than_modellix_keeps_is_said_before_it_is_ordered(self, composer, make_upload, settings):
        uploads = [make_upload(color=f"#0000{n:02x}") for n in range(11)]
        words = "At most 10 files in all: Modellix keeps no more at a time."
        assert composer(MASKED, with_images=uploads).errors == {"with-images": [words]}
        settings.PUBLIC_URL = "https://studio.example.com"
        assert composer(MASKED, with_images=uploads).errors == {}

    def test_a_file_too_large_for_this_model_is_said(self, composer, make_upload):
        picture = make_upload()
        type(picture).objects.update(size=17_000_000)
        assert composer(FEW, with_image=[picture]).errors == {"with-image": ["At most 16 MB; this has 17 MB."]}

    @pytest.mark.parametrize("number", ["0", "-1", "99999", "9" * 30, "x", ""])
    def test_a_number_that_is_nobodys_upload_is_none(self, composer, number):
        assert composer(EDIT, with_image=[number]).errors == {"with-image": ["This is needed."]}


class FreeTests:
    JSON = "with-further-xai-grok-imagine-image-edit"

    def test_a_file_goes_where_its_name_stands(self, composer, make_upload):
        red, blue = make_upload(color="#aa0000"), make_upload(color="#0000aa")
        form = composer(UNKNOWN, with_files=[blue, red], **{self.JSON: ['{"image": ["{{file 1}}", "{{file 2}}"]}']})
        (task,) = ordered(form)
        assert task.inputs == {"{{file 1}}": blue.pk, "{{file 2}}": red.pk}
        assert task.body == {"prompt": "as a woodcut", "image": ["{{file 1}}", "{{file 2}}"]}
        assert task.upload_pks == [blue.pk, red.pk]

    def test_a_file_that_goes_nowhere_is_told(self, composer, make_upload):
        form = composer(UNKNOWN, with_files=[make_upload()], **{self.JSON: ['{"image": "file 1"}']})
        assert form.errors == {"with-files": ['Write where it goes, such as {"image": "{{file 1}}"}.']}

    def test_so_is_a_name_without_a_file(self, composer, make_upload):
        form = composer(UNKNOWN, with_files=[make_upload()], **{self.JSON: ['{"a": ["{{file 1}}", "{{file 2}}"]}']})
        assert form.errors == {self.JSON: ["There is no file 2 for {{file 2}}."]}

    def test_a_model_may_be_ordered_without_any(self, composer):
        (task,) = ordered(composer(UNKNOWN, **{self.JSON: ['{"image": "https://a.example/1.png"}']}))
        assert (task.inputs, task.body["image"]) == ({}, "https://a.example/1.png")


class SwitchTests:
    def test_pictures_go_along_to_a_model_that_takes_them(self, switch, make_upload):
        red, blue = make_upload(color="#aa0000"), make_upload(color="#0000aa")
        form = switch(FEW, SERIES, with_image=[red, blue])
        assert (given(form), form.spare) == ({"images": [red, blue]}, [])

    def test_what_has_no_place_waits_for_the_way_back(self, switch, make_upload):
        red, blue = make_upload(color="#aa0000"), make_upload(color="#0000aa")
        one = switch(FEW, EDIT, with_image=[red, blue])
        assert (given(one), one.spare) == ({"image": [red]}, [blue])
        none = switch(EDIT, WORDS, with_image=[red], with_spare=[blue])
        assert (given(none), none.spare) == ({}, [red, blue])
        back = switch(WORDS, FEW, with_spare=[red, blue])
        assert (given(back), back.spare) == ({"image": [red, blue]}, [])

    def test_a_picture_never_becomes_a_mask_by_itself(self, switch, make_upload):
        red, blue = make_upload(color="#aa0000"), make_upload(color="#0000aa")
        form = switch(EDIT, MASKED, with_image=[red], with_spare=[blue])
        assert given(form) == {"images": [red, blue], "mask": []}

    def test_the_same_model_keeps_everything_where_it_is(self, switch, make_upload):
        red, blue = make_upload(color="#aa0000"), make_upload(color="#0000aa")
        form = switch(MASKED, MASKED, with_images=[red], with_mask=[blue], with_spare=[red])
        assert (given(form), form.spare) == ({"images": [red], "mask": [blue]}, [red])

    def test_frames_stay_what_they_are_between_models_that_name_them_alike(self, make_upload):
        first, last = (make_upload(color=color, size=(640, 480)) for color in ("#aa0000", "#0000aa"))
        held = {"first_frame_image": [first], "last_frame_image": [last]}
        assert refit(inputs(find("minimax/hailuo-02-fl2v")), held) == held | {"spare": []}

    def test_a_file_that_the_new_model_does_not_take_waits(self, make_upload):
        small = make_upload()
        given = refit(inputs(find("minimax/hailuo-2.3-i2v")), {"image": [small]})
        assert given == {"first_frame_image": [], "spare": [small]}


class OfferTests:
    def test_models_that_take_pictures_are_offered_with_a_place_for_each(self, switch):
        taking = [model for model in offer() if inputs(model)]
        assert len(taking) == 135
        for model in taking:
            form = switch(WORDS, model.slug)
            assert [slot.taken for slot in form.slots if slot.taken != SPARE] == list(inputs(model))
            assert all(slot.words for slot in form.slots)

    def test_a_slot_says_what_it_takes(self, switch):
        words = {slot.taken.name: slot.words for slot in switch(WORDS, MASKED).slots}
        assert words["images"] == "Up to 16. PNG, JPEG or WebP, at most 16 MB each"
        assert words["mask"] == "PNG, JPEG or WebP, at most 16 MB. Optional"
        (slot,) = switch(WORDS, "kling/kling-v2.1-i2i").slots
        assert slot.words == "JPEG or PNG, at most 10 MB"
        (first,) = switch(WORDS, "minimax/hailuo-2.3-i2v").slots
        assert first.words == "JPEG, PNG or WebP, at most 20 MB, at least 300 px a side"
        (_, sound) = switch(WORDS, "kling/kling-avatar").slots
        assert sound.words == "MP3, WAV or M4A, at most 5 MB, 2 to 300 s long. Optional"

    def test_a_full_slot_takes_no_more_but_a_single_file_can_be_changed(self, switch, make_upload):
        uploads = [make_upload(color=f"#0000{n:02x}") for n in range(3)]
        assert [slot.is_full for slot in switch(FEW, FEW, with_image=uploads).slots] == [True]
        assert [slot.is_full for slot in switch(EDIT, EDIT, with_image=uploads[:1]).slots] == [False]
