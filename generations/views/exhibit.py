"""What stands on a visitor's page, in words that tell nothing of the prompts unless the link shows them."""

from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import apnumber
from django.core.paginator import Paginator
from django.db.models import Count, Max, Sum
from django.template.defaultfilters import filesizeformat, pluralize
from django.urls import reverse

from generations.models import Output, ShareLink
from generations.templatetags.gallery import shape
from generations.templatetags.studio import log_ratio
from generations.views.transcript import transcript

NOUNS = {"image": "picture", "video": "film", "audio": "recording", "text": "text", "file": "file"}
ICONS = {"image": "image", "video": "film", "audio": "audio-lines", "text": "file-text", "file": "file"}
WEB_SIZE = "web size"  # in place of a number: of what we made of the originals, no size is kept
PAGE = 120  # files on one page of a wall


@dataclass
class Piece:
    """A file as it hangs: its place among all of the link, what it is called, and what of it may be had."""

    output: Output
    place: int
    is_seen: bool  # there is a picture of it
    plays: bool
    large: str  # the variant for a large view
    takes_home: str | None

    @property
    def noun(self):
        return NOUNS[self.output.kind]

    @property
    def icon(self):
        return ICONS[self.output.kind]

    @property
    def label(self):
        return f"{self.noun.capitalize()} {self.place}"


def piece(visit, output, place):
    return Piece(
        output=output,
        place=place,
        is_seen=visit.looks_at(output, "medium"),
        plays=visit.plays(output),
        large="original" if visit.looks_at(output, "original") else "medium",
        takes_home=visit.takes_home(output),
    )


def wall(visit, number):
    """The context of public/share.html: one page of the files, and what is said above them."""
    outputs = visit.outputs
    if visit.link.shows_prompts:
        outputs = outputs.select_related("task__prompt")
    page = Paginator(outputs, PAGE).get_page(number)
    pieces = [piece(visit, output, place) for place, output in enumerate(page.object_list, page.start_index())]
    hung = {"page": page, "pieces": pieces, "layout": layout(pieces, page)}
    said = facts(visit)
    return hung | said | {"link": visit.link, "team": visit.team, "download": offer(visit, pieces, said)}


def facts(visit):
    """What is said of all that is shown."""
    told = Count("pk"), Sum("size"), Max("saved_at")
    counts = sorted(visit.outputs.order_by().values_list("kind").annotate(*told), key=largest)
    count = sum(number for _, number, _, _ in counts)
    return {
        "count": count,
        "title": visit.link.title or title(counts, count),
        "counted": [f"{number} {NOUNS[kind]}{pluralize(number)}" for kind, number, _, _ in counts],
        "latest": max((latest for *_, latest in counts), default=None),
        "size": sum(size or 0 for _, _, size, _ in counts),
        "pictures": sum(number for kind, number, _, _ in counts if kind == Output.Kind.IMAGE),
    }


def offer(visit, pieces, said):
    """What the button for taking home all there is says, and where it leads; None when nothing may be, or can."""
    is_whole = visit.link.downloads == ShareLink.Downloads.ORIGINAL
    if said["count"] == 1:
        return offer_of_one(visit, pieces[0])
    if not said["count"] or not visit.takes_any_home or not (is_whole or said["pictures"]):
        return None
    url = reverse("share-zip", args=[visit.link.token])
    weight = filesizeformat(said["size"]) if is_whole else web_size(said)
    return {"label": "Download all", "weight": weight, "url": url}


def web_size(said):
    """Only pictures have one; where there is more than pictures, their number tells that the rest stays."""
    pictures = said["pictures"]
    return WEB_SIZE if pictures == said["count"] else f"{pictures} picture{pluralize(pictures)}, {WEB_SIZE}"


def offer_of_one(visit, piece):
    if not piece.takes_home:
        return None
    weight = filesizeformat(piece.output.size) if piece.takes_home == "original" else WEB_SIZE
    url = reverse("share-media", args=[visit.link.token, piece.output.pk, piece.takes_home])
    return {"label": "Download", "weight": weight, "url": f"{url}?download"}


def largest(row):
    kind, number, *_ = row
    return -number, list(NOUNS).index(kind)


def title(counts, count):
    """What it is, without a word of the prompt: "Four pictures"."""
    if not counts:
        return "An empty wall"
    noun = NOUNS[counts[0][0]] if len(counts) == 1 else "file"
    return f"{apnumber(count)} {noun}{pluralize(count)}".capitalize()


def layout(pieces, page):
    """How they hang (the classes of .exhibit): few of one shape by it, others in justified rows."""
    shapes = {shape(piece.output) for piece in pieces}
    if page.paginator.count > 4 or len(shapes) != 1:
        return "many"
    ratio = log_ratio(shapes.pop())
    return "square" if ratio == 0 else "tall" if ratio < 0 else "wide"


def item(visit, output):
    """The context of public/item.html: one file, large, and its neighbours."""
    pks = list(visit.places)
    place = visit.places[output.pk]
    return {
        "link": visit.link,
        "team": visit.team,
        "piece": piece(visit, output, place),
        "count": len(pks),
        "before": pks[place - 2] if place > 1 else None,
        "after": pks[place] if place < len(pks) else None,
        "page": (place - 1) // PAGE + 1,
        "transcript": transcript(output),
    }


def name(output, place=None, count=1):
    """A file name that tells nothing: "picture-3", of many "picture-03", to sort; without a place "picture"."""
    return f"{NOUNS[output.kind]}-{place:0{len(str(count))}}" if place else NOUNS[output.kind]
