"""The words and actions of a card in every state: what happens, what it cost, what can be done."""
# ruff: noqa: RUF001 (dashes and apostrophes as people read them)

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.html import strip_tags
from django.utils.timezone import now

from generations.models import Output, Provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(client, member):
    """card(task, viewer=member) gives the card's markup as that person sees it on the wall."""

    def show(task, viewer=member):
        client.force_login(viewer)
        page = client.get("/").content.decode()
        return re.search(rf'<article[^>]*id="task-{task.pk}".*?</article>', page, re.S)[0]

    return show


def words(markup):
    return " ".join(strip_tags(markup).split())


class TitleTests:
    def test_an_order_without_words_goes_by_its_model(self, card, make_task):
        assert "Vidu Lip Sync" in words(card(make_task(text="", model_name="Vidu Lip Sync")))


class WaitingTests:
    def test_its_place_in_line_is_told(self, card, make_task):
        first, second, third = make_task(), make_task(), make_task()
        assert "Waiting its turn It is next. Nothing is sent yet, so cancelling is free. Cancel" in words(card(first))
        assert "1 ahead of it." in words(card(second))
        assert "2 ahead of it." in words(card(third))

    @pytest.mark.parametrize(
        ("hold", "told"),
        [
            ("rate", "Waiting for the rate limit Modellix allows 100 requests a minute. Sending in 38 s."),
            ("running", "Waiting for a free slot Modellix makes only so many at once. Sending in 38 s."),
            ("unreachable", "Modellix can’t be reached Nothing is sent yet, so cancelling is free. Sending in 38 s."),
        ],
    )
    def test_why_it_waits_and_how_long(self, card, make_task, hold, told):
        task = make_task(hold=hold, not_before=now() + timedelta(seconds=38, milliseconds=400))
        assert told in words(card(task))

    def test_a_wait_that_is_over_is_not_counted_below_zero(self, card, make_task):
        task = make_task(hold="rate", not_before=now() - timedelta(seconds=5))
        assert "Sending shortly." in words(card(task))

    @pytest.mark.parametrize(
        ("pause", "told"),
        [
            ("no_credit", "Modellix is out of credit. Nothing was sent. An admin can top up."),
            ("key_refused", "Modellix refused our key. Nothing was sent. An admin needs to check it."),
            ("key_missing", "There is no Modellix key. Nothing was sent. An admin needs to set it."),
        ],
    )
    def test_a_pause_holds_everything(self, card, make_task, pause, told):
        Provider.current().stop(pause, "", "")
        assert f"On hold {told}" in words(card(make_task()))


class UnderWayTests:
    def test_sending(self, card, make_task):
        markup = card(make_task("submitting"))
        assert "Sending to Modellix This takes a second or two." in words(markup)
        assert "<form" not in markup

    @pytest.mark.parametrize(
        ("status", "kind", "told"),
        [
            ("pending", "image", "In line at the provider Qwen Image usually takes 3–10 s."),
            ("processing", "image", "Making your picture Usually 3–10 s."),
            ("processing", "video", "Making your video Usually 30 s to 2 min."),
            ("processing", "audio", "Making your sound Still working."),
        ],
    )
    def test_in_line_and_in_the_making(self, card, make_task, status, kind, told):
        task = make_task(status, kind=kind, accepted_at=now() - timedelta(seconds=4))
        markup = card(task)
        assert told in words(markup)
        assert "data-late" not in markup
        assert ">4 s</time>" in markup

    def test_the_ring_fills_to_the_usual_and_never_to_the_end(self, card, make_task):
        def gap(seconds):
            task = make_task("processing", accepted_at=now() - timedelta(seconds=seconds, milliseconds=200))
            return re.search(r'stroke-dashoffset="([^"]*)"', card(task))[1]

        assert [gap(seconds) for seconds in (0, 5, 10)] == ["100", "50", "8"]

    def test_what_was_learned_comes_before_what_is_documented(self, card, make_task):
        learned = {"usual_low": 5.6, "usual_median": 8.0, "usual_high": 12.4}
        task = make_task("processing", accepted_at=now() - timedelta(seconds=4), **learned)
        assert "Usually 6–12 s." in words(card(task))
        assert 'stroke-dashoffset="50"' in card(task)

    def test_past_the_usual_it_says_so(self, card, make_task):
        markup = card(make_task("processing", accepted_at=now() - timedelta(seconds=160)))
        assert "data-late" in markup
        assert "Taking longer than usual 2 min 40 s so far, usually 3–10 s. Still working." in words(markup)
        assert ">2:40</time>" in markup

    def test_saving(self, card, make_task, make_output):
        ended = now()
        task = make_task("saving", accepted_at=ended - timedelta(seconds=14), finished_at=ended)
        make_output(task, saved=False), make_output(task, saved=False)
        assert "Saving to your library Made in 14 s. Copying the originals." in words(card(task))
        assert 'stroke-dashoffset="0"' in card(task)
        assert "data-late" not in card(task)
        make_output(task)
        assert "1 of 3 saved." in words(card(task))

    def test_a_file_that_does_not_come_is_told_with_its_deadline(self, card, make_task, make_output):
        task = make_task("saving")
        error = "Storage isn't answering (No space left on device)."
        make_output(task, saved=False, error=error, deadline=now() + timedelta(hours=23, minutes=5))
        told = "Storage isn&#x27;t answering (No space left on device). We keep trying for 23 hours."
        assert f"Made, but not saved yet {told}" in words(card(task))

    def test_past_all_patience_a_person_may_stop_watching(self, card, make_task, colleague):
        silent = {"accepted_at": now() - timedelta(minutes=20, seconds=5)}
        for status in ("pending", "processing"):
            task = make_task(status, **silent)
            told = "No answer after 20 min Usually 3–10 s."
            assert f"{told} It may be charged even if you stop. Stop watching" in words(card(task))
            seen_by_colleague = words(card(task, colleague))
            assert f"{told} We keep asking." in seen_by_colleague
            assert "Stop watching" not in seen_by_colleague


