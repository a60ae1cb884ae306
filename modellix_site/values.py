"""What may stand in a setting: each turns the text of a variable into its value.

They raise ValueError, in words that end a line for a person: "PORT is wrong: it is not a whole number from 1 to 65535."
"""

import re
import zoneinfo
from pathlib import Path
from urllib.parse import urlsplit

import environ

YES = ("true", "yes", "on", "1")
NO = ("false", "no", "off", "0")


def boolean(text):
    if text.lower() not in (*YES, *NO):
        raise ValueError("it is neither true nor false")
    return text.lower() in YES


def between(low, high):
    def whole_number(text):
        if not text.isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"it is not a whole number from {low} to {high}")
        return int(text)

    return whole_number


def one_of(*choices):
    def choice(text):
        if text not in choices:
            raise ValueError(f"it is none of {', '.join(choices)}")
        return text

    return choice


def folder(text):
    """An absolute path. Raises ValueError when it starts with the home of nobody."""
    try:
        return Path(text).expanduser().resolve()
    except RuntimeError as error:
        raise ValueError(f"it is not a folder: {error}") from error


def host(text):
    if not re.fullmatch(r"[\w.:-]+", text):
        raise ValueError("it is neither an address such as 127.0.0.1 nor the name of a machine")
    return text


def hosts(text):
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not all(re.fullmatch(r"[\w.*-]+|\[[0-9a-f:]+\]", name) for name in names):
        raise ValueError("it is not a list of host names separated by commas")
    return names


def public_url(text):
    """The address people use, `scheme://host` or `scheme://host:port`. Raises ValueError for anything else."""
    address = text.rstrip("/").lower()
    if not re.fullmatch(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?", address):
        raise ValueError("it is not an address such as https://studio.example.com, without a path")
    return address


def time_zone(text):
    if text not in zoneinfo.available_timezones():
        raise ValueError("it is not the name of a time zone, such as Europe/Berlin")
    return text


def database(text):
    """Django's settings for it. The errors of the parser are not passed on: they may quote a password."""
    try:
        config = environ.Env.db_url_config(text)
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        config = {}
    if not config.get("ENGINE", "").endswith(("sqlite3", "postgresql")) or config["NAME"] in ("", ":memory:"):
        raise ValueError("it is neither sqlite:///path/of/file nor postgres://user:password@host/name")
    return config


def mail(text):
    """Django's settings for sending mail. As with the database, no word of the parser is passed on."""
    try:
        return environ.Env.email_url_config(text)
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        raise ValueError("it is not an address such as smtp+tls://user:password@host:587") from None


def redis_url(text):
    if urlsplit(text).scheme not in ("redis", "rediss", "unix"):
        raise ValueError("it is not a redis:// address")
    return text


def bucket(text):
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", text):
        raise ValueError("it is not the name of a bucket: 3 to 63 small letters, digits, dots and hyphens")
    return text


def endpoint(text):
    """The address of an S3 server. Raises ValueError for one with a path or a password."""
    if not re.fullmatch(r"https?://([\w.-]+|\[[0-9a-f:]+\])(:\d{1,5})?/?", text):
        raise ValueError("it is not an address such as https://s3.example.com, without a path")
    return text.rstrip("/")


def word(text):
    """Printable characters without a space, as in keys and in the names of regions. Never quoted: it may be secret."""
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise ValueError("it is not one word of printable ASCII characters")
    return text


def in_file(cast):
    def content(path):
        try:
            return cast(Path(path).read_text().strip())
        except (OSError, UnicodeDecodeError) as error:
            problem = getattr(error, "strerror", None) or "it is not text"
            raise ValueError(f"the file cannot be read ({problem})") from error

    return content
