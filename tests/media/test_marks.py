"""Marks in files, and files without any: read by somebody else's programs, not by ours."""

import io
import random
import tempfile
import wave
from contextlib import suppress
from xml.etree import ElementTree

import av
import pytest
from PIL import Image, ImageFilter, PngImagePlugin

from generations.media.containers import Unclear
from generations.media.marks import AI, Marks, can_strip, found_in, marked, stripped

SECRET = "lighthouse of glass"
MARKS = Marks(model='Seedream "4.5" & <co>', task="img_01H-7f", position=2, team="Northlight")
TOLD = {
    "DigitalSourceType": AI,
    "AISystemUsed": 'Seedream "4.5" & <co>',
    "identifier": "modellix:img_01H-7f/3",
    "Credit": "Northlight",
}
SIZE = (64, 48)


def picture(mode="RGB"):
    return Image.effect_noise(SIZE, 60).filter(ImageFilter.BLUR).convert(mode)


def saved(image, form, **options):
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def exif(orientation=1):
    told = Image.Exif()
    told[0x010E], told[0x0112] = SECRET, orientation
    return told.tobytes()


def xmp():
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    told = f'<rdf:RDF {rdf}><rdf:Description dc:title="{SECRET}"/></rdf:RDF>'
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{told}</x:xmpmeta>'.encode()


def png():
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", SECRET)
    info.add_text("Comment", SECRET, zip=True)
    info.add_itxt("prompt", SECRET)
    info.add_itxt("XML:com.adobe.xmp", xmp().decode())
    return saved(picture("RGBA"), "PNG", pnginfo=info, exif=exif(), dpi=(72, 72)) + SECRET.encode()


def jpeg(orientation=1, **options):
    told = {"exif": exif(orientation), "xmp": xmp(), "comment": SECRET.encode()}
    return saved(picture(), "JPEG", **told, **options) + SECRET.encode()


def webp(mode="RGB", orientation=1, **options):
    return saved(picture(mode), "WEBP", exif=exif(orientation), xmp=xmp(), **options)


def animation(form):
    return saved(picture(), form, save_all=True, append_images=[picture()], loop=0, comment=SECRET, exif=exif())


def film(form="mp4", **options):
    file = tempfile.NamedTemporaryFile(suffix=f".{form}")  # noqa: SIM115 (for streaming, it is read again by its name)
    with av.open(file.name, "w", format=form, options=options) as container:
        container.metadata["comment"] = SECRET
        stream = container.add_stream("libx264", rate=8)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.metadata["title"] = SECRET
        for _ in range(12):
            container.mux(stream.encode(av.VideoFrame.from_image(picture())))
        container.mux(stream.encode())
    return file.read()


def sound(form, codec):
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form, options={"write_id3v1": "1"} if form == "mp3" else {}) as container:
        container.metadata["title"] = SECRET[:28]
        stream = container.add_stream(codec, rate=44_100)
        frame = av.AudioFrame(format="s16p" if form == "mp3" else "fltp", layout="mono", samples=1024)
        frame.sample_rate = 44_100
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        for _ in range(20):
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return buffer.getvalue()


def wav():
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(range(100)))
    told = (
        b"LIST"
        + (4 + 8 + 20).to_bytes(4, "little")
        + b"INFOICMT"
        + (20).to_bytes(4, "little")
        + SECRET.encode()
        + b"\0"
    )
    data = buffer.getvalue() + told
    return data[:4] + (len(data) - 8).to_bytes(4, "little") + data[8:]


