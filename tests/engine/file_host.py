"""A file host that can be told how to behave, and that keeps a log of what it was asked."""

import gzip
import hashlib
import random
import re
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

LAST_MODIFIED = "Mon, 23 Nov 2026 10:00:00 GMT"


@cache
def content(size, version=1):
    """The same bytes each time."""
    return random.Random(version).randbytes(size)


@cache
def bomb(size):
    """So many zeros, compressed."""
    return gzip.compress(bytes(size), 1)


class FileHost(ThreadingHTTPServer):
    """Serves until it is closed. `seen` has (path, headers) of each request, `sent` the (first, length) of each part.

    /bytes/N      N bytes
    /file/NAME    what the test put into `files` under that name
    /status/N     that status
    /to/URL       a redirect
    /cut/N/EACH   N bytes of which each connection brings EACH, with what the query says:
                  version=etag (the default), weak, date or none; ranges=no; wrong=yes (another part than asked for);
                  changes=yes (other content after the first connection)
    /endless/     no length and no end
    /packed/N     N bytes, compressed although nobody asked for it
    /bomb/N       N zeros, compressed to hardly anything
    /film/N       N bytes that begin as an MP4 file does
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen, self.sent, self.files = [], [], {}
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def handle_error(self, *_):
        pass

    def close(self):
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        what, _, rest = self.path[1:].partition("/")
        getattr(self, f"send_{what}")(rest)

    def send_bytes(self, size):
        self.answer(200, content(int(size)))

    def send_file(self, name):
        self.answer(200, self.server.files[name])

    def send_status(self, status):
        self.answer(int(status), b"no")

    def send_to(self, url):
        self.answer(302, b"", Location=url)

    def send_cut(self, rest):
        path, _, query = rest.partition("?")
        size, each = map(int, path.split("/"))
        how = dict(parse_qsl(query))
        version = 2 if "changes" in how and self.server.sent else 1
        whole = content(size, version)
        headers = {"etag": {"ETag": f'"v{version}"'}, "weak": {"ETag": f'W/"v{version}"'}}
        headers |= {"date": {"Last-Modified": LAST_MODIFIED}, "none": {}}
        first = self.wanted(how, f'"v{version}"') + (1 if "wrong" in how and self.headers["Range"] else 0)
        part = {"Content-Range": f"bytes {first}-{size - 1}/{size}"} if first else {}
        length = {"Content-Length": str(size - first)}
        body = whole[first : first + each]
        self.server.sent.append((first, len(body)))
        self.answer(206 if first else 200, body, **headers[how.get("version", "etag")], **part, **length)

    def wanted(self, how, etag):
        """The first byte asked for, 0 when that is the whole."""
        range_ = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        same = self.headers["If-Range"] in (etag, LAST_MODIFIED)
        return int(range_[1]) if range_ and same and "ranges" not in how else 0

    def send_endless(self, _):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(bytes(64 * 1024))

    def send_packed(self, size):
        self.answer(200, gzip.compress(content(int(size))), **{"Content-Encoding": "gzip", "ETag": '"packed"'})

    def send_bomb(self, size):
        self.answer(200, bomb(int(size)), **{"Content-Encoding": "gzip"})

    def send_film(self, size):
        left = int(size) - 24
        self.send_response(200)
        self.send_header("Content-Length", size)
        self.end_headers()
        self.wfile.write(b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42")
        block = content(1 << 20)
        while left > 0:
            self.wfile.write(block[:left])
            left -= len(block)

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_):
        pass


def sha256(data):
    return hashlib.sha256(data).hexdigest()
