from datetime import timedelta

from django import template
from django.template.defaultfilters import date
from django.utils import timezone

from generations.templatetags.studio import nearest_ratio

register = template.Library()


@register.filter
def width_within(output, longest):
    """`{{ output|width_within:1024 }}`: how wide, in pixels, once the longer side is at most that."""
    return round(output.width * min(1, longest / max(output.width, output.height)))


@register.filter
def shape(output):
    """The data-ar word that is nearest to the shape of this file; of one without pixels, "4:3"."""
    return nearest_ratio(output.width, output.height) if output.width and output.height else "4:3"


@register.filter
def sizes(output, layout):
    """How wide its frame on a visitor's page is: the attribute `sizes` for this layout of .exhibit, or "whole"."""
    ratio = output.width / output.height
    if layout == "whole":
        return f"min(100vw, {ratio * 90:.0f}vh)"
    if layout == "many":
        return f"(max-width: 40rem) 92vw, {min(ratio * 30, 92):.0f}vw"
    return f"(max-width: 40rem) 92vw, min(92vw, {ratio * 90:.0f}vh)"


@register.filter
def day(moment):
    """Until when something is open, for people in any place: "23 December", on its last day "today, 14:30 UTC"."""
    now, moment = timezone.localtime(), timezone.localtime(moment)
    if moment - now < timedelta(days=1):
        return f"{'today' if moment.date() == now.date() else 'tomorrow'}, {date(moment, 'H:i T')}"
    return date(moment, "j F" if moment - now < timedelta(days=300) else "j F Y")
