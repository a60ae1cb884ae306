"""The composer's files: a slot for each input of the model, filled with uploads by their numbers.

In the page's form `file-NAME` brings new files, `with-NAME` the numbers of those a slot holds. SPARE is the slot for
those that no model in use has a place for.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.forms import MultipleHiddenInput, ValidationError

from generations.forms.offer import listed
from generations.forms.uploads import check_limits, check_size, copy_of, formats, limit, megabytes, take
from generations.modellix.inputs import FREE, PLACEHOLDER, STORED_FILES, Input, placeholder, ways
from generations.modellix.typed_json import texts
from generations.models import Output, Upload

ACCEPTED = {  # what a browser offers to choose; a phone turns its own kind of pictures into one of these
    "image": "image/png,image/jpeg,image/webp,image/gif",
    "video": "video/mp4,video/quicktime,video/webm",
    "audio": "audio/mpeg,audio/wav,audio/mp4,audio/flac,audio/ogg",
}
ACCEPTED["any"] = ",".join(ACCEPTED.values())


SPARE = Input(
    name="spare",
    role="reference",
    label="References",
    help="",
    kind="image",
    many=True,
    maximum=None,
    max_bytes=None,
    by_address=True,
    embedded="data-uri",
    required=False,
)


@dataclass(frozen=True)
class Slot:
    """One input and the uploads that it holds, ready to be drawn. `notes` tells which models take how much of it."""

    taken: Input
    uploads: list[Upload]
    errors: list[str]
    notes: tuple[str, ...] = ()

    @property
    def name(self):
        return slot_name(self.taken)

    @property
    def file_name(self):
        return f"file-{self.taken.name}"

    @property
    def is_full(self):
        """Whether no more fit in. The only file of a parameter can always be changed for another."""
        return self.taken.many and bool(self.taken.maximum) and len(self.uploads) >= self.taken.maximum

    @property
    def accepted(self):
        return ACCEPTED[self.taken.kind]

    @property
    def words(self):
        """What may be given: "Up to 3. PNG, JPEG or WebP, at most 16 MB each"."""
        number = f"Up to {self.taken.maximum}. " if self.taken.many and self.taken.maximum else ""
        size = f"at most {megabytes(limit(self.taken))}{' each' * self.taken.many}"
        like = ", ".join((formats(self.taken), size, *self.taken.limits.words))
        return f"{number}{like}{'' if self.taken.required else '. Optional'}"


def slot_name(taken):
    return f"with-{taken.name}"


def numbers(data, name):
    """The numbers of uploads that a page sent under this name, as text."""
    return MultipleHiddenInput().value_from_datadict(data, {}, name) or []


def receive(data, files, shown, owner):
    """Keep the files that came along: (data with their numbers in it, sentences about the others by slot name).

    `shown` are the Inputs that the page shows. `data` says `brought` when there are more without a place than before.
    """
    spare, problems = numbers(data, slot_name(SPARE)), {}
    data = data.copy()
    for taken in (*shown, SPARE):
        name = slot_name(taken)
        for file in files.getlist(f"file-{taken.name}"):
            with told(problems, name):
                number = str(take(owner, file, taken).pk)
                data.setlist(name, [*numbers(data, name), number] if taken.many else [number])
    for output in Output.objects.visible_to(owner).filter(pk__in=whole_numbers(listed(data, "output")), status="saved"):
        with told(problems, slot_name(SPARE)):
            place(data, shown, copy_of(output, owner))
    if len(numbers(data, slot_name(SPARE))) > len(spare):
        data["brought"] = "true"
    return data, problems


@contextmanager
def told(problems, name):
    """What is wrong with a file is said at its slot, and the others come in."""
    try:
        yield
    except ValidationError as error:
        problems.setdefault(name, []).extend(error.messages)


def place(data, shown, upload):
    """Put it in the first place on the page that has room for it, else among the spare ones."""
    fit = (taken for taken in shown if fitting(taken, [upload]) and has_room(taken, numbers(data, slot_name(taken))))
    name = slot_name(next(fit, SPARE))
    data.setlist(name, [*numbers(data, name), str(upload.pk)])


def has_room(taken, found):
    return not found or (taken.many and (not taken.maximum or len(found) < taken.maximum))


def whole_numbers(found):
    return list(dict.fromkeys(int(text) for text in map(str, found) if text.isdecimal() and len(text) < 19))


def held(owner, found):
    """The uploads of these numbers, in their order, each once, as far as this person may use them."""
    pks = whole_numbers(found)
    uploads = Upload.objects.visible_to(owner).in_bulk(pks) if pks else {}
    return [uploads[pk] for pk in pks if pk in uploads]


def fitting(taken, uploads):
    return [upload for upload in uploads if taken.takes(upload.kind) and not misfit_of(taken, upload)]


def misfit_of(taken, upload):
    """Why this input does not take the upload, as a sentence; "" when it does."""
    try:
        check_size(upload.size, taken)
        check_limits(upload, taken)
    except ValidationError as error:
        return error.message
    return ""


def adapt(old, new, data, owner):
    """The numbers for the slots of the inputs `new`, when the page holds `data` for the inputs `old`."""
    by_name = {taken.name: held(owner, numbers(data, slot_name(taken))) for taken in (*old, SPARE)}
    given = refit(new, by_name) if old != new else by_name
    return {f"with-{name}": [upload.pk for upload in uploads] for name, uploads in given.items()}


def refit(new, by_name):
    """Uploads by name of the inputs `new`, those left over as spare ones, when the page holds `by_name` for others.

    What was given under the same name stays there; the others go to the first input that takes them. A mask is made
    for one picture, so nothing else becomes one.
    """
    pool = list(dict.fromkeys(upload for uploads in by_name.values() for upload in uploads))
    given = {}
    for taken in new:
        wanted = by_name.get(taken.name, []) + (pool if taken.role != "mask" else [])
        chosen = [upload for upload in dict.fromkeys(fitting(taken, wanted)) if upload in pool][: taken.maximum]
        given[taken.name] = chosen
        pool = [upload for upload in pool if upload not in chosen]
    return given | {SPARE.name: pool}


def unsendable(given):
    """(parameter, sentence) for what cannot be sent. `given`: Input → uploads."""
    files = [(taken, upload.size) for taken, uploads in given.items() for upload in uploads]
    for taken, uploads in given.items():
        for problem in filter(None, (misfit_of(taken, upload) for upload in uploads)):
            yield taken.name, problem
    for (taken, _), way in zip(files, ways(files, Upload.are_reachable()), strict=True):
        if way is None:
            yield taken.name, f"At most {STORED_FILES} files in all: Modellix keeps no more at a time."


def references(given):
    """The numbers of uploads as a Task has them: parameter → pk, or a list of them; placeholder → pk."""
    pks = {taken: [upload.pk for upload in uploads] for taken, uploads in given.items() if uploads}
    free = {placeholder(number): pk for number, pk in enumerate(pks.pop(FREE, []), start=1)}
    return {taken.name: found if taken.many else found[0] for taken, found in pks.items()} | free


def stand_ins(given):
    """An address in the place of each file, so that the schema can be asked whether enough is given."""
    known = {taken: [f"https://{upload.pk}" for upload in uploads] for taken, uploads in given.items() if uploads}
    known.pop(FREE, None)
    return {taken.name: found if taken.many else found[0] for taken, found in known.items()}


def misplaced(given, body, field):
    """(parameter, sentence) for files that no JSON names, and names in the JSON without a file.

    `field` is the name of the one in which people write JSON.
    """
    if FREE not in given:
        return
    files = range(1, len(given[FREE]) + 1)
    named = [int(match[1]) for text in texts(body) if (match := PLACEHOLDER.fullmatch(text))]
    for number in sorted(set(files) - set(named)):
        yield FREE.name, f'Write where it goes, such as {{"image": "{placeholder(number)}"}}.'
    for number in sorted(set(named) - set(files)):
        yield field, f"There is no file {number} for {placeholder(number)}."