class DoneTests:
    @pytest.mark.parametrize(("count", "layout"), [(1, ""), (2, " pair"), (3, " four"), (4, " four"), (6, " four")])
    def test_pictures_lie_in_one_frame(self, card, make_task, make_output, count, layout):
        task = make_task("done")
        colors = [f"#00000{number}" for number in range(count)]
        outputs = [make_output(task, color=color) for color in colors]
        markup = card(task)
        assert f'class="card-media{layout}"' in markup
        assert len(re.findall("<img", markup)) == min(count, 4)
        for output in outputs[:4]:
            assert f"/media/{output.pk}/small/" in markup
            assert f'fill="{output.color}"' in markup
        assert (f">{count}</span>" in markup) is (count > 1)

    def test_a_picture_has_its_measures_and_its_words(self, card, make_task, make_output):
        task = make_task("done", text="two herons")
        make_output(task)
        markup = " ".join(card(task).split())
        assert 'alt="two herons" width="96" height="64" fetchpriority="high" decoding="async"' in markup
        assert re.search(r"/small/ 96w, /media/\d+/medium/ 96w", markup)
        assert " style=" not in markup
        assert " style=" not in markup

    def test_pictures_in_view_come_first_and_those_below_when_somebody_scrolls(self, card, make_task, make_output):
        tasks = [make_task("done") for _ in range(6)]  # the newest is on top
        for task in tasks:
            make_output(task)
        told = [re.search('fetchpriority="high"|loading="lazy"', card(task))[0] for task in tasks]
        assert told == ['loading="lazy"'] * 2 + ['fetchpriority="high"'] * 4

    def test_time_and_price_are_told_when_known(self, card, make_task, make_output):
        ended = now()
        fields = {"accepted_at": ended - timedelta(seconds=11), "finished_at": ended}
        task = make_task("done", price_charged=Decimal("0.04"), **fields)
        make_output(task)
        assert words(card(task)).endswith("Qwen Image 11 s $0.04")
        unpriced = make_task("done", **fields)
        make_output(unpriced)
        assert words(card(unpriced)).endswith("Qwen Image 11 s")

    def test_partly_saved_says_how_many(self, card, make_task, make_output):
        task = make_task("partial")
        make_output(task), make_output(task, saved=False, status=Output.Status.LOST)
        markup = card(task)
        assert 'data-state="done"' in markup
        assert "1 of 2 saved" in words(markup)

    @pytest.mark.parametrize(
        ("kind", "told"), [("video", "Film"), ("audio", "Sound"), ("text", "Text"), ("file", "File")]
    )
    def test_what_is_no_picture_gets_a_quiet_frame(self, card, make_task, make_output, kind, told):
        task = make_task("done")
        make_output(task, kind=kind, small="", medium="", duration=64.0 if kind in ("video", "audio") else None)
        markup = card(task)
        assert told in words(markup)
        assert ("1 min 4 s" in words(markup)) is (kind in ("video", "audio"))
        assert "<img" not in markup

    def test_everybody_may_download_the_original(self, card, make_task, make_output, colleague):
        task = make_task("done")
        output = make_output(task)
        assert f'href="/media/{output.pk}/original/?download"' in " ".join(card(task, colleague).split())


