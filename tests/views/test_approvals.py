"""What costs more than the team's limit waits for an admin, who agrees or does not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from generations.engine.jobs import tick_job
from generations.engine.trace import attach
from generations.forms.approvals import Ask
from generations.health.figures import Figures
from generations.models import Attempt, Entry, Event, Heartbeat, Notice, Task, Team, User
from generations.models.audit import mistakes
from tests.models.test_races import at_once, sign_in
from tests.views.conftest import BANANA, HTMX, QWEN, html, order
from tests.views.test_budgets import foot, limit, wait_for
from tests.views.test_sending import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def audited(db):
    """After every test the books are right."""
    yield
    assert mistakes() == []


@pytest.fixture
def ada(admin_user):
    return sign_in(admin_user)


@pytest.fixture
def asked(mia, admin_user):
    """asked(form of Generate) gives what waits after the press, as one Ask."""

    def press(*args, **changes):
        above("0.01")
        mia.post("/tasks/", order(*args or (BANANA,), **changes))
        return Ask.of(Task.objects.all())[-1]

    return press


def above(amount):
    Team.objects.update_or_create(pk=1, defaults={"approval_above": amount and Decimal(amount)})


def approve(browser, ask, seen=None):
    return browser.post(f"/approvals/{ask.first.pk}/approve/", {"seen": seen or ask.stamp}, follow=True)


def deny(browser, ask, reason=""):
    return browser.post(f"/approvals/{ask.first.pk}/deny/", {"reason": reason}, follow=True)


def kinds(task):
    return list(task.events.order_by("pk").values_list("kind", flat=True))


class AskTests:
    def test_the_button_says_it_beforehand(self, mia):
        above("0.01")
        said = " ".join(foot(mia).split())
        assert "Ask for approval&ensp;·&ensp;about $" in said
        assert "Above $0.01 an admin has to agree first." in said

    @pytest.mark.parametrize("amount", [None, "5"])
    def test_at_or_below_the_limit_and_without_one_nobody_is_asked(self, mia, amount):
        above(amount)
        assert "Generate 1" in foot(mia)
        mia.post("/tasks/", order(BANANA))
        assert Task.objects.get().hold == "undo"

    def test_it_counts_all_of_a_press(self, mia, admin_user):
        mia.post("/tasks/", order(BANANA, prompt="one"))
        price = Task.objects.get().price_maximum
        Task.objects.get().cancel(admin_user)
        above(price.quantize(Decimal("0.01")) + Decimal("0.01"))
        mia.post("/tasks/", order(BANANA, prompt="two"))
        both = order(BANANA, prompt="three") | {"model": [BANANA, QWEN], "shown": [BANANA, QWEN]}
        mia.post("/tasks/", both)
        assert [task.hold for task in Task.objects.order_by("pk")] == ["", "undo", "approval", "approval"]

    def test_a_price_that_is_not_known_may_be_above(self, mia, make_task, make_output):
        above("1000")
        task = make_task("done", price_maximum=None)
        make_output(task)
        assert "Ask to run again, price not known" in html(mia.get(task.get_absolute_url()))
        mia.post(f"/tasks/{task.pk}/order-again/")
        assert task.repeats.get().hold == "approval"

    def test_admins_need_nobody(self, ada):
        above("0.01")
        assert "Generate 1" in foot(ada)
        ada.post("/tasks/", order(BANANA))
        assert Task.objects.get().hold == "undo"

    def test_it_holds_back_the_money_and_is_on_record(self, asked, member):
        task = asked().first
        assert Entry.objects.get().reserved == task.price_maximum
        assert kinds(task) == ["asked", "asked_approval"]
        assert timedelta(days=6) < task.not_before - timezone.now() <= timedelta(days=7)

    def test_admins_get_one_mail_for_what_waits_of_one_person(self, asked, admin_user):
        for prompt in ("a harbour", "a lighthouse"):
            asked(prompt=prompt)
        wait_for(lambda: mail.outbox)
        [message] = mail.outbox
        assert (message.bcc, message.subject) == ([admin_user.email], "Mia Member asks for approval")
        assert "a harbour" in message.body
        assert "http://testserver/approvals/" in message.body

    def test_who_pressed_is_told_and_sees_it_on_the_card(self, mia, asked):
        above("0.01")
        answer = words(mia.post("/tasks/", order(BANANA), headers=HTMX))
        assert "An admin is asked. Nothing is sent before they agree, and cancelling is free." in answer
        assert "Sending in" not in answer
        page = html(mia.get("/"))
        assert "Waits for approval" in page
        assert "7 days left" in page
        assert f'action="/tasks/{Task.objects.get().pk}/cancel/"' in page
        assert 'data-unfinished="0"' in page
        assert "every 15s" in page

    def test_its_author_may_take_it_back(self, mia, asked):
        task = asked().first
        mia.post(f"/tasks/{task.pk}/cancel/")
        task.refresh_from_db()
        assert (task.status, task.hold, task.spent) == ("cancelled", "", "no")

    def test_nothing_else_lets_it_go(self, mia, ada, asked, admin_user):
        task = asked().first
        above(None)
        assert not task.release(admin_user)
        mia.post(f"/tasks/{task.pk}/send-now/")
        Task.objects.update(not_before=timezone.now())
        assert not Task.objects.sendable().exists()
        assert task.claim(1, "plain") is None
        assert not task.wait("inputs", timezone.now(), "All places are taken.")
        task.refresh_from_db()
        assert (task.status, task.hold) == ("queued", "approval")

    def test_sending_again_asks_too(self, mia, ada, make_task, member, admin_user):
        above("0.01")
        task = make_task("unknown", price_minimum=Decimal("0.04"), price_maximum=Decimal("0.04"))
        task._settle()
        assert "Ask to send again for $0.04" in html(mia.get(task.get_absolute_url()))
        mia.post(f"/tasks/{task.pk}/send-again/")
        [ask] = Ask.of(Task.objects.all())
        assert "it may be paid twice" in html(ada.get("/approvals/"))
        deny(ada, ask, "Look in the console first.")
        task.refresh_from_db()
        assert (task.status, task.spent) == ("unknown", "unknown")
        assert task.error == "No admin agreed to sending it again. Look in the console first."
        ada.post(f"/tasks/{task.pk}/send-again/")
        task.refresh_from_db()
        assert (task.status, task.hold) == ("queued", "")

    def test_taken_back_it_is_as_unclear_as_before(self, mia, make_task):
        above("0.01")
        task = make_task("unknown", price_minimum=Decimal("0.04"), price_maximum=Decimal("0.04"))
        task._settle()
        for action in ("send-again", "cancel"):
            mia.post(f"/tasks/{task.pk}/{action}/")
        task.refresh_from_db()
        assert (task.status, task.hold, task.spent) == ("unknown", "", "unknown")

    def test_nobody_is_asked_any_more_once_the_first_sending_was_found(self, mia, make_task):
        above("0.01")
        task = make_task("unknown", price_minimum=Decimal("0.04"), price_maximum=Decimal("0.04"))
        Attempt.objects.create(task=task, number=1, epoch=1, form="plain", outcome="unknown")
        task._settle()
        mia.post(f"/tasks/{task.pk}/send-again/")
        attach(Attempt.objects.get(), "task-found")
        task.refresh_from_db()
        assert (task.status, task.hold, Task.objects.count()) == ("pending", "", 1)
        assert kinds(task)[-2:] == ["withdrawn", "accepted"]


class DecideTests:
    def test_the_page_tells_who_asks_for_what_and_what_is_left(self, ada, asked, member):
        limit(Decimal("5"))
        asked(prompt="a harbour at dawn")
        page = words(ada.get("/approvals/"))
        assert "Mia Member asked today" in page
        assert "a harbour at dawn" in page
        assert "Nano Banana 2" in page
        assert "of $5.00 left" in page

    def test_the_wall_leads_admins_there(self, ada, asked, mia):
        asked()
        Heartbeat.beat("here")
        assert "1 order waits for an admin to agree." in words(ada.get("/"))
        assert "/approvals/" not in html(mia.get("/"))

    def test_approved_it_is_sent_and_the_author_learns_who_did_it(self, ada, mia, asked, admin_user):
        ask = asked()
        assert "Approved. 1 order is on the way." in words(approve(ada, ask))
        assert list(Task.objects.sendable()) == [ask.first]
        assert kinds(ask.first)[-1] == "approved"
        assert "By Ada Admin" in words(mia.get(ask.first.get_absolute_url()))
        assert ask.first.claim(1, "plain")

    def test_denied_it_holds_nothing_and_the_card_tells_who_and_why(self, ada, mia, asked):
        ask = asked()
        assert "Not approved. Mia Member reads it on the card." in words(deny(ada, ask, "Try the small model."))
        assert "Ada Admin said no: “Try the small model.” Nothing was sent. No charge." in words(mia.get("/"))
        assert sum(entry.reserved for entry in Entry.objects.all()) == 0
        assert "Nothing waits for a decision." in words(ada.get("/approvals/"))

    def test_all_of_a_press_is_decided_at_once(self, ada, mia, asked):
        ask = asked(BANANA, model=[BANANA, QWEN], shown=[BANANA, QWEN])
        assert len(ask.tasks) == 2
        assert "Approved. 2 orders are on the way." in words(approve(ada, ask))

    def test_a_price_that_moved_is_shown_and_agreed_to_anew(self, ada, asked):
        ask = asked()
        Task.objects.update(price_minimum=Decimal("0.02"), price_maximum=Decimal("0.02"))
        ask.first._settle()
        assert "The price has changed: it was about $0.02" in words(ada.get("/approvals/"))
        assert "Nothing was sent: a price moved" in words(approve(ada, ask, seen=f"{ask.first.pk}:0.0200-0.0200"))
        assert not Task.objects.sendable().exists()
        approve(ada, ask)
        task = Task.objects.get()
        assert (task.price_maximum, task.events.first().text) == (
            ask.now.maximum,
            f"for ${ask.now.maximum:.2f}; when it was asked for: $0.02",
        )
        assert sum(entry.reserved for entry in Entry.objects.all()) == ask.now.maximum

    def test_what_has_become_dearer_has_to_keep_within_the_budget(self, ada, asked, member):
        ask = asked()
        Task.objects.update(price_minimum=Decimal("0.02"), price_maximum=Decimal("0.02"))
        ask.first._settle()
        limit(Decimal("0.03"), member)
        assert "the budget has no room for that" in words(approve(ada, ask))
        assert not Task.objects.sendable().exists()

    def test_the_second_admin_is_told_who_was_quicker(self, ada, asked):
        bob = sign_in(User.objects.create_superuser("bob@example.com", "x", name="Bob Boss"))
        ask = asked()
        approve(ada, ask)
        for decide in (approve, deny):
            assert "Ada Admin approved it in the meantime. You changed nothing." in words(decide(bob, ask))
        assert ask.first.events.filter(kind__in=["approved", "denied"]).count() == 1

    def test_an_order_that_was_taken_back_is_not_approved_with_the_others(self, ada, mia, asked):
        ask = asked(BANANA, model=[BANANA, QWEN], shown=[BANANA, QWEN])
        mia.post(f"/tasks/{ask.first.pk}/cancel/")
        assert "Nothing was sent" in words(approve(ada, ask))
        assert not Task.objects.sendable().exists()

    def test_whose_role_was_taken_decides_no_more(self, ada, asked, admin_user):
        ask = asked()
        User.objects.create_superuser("bob@example.com", "x", name="Bob Boss")
        admin_user.become("member")
        assert approve(ada, ask).status_code == deny(ada, ask).status_code == 404
        assert Task.objects.awaiting_approval().count() == 1

    @pytest.mark.parametrize("who", ["member", "colleague", "viewer", "visitor"])
    def test_nobody_but_an_admin_decides(self, request, asked, who):
        ask, browser = asked(), Client() if who == "visitor" else sign_in(request.getfixturevalue(who))
        for answer in (browser.get("/approvals/", follow=True), approve(browser, ask), deny(browser, ask)):
            assert answer.status_code in ((200,) if who == "visitor" else (403, 404))  # 200: of the sign-in page
        assert Task.objects.awaiting_approval().count() == 1

    def test_after_seven_days_it_is_refused_by_itself(self, mia, asked):
        task = asked().first
        tick_job()
        assert Task.objects.awaiting_approval().exists()
        Task.objects.update(not_before=timezone.now())
        tick_job()
        task.refresh_from_db()
        assert (task.status, task.error_code, task.hold) == ("cancelled", "lapsed", "")
        assert "Nobody decided within 7 days. Nothing was sent. No charge." in words(mia.get("/"))

    def test_its_author_reads_of_a_no_by_mail_where_they_wish(self, ada, asked, member):
        User.objects.filter(pk=member.pk).update(wishes=["failed:mail"])
        tick_job()  # from here on
        deny(ada, asked())
        tick_job()
        assert [(notice.person, notice.word) for notice in Notice.objects.all()] == [(member, "Not approved")]

    def test_what_waits_for_days_is_nothing_to_mend(self, asked):
        asked()
        long_ago = timezone.now() - timedelta(days=8)
        Task.objects.update(not_before=long_ago, created_at=long_ago)
        now = Figures.now()
        assert (now.waiting, now.asking, now.oldest, now.overdue) == (0, 1, None, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_at_once_one_decides(member, admin_user):
    above("0.01")
    sign_in(member).post("/tasks/", order(BANANA))
    [ask] = Ask.of(Task.objects.all())
    bob = User.objects.create_superuser("bob@example.com", "x", name="Bob Boss")
    browsers = [sign_in(admin_user), sign_in(bob)]
    at_once(lambda: approve(browsers[0], ask), lambda: deny(browsers[1], ask, "No."))
    task = Task.objects.get()
    assert Event.objects.filter(kind__in=["approved", "denied"]).count() == 1
    assert task.status == {"approved": "queued", "denied": "cancelled"}[task.events.first().kind]
