"""What a file is, by its first bytes. What a server calls it counts for nothing."""

HEAD = 4096  # bytes that `kind_of` wants to see

FIXED = (  # (offset, bytes, kind, mime, extension)
    (0, b"\x89PNG\r\n\x1a\n", "image", "image/png", "png"),
    (0, b"\xff\xd8\xff", "image", "image/jpeg", "jpg"),
    (0, b"GIF87a", "image", "image/gif", "gif"),
    (0, b"GIF89a", "image", "image/gif", "gif"),
    (8, b"WEBP", "image", "image/webp", "webp"),
    (8, b"WAVE", "audio", "audio/wav", "wav"),
    (0, b"OggS", "audio", "audio/ogg", "ogg"),
    (0, b"fLaC", "audio", "audio/flac", "flac"),
    (0, b"ID3", "audio", "audio/mpeg", "mp3"),
    (0, b"\xff\xfb", "audio", "audio/mpeg", "mp3"),
    (0, b"\xff\xf3", "audio", "audio/mpeg", "mp3"),
    (0, b"\xff\xf2", "audio", "audio/mpeg", "mp3"),
)
UNKNOWN = ("file", "application/octet-stream", "bin")
BRANDS = {  # of ISO media files, which say "ftyp" and then their brand
    b"avif": ("image", "image/avif", "avif"),
    b"avis": ("image", "image/avif", "avif"),
    b"M4A ": ("audio", "audio/mp4", "m4a"),
    b"qt  ": ("video", "video/quicktime", "mov"),
    **dict.fromkeys((b"heic", b"heix", b"mif1", b"msf1"), UNKNOWN),  # pictures that few browsers show
}
MATROSKA = b"\x1aE\xdf\xa3"  # WebM is the part of it that browsers play; it says so
WEBM = ("video", "video/webm", "webm")
FILM = ("video", "video/mp4", "mp4")
TEXT = ("text", "text/plain", "txt")


def kind_of(head):
    """(kind, mime, extension) of a file that begins with these bytes; anything not known is a "file" to download."""
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], FILM)
    if head.startswith(MATROSKA):
        return WEBM if b"webm" in head[:64] else UNKNOWN
    for offset, mark, *found in FIXED:
        if head.startswith(mark, offset) and (offset == 0 or head.startswith(b"RIFF")):
            return tuple(found)
    return TEXT if is_plain_text(head) else UNKNOWN


def is_plain_text(head):
    """Words without control characters, and no markup that a browser might take for a page."""
    try:
        text = head.decode("utf-8", errors="strict") if len(head) < HEAD else head[:-4].decode("utf-8", errors="ignore")
    except UnicodeDecodeError:
        return False
    return (
        bool(text.strip())
        and not text.lstrip("\ufeff \t\r\n").startswith("<")
        and all(c.isprintable() or c in "\t\r\n" for c in text)
    )
