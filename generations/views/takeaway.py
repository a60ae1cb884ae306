"""All that a visitor may take home, as one zip. Each file is asked about again when its turn comes."""

from functools import partial
from itertools import islice
from pathlib import PurePath

from django.core.files.storage import default_storage
from django.utils.text import slugify

from generations.media.containers import Unclear
from generations.media.zips import Entry
from generations.views import exhibit, zips

BATCH = 200  # rows read at a time: no query stays open for as long as the download takes


def answer(visit):
    title = slugify(exhibit.facts(visit)["title"], allow_unicode=True)
    return zips.answer(title or "gallery", entries(visit), absent, zips.visitors_room)


def entries(visit):
    places = iter(visit.places.items())
    while batch := dict(islice(places, BATCH)):
        shown = visit.outputs.in_bulk(batch)
        for pk, place in batch.items():
            if (output := shown.get(pk)) and (variant := visit.takes_home(output)):
                name = exhibit.name(output, place, len(visit.places)) + PurePath(getattr(output, variant)).suffix
                yield Entry(name, partial(opened, visit, output, variant), output.saved_at)


def opened(visit, output, variant):
    """The file as it leaves. Raises FileNotFoundError also when the link has closed, or what it tells is not clear."""
    if not visit.lasts:
        raise FileNotFoundError(output)
    file = default_storage.open(getattr(output, variant))
    rewrite = visit.rewrite(output, variant)
    try:
        return rewrite.apply(file) if rewrite else file
    except Unclear as error:
        file.close()
        raise FileNotFoundError(output) from error


def absent(missing):
    """What comes last in a zip that lacks something."""
    if missing:
        yield "missing.txt", "\r\n".join(["These could not be put in:", *missing, ""]).encode()
