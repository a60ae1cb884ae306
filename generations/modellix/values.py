"""Values out of the JSON and the headers that the provider sends, each as we mean it.

Nothing here raises: what is of another type, absurdly large or not to be read was not told, which is None, of texts "".
"""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime

MAX_DEPTH = 100
MAX_NODES = 250_000


def is_modest(value):
    """At most MAX_DEPTH containers inside each other and MAX_NODES values in all."""
    nodes, depth, level = 1, 0, [value]
    while level := [item for item in level if isinstance(item, (dict, list))]:
        depth += 1
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
        nodes += len(level)
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            return False
    return True


def mapping(value):
    return value if isinstance(value, dict) else {}


def listing(value):
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, str) else []


def first_text(place, *keys):
    return next((text for text in (text(place.get(key)) for key in keys) if text), "")


def text(value):
    """The value as trimmed text, "" for anything but a string or a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return storable(value.strip()) if isinstance(value, str) else ""


def storable(text):
    """Without what JSON can carry and a database cannot: NUL and half surrogate pairs."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def number(value):
    """A finite number of sane size, or None. Headers and sloppy answers have their numbers in strings."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    # 1e999999999 is a short token that would fill the memory once it is written out.
    sane = number.is_finite() and number.adjusted() < 18 and number.as_tuple().exponent > -30
    return number if sane else None


def whole(value):
    found = number(value)
    return int(found) if found is not None and found >= 0 and found == int(found) else None


def seconds(length):
    return float(length) if length is not None and length >= 0 else None


def money(value):
    found = number(value)
    return found if found is not None and abs(found) < 10**8 else None


def moment(value):
    """A time given as seconds, as milliseconds (from 1e11 on, the official canvas's rule) or as ISO 8601."""
    found = number(value)
    try:
        if found is not None and found > 0:
            return datetime.fromtimestamp(float(found if found < 10**11 else found / 1000), UTC)
        read = datetime.fromisoformat(text(value))
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def http_date(value):
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