PICTURES = {
    "png": ("image/png", png),
    "jpeg": ("image/jpeg", jpeg),
    "jpeg in several scans": ("image/jpeg", lambda: jpeg(progressive=True)),
    "jpeg in another profile": ("image/jpeg", lambda: jpeg(icc_profile=b"a profile" * 9000)),
    "webp": ("image/webp", webp),
    "webp without loss": ("image/webp", lambda: webp("RGBA", lossless=True)),
    "moving webp": ("image/webp", lambda: animation("WEBP")),
    "moving gif": ("image/gif", lambda: animation("GIF")),
}
BARE = {
    "webp that was never extended": ("image/webp", lambda: saved(picture(), "WEBP")),
    "webp without loss, never extended": ("image/webp", lambda: saved(picture("RGBA"), "WEBP", lossless=True)),
}
FILMS = {
    "film": ("video/mp4", film),
    "film for streaming": ("video/mp4", lambda: film(movflags="faststart")),
    "film in fragments": ("video/mp4", lambda: film(movflags="frag_keyframe+empty_moov")),
    "film of another house": ("video/quicktime", lambda: film("mov")),
    "sound in a film's clothes": ("audio/mp4", lambda: sound("ipod", "aac")),
    "mp3": ("audio/mpeg", lambda: sound("mp3", "libmp3lame")),
}
KINDS = PICTURES | FILMS | {"wav": ("audio/wav", wav)}


def pixels(data):
    with Image.open(io.BytesIO(data)) as image:
        frames = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(image.convert("RGBA").tobytes())
        return frames


def packets(data):
    with av.open(io.BytesIO(data)) as container:
        return [(packet.pts, bytes(packet)) for packet in container.demux() if packet.size]


def told(data):
    """All that a reader of films finds in words."""
    with av.open(io.BytesIO(data)) as container:
        return str([container.metadata, [stream.metadata for stream in container.streams]])


