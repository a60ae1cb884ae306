"""Mails that people wish for: what became of their generations, and once a week what the team made.

Claimed first, sent second: a job that runs twice sends nothing twice. A mail that the server refuses is not sent again.
"""

from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.core.signing import Signer
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from generations import mail
from generations.engine import calls
from generations.models import Bookmark, Favourite, Notice, Output, Task, User
from generations.models.notice import BUDGETS, DENIED, FAILED, READY, UNCLEAR
from generations.models.purse import next_month
from generations.models.usage import midnight
from generations.places import address

MOST_LINES = 20  # generations in one mail


def gather():
    """Note whom to write to, and what to call about, of what happened since the last time."""
    with transaction.atomic():
        events = Bookmark.turn()
        calls.note([event for event in events if event.kind not in DENIED])  # an affair between people
        wished = [(person, event) for event in events if mail.is_set_up() for person in readers(event)]
        Notice.objects.bulk_create(Notice(person=person, event=event) for person, event in wished)


def readers(event):
    """Who wishes to read of it: of a generation its author alone."""
    people = event.alarm.readers() if event.kind in BUDGETS else [event.task.author]
    wish = "budget" if event.kind in BUDGETS else "ready" if event.kind in READY else "failed"
    return [person for person in people if person.is_active and person.wishes_for(wish, "mail")]


def write():
    """One mail to each person for whom something is due; of each budget one of its own."""
    for person in User.objects.filter(pk__in=Notice.due().values("person"), is_active=True):
        notices = Notice.take(person)
        for notice in notices:
            if notice.event.kind in BUDGETS:
                send(person, *told_of(notice.event.alarm, person))
        if of_tasks := [notice for notice in notices if notice.event.kind not in BUDGETS]:
            send(person, *told(of_tasks))


def told_of(alarm, person):
    """As `told`, of a budget that runs out."""
    whose = "Your budget" if alarm.person == person else alarm.whose
    renewed = date_format(next_month(alarm.month), "j F")
    line = f"{alarm.told}. It is renewed on {renewed}; an admin can raise it before."
    return "budget", f"{whose} is {alarm.get_level_display()}", [(line, address(reverse("usage")))]


def told(notices):
    """(the wish it serves, the subject, the lines of the mail) of some of one person's."""
    kinds = [notice.event.kind for notice in notices]
    ready, *others = (sum(kind in group for kind in kinds) for group in (READY, FAILED, UNCLEAR, DENIED))
    subject = sentence(ready, *others)
    tasks = [(notice.word, notice.event.task) for notice in notices[:MOST_LINES]]
    lines = [(f"{word}: {short(task.title)}", address(task.get_absolute_url())) for word, task in tasks]
    if len(notices) > MOST_LINES:
        lines.append((f"and {len(notices) - MOST_LINES} more", address(reverse("studio"))))
    return "failed" if any(others) else "ready", subject, lines


def sentence(ready, failed, unclear, denied=0):
    """Such as "Your generation is ready", "3 generations are ready, 1 failed, 1 needs a decision"."""
    if ready + failed + unclear + denied == 1:
        what = "is ready" if ready else "failed" if failed else "needs a decision" if unclear else "was not approved"
        return f"Your generation {what}"
    parts = [
        ready and f"{ready} generation{'s are' if ready > 1 else ' is'} ready",
        failed and f"{failed} failed",
        unclear and f"{unclear} need{'' if unclear > 1 else 's'} a decision",
        denied and f"{denied} {'were' if denied > 1 else 'was'} not approved",
    ]
    return ", ".join(filter(None, parts))


def short(text):
    text = " ".join(text.split())
    return text if len(text) <= 100 else f"{text[:99]}…"


def write_digests():
    """Once a week to whoever wishes it: what the team made in the week that is over."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    for person in User.objects.filter(is_active=True) if mail.is_set_up() else []:
        is_due = person.wishes_for("weekly", "mail") and person.take_digest(monday)
        lines = digest(monday, person) if is_due else []
        if lines:
            send(person, "weekly", "What the team made last week", lines)


def digest(monday, person):
    """The lines about the seven days before; none when nothing was made."""
    week = [midnight(monday - timedelta(days=7)), midnight(monday)]
    made = Task.objects.filter(created_at__gte=week[0], created_at__lt=week[1], is_private=False, binned_at=None)
    sums = made.aggregate(
        count=Count("pk"), ready=Count("pk", filter=Q(status__in=["done", "partial"])), spent=Sum("price_charged")
    )
    if not sums["count"]:
        return []
    files = Output.objects.filter(task__in=made, status=Output.Status.SAVED).count()
    liked = Favourite.objects.filter(made_at__gte=week[0], made_at__lt=week[1], task__is_private=False).count()
    lines = [f"Generations: {sums['count']}, {sums['ready']} of them ready", f"Files saved: {files}"]
    lines.append(f"Marked as favourites: {liked}")
    if not person.is_viewer:
        lines.append(f"Charged by Modellix: ${sums['spent'] or 0:.2f}")
    return [(line, "") for line in lines]


def send(person, wish, subject, lines):
    """The mail as plain text and HTML. A mail server that is away is only logged."""
    stop = address(reverse("stop-mail", args=[stop_token(person, wish)]))
    context = {"person": person, "subject": subject, "lines": lines, "stop": stop, "studio": address("/")}
    message = EmailMultiAlternatives(
        subject,
        render_to_string("mail/notice.txt", context),
        to=[person.email],
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    message.attach_alternative(render_to_string("mail/notice.html", context), "text/html")
    mail.deliver(message)


def stop_token(person, wish):
    return Signer(salt="stop-mail").sign(f"{person.pk}:{wish}")
