from django import template
from django.utils.html import conditional_escape, format_html_join

from generations.modellix import constraints
from generations.modellix.catalogue import DOCUMENTED_SECONDS
from generations.templatetags.studio import money, span
from generations.words import hits

register = template.Library()

IN_VIEW = 40  # characters of a caption that are seen on every screen


@register.filter
def highlight(text, looked_for):
    """A text with what is looked for marked in it."""
    found = hits(text, looked_for) if looked_for else []
    ends = [0, *(end for _, end in found)]
    marked = ((text[end:start], text[start:after]) for end, (start, after) in zip(ends, found, strict=False))
    return format_html_join("", "{}<mark>{}</mark>", marked) + conditional_escape(text[ends[-1] :])


@register.filter
def around(text, looked_for):
    """A text from a few words before the first hit on, if that would be out of view."""
    found = hits(text, looked_for) if looked_for else []
    if not found or found[0][1] < IN_VIEW:
        return text
    before = text.rfind(" ", 0, max(found[0][0] - IN_VIEW // 2, 0))
    return f"…{text[before + 1 :]}"


@register.filter
def usual(kind):
    """How long a thing of this kind usually takes, by the provider's documents. Empty when they do not tell."""
    return between(DOCUMENTED_SECONDS.get(kind))


@register.filter
def usual_time(model, usual):
    """How long this model takes: "about 11 s" as learned (`usual`: percentiles by slug), "3-10 s" as documented."""
    learned = usual.get(model.slug)
    return f"about {span(max(round(learned[1]), 1))}" if learned else between(DOCUMENTED_SECONDS.get(model.kind))


@register.filter
def usual_times(models, usual):
    """How long they take together: the shortest to the longest of them. Empty when nobody can tell."""
    known = [_low_and_high(model, usual) for model in models]
    return between((min(low for low, _ in known), max(high for _, high in known))) if known and all(known) else ""


def _low_and_high(model, usual):
    learned = usual.get(model.slug)
    return (learned[0], learned[2]) if learned else DOCUMENTED_SECONDS.get(model.kind)


@register.filter
def between(seconds):
    """From shortest to longest: "3-10 s", "30 s to 2 min". Empty for None."""
    if seconds is None:
        return ""
    low, high = (span(max(round(number), 1)) for number in seconds)
    if low == high:
        return high
    return f"{low.removesuffix(' s')}–{high}" if "min" not in high and "h" not in high else f"{low} to {high}"  # noqa: RUF001


@register.filter
def clock(seconds):
    """A length of time for the middle of a ring: "6 s", "2:40"."""
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60}:{seconds % 60:02}"


@register.filter
def amount(estimate):
    """What an Estimate comes to: "$0.02", or "$0.04 to $0.12"."""
    low, high = money(estimate.minimum), money(estimate.maximum)
    return low if low == high else f"{low} to {high}"


@register.filter
def priced(model, prices):
    """A model's Price for one, by these Prices."""
    return prices.of_unit(model)


@register.filter
def unit_price(price):
    """A Price in words: "$0.004", "$0.040 to $0.125", or that it is not known."""
    return rate((price.minimum, price.maximum)) if price else "price not known"


@register.filter
def rate(pair):
    """What a unit costs, from (least, most): "$0.058", "$0.054 to $0.067"."""
    low, high = (money(amount, 3) for amount in pair)
    return low if low == high else f"{low} to {high}"


@register.filter
def per(price):
    """What a Price is for: "each", "a second"."""
    return "a second" if price.unit == "second" else "each"


@register.filter
def noun(kind):
    """What a model of this kind makes one of."""
    return {"audio": "recording"}.get(kind, kind)


@register.filter
def notes(model):
    """What to know of a model that no field tells, a sentence each."""
    return constraints.notes(model)


@register.filter
def mark(name):
    """Two letters that stand for a model: "NB" for Nano Banana 2, "SE" for Seedream 4.5."""
    words = [word for word in name.split() if word[0].isalpha() and not word.endswith("2I")]
    return (words[0][0] + words[1][0] if len(words) > 1 else name[:2]).upper()


@register.filter
def shelf(model):
    """Which part of the list a model belongs to."""
    made = model.type.replace("-", " ").capitalize()
    return f"{made}. Older, may be withdrawn" if model.lifecycle in ("legacy", "dropped-from-index") else made


@register.filter
def sentence(words):
    """Somebody else's words, so that a sentence may follow: with a full stop where they have no end."""
    words = words.strip()
    return words if not words or words[-1] in ".!?…" else f"{words}."