def xmp_of(data):
    """The marks as Pillow finds them in a picture."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return attributes(image.info["xmp"])


def attributes(packet):
    told = ElementTree.fromstring(packet)[0][0].attrib
    return {name.partition("}")[2]: text for name, text in told.items() if text}


def read(file):
    data = file.read()
    assert len(data) == getattr(file, "size", len(data))
    return data


class StrippedTests:
    @pytest.mark.parametrize("name", KINDS)
    def test_nothing_is_told_and_nothing_lost(self, name):
        mime, make = KINDS[name]
        data = make()
        assert SECRET[:28].encode() in data or name in ("moving webp", "moving gif")
        clean = read(stripped(io.BytesIO(data), mime))
        assert SECRET[:28].encode() not in clean
        assert b"xmpmeta" not in clean
        if name in PICTURES:
            assert pixels(clean) == pixels(data)
        elif name != "wav":
            assert packets(clean) == packets(data)
            assert SECRET[:28] not in told(clean)

    def test_compressed_words_are_left_out_as_well(self):
        with Image.open(stripped(io.BytesIO(png()), "image/png")) as image:
            image.load()
            assert set(image.info) <= {"dpi", "transparency"}
            assert not image.getexif()

    def test_a_sound_stays_a_sound(self):
        with wave.open(stripped(io.BytesIO(wav()), "audio/wav")) as file:
            assert file.readframes(50) == bytes(range(100))

    def test_a_picture_that_lies_on_its_side_still_does(self):
        for mime, data in (("image/jpeg", jpeg(orientation=6)), ("image/webp", webp(orientation=6))):
            with Image.open(stripped(io.BytesIO(data), mime)) as image:
                assert dict(image.getexif()) == {0x0112: 6}

    def test_a_track_of_words_is_not_given_and_no_track_has_a_name(self):
        data = film()
        assert b"VideoHandler" in data
        assert b"VideoHandler" not in read(stripped(io.BytesIO(data), "video/mp4"))
        with pytest.raises(Unclear):
            stripped(io.BytesIO(data.replace(b"vide", b"text")), "video/mp4")

    def test_what_may_tell_more_than_we_can_see_is_refused(self):
        assert not can_strip("video/webm")
        assert can_strip("text/plain")
        for mime, data in (("video/webm", b"\x1aE\xdf\xa3"), ("image/png", png()[:300]), ("image/jpeg", b"\xff\xd8")):
            with pytest.raises(Unclear):
                stripped(io.BytesIO(data), mime)

    def test_words_in_parts_that_only_lead_to_the_pictures_are_emptied(self):
        def box(kind, *parts):
            data = b"".join(parts)
            return (8 + len(data)).to_bytes(4, "big") + kind + data

        words = b"a lighthouse of glass"
        table = box(b"stbl", box(b"stts", bytes(8)), box(b"udta", words), box(b"free", words))
        film = box(b"moov", box(b"trak", box(b"mdia", box(b"minf", table))))
        film += box(b"moof", box(b"traf", box(b"tfhd", bytes(8)), box(b"meta", words))) + box(b"wide", words)
        told = stripped(io.BytesIO(film), "video/mp4").read()
        assert (words in told, len(told)) == (False, len(film))
        assert told.count(b"stts") == told.count(b"tfhd") == 1


class MarkedTests:
    @pytest.mark.parametrize("name", [name for name in PICTURES | BARE if "gif" not in name])
    def test_a_reader_finds_them_in_pictures_and_the_same_pixels(self, name):
        mime, make = (PICTURES | BARE)[name]
        data = make()
        result = read(marked(io.BytesIO(data), mime, MARKS))
        assert xmp_of(result) == TOLD
        assert pixels(result) == pixels(data)
        assert found_in(io.BytesIO(result)) == ("img_01H-7f", 2)

    @pytest.mark.parametrize("name", [name for name in FILMS if FILMS[name][0] == "video/mp4"])
    def test_films_carry_them_behind_all_that_plays(self, name):
        data = FILMS[name][1]()
        result = read(marked(io.BytesIO(data), "video/mp4", MARKS))
        assert packets(result) == packets(data)
        with av.open(io.BytesIO(result), options={"export_xmp": "1"}) as film:  # as FFmpeg reads them
            assert attributes(film.metadata["xmp"]) == TOLD
        assert found_in(io.BytesIO(result)) == ("img_01H-7f", 2)
        assert read(marked(io.BytesIO(result), "video/mp4", Marks(task="b"))).count(b"xpacket begin") == 1

    def test_only_what_is_wanted_is_told(self):
        result = read(marked(io.BytesIO(png()), "image/png", Marks(is_made_by_ai=False, team="North\0light\ud800")))
        assert xmp_of(result) == {"Credit": "Northlight"}
        data = png()
        assert read(marked(io.BytesIO(data), "image/png", Marks(is_made_by_ai=False))) == data

    def test_what_takes_none_or_is_not_in_order_stays_as_it_is(self):
        for mime, data in (("image/gif", b"GIF89a"), ("image/png", png()[:90]), ("video/mp4", b"\0\0\0\x08ftypX")):
            assert read(marked(io.BytesIO(data), mime, MARKS)) == data

    def test_any_part_of_it_can_be_read(self):
        file = marked(io.BytesIO(png()), "image/png", MARKS)
        whole = read(file)
        chance = random.Random(1)
        for _ in range(200):
            start, size = chance.randrange(len(whole) + 5), chance.randrange(400)
            file.seek(start)
            assert file.read(size) == whole[start : start + size]


class Reads(io.BytesIO):
    """Counts how often it is read."""

    count = 0

    def read(self, *args):
        self.count += 1
        return super().read(*args)


class HostileTests:
    def test_a_picture_of_countless_scans_is_refused_after_a_thousand(self):
        scans = Reads(b"\xff\xd8" + b"\xff\xda\0\2\1\1" * 5000 + b"\xff\xd9")
        with pytest.raises(Unclear, match="too many scans"):
            stripped(scans, "image/jpeg")
        assert scans.count < 10_000

    @pytest.mark.parametrize("name", [*KINDS, *BARE])
    def test_a_garbled_file_ends_quickly_with_an_answer(self, name):
        mime, make = (KINDS | BARE)[name]
        data, chance = make(), random.Random(name)
        for _ in range(60):
            broken = bytearray(data[: chance.randrange(len(data) + 1)])
            for _ in range(chance.randrange(4)):
                if broken:
                    broken[chance.randrange(min(len(broken), 400))] = chance.choice((0, 1, 0x7F, 0xFF))
            read(marked(io.BytesIO(broken), mime, MARKS))
            with suppress(Unclear):
                read(stripped(io.BytesIO(broken), mime))
