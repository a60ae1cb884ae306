"""What differs between files, and which figure is the better one."""

from dataclasses import dataclass
from typing import NamedTuple

from generations.models import Output
from generations.templatetags.studio import money, span
from generations.views.parameters import parameters, provider

LESS, MORE = min, max  # which figure is the better one
BETTER = {"Time": LESS, "Cost": LESS, "Size": MORE}
NAMED = ("Model", "Provider")  # stand over each column
MISSING = {"Time": "Not known", "Cost": "Not known", "Size": "Not known"}


class Fact(NamedTuple):
    """What a file has under a label: in words, and as a figure where one can be better than another."""

    text: str
    figure: float | None = None


class Cell(NamedTuple):
    label: str
    text: str
    is_best: bool


@dataclass(frozen=True)
class Column:
    """One file, what it has where they differ, and whether the person likes it."""

    file: Output
    cells: list[Cell]
    liked: bool
    without: str  # the query of the comparison without it
    provider: str


class Comparison:
    """Some files beside each other."""

    def __init__(self, files):
        self.files = files
        self.facts = [facts(file) for file in files]

    @property
    def can_be_voted_on(self):
        """Whether there is something to find out: several files, by more than one model."""
        return len({file.task.model_slug for file in self.files}) > 1

    @property
    def has_films(self):
        return any(file.kind == file.Kind.VIDEO for file in self.files)

    @property
    def pictures(self):
        """Those that can be zoomed and flipped through."""
        return [file for file in self.files if file.kind == file.Kind.IMAGE and file.medium]

    @property
    def query(self):
        return query(self.files)

    @property
    def prompt(self):
        """The prompt of all of them, "" when they have several."""
        texts = {file.task.title for file in self.files}
        return texts.pop() if len(texts) == 1 else ""

    @property
    def labels(self):
        return list(dict.fromkeys(label for each in self.facts for label in each))

    @property
    def shared(self):
        """(label, text) of what is the same in all of them."""
        return [(label, self._texts(label)[0]) for label in self.labels if len(set(self._texts(label))) == 1]

    def columns(self, likes):
        """A Column for each file; `likes` are the pks of those that the person likes."""
        differing = [label for label in self.labels if label not in NAMED and len(set(self._texts(label))) > 1]
        best = {label: self._best(label) for label in differing}
        return [
            Column(
                file,
                [Cell(label, text(told, label), is_best(told, label, best[label])) for label in differing],
                file.pk in likes,
                query([other for other in self.files if other != file]),
                provider(file.task),
            )
            for file, told in zip(self.files, self.facts, strict=True)
        ]

    def _texts(self, label):
        return [text(told, label) for told in self.facts]

    def _best(self, label):
        figures = [told[label].figure for told in self.facts if label in told]
        return None if label not in BETTER or None in figures else BETTER[label](figures)


def facts(file):
    """Label → Fact: what there is to say of a file, in the order in which people read it."""
    task, count = file.task, file.task.expected_outputs
    found = {"Model": Fact(task.model_name), "Provider": Fact(provider(task)), "Asked by": Fact(str(task.author))}
    if task.making_seconds is not None:
        found["Time"] = Fact(span(task.making_seconds), task.making_seconds)
    if task.price_charged is not None:
        each = f" for {count}" if count > 1 else ""
        found["Cost"] = Fact(money(task.price_charged, 3) + each, float(task.price_charged) / count)
    if file.width:
        found["Size"] = Fact(f"{file.width} × {file.height}", file.width * file.height)  # noqa: RUF001
    if file.duration:
        found["Length"] = Fact(span(file.duration))
    return found | {label: Fact(value) for name, label, value in parameters(task) if label not in found}


def text(told, label):
    return told[label].text if label in told else MISSING.get(label, "Not set")


def is_best(told, label, best):
    return best is not None and told[label].figure == best


def query(files):
    return "&".join(f"file={file.pk}" for file in files)
