"""The composer's files: a slot for each input of the model, filled with uploads by their numbers.

In the page's form `file-NAME` brings new files, `with-NAME` the numbers of those a slot holds, and `spare` those that
the model in use has no slot for.
"""

from dataclasses import dataclass

from django.forms import MultipleHiddenInput, ValidationError

from generations.forms.uploads import check_limits, check_size, formats, limit, megabytes, take
from generations.modellix.inputs import FREE, PLACEHOLDER, STORED_FILES, Input, inputs, placeholder, ways
from generations.modellix.typed_json import texts
from generations.models import Upload

ACCEPTED = {  # what a browser offers to choose; a phone turns its own kind of pictures into one of these
    "image": "image/png,image/jpeg,image/webp,image/gif",
    "video": "video/mp4,video/quicktime,video/webm",
    "audio": "audio/mpeg,audio/wav,audio/mp4,audio/flac,audio/ogg",
}
ACCEPTED["any"] = ",".join(ACCEPTED.values())


@dataclass(frozen=True)
class Slot:
    """One input and the uploads that it holds, ready to be drawn."""

    taken: Input
    uploads: list[Upload]
    errors: list[str]

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


def receive(data, files, model, owner):
    """Keep the files that came along: (data with their numbers in it, sentences about the others by slot name).

    `model` is the one whose slots the page shows, None when it shows none of ours.
    """
    data, problems = data.copy(), {}
    for taken in inputs(model) if model else ():
        name = slot_name(taken)
        for file in files.getlist(f"file-{taken.name}"):
            try:
                number = str(take(owner, file, taken).pk)
            except ValidationError as error:
                problems.setdefault(name, []).extend(error.messages)
            else:
                data.setlist(name, [*numbers(data, name), number] if taken.many else [number])
    return data, problems


def held(owner, found):
    """The uploads of these numbers, in their order, each once, as far as this person may use them."""
    pks = list(dict.fromkeys(int(text) for text in map(str, found) if text.isdecimal() and len(text) < 19))
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
    """The numbers for the slots of the new model, and the spare ones, when the page holds `data` for the old one."""
    by_name = {taken.name: held(owner, numbers(data, slot_name(taken))) for taken in inputs(old)}
    spare = held(owner, numbers(data, "spare"))
    given, spare = refit(new, by_name, spare) if old != new else (by_name, spare)
    found = {f"with-{name}": uploads for name, uploads in given.items()} | {"spare": spare}
    return {name: [upload.pk for upload in uploads] for name, uploads in found.items()}


def refit(model, by_name, spare):
    """(uploads by name of the model's inputs, those left over) when the composer holds `by_name` for another model.

    What was given under the same name stays there; the others go to the first input that takes them. A mask is made
    for one picture, so nothing else becomes one.
    """
    pool = list(dict.fromkeys([*(upload for uploads in by_name.values() for upload in uploads), *spare]))
    given = {}
    for taken in inputs(model):
        wanted = by_name.get(taken.name, []) + (pool if taken.role != "mask" else [])
        chosen = [upload for upload in dict.fromkeys(fitting(taken, wanted)) if upload in pool][: taken.maximum]
        given[taken.name] = chosen
        pool = [upload for upload in pool if upload not in chosen]
    return given, pool


def unsendable(given):
    """(slot name, sentence) for what cannot be sent. `given`: Input → uploads."""
    files = [(taken, upload.size) for taken, uploads in given.items() for upload in uploads]
    for taken, uploads in given.items():
        for problem in filter(None, (misfit_of(taken, upload) for upload in uploads)):
            yield slot_name(taken), problem
    for (taken, _), way in zip(files, ways(files, Upload.are_reachable()), strict=True):
        if way is None:
            yield slot_name(taken), f"At most {STORED_FILES} files in all: Modellix keeps no more at a time."


def references(given):
    """The numbers of uploads as a Task has them: parameter → pk, or a list of them; placeholder → pk."""
    pks = {taken: [upload.pk for upload in uploads] for taken, uploads in given.items() if uploads}
    free = {placeholder(number): pk for number, pk in enumerate(pks.pop(FREE, []), start=1)}
    return {taken.name: found if taken.many else found[0] for taken, found in pks.items()} | free


def stand_ins(given):
    """Something in the place of each file, so that the schema can be asked whether enough and not too much is given."""
    words = {taken: [upload.name for upload in uploads] for taken, uploads in given.items() if uploads}
    words.pop(FREE, None)
    return {taken.name: found if taken.many else found[0] for taken, found in words.items()}


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
