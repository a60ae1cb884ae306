"""The formats of files as parts, each known by where it begins and ends: what to put in, what to leave out.

Each function of BY_MIME takes an open file and an XMP packet, and gives the pieces (media/splice.py) of that file
with the packet in place of any other; or, when the packet is None, of the file with what is needed to show it and
nothing else, lossless.

Sources: PNG specification (third edition), 5 and 11; JPEG ITU T.81 annex B; WebP container specification (RFC 9649);
ISO/IEC 14496-12 (boxes); GIF89a, 17 to 26; ID3v2.4 structure, 3; XMP specification part 3 for where packets lie.
Exiv2 and ExifTool do this and far more, but write whole files, where we answer ranges of bytes while we read.
"""

import re
import struct
from io import SEEK_END
from zlib import crc32

from generations.media.splice import Blank

MOST_PARTS = 500_000  # of one file; more is an attack
MOST_SCANS = 1000  # of one JPEG; the finest of progressive ones has a hundred
ORIENTATION, SHORT = 0x0112, 3  # in EXIF: the tag, and the type of its value


class Unclear(Exception):
    """The file is not built as its format says."""


class Source:
    """An open file, read by absolute places."""

    def __init__(self, file):
        self.file, self.size, self.parts = file, file.seek(0, SEEK_END), 0

    def at(self, start, size):
        """Exactly these bytes."""
        self.parts += 1
        if start < 0 or start + size > self.size or self.parts > MOST_PARTS:
            raise Unclear(f"no {size} bytes at {start}")
        self.file.seek(start)
        data = self.file.read(size)
        if len(data) != size:
            raise Unclear(f"no {size} bytes at {start}")
        return data

    def number(self, layout, start):
        return struct.unpack(layout, self.at(start, struct.calcsize(layout)))[0]


# PNG: a signature, then chunks of length, type, data, checksum

PNG_SHOWN = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT"),
    *(b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs"),
}
PNG_XMP = b"XML:com.adobe.xmp\0"


def png(file, packet):
    source, pieces = Source(file), [range(8)]
    for kind, start, stop in png_chunks(source):
        if kept(packet, kind in PNG_SHOWN, kind == b"iTXt" and source.at(start + 8, 18) == PNG_XMP):
            pieces.append(range(start, stop))
        if packet and kind == b"IHDR":
            pieces.append(png_chunk(b"iTXt", PNG_XMP + bytes(4) + packet))
    return [*pieces, *tail(source, stop, packet)]


def png_chunks(source):
    """(type, start, stop) of each chunk, up to IEND."""
    kind, stop = None, 8
    while kind != b"IEND":
        start, length, kind = stop, source.number(">I", stop), source.at(stop + 4, 4)
        stop = start + 12 + length
        if stop > source.size:
            raise Unclear("a chunk ends behind the file")
        yield kind, start, stop


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))


# JPEG: segments of marker, length, data; after SOS the picture, in which 0xFF is followed by 0 or a restart marker

EXIF, JPEG_XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
JPEG_SHOWN = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # the only APPn that change how it looks
SOS, EOI, APP, COMMENT = 0xDA, 0xD9, range(0xE0, 0xF0), 0xFE
SCANNED = 1 << 20
IN_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def jpeg(file, packet):
    source, pieces = Source(file), [range(2)]
    waiting = jpeg_segment(0xE1, JPEG_XMP + packet) if packet else b""
    for marker, start, stop in jpeg_segments(source):
        data = source.at(start + 4, min(stop - start - 4, 32)) if marker in APP else b""
        if waiting and not data.startswith((b"JFIF\0", EXIF)):  # which come first
            pieces.append(waiting)
            waiting = b""
        shown = (marker not in APP and marker != COMMENT) or data.startswith(JPEG_SHOWN.get(marker, b"-"))
        if kept(packet, shown, data.startswith(JPEG_XMP)):
            pieces.append(range(start, stop))
        elif packet is None and data.startswith(EXIF) and (turn := turned(source.at(start + 10, stop - start - 10))):
            pieces.append(jpeg_segment(0xE1, EXIF + turn))
    return [*pieces, *tail(source, stop, packet)]


def jpeg_segments(source):
    """(marker, start, stop) of each segment up to the end of the picture; what follows SOS belongs to it."""
    if source.at(0, 2) != b"\xff\xd8":
        raise Unclear("no picture begins here")
    marker, stop, scans = None, 2, 0
    while marker != EOI:
        start = stop
        fill, marker = source.at(start, 2)
        if fill != 0xFF or marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:
            raise Unclear("no segment begins here")
        stop = start + 2 if marker == EOI else start + 2 + source.number(">H", start + 2)
        if marker == SOS:
            scans, stop = scans + 1, scan_end(source, stop)
        if scans > MOST_SCANS:
            raise Unclear("too many scans")
        if stop > source.size:
            raise Unclear("a segment ends behind the file")
        yield marker, start, stop


