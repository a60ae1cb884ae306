"""Saved files in a bucket that speaks S3, for installations of several machines.

Objects are private: they are read by the studio, which asks who wants them, and never have an address of their own.
"""

import io
from contextlib import contextmanager
from errno import EIO
from threading import Lock

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

STRETCH = 1024 * 1024  # bytes fetched with one request
PATIENCE = {"connect_timeout": 5, "read_timeout": 30, "retries": {"mode": "standard", "total_max_attempts": 3}}
# Newer checksums than MD5 only where S3 demands them: many servers that speak S3 do not know them.
CHECKSUMS = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}


class Bucket(S3Storage):
    """A default storage. Whatever goes wrong on the way to the server is an OSError, as with files on disk."""

    def __init__(self, **options):
        # A server of one's own has no name for each bucket.
        style = {"addressing_style": "path" if options.get("endpoint_url") else "auto"}
        client = Config(s3=style, **PATIENCE, **CHECKSUMS)
        transfer = TransferConfig(use_threads=False)  # one part of 8 MB in memory, not ten
        super().__init__(client_config=client, transfer_config=transfer, **options)
        self.session, self.session_lock = super()._create_session(), Lock()

    @property
    def connection(self):
        """Each thread has its own, all from one session: that takes 12 MB, and makes one thing at a time."""
        with self.session_lock:
            return super().connection

    def _create_session(self):
        return self.session

    def check(self):
        """Raises OSError unless it is there and lets us in."""
        with failing_as_files_do():
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)

    def url(self, name, *_, **__):
        raise ValueError("Saved files are private: the views give them out.")

    def exists(self, name):
        with failing_as_files_do():
            return super().exists(name)

    def size(self, name):
        with failing_as_files_do():
            return super().size(name)

    def delete(self, name):
        with failing_as_files_do():
            super().delete(name)

    def _save(self, name, content):
        with failing_as_files_do():
            return super()._save(name, content)

    def _open(self, name, mode="rb"):
        with failing_as_files_do():
            file = super()._open(name, mode)
        if mode == "rb":
            file.file = io.BufferedReader(Reading(file.obj), STRETCH)  # instead of the whole in a temporary file
        return file


class Reading(io.RawIOBase):
    """An object's bytes, fetched as they are read: who seeks far into a film does not wait for what lies before.

    No connection stays open between two stretches, however slowly somebody reads.
    """

    def __init__(self, obj):
        self.obj, self.size, self.at = obj, obj.content_length, 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET):
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        self.at = max(start + offset, 0)
        return self.at

    def readinto(self, buffer):
        wanted = range(self.at, min(self.at + len(buffer), self.size))
        if not wanted:
            return 0
        with failing_as_files_do():
            data = self.obj.get(Range=f"bytes={wanted.start}-{wanted.stop - 1}")["Body"].read()
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)


@contextmanager
def failing_as_files_do():
    try:
        yield
    except ClientError as error:
        raise OSError(EIO, f"the bucket refused: {error.response['Error'].get('Code')}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(EIO, f"the bucket cannot be reached: {type(error).__name__}") from error
