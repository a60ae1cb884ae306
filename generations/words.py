"""Words as the search takes them: of any script, whatever their capitals, accents and widths.

Texts are split here and not by the databases: each of these has rules of its own, which lose Chinese, emoji or parts
of a model's name. So both find the same, and what is highlighted is what was found.

Every word is found by its beginning. Scripts that set no spaces between words (Chinese, Japanese, Thai, …) have no
beginnings to go by: there every character begins a word, of a few characters.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LONGEST = 40  # characters of a word that count
FEW = 4  # characters of what has no spaces
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)  # Thai, Lao, Burmese, Khmer, kana, Han
VOWEL_SIGNS, ACCENTS = range(10, 37), 200  # combining classes of what may be left out: of Hebrew and Arabic; from there


class Run(NamedTuple):
    """What stands together in a text: `kind` word, unspaced or sign; `text` folded; `places` of its characters in the
    text as it was written, and the place after the last one.
    """

    kind: str
    text: str
    places: list


def indexed(text):
    """The words by whose beginnings a text is found, each once, sorted."""
    return sorted({word for part in text.split() for word in beginnings(part)})


@lru_cache(maxsize=50_000)
def beginnings(part):
    """The words of a part of a text, without spaces. The same parts come again and again."""
    return [word for run in runs(part) for word in grams(run, 1)]


def sought(text):
    """The words that somebody looks for: a text is found when each of them begins one of its words."""
    return list(dict.fromkeys(word for run in runs(text) for word in grams(run, FEW)))


def grams(run, shortest):
    """Its word; of what has no spaces, the few characters from each one on, where there are as many as `shortest`."""
    if run.kind != "unspaced":
        return [run.text[:LONGEST]]
    last = max(len(run.text) - shortest, 0)
    return [run.text[start : start + FEW] for start in range(last + 1)]


def hits(text, looked_for):
    """(start, end) of each place in a text that answers what is looked for, in order; none overlaps another."""
    wanted = {kind: [run.text[:LONGEST] for run in runs(looked_for) if run.kind == kind] for kind in KINDS}
    found = sorted(span for run in runs(text) for word in wanted[run.kind] for span in spans(run, word))
    apart = []
    for start, end in found:
        if apart and start <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return apart


def spans(run, word):
    """(start, end), in the text as it was written, of each place where a run answers a word."""
    everywhere = run.kind == "unspaced"
    starts = [match.start() for match in re.finditer(re.escape(word), run.text)] if everywhere else [0]
    for start in starts:
        if run.text.startswith(word, start):
            first, after = run.places[start], run.places[start + len(word)]
            yield first, max(after, run.places[start + len(word) - 1] + 1)


def runs(text):
    """The Runs of a text, in order."""
    found, kind, letters, places = [], None, [], []

    def end(place):
        if letters:
            found.append(Run(kind, "".join(letters), [*places, place]))
            letters.clear(), places.clear()

    for place, char in enumerate(text):
        for letter in folded(char):
            told = kind_of(letter)
            if told == "mark" and letters:
                told = kind
            elif told != kind or told == "sign":
                end(place)
                kind = told
            if told in KINDS:
                letters.append(letter), places.append(place)
    end(len(text))
    return found


KINDS = ("word", "unspaced", "sign")


@lru_cache(maxsize=10_000)
def folded(char):
    """A character without capital, accent and width: "e" for "É", "fi" for the ligature, nothing for a joiner."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(letter for letter in letters if not is_left_out(letter))


def is_left_out(letter):
    order = unicodedata.combining(letter)
    return order >= ACCENTS or order in VOWEL_SIGNS or "\ufe00" <= letter <= "\ufe0f" or kind_of(letter) == "joiner"


@lru_cache(maxsize=10_000)
def kind_of(letter):
    """Of a folded character: word, unspaced, sign, mark (belongs to what it follows), joiner; None between words."""
    category = unicodedata.category(letter)
    if category[0] == "M":
        return "mark"
    if category == "Cf":
        return "joiner"
    if category[0] in "LN":
        return "unspaced" if UNSPACED.match(letter) else "word"
    return "sign" if category[0] == "S" and not letter.isascii() else None
