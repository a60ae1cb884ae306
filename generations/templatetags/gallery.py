from django import template

register = template.Library()


@register.filter
def width_within(output, longest):
    """`{{ output|width_within:1024 }}`: how wide, in pixels, once the longer side is at most that."""
    return round(output.width * min(1, longest / max(output.width, output.height)))