MONEY = [
    ({"spent": "no"}, "You were not charged."),
    ({"spent": "yes", "price_charged": Decimal("0.04")}, "You were charged $0.04."),
    ({"spent": "unknown", "price_maximum": Decimal("0.04")}, "You may have been charged $0.04."),
    ({"spent": "unknown"}, "You may have been charged."),
]


class EndedTests:
    @pytest.mark.parametrize(("spent", "told"), MONEY)
    def test_whether_money_was_spent_is_only_what_is_known(self, card, make_task, spent, told):
        for status in ("failed", "expired"):
            assert told in words(card(make_task(status, **spent)))

    @pytest.mark.parametrize(
        ("code", "title", "advice"),
        [
            ("http_400", "Qwen Image can’t use these settings", "Change them and try again."),
            ("http_422", "Qwen Image can’t use these settings", "Change them and try again."),
            ("provider", "Qwen Image had a problem", "Try again or pick another model."),
            ("empty", "Qwen Image had a problem", "Try again or pick another model."),
            ("http_404", "Modellix refused this", ""),
        ],
    )
    def test_a_failure_has_the_providers_words(self, card, make_task, code, title, advice):
        task = make_task("failed", error="Value out of range: n", error_code=code)
        told = f"{title} Value out of range: n. You were not charged. {advice}".strip()
        assert f"{told} Edit prompt Run again" in words(card(task))

    def test_unclear(self, card, make_task):
        told = "so we can’t tell. Check before resending: you could pay twice. Check… It was not sent"
        markup = card(make_task("unknown"))
        assert f"Did Modellix get this? The connection dropped while sending, {told}" in words(markup)
        assert "/send-again/" not in markup

    def test_expired(self, card, make_task):
        kept = "Modellix keeps results for 24 hours and we could not save this one in time."
        assert f"The file is gone {kept}" in words(card(make_task("expired", error_code="files_gone")))
        assert "The file is gone Modellix no longer knows this task." in words(card(make_task("expired")))

    def test_cancelled_names_who_did_it(self, card, make_task, admin_user, member):
        task = make_task()
        task.cancel(admin_user)
        assert "Cancelled Ada Admin stopped it before it was sent. No charge. Run again" in words(card(task))
        unclear = make_task("unknown", price_maximum=Decimal("0.04"))
        unclear.dismiss(member)
        assert "Mia Member said it was not sent. You may have been charged $0.04." in words(card(unclear))
        remote = make_task("cancelled", error_code="remote", error="Stopped by the provider", spent="no")
        assert "Cancelled Stopped by the provider. You were not charged." in words(card(remote))


class ActionTests:
    @pytest.mark.parametrize(
        ("status", "verbs"),
        [
            ("queued", ["cancel"]),
            ("submitting", []),
            ("pending", []),
            ("processing", []),
            ("saving", []),
            ("unknown", ["dismiss"]),
            ("failed", ["order-again"]),
            ("expired", ["order-again"]),
            ("cancelled", ["order-again"]),
            ("done", []),
        ],
    )
    def test_only_what_can_be_done_by_whom_it_may(
        self, card, make_task, make_output, colleague, admin_user, member, status, verbs
    ):
        task = make_task(status)
        if status == "done":
            make_output(task)
        for viewer in (member, admin_user):
            assert re.findall(r'action="/tasks/\d+/([a-z-]+)/"', card(task, viewer)) == verbs
        assert "/tasks/" not in "".join(re.findall(r'action="[^"]+"', card(task, colleague)))


def test_a_state_that_we_do_not_know_is_told_in_the_providers_word(client, member, make_task):
    make_task("processing", word="marinating")
    make_task("processing", word="RUNNING")
    client.force_login(member)
    page = client.get("/").content.decode()
    assert page.count("a word we do not know") == 1
    assert "marinating" in page
