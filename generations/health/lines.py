"""What the figures mean: a line for each part of the studio, and for what is not well, in words, what to do."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.template.defaultfilters import date as day
from django.template.defaultfilters import filesizeformat as size
from django.template.defaultfilters import pluralize
from django.urls import reverse

from generations.health.figures import Figures
from generations.models import Provider
from generations.templatetags.studio import age, moment, money

UNDECIDED_FOR = timedelta(days=1)  # after which an unknown outcome wants a decision
STALE = 180  # days after which prices may well have changed
HOOKS_LATE = timedelta(hours=1)
GIGABYTE = 10**9
LATE_HELP = "The request limit may be too low for them: see MODELLIX_REQUESTS_PER_MINUTE."
PAUSED = {
    Provider.Pause.KEY_MISSING: "Set MODELLIX_API_KEY on the server and start again.",
    Provider.Pause.KEY_REFUSED: "Check MODELLIX_API_KEY on the server and start again.",
    Provider.Pause.NO_CREDIT: "Top up at Modellix; sending goes on by itself.",
}


@dataclass(frozen=True)
class Line:
    """One part. `word` sums up; `figure unit` is large, `detail` small; `share` in percent fills a bar.

    One that is not good has `trouble`, what is amiss, `advice`, what to do, and perhaps `link`: (address, words).
    """

    GOOD, LOOK, ACT = "good", "look", "act"

    name: str
    icon: str
    figure: str
    unit: str = ""
    detail: str = ""
    share: int | None = None
    word: str = "Good"
    state: str = GOOD
    trouble: str = ""
    advice: str = ""
    link: tuple[str, str] | None = None

    @property
    def is_good(self):
        return self.state == self.GOOD


def lines(now):
    """One for each part, of these Figures."""
    parts = {
        ("Workers", "cpu"): workers,
        ("Dispatcher", "send"): dispatcher,
        ("Queue", "layers"): queue,
        ("Modellix", "key-round"): modellix,
        ("Results", "hard-drive-download"): results,
        ("Unknown outcomes", "circle-help"): unknown,
        ("Requests", "gauge"): requests,
        ("Running", "hourglass"): running,
        ("Balance", "wallet"): balance,
        ("Storage", "hard-drive"): storage,
        ("Catalogue", "shapes"): catalogue,
        ("Webhooks", "globe"): webhooks,
    }
    return [Line(*titled, **part(now)) for titled, part in parts.items()]


def problems():
    """What has to be mended now, as sentences; empty when nothing has."""
    return [f"{line.trouble} {line.advice}" for line in lines(Figures.now()) if line.state == Line.ACT]


def act(word, trouble, advice, link=None):
    return {"state": Line.ACT, "word": word, "trouble": trouble, "advice": advice, "link": link}


def look(word, trouble, advice, link=None):
    return act(word, trouble, advice, link) | {"state": Line.LOOK}


# The parts: each gives the fields of its line


def workers(now):
    seen = f"Last sign of life {age(now.last_beat)} ago" if now.last_beat else "None within the last day"
    line = {"figure": str(now.workers), "unit": f"of {max(now.workers_known, 1)}", "detail": seen, "word": "Running"}
    if not now.workers:
        log = "Start manage.py studio_worker on the server; its log says why it stopped."
        return line | act("Stopped", "No worker has given a sign of life for a minute.", log)
    if now.workers < now.workers_known:
        trouble = f"Machines whose worker fell silent within the last day: {now.workers_known - now.workers}."
        return line | look("Some missing", trouble, "If that is not on purpose, start manage.py studio_worker there.")
    return line


def dispatcher(now):
    if now.dispatcher:
        host, _, process = now.dispatcher.partition(":")
        return {"figure": host, "unit": f"process {process}", "detail": "Holds the lease to talk to Modellix"}
    if not now.workers:
        return {"figure": "None", "detail": "It comes with a worker", "word": "Away"}
    if now.overdue:
        advice = "Look into the worker's log; if that says nothing, restart the worker."
        return {"figure": "None"} | act("Missing", "Orders are open, but no dispatcher works.", advice)
    return {"figure": "At rest", "detail": "It comes with the next order"}


def queue(now):
    at_modellix = sum(now.tasks.get(status, 0) for status in ("submitting", "pending", "processing"))
    detail = f"{at_modellix} at Modellix, {now.tasks.get('saving', 0)} being saved"
    if now.asking:
        detail += f", {now.asking} until an admin agrees"
    if now.oldest:
        detail += f". The oldest was ordered {ago(now.at, now.oldest)} ago"
    line = {"figure": str(now.waiting), "unit": "waiting", "detail": detail, "word": "Normal"}
    if now.silent:
        first = now.silent[0]
        which = f"The first is Task {first.pk}, taken {moment(first.accepted_at)}."
        trouble = f"No answer for far longer than usual: {len(now.silent)}. {which}"
        return line | act("Silent", trouble, "Its page can stop watching it.", (first.get_absolute_url(), "Open it"))
    if now.late_looks:
        return line | act("Behind", f"Looked at too late: {now.late_looks} running.", LATE_HELP)
    return line


def modellix(now):
    known = now.provider
    if known.is_paused:
        said = f" Modellix says: {known.pause_text.rstrip('.')}." if known.pause_text else ""
        trouble = f"Sending is paused: {known.get_pause_display()}.{said}"
        since = f"Since {moment(known.paused_at)}" if known.paused_at else ""
        return {"figure": "Paused", "detail": since} | act("Stopped", trouble, PAUSED[known.pause])
    if known.is_unreachable:
        trouble = f"Modellix has not answered since {moment(known.unreachable_since)}."
        advice = "We keep trying. See whether the server reaches it: a firewall may be in the way."
        return {"figure": "Silent"} | act("Unreachable", trouble, advice)
    return {"figure": "Sending", "detail": "It answers, and the key is not refused"}


def results(now):
    unsaved = now.unsaved
    if not unsaved["count"]:
        return {"figure": "All safe", "detail": "Every result lies in our own storage"}
    detail = f"The first is kept there until {moment(unsaved['until'])}"
    line = {"figure": str(unsaved["count"]), "unit": "not saved", "detail": detail, "word": "Saving"}
    if not unsaved["failing"]:
        return line
    trouble = f"Not saved yet: {unsaved['failing']}. The first is lost {moment(unsaved['failing_until'])}."
    history = f"{reverse('admin:generations_output_changelist')}?state=unsaved"
    return line | act("At risk", trouble, "We keep trying.", (history, "See what is in the way"))


def unknown(now):
    if not now.unknown:
        return {"figure": "None", "detail": "What became of each order is known"}
    number = f"{now.unknown} order{pluralize(now.unknown)} may have been bought, or not."
    advice = "Look for what was bought in the Modellix console, then say so on the card."
    link = (f"{reverse('studio')}?status=unknown", "Show them")
    say = act if now.at - now.oldest_unknown > UNDECIDED_FOR else look
    detail = f"The oldest was sent {ago(now.at, now.oldest_unknown)} ago"
    return {"figure": str(now.unknown), "detail": detail} | say("Undecided", number, advice, link)


def requests(now):
    allowed, setting, told = now.requests_allowed, now.requests_set, now.provider.requests_per_minute
    share = min(100 * now.requests // allowed, 100)
    line = {"figure": str(now.requests), "unit": f"of {allowed} a minute", "share": share, "word": "Room left"}
    line["detail"] = f"The setting says {setting}, Modellix {told or 'nothing'}"
    if told and told < setting:
        advice = f"We keep to it. Set MODELLIX_REQUESTS_PER_MINUTE={told}, or ask Modellix for more."
        return line | look("Limited", f"Modellix allows {told} requests a minute, fewer than the setting.", advice)
    return line if share < 80 else line | {"word": "Busy"}


def running(now):
    cap = now.running_cap
    line = {"figure": str(now.running), "unit": f"of {cap} at once", "share": min(100 * now.running // cap, 100)}
    if now.crowded:
        trouble = f"Modellix takes fewer orders at once than MODELLIX_RUNNING_CAP={cap}."
        line["detail"] = f"{now.crowded} sent back to wait"
        return line | look("Limited", trouble, "We send fewer. Lower the setting, or ask Modellix for more.")
    return line | {"detail": "At Modellix; the setting is MODELLIX_RUNNING_CAP", "word": "Normal"}


def balance(now):
    spent, days, left = f"{money(now.spent)} charged within 7 days", now.days_of_credit, now.provider.balance
    if left is None:
        return {"figure": "Not told", "detail": spent, "word": "Unknown"}
    line = {"figure": money(left), "detail": f"{spent}. Lasts {in_days(days)}" if days is not None else spent}
    books = (reverse("credit"), "What it went to")
    if left <= 0 or (days is not None and days < 2):
        return line | act("Nearly empty", "The credit at Modellix is about to run out.", "Top up at Modellix.", books)
    if days is not None and days < 7:
        trouble = "The credit at Modellix lasts for less than a week."
        return line | look("Low", trouble, "Top up at Modellix.", books)
    return line


def storage(now):
    grown, days = f"{size(now.grown)} more within 7 days", now.days_of_room
    if now.disk is None:
        return {"figure": size(now.kept), "unit": "in the bucket", "detail": grown}
    whole, free = now.disk
    line = {"figure": size(free), "unit": f"of {size(whole)} free", "share": 100 * (whole - free) // whole}
    line["detail"] = f"{grown}. Full in {in_days(days)}" if days is not None else grown
    trouble = f"The disk for results has {size(free)} left."
    advice = "Make room on it, or move DATA_DIR to a larger one: what cannot be saved is lost after 24 hours."
    if free < GIGABYTE or (days is not None and days < 2):
        return line | act("Nearly full", trouble, advice)
    if free < whole / 20 or (days is not None and days < 14):
        return line | look("Filling up", trouble, advice)
    return line | {"word": "Room left"}


def catalogue(now):
    old = (now.at.date() - now.prices_as_of).days
    line = {"figure": day(now.prices_as_of, "j M Y"), "detail": f"Models and prices are {in_days(old)} old"}
    if old > STALE:
        advice = "Update the studio: each version brings the catalogue of its day."
        return line | look("Old", "Models and prices may have changed since.", advice)
    return line | {"word": "Fresh"}


def webhooks(now):
    if not settings.PUBLIC_URL:
        return {"figure": "Off", "detail": "Without PUBLIC_URL we look by ourselves", "word": "Not needed"}
    last = f"{ago(now.at, now.last_hook)} ago" if now.last_hook else "None yet"
    line = {"figure": last, "detail": "When Modellix last called", "word": "Arriving"}
    if now.last_finished and (now.last_hook is None or now.last_finished - now.last_hook > HOOKS_LATE):
        advice = f"Nothing is lost: we look by ourselves. See whether the internet reaches {settings.PUBLIC_URL}."
        return line | look("Missing", "Results came, but Modellix did not call.", advice)
    return line if now.last_hook else line | {"word": "Waiting"}


def ago(now, time):
    days = (now - time).days
    return in_days(days) if days > 1 else age(time)


def in_days(days):
    """Such as "12 days", "less than a day", "more than a year"."""
    if days > 365:
        return "more than a year"
    return f"{days:.0f} day{pluralize(round(days))}" if days >= 1 else "less than a day"