def scan_end(source, start):
    """Where the next marker stands in the picture's data."""
    while start < source.size:
        block = source.at(start, min(SCANNED, source.size - start))
        if match := IN_SCAN.search(block):
            return start + match.start()
        start += max(len(block) - 1, 1)
    raise Unclear("the picture has no end")


def jpeg_segment(marker, data):
    if len(data) > 65_533:
        raise Unclear("too much for one segment")
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def turned(exif):
    """EXIF that tells how the picture lies, as `exif` does, and nothing else; nothing when it is upright."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    try:
        told = order and orientation(exif, order)
    except struct.error:
        return b""
    if told not in range(2, 9):
        return b""
    return exif[:4] + struct.pack(f"{order}IHHHIHHI", 8, 1, ORIENTATION, SHORT, 1, told, 0, 0)


def orientation(exif, order):
    """The number in the first directory of EXIF in this byte order, or None."""
    at = struct.unpack_from(f"{order}I", exif, 4)[0]
    for entry in range(struct.unpack_from(f"{order}H", exif, at)[0]):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", exif, at + 2 + 12 * entry)
        if (tag, kind) == (ORIENTATION, SHORT):
            return value
    return None


# RIFF: "RIFF", length, form, then chunks of type, length, data, padded to even length. WebP and WAV are such.

WEBP_SHOWN = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
WAV_HEARD = {b"fmt ", b"data", b"fact"}
HAS_XMP, HAS_EXIF, HAS_ALPHA = 0x04, 0x08, 0x10


def webp(file, packet):
    source, body, turn = Source(file), [], b""
    chunks = list(riff_chunks(source, b"WEBP"))
    for kind, start, stop in chunks:
        if kind == b"EXIF" and packet is None:
            turn = turned(source.at(start + 8, source.number("<I", start + 4)))
        if kind != b"VP8X" and kept(packet, kind in WEBP_SHOWN, kind == b"XMP "):
            body.append(range(start, stop))
    body += [riff_chunk(b"EXIF", turn)] if turn else []
    body += [riff_chunk(b"XMP ", packet)] if packet else []
    body.insert(0, webp_head(source, chunks, packet, turn))
    return [riff_head(b"WEBP", body), *body, *tail(source, stop, packet)]


def webp_head(source, chunks, packet, turn):
    """The VP8X chunk, which says whether there are XMP and EXIF chunks."""
    if not chunks:
        raise Unclear("no picture in it")
    kind, start, _ = chunks[0]
    head = source.at(start, 18) if kind == b"VP8X" else extended(source, kind, start)
    flags = head[8] | HAS_XMP if packet else head[8] & ~(HAS_XMP | HAS_EXIF)
    return head[:8] + bytes([flags | HAS_EXIF if turn else flags]) + head[9:]


def extended(source, kind, start):
    """The VP8X chunk for a picture that has none yet, from the head of its data (RFC 9649, RFC 6386)."""
    if kind == b"VP8L":
        bits = source.number("<I", start + 9)
        width, height, flags = bits & 0x3FFF, bits >> 14 & 0x3FFF, HAS_ALPHA * (bits >> 28 & 1)
    elif kind == b"VP8 ":
        width, height = (number % 0x4000 - 1 for number in struct.unpack("<HH", source.at(start + 14, 4)))
        flags = 0
    else:
        raise Unclear("no picture begins here")
    return riff_chunk(b"VP8X", struct.pack("<I", flags) + (width | height << 24).to_bytes(6, "little"))


def wav(file, packet):
    source = Source(file)
    chunks = [range(start, stop) for kind, start, stop in riff_chunks(source, b"WAVE") if kind in WAV_HEARD]
    return [riff_head(b"WAVE", chunks), *chunks]


def riff_chunks(source, form):
    """(type, start, stop) of each chunk."""
    head, size = source.at(0, 12), source.number("<I", 4)
    if head[:4] != b"RIFF" or head[8:] != form or size + 8 > source.size + 1:
        raise Unclear("not such a file")
    stop, end = 12, min(size + 8, source.size)
    while stop + 8 <= end:
        start, kind = stop, source.at(stop, 4)
        length = source.number("<I", start + 4)
        stop = min(start + 8 + length + length % 2, end)
        if start + 8 + length > end:
            raise Unclear("a chunk ends behind the file")
        yield kind, start, stop


def riff_chunk(kind, data):
    return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def riff_head(form, body):
    return b"RIFF" + struct.pack("<I", 4 + sum(map(len, body))) + form


# ISO media: boxes of length, type, data, some of which hold boxes. Nothing moves: what is left out becomes free space.

XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
PLAYED = {  # box → what may be in it; None: anything
    b"": {b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"sidx", b"ssix", b"mfra", b"pdin"},
    b"moov": {b"mvhd", b"trak", b"mvex"},
    b"trak": {b"tkhd", b"tref", b"trgr", b"edts", b"mdia", b"tapt"},
    b"mdia": {b"mdhd", b"hdlr", b"elng", b"minf"},
    b"minf": {b"vmhd", b"smhd", b"nmhd", b"sthd", b"gmhd", b"hdlr", b"dinf", b"stbl"},
    b"stbl": {
        *(b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"stps", b"stsh"),
        *(b"sdtp", b"stdp", b"padb", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"),
    },
    b"moof": {b"mfhd", b"traf"},
    b"traf": {b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"},
}

SEEN_OR_HEARD = {b"vide", b"soun", b"auxv", b"tmcd", b"url ", b"alis"}  # kinds of tracks, and of where their data is


def iso(file, packet):
    source = Source(file)
    if packet is None:
        return list(played(source, b"", 0, source.size))
    pieces = []
    for kind, head, start, stop in boxes(source, 0, source.size):
        if stop == source.size and source.number(">I", start) == 0:
            raise Unclear("its last part has no end of its own")
        ours = kind == b"uuid" and source.at(head, min(16, stop - head)) == XMP_BOX
        pieces.append(freed(stop - start) if ours else [range(start, stop)])
    size = 24 + len(packet)
    return [*(piece for box in pieces for piece in box), struct.pack(">I", size) + b"uuid" + XMP_BOX + packet]


def played(source, parent, start, end):
    """The pieces of the boxes between two places, those that nobody plays emptied."""
    for kind, head, first, stop in boxes(source, start, end):
        if kind not in PLAYED[parent]:
            yield from freed(stop - first)
        elif kind == b"hdlr":
            yield from nameless(source, first, head, stop)
        elif kind in PLAYED:
            yield range(first, head)
            yield from played(source, kind, head, stop)
        else:
            yield range(first, stop)


def nameless(source, first, head, stop):
    """What a track is, without the name that somebody gave it. A track of words cannot be told apart from its words."""
    if stop - head < 24 or source.at(head + 8, 4) not in SEEN_OR_HEARD:
        raise Unclear("a track that is neither pictures nor sound")
    return [range(first, head + 24), Blank(max(stop - head - 24, 0))]


def boxes(source, start, end):
    """(type, start of its data, start, stop) of each box between two places."""
    while start < end:
        size, kind, head = source.number(">I", start), source.at(start + 4, 4), start + 8
        if size == 1:
            size, head = source.number(">Q", start + 8), start + 16
        stop = end if size == 0 else start + size
        if stop < head or stop > end:
            raise Unclear("a box ends behind what holds it")
        yield kind, head, start, stop
        start = stop


def freed(size):
    """Free space of so many bytes, its own head included."""
    if size < 1 << 32:
        return [struct.pack(">I", size) + b"free", Blank(size - 8)]
    return [struct.pack(">I", 1) + b"free" + struct.pack(">Q", size), Blank(size - 16)]


# GIF: a head, then blocks, each in parts of up to 255 bytes

GIF_LOOP = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
EXTENSION, PICTURE, END, CONTROL, APPLICATION = 0x21, 0x2C, 0x3B, 0xF9, 0xFF


def gif(file, packet):
    source = Source(file)
    stop = 13 + colours(source.at(10, 1)[0])
    pieces = [range(stop)]
    while (kind := source.at(start := stop, 1)[0]) != END:
        if kind == EXTENSION:
            label, stop = source.at(start + 1, 1)[0], parts_end(source, start + 2)
            is_loop = label == APPLICATION and source.at(start + 3, 11) in GIF_LOOP
            pieces += [range(start, stop)] if label == CONTROL or is_loop else []
        elif kind == PICTURE:
            stop = parts_end(source, start + 11 + colours(source.at(start + 9, 1)[0]))
            pieces.append(range(start, stop))
        else:
            raise Unclear("no block begins here")
    return [*pieces, bytes([END])]


def colours(flags):
    """How many bytes the table of colours takes that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def parts_end(source, start):
    while size := source.at(start, 1)[0]:
        start += size + 1
    return start + 1


