"""When a link may close: the choices of its form, with what they mean today and under the team's rules."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.forms import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

KEEP, LATEST, NEVER, ON_A_DATE = "keep", "latest", "never", "date"
DAYS = (1, 7, 30, 90)


class Ending(NamedTuple):
    """A choice: its value, what it says, and the moment it stands for. None: without end, or not known yet."""

    value: str
    words: str
    moment: datetime | None

    @property
    def label(self):
        return f"{self.words} ({day(self.moment)})" if self.moment else self.words


def endings(link, team):
    """The choices for this link, which is new or came with_state()."""
    now = timezone.now()
    latest = team.latest_end(link.created_at or now)
    found = [Ending(KEEP, "As it is", link.ends_at)] if link.pk else []
    spans = [("hour", "In 1 hour", timedelta(hours=1)), *((str(n), words(n), timedelta(days=n)) for n in DAYS)]
    moments = [(value, text, now + span) for value, text, span in spans]
    found += [Ending(*each) for each in moments if latest is None or each[2] <= latest]
    if latest is None:
        return [*found, Ending(ON_A_DATE, "On a date…", None), Ending(NEVER, "Never", None)]
    if latest > now and latest not in (moment for _, _, moment in found):
        found.append(Ending(LATEST, "As late as is allowed", latest))
    return [*found, Ending(ON_A_DATE, "On a date…", None)]


def usual(found):
    """The value to begin with: as it is, else the house's thirty days, or as long as is allowed."""
    values = [each.value for each in found]
    return next(value for value in (KEEP, str(settings.SHARE_DAYS), LATEST, *reversed(values)) if value in values)


def end_of(date, latest):
    """The end of a day, or the last moment that the team's rules allow on it. Raises ValidationError."""
    if date < timezone.localdate():
        raise ValidationError("This day is over.")
    if latest and date > timezone.localdate(latest):
        raise ValidationError(f"Links may stay open until {day(latest)}: an admin decided how long they last.")
    midnight = timezone.make_aware(datetime.combine(date + timedelta(days=1), time.min))
    return min(midnight, latest) if latest else midnight


def words(days):
    return f"In {days} day{'' if days == 1 else 's'}"


def day(moment):
    """ "25 December", with the time when it is today, and the year when it is another."""
    moment, now = timezone.localtime(moment), timezone.localtime()
    if moment.date() == now.date():
        return date_format(moment, "H:i")
    return date_format(moment, "j F" if moment.year == now.year else "j F Y")
