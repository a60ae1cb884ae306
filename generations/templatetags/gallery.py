from django import template

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
