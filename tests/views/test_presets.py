"""Presets: saved from the composer, put into it again, a person's own or the team's."""

import re

import pytest

from generations.forms.presets import merged
from generations.models import Output, Preset, Upload
from tests.views.conftest import BANANA, HTMX, QWEN, html, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_preset(member):
    """make_preset(name="Film look", owner=member, text="35 mm film", slugs=(BANANA,), **fields) gives a Preset."""

    def make(name="Film look", owner=None, text="35 mm film", slugs=(BANANA,), **fields):
        return Preset.objects.create(name=name, owner=owner or member, text=text, model_slugs=list(slugs), **fields)

    return make


def save(client, address="/presets/new/", composer=None, **fields):
    named = {f"preset-{name}": value for name, value in {"name": "Film look", "text": "35 mm film", **fields}.items()}
    return client.post(address, (order() if composer is None else composer) | named, headers=HTMX)


def apply(client, preset, **changes):
    answer = client.post(f"/composer/?preset={preset.pk}", order(**changes), headers=HTMX | {"HX-Target": "div#desk"})
    return answer.context["form"] if answer.status_code == 200 else answer


class SaveTests:
    def test_it_keeps_models_settings_and_files_of_the_composer(self, mia, member, make_upload):
        upload = make_upload()
        composer = order(BANANA, count="3", **{"with-aspectRatio": "16:9"})
        answer = save(mia, composer=composer, is_shared="on")
        preset = Preset.objects.get()
        assert (preset.owner, preset.name, preset.text, preset.is_shared) == (member, "Film look", "35 mm film", True)
        assert preset.model_slugs == [BANANA]
        assert (preset.values["aspectRatio"], preset.values["count"]) == ("16:9", 3)
        assert "“Film look” is saved." in html(answer)
        save(mia, composer=order("kling/kling-v3-i2i", **{"with-image": str(upload.pk)}), name="With a picture")
        assert Preset.objects.get(name="With a picture").values["image"] == [upload.pk]

    def test_its_files_are_the_teams_when_it_is(self, mia, colleague, make_upload):
        composer = order("kling/kling-v3-i2i", **{"with-image": str(make_upload().pk)})
        save(mia, composer=composer)
        assert not Upload.objects.visible_to(colleague).exists()
        save(mia, composer=composer, name="For all", is_shared="on")
        assert Upload.objects.visible_to(colleague).exists()

    def test_the_form_begins_with_what_is_written(self, mia):
        answer = html(mia.post("/presets/new/", order(prompt="a boat on 35 mm"), headers=HTMX))
        assert ">a boat on 35 mm</textarea>" in answer
        assert not Preset.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"name": " "}, "Give it a name."),
            ({"name": "x" * 81}, "At most 80 characters."),
            ({"name": "Taken"}, "There is a preset of that name already."),
            ({"cover": "999999"}, "This picture is gone."),
            ({"cover": "x"}, "This picture is gone."),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, mia, make_preset, fields, told):
        make_preset("Taken")
        answer = save(mia, **fields)
        assert answer.status_code == 422
        assert told in html(answer)
        assert ">35 mm film</textarea>" in html(answer)
        assert Preset.objects.count() == 1

    def test_two_people_may_use_the_same_name(self, mia, colleague, make_preset):
        make_preset("Film look", owner=colleague, is_shared=True)
        assert save(mia).status_code == 200
        assert Preset.objects.count() == 2

    def test_a_picture_of_the_team_can_be_its_cover(self, mia, make_task, make_output):
        cover = make_output(make_task("done"))
        assert f'name="preset-cover" value="{cover.pk}"' in re.sub(
            r"\s+", " ", html(mia.post("/presets/new/", order()))
        )
        save(mia, cover=str(cover.pk))
        assert Preset.objects.get().cover == cover
        assert f"/media/{cover.pk}/small/" in html(mia.get("/presets/"))

    def test_a_cover_that_went_into_the_bin_is_not_shown(self, mia, member, make_task, make_output, make_preset):
        cover = make_output(make_task("done"))
        make_preset(cover=cover)
        cover.task.bin(member)
        assert "/media/" not in html(mia.get("/presets/"))
        Output.objects.all().delete()
        assert mia.get("/presets/").status_code == 200


class ListTests:
    def test_own_and_the_teams_stand_apart(self, client, member, colleague, admin_user, make_preset):
        make_preset("Mine"), make_preset("Mine for all", is_shared=True)
        make_preset("Carls", owner=colleague), make_preset("Carls for all", owner=colleague, is_shared=True)
        for person, seen in (
            (member, ["Mine", "Mine for all", "Carls for all"]),
            (colleague, ["Carls", "Carls for all", "Mine for all"]),
            (admin_user, ["Carls for all", "Mine for all"]),
        ):
            client.force_login(person)
            assert re.findall(r"<b>([^<]+)</b>", html(client.get("/presets/"))) == seen

    def test_a_visitor_is_asked_to_sign_in(self, client, make_preset):
        pk = make_preset(is_shared=True).pk
        assert "/account/login/" in client.get("/presets/").url
        for address in ("new", pk, f"{pk}/delete"):
            assert "/account/login/" in client.post(f"/presets/{address}/").url
        assert Preset.objects.count() == 1

    def test_a_search_looks_at_names_and_texts(self, mia, make_preset):
        make_preset("Film look"), make_preset("Ink", text="brush and paper")
        assert re.findall(r"<b>([^<]+)</b>", html(mia.get("/presets/?words=PAPER brush"))) == ["Ink"]
        assert "No preset has “zebra” in it." in html(mia.get("/presets/?words=zebra"))

    def test_markup_in_a_name_is_text(self, mia, make_preset):
        make_preset("<img src=x onerror=alert(1)>", is_shared=True)
        page = html(mia.get("/presets/"))
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


