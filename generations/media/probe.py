"""Looks into a film or a sound, in a process of its own: what is read here was written by strangers.

    python -m generations.media.probe ORIGINAL MEDIUM SMALL

Prints one JSON object: duration (seconds) and, of a film, width, height (pixels), frame_rate (per second) and color
(#rrggbb), each only where it is known; writes the two thumbnails of a film to MEDIUM and SMALL. Whatever goes wrong
ends it, with a status other than 0. It needs no network and gets no secrets (recordings.py starts it).
"""

import json
import resource
import sys

import av
from av.stream import Disposition
from PIL import ImageStat

from generations.media.pictures import MAX_PIXELS, MEDIUM, shrink

LIMITS = {
    resource.RLIMIT_AS: 2 * 1024**3,  # bytes; a film of 4096 by 2304 with sixteen reference frames takes half
    resource.RLIMIT_CPU: 20,  # seconds
    resource.RLIMIT_FSIZE: 16 * 1024**2,  # bytes of a thumbnail
    resource.RLIMIT_CORE: 0,
}
MOMENTS = (0.1, 0.3, 0.5, 0.8)  # shares of the duration at which a poster is looked for; many films fade in from black
BLACK = 24  # mean brightness, of 255, up to which a frame says nothing
FRAMES = 300  # decoded at most on the way from a key frame to such a moment


def main(original, medium, small):
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    with av.open(original, options={"protocol_whitelist": "file"}) as container:
        print(json.dumps(look(container, medium, small)))


def look(container, medium, small):
    length = container.duration and container.duration / av.time_base
    found = {"duration": length} if length else {}
    stream = film(container)
    if stream is None:
        return found
    found |= {"width": stream.width, "height": stream.height}
    if stream.average_rate:
        found["frame_rate"] = float(stream.average_rate)
    if stream.width * stream.height <= MAX_PIXELS:
        found["color"] = shrink(poster(container, stream, length or 0), medium, small)
    return found


def film(container):
    """The moving pictures, not the cover of a record; None when there are none."""
    return next((each for each in container.streams.video if not each.disposition & Disposition.attached_pic), None)


def poster(container, stream, length):
    """An Image of the first moment that is not black, else of the brightest. Raises ValueError without any frame."""
    stream.codec_context.thread_count = 1
    best, most = None, -1.0
    for share in MOMENTS if length else (0,):
        picture = frame_at(container, stream, share * length)
        light = ImageStat.Stat(picture.convert("L").resize((64, 64))).mean[0]
        if light > most:
            best, most = picture, light
        if light > BLACK:
            break
    return best


def frame_at(container, stream, seconds):
    """The frame at that moment, or the last one before it, no larger than the medium thumbnail: an Image."""
    container.seek(int(seconds * av.time_base))
    frame = None
    for number, frame in enumerate(container.decode(stream), 1):
        if (frame.time or 0) >= seconds or number == FRAMES:
            break
    if frame is None:
        raise ValueError("There is no frame.")
    scale = min(MEDIUM / max(frame.width, frame.height), 1)
    width, height = (max(round(side * scale), 1) for side in (frame.width, frame.height))
    return frame.to_image(width=width, height=height, interpolation="AREA")


if __name__ == "__main__":
    main(*sys.argv[1:])