# MP3: frames of sound, with tags before and behind


def mp3(file, packet):
    source, start = Source(file), 0
    while source.at(start, 3) == b"ID3":
        size = 0
        for byte in source.at(start + 6, 4):
            size = size << 7 | byte & 0x7F
        start += 10 + size + 10 * (source.at(start + 5, 1)[0] >> 4 & 1)
    end = source.size
    if end - start > 128 and source.at(end - 128, 3) == b"TAG":
        end -= 128
    if end - start > 32 and source.at(end - 32, 8) == b"APETAGEX":
        size, flags = source.number("<I", end - 20), source.number("<I", end - 12)
        end -= size + (32 if flags >> 31 else 0)
    if end <= start:
        raise Unclear("no sound in it")
    return [range(start, end)]


# For all of them


def kept(packet, is_shown, is_xmp):
    """Whether a part stays: with a packet all but another one, without only what shows."""
    return is_shown if packet is None else not is_xmp


def tail(source, end, packet):
    """What follows behind the end: somebody's bytes, that are no part of it."""
    return [] if packet is None else [range(end, source.size)]


BY_MIME = {
    "image/png": png,
    "image/jpeg": jpeg,
    "image/webp": webp,
    "image/gif": gif,
    "video/mp4": iso,
    "video/quicktime": iso,
    "audio/mp4": iso,
    "audio/wav": wav,
    "audio/mpeg": mp3,
}
