"""The catalogue and one model's page: what is there, what it costs, how it has done for this team."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from generations.modellix import catalogue
from generations.models import Duration, Favourite, StarredModel, Vote
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db
QWEN, BANANA, WAN = "alibaba/qwen-image", "google/nano-banana-2", "alibaba/wan2.7-t2v"


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def names(response):
    """The keys of the models on the page, from top to bottom."""
    return re.findall(r'<li class="model-row" id="model-([^"]+)"', response.content.decode())


def row(response, key):
    """What is said of one model, as words."""
    found = re.search(rf'<li class="model-row" id="model-{re.escape(key)}">(.*?)</li>', text(response))[1]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def figures(response):
    """The team's figures on a model's page, by their labels."""
    panel = text(response).split("With your team")[1].split("</section>")[0]
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", panel)
    return {label: " ".join(re.sub(r"<[^>]+>", " ", value).split()) for label, value in pairs}


class CatalogueTests:
    def test_everybody_of_the_team_sees_every_model(self, client, member, colleague, admin_user):
        for person in (member, colleague, admin_user):
            client.force_login(person)
            assert sorted(names(client.get("/models/"))) == sorted(model.key for model in catalogue.models())

    def test_a_visitor_is_asked_to_sign_in(self, client):
        assert client.get("/models/").url == "/account/login/?next=/models/"
        assert client.get(f"/models/{QWEN}/").url == f"/account/login/?next=/models/{QWEN}/"
        assert client.post(f"/models/{QWEN}/star/").status_code == 302
        assert not StarredModel.objects.exists()

    def test_only_reading_is_asked_of_it(self, mia):
        assert mia.post("/models/").status_code == 405
        assert mia.head("/models/").status_code == 200
        assert mia.get(f"/models/{QWEN}/star/").status_code == 405

    def test_they_are_grouped_by_what_they_make(self, mia):
        titles = re.findall(r'<h2 id="shelf-\w+[^"]*"> (\w[\w ]*?) <span', text(mia.get("/models/")))
        assert titles == ["Image", "Video", "Audio", "Text", "Not told"]

    def test_the_place_in_the_frame_is_marked(self, mia):
        assert '<a href="/models/" aria-current="page">Models</a>' in text(mia.get("/models/"))
        assert '<a href="/models/" aria-current="true">Models</a>' in text(mia.get(f"/models/{QWEN}/"))
        assert "<title>Models ·" in text(mia.get("/models/"))
        assert "<title>Qwen Image ·" in text(mia.get(f"/models/{QWEN}/"))

    def test_nothing_is_made_up_before_there_are_runs(self, mia):
        page = mia.get("/models/")
        assert "No runs yet" in row(page, BANANA)
        assert "%" not in row(page, BANANA)
        assert "Price not known" in row(page, "alibaba/qwen-image-2.0")

    def test_its_age_is_said(self, mia):
        page = mia.get("/models/")
        assert "Older, may be withdrawn" in row(page, QWEN)
        assert " New " in row(page, "alibaba/qwen-image-3.0")
        assert "Removed" in row(page, "google/imagen-4.0-generate-001")
        assert "Cannot be ordered" in row(page, "alibaba/happyhorse-1-1-r2v")

    def test_only_what_can_be_ordered_leads_to_the_composer(self, mia):
        page = text(mia.get("/models/"))
        assert f'href="/?use={BANANA}"' in page
        assert "use=google/imagen-4.0-generate-001" not in page

    def test_it_is_found_by_words_in_the_address(self, mia):
        assert names(mia.get("/models/?q=QWEN+older+alibaba&type=text-to-image&sort=name"))[0] == QWEN

    def test_the_list_alone_answers_htmx_with_the_address_to_show(self, mia):
        answer = mia.get("/models/", {"q": " banana", "type": "", "sort": "used"}, headers=HTMX)
        assert answer["HX-Replace-Url"] == "/models/?q=banana"
        assert answer["Vary"].count("HX-Request") == 1
        assert "<html" not in text(answer)
        assert re.search(
            r'<hx-partial hx-target="#announce" hx-swap="innerHTML"> \d+ models\. </hx-partial>', text(answer)
        )
        assert mia.get("/models/", {"q": ""}, headers=HTMX)["HX-Replace-Url"] == "/models/"

    def test_finding_nothing_leads_out_and_markup_is_text(self, mia):
        page = text(mia.get("/models/?q=<b>zebra</b>"))
        assert "Nothing matches “&lt;b&gt;zebra&lt;/b&gt;”." in page
        assert '<a class="btn" href="/models/">Show all models</a>' in page


class FiguresTests:
    def test_they_count_what_modellix_took(self, mia, make_task):
        make_task("done", price_charged=Decimal("0.04"))
        make_task("partial", price_charged=Decimal("0.02"))
        make_task("failed"), make_task("expired")
        make_task("processing"), make_task("queued"), make_task("cancelled"), make_task("unknown")
        make_task("failed", accepted_at=None, started_at=None)
        told = figures(mia.get(f"/models/{QWEN}/"))
        assert (told["Runs"], told["Success"], told["Spent"]) == ("5", "50%", "$0.06")

    def test_nothing_is_said_before_it_is_known(self, mia, make_task):
        assert "No runs yet." in text(mia.get(f"/models/{QWEN}/"))
        make_task("processing")
        assert figures(mia.get(f"/models/{QWEN}/")) == {
            "Runs": "1",
            "Success": "None has ended yet",
            "Usual time": "Too few runs to tell",
            "Spent": "Not known",
            "Favourites": "0",
            "Blind votes": "None yet",
        }

    def test_a_favourite_of_two_people_is_one(self, mia, member, colleague, make_task, make_output):
        task = make_task("done", price_charged=Decimal("0.09"))
        files = [make_output(task, saved=False) for _ in range(4)]
        for person, file in ((member, files[0]), (colleague, files[0]), (member, files[1]), (member, files[2])):
            Favourite.mark(person, task.outputs.filter(pk=file.pk))
        assert figures(mia.get(f"/models/{QWEN}/"))["Favourites"] == "3 $0.03 for each"

    def test_votes_are_won_and_lost(self, mia, member, make_task, make_output):
        file = make_output(make_task("done"), saved=False)
        for won in (True, False, True):
            Vote.objects.create(person=member, output=file, won=won)
        assert figures(mia.get(f"/models/{QWEN}/"))["Blind votes"] == "2 won of 3"

    def test_the_usual_time_is_what_was_learned(self, mia, make_task):
        make_task("done")
        for seconds in (2.0, 2.3, 2.6):  # logarithms: 7, 10 and 13 seconds
            Duration.learn(QWEN, "", seconds)
        assert figures(mia.get(f"/models/{QWEN}/"))["Usual time"] == "10 s 4 of 5 take 6\u201317 s"
        assert "10 s of 1 run" in row(mia.get("/models/"), QWEN)

    def test_another_models_runs_are_not_counted(self, mia, make_task):
        make_task("done", model_slug=BANANA)
        assert "No runs yet." in text(mia.get(f"/models/{QWEN}/"))
        assert "1 run" in row(mia.get("/models/"), BANANA)

    def test_a_picture_made_with_it_is_shown_as_a_sample(self, mia, make_task, make_output):
        old, new = make_output(make_task("done")), make_output(make_task("done"))
        make_task("failed")
        page = text(mia.get("/models/"))
        assert f'src="/media/{new.pk}/small/"' in page
        assert f'src="/media/{old.pk}/small/"' not in page

    def test_many_tasks_and_models_cost_the_same(self, mia, member, make_task, make_output):
        def make(number):
            for slug in list({each.slug for each in catalogue.orderable()})[:number]:
                file = make_output(make_task("done", model_slug=slug), small="s.webp", saved=False)
                Favourite.mark(member, file.task.outputs.all())
                Duration.learn(slug, "", 2.0)

        make(1)
        mia.get("/models/")
        few = queries(mia, "/models/")
        make(9)
        assert len(queries(mia, "/models/")) == len(few)
        assert len(few) <= 12

    def test_a_page_of_a_model_costs_the_same_with_one_picture_and_eight(self, mia, make_task, make_output):
        make_output(make_task("done"), saved=False)
        mia.get(f"/models/{QWEN}/")
        few = queries(mia, f"/models/{QWEN}/")
        for _ in range(9):
            make_output(make_task("done"), saved=False)
        assert len(queries(mia, f"/models/{QWEN}/")) == len(few)


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return [query["sql"] for query in captured]


class ModelTests:
    def test_every_model_has_a_page(self, mia):
        for model in catalogue.models():
            page = mia.get(f"/models/{model.key}/")
            assert page.status_code == 200, model.key

    def test_what_is_not_in_the_catalogue_is_not_found(self, mia):
        for path in ("nobody/nothing", "alibaba", "a/b/c", "%00/x"):
            assert mia.get(f"/models/{path}/").status_code == 404
            assert mia.post(f"/models/{path}/star/").status_code == 404

    def test_it_tells_what_it_takes(self, mia):
        page = text(mia.get(f"/models/{QWEN}/"))
        assert "Text, up to 800 characters" in page
        assert "Whole number, 0 to 2,147,483,647" in page
        assert "Unless chosen: 1328*1328" in page
        assert "Unless chosen: Yes" in page

    def test_it_tells_which_files_it_takes(self, mia):
        page = text(mia.get("/models/alibaba/qwen-image-edit-plus-2025-10-30/"))
        assert "Up to 3. PNG, JPEG or WebP, at most" in page

    def test_it_tells_its_price_with_day_and_source(self, mia):
        page = text(mia.get(f"/models/{BANANA}/"))
        assert "<dt>4K</dt><dd>$0.125</dd>" in page
        assert re.search(r"Seen on \d+ August 2026: vendor blog quoting the live price page", page)

    def test_what_cannot_be_ordered_says_why(self, mia):
        assert "not the exact name to order it by" in text(mia.get("/models/alibaba/happyhorse-1-1-r2v/"))
        page = text(mia.get("/models/google/imagen-4.0-generate-001/"))
        assert "Modellix took this model out of its catalogue." in page
        assert "Use this model" not in page

    def test_what_was_made_last_is_linked(self, mia, make_task, make_output):
        tasks = [make_task("done", text=f"boat <{number}>") for number in range(10)]
        picture = make_output(tasks[-1])
        page = text(mia.get(f"/models/{QWEN}/"))
        assert re.findall(r'href="/tasks/(\d+)/"', page) == [str(task.pk) for task in tasks[:1:-1]]
        assert f'src="/media/{picture.pk}/small/"' in page
        assert "boat &lt;9&gt;" in page

    def test_it_leads_to_the_composer_with_it_chosen(self, mia):
        page = mia.get(re.search(r'href="(/\?use=[^"]+)">', mia.get(f"/models/{WAN}/").content.decode())[1])
        assert page.context["form"].chosen.slug == WAN
        assert "data-open" in text(page)


class StarTests:
    def test_a_star_is_a_persons_own(self, mia, client, member, colleague):
        for _ in range(2):
            answer = mia.post(f"/models/{BANANA}/star/", headers=HTMX)
        assert 'aria-pressed="true"' in text(answer)
        assert names(mia.get("/models/?starred=on")) == [BANANA]
        client.force_login(colleague)
        assert names(client.get("/models/?starred=on")) == []
        client.post(f"/models/{BANANA}/unstar/", headers=HTMX)
        assert StarredModel.objects.get().person == member

    def test_it_can_be_taken_back(self, mia):
        mia.post(f"/models/{BANANA}/star/")
        for _ in range(2):
            assert 'aria-pressed="false"' in text(mia.post(f"/models/{BANANA}/unstar/", headers=HTMX))
        assert not StarredModel.objects.exists()

    def test_without_script_it_leads_back_to_the_same_list(self, mia):
        assert mia.post(f"/models/{BANANA}/star/", {"next": "/models/?q=nano"}).url == "/models/?q=nano"
        assert mia.post(f"/models/{BANANA}/star/", {"next": "https://evil.example/"}).url == "/models/"
        assert mia.post(f"/models/{BANANA}/star/").url == "/models/"


class VisibilityTests:
    def test_what_is_binned_does_not_count(self, mia, member, make_task, make_output):
        task = make_task("done", binned_at=now() - timedelta(days=1))
        make_output(task)
        Favourite.mark(member, task.outputs.all())
        assert "No runs yet" in row(mia.get("/models/"), QWEN)
        assert "Last made with it" not in text(mia.get(f"/models/{QWEN}/"))
