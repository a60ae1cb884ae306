import re
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import log

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join

from generations import accounts

register = template.Library()
register.filter(accounts.takes_passkeys)

WORD = re.compile("[a-z]{2,}")

# The shapes that static/css/components/ratio.css knows
RATIOS = ["1:8", "1:4", "9:16", "2:3", "3:4", "4:5", "1:1", "5:4", "4:3", "3:2", "16:9", "21:9", "4:1", "8:1"]


@register.simple_tag
def icon(name, size=""):
    """`{% icon "send" %}`: a drawing of static/icons.svg; a second word is added as a class."""
    markup = '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>'
    return format_html(markup, f"icon {size}".strip(), static("icons.svg"), name)


@register.simple_tag
def key(does, pressed):
    """`{% key "Flip between pictures" "hold Space" %}`: a line of the list of keys. Small letters are words."""
    parts = ((format_html("{}" if WORD.fullmatch(part) else "<kbd>{}</kbd>", part),) for part in pressed.split())
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", does, format_html_join(" ", "{}", parts))


@register.filter
def aspect(task):
    """The data-ar word of static/css/components/ratio.css that is nearest to the shape of this task, such as "3:2"."""
    return nearest_ratio(task.ratio_width, task.ratio_height)


@register.filter
def shape(output):
    """The same for a file; a square for one that is no picture."""
    return nearest_ratio(output.width or 1, output.height or 1)


def nearest_ratio(width, height):
    ordered = log(width / height)
    return min(RATIOS, key=lambda word: abs(log_ratio(word) - ordered))


def log_ratio(word):
    """Of "2:1" as far from zero as of "1:2", so that nearness is judged alike for tall and wide."""
    width, height = word.split(":")
    return log(int(width) / int(height))


@register.filter
def money(amount, places=2):
    """US dollars: `0.016|money` is "$0.02", for unit prices `0.016|money:3` is "$0.016". Empty when it is not known.

    What costs something never reads "$0.00": it gets as many places as its first digit needs.
    """
    if amount is None:
        return ""
    amount = Decimal(str(amount))
    if amount and not rounded(amount, places):
        places = -amount.adjusted()
    return f"${rounded(amount, places):,}"


@register.filter
def thousands(number):
    """`1161|thousands` is "1,161"."""
    return f"{number:,}"


@register.filter
def breakable(email):
    """An email that goes on in the next line with its @, where there is no room for it in one."""
    return format_html("{}<wbr>{}{}", *email.rpartition("@"))


def rounded(amount, places):
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@register.filter
def left(moment):
    """The time until then: "23 h left", in the last hour "45 min left", after it "overdue"."""
    minutes = int((moment - timezone.now()).total_seconds() // 60)
    if minutes < 0:
        return "overdue"
    return f"{minutes // 60} h left" if minutes >= 60 else f"{minutes} min left"


@register.filter
def moment(time):
    """When something is or was, for the middle of a sentence: "today at 14:05", "on 25 December at 14:05"."""
    time, today = timezone.localtime(time), timezone.localdate()
    day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((time.date() - today).days)
    shape = "j F" if time.year == today.year else "j F Y"
    return f"{day or f'on {date_format(time, shape)}'} at {date_format(time, 'H:i')}"


@register.filter
def days_left(moment):
    """The days until then, the last one counted: "12 days left", "1 day left"."""
    days = max(-((timezone.now() - moment) // timedelta(days=1)), 1)
    return f"{days} day{'' if days == 1 else 's'} left"


@register.filter
def age(moment):
    """The time since then: "40 s", "2 h 5 min"."""
    return span((timezone.now() - moment).total_seconds())


@register.filter
def span(seconds):
    """A length of time from seconds: "6 s", "1 min 24 s", "2 h 5 min". Empty when it is not known."""
    if seconds is None:
        return ""
    if seconds < 1:
        return "under 1 s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else seconds, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