class ChangeTests:
    def test_its_owner_changes_it_an_admin_what_the_team_uses_and_others_nothing(
        self, client, member, colleague, admin_user, make_preset
    ):
        own, shared = make_preset("Own"), make_preset("Shared", is_shared=True)
        for person, may in ((colleague, set()), (admin_user, {shared}), (member, {own, shared})):
            client.force_login(person)
            for preset in (own, shared):
                known = preset in may
                assert client.get(f"/presets/{preset.pk}/").status_code == (200 if known else 404)
                answer = save(
                    client,
                    f"/presets/{preset.pk}/",
                    name=f"By {person}, {preset.pk}",
                    is_shared="on" * preset.is_shared,
                )
                assert answer.status_code == (200 if known else 404)
                assert Preset.objects.filter(name=f"By {person}, {preset.pk}", owner=member).exists() is known

    def test_another_name_leaves_the_settings_alone(self, mia, make_preset):
        preset = make_preset(values={"aspectRatio": "16:9"})
        save(mia, f"/presets/{preset.pk}/", name="Another")
        preset.refresh_from_db()
        assert (preset.name, preset.values, preset.model_slugs) == ("Another", {"aspectRatio": "16:9"}, [BANANA])

    def test_it_is_deleted_by_who_may_change_it(self, client, member, colleague, make_preset):
        preset = make_preset(is_shared=True)
        client.force_login(colleague)
        assert client.post(f"/presets/{preset.pk}/delete/").status_code == 404
        client.force_login(member)
        assert client.get(f"/presets/{preset.pk}/delete/").status_code == 405
        assert "“Film look” is deleted." in html(client.post(f"/presets/{preset.pk}/delete/", headers=HTMX))
        assert not Preset.objects.exists()


class ApplyTests:
    def test_models_and_values_come_into_the_composer(self, mia, make_preset):
        form = apply(mia, make_preset(values={"aspectRatio": "16:9", "count": 2}), prompt="a boat", count="1")
        assert [model.slug for model in form.models] == [BANANA]
        assert (form.text, form["with-aspectRatio"].value(), form["count"].value()) == ("a boat, 35 mm film", "16:9", 2)

    def test_what_it_does_not_say_stays(self, mia, make_preset):
        form = apply(mia, make_preset(slugs=()), slug=BANANA, prompt="a boat", **{"with-aspectRatio": "16:9"})
        assert [model.slug for model in form.models] == [BANANA]
        assert form["with-aspectRatio"].value() == "16:9"

    def test_what_its_models_do_not_take_is_said(self, mia, make_preset):
        preset = make_preset(values={"seed": "5"})
        answer = mia.post(f"/composer/?preset={preset.pk}", order(), headers=HTMX | {"HX-Target": "div#desk"})
        assert "does not take: Seed 5" in html(answer)

    def test_files_come_along(self, mia, make_preset, make_upload):
        upload = make_upload()
        form = apply(mia, make_preset(slugs=["kling/kling-v3-i2i"], values={"image": [upload.pk]}))
        assert [uploads for uploads in form.given.values() if uploads] == [[upload]]

    def test_models_that_are_gone_are_left_out(self, mia, make_preset):
        form = apply(mia, make_preset(slugs=["no/such", QWEN]))
        assert [model.slug for model in form.models] == [QWEN]
        assert [model.slug for model in apply(mia, make_preset("Gone", slugs=["no/such"]), slug=BANANA).models] == [
            BANANA
        ]

    def test_it_has_an_address(self, client, member, colleague, make_preset):
        own = make_preset()
        client.force_login(member)
        assert client.get("/", {"preset": own.pk}).context["form"].text == "35 mm film"
        assert client.get("/?preset=x").status_code == 404
        client.force_login(colleague)
        assert client.get("/", {"preset": own.pk}).status_code == 404

    def test_only_what_one_may_see(self, client, colleague, make_preset):
        client.force_login(colleague)
        assert apply(client, make_preset()).status_code == 404
        assert apply(client, make_preset("For all", is_shared=True)).text

    @pytest.mark.parametrize(
        ("text", "written", "told"),
        [
            ("35 mm film", "a boat", "a boat, 35 mm film"),
            ("35 mm film", "A boat.", "A boat. 35 mm film"),
            ("35 mm film", "", "35 mm film"),
            ("", "a boat", "a boat"),
            ("{prompt}, 35 mm film", "a boat", "a boat, 35 mm film"),
            ("Film of {prompt}", "", "Film of"),
        ],
    )
    def test_its_text_goes_where_it_says_or_to_the_end(self, text, written, told):
        assert merged(text, written) == told
