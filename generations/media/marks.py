"""Marks that travel in a file: who made it with what, readable by machines; and the same file without any.

Both leave every sample as it was: only the parts of the file around them are put in, or left out, while it is read
(media/containers.py). Nothing is decoded, and no second copy is kept.

The words are those of the IPTC Photo Metadata Standard 2025.1 (iptc.org/standards/photo-metadata): "Digital Source
Type" says that it was made by a trained model, "AI System Used" by which; beside them Dublin Core's identifier tells
the order at Modellix and the number of the file, and Photoshop's "Credit" the team.
"""

import re
from dataclasses import dataclass
from io import SEEK_END
from xml.sax.saxutils import quoteattr

from generations.media.containers import BY_MIME, Unclear
from generations.media.splice import Splice

AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
}
MARKABLE = ("image/png", "image/jpeg", "image/webp", "video/mp4")
PLAIN = ("text/plain",)  # has no room for anything but its words
IDENTIFIER = re.compile(rb"modellix:([\x21-\x7e]{1,512}?)/(\d{1,4})[\"'<\s]")
LOOKED_AT = 256_000  # bytes at both ends of a file, within which the identifier is looked for


@dataclass(frozen=True)
class Marks:
    """What is told; None or False is left out. task: the provider's id of the order, position: of the file, from 0."""

    is_made_by_ai: bool = True
    model: str | None = None
    task: str | None = None
    position: int = 0
    team: str | None = None

    @property
    def fields(self):
        """XMP attribute → text."""
        return {
            name: text
            for name, text in {
                "Iptc4xmpExt:DigitalSourceType": AI if self.is_made_by_ai else None,
                "Iptc4xmpExt:AISystemUsed": self.model,
                "dc:identifier": f"modellix:{self.task}/{self.position + 1}" if self.task else None,
                "photoshop:Credit": self.team,
            }.items()
            if text
        }

    @property
    def packet(self):
        """The XMP packet, or nothing when there is nothing to tell."""
        if not self.fields:
            return b""
        spaces = " ".join(f"xmlns:{prefix}={quoteattr(name)}" for prefix, name in NAMESPACES.items())
        told = " ".join(f"{name}={quoteattr(printable(text))}" for name, text in self.fields.items())
        return (
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            f'<rdf:Description rdf:about="" {spaces} {told}/></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
        ).encode()


def printable(text):
    """Without what XML cannot hold."""
    return "".join(character for character in text if character.isprintable())


def marked(file, mime, marks):
    """The open `file` with these marks. One that takes none, or is not in order, as it is."""
    if mime not in MARKABLE or not marks.packet:
        return file
    try:
        return Splice(file, BY_MIME[mime](file, marks.packet))
    except Unclear:
        file.seek(0)
        return file


def can_strip(mime):
    """Whether files of this kind can be given without what else they tell."""
    return mime in BY_MIME or mime in PLAIN


def stripped(file, mime):
    """The open `file` without words, marks or anything behind its end. Raises Unclear when that is not certain."""
    if mime in PLAIN:
        return file
    if mime not in BY_MIME:
        raise Unclear(f"{mime} cannot be stripped")
    return Splice(file, BY_MIME[mime](file, None))


def found_in(file):
    """(provider's id of the order, position of the file) that a mark of ours in the open `file` tells, or None."""
    for start in (0, max(file.seek(0, SEEK_END) - LOOKED_AT, 0)):
        file.seek(start)
        if match := IDENTIFIER.search(file.read(LOOKED_AT)):
            return match[1].decode("ascii"), int(match[2]) - 1
    return None
