"""JSON that people type, read strictly: what is accepted can be sent, stored and read by anybody."""

import json
import math

DEEPEST = 100  # levels that the provider's own client sends


class Unreadable(ValueError):
    """It is no JSON, or not such as can be sent. The message says where, for people."""


def read(text):
    """The value of a JSON text. Raises Unreadable."""
    try:
        value = json.loads(text, parse_constant=_finite, parse_float=_finite)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, character {error.colno}"
        raise Unreadable(f"This is not JSON yet. Look at {where}: {_plain(error.msg)}.") from error
    except RecursionError as error:
        raise Unreadable(TOO_DEEP) from error
    except ValueError as error:
        raise Unreadable("A number in it cannot be sent.") from error
    _check(value, DEEPEST)
    return value


def texts(value):
    """All texts in a value, at any depth; names too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        yield from texts(list(value.values()))
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


TOO_DEEP = f"It is nested deeper than {DEEPEST} levels."
PLAIN = {  # the parser's words, as people would say it
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
    "Illegal trailing comma before end of object": "there is a comma too many",
    "Illegal trailing comma before end of array": "there is a comma too many",
    "Extra data": "there is more after the end",
    "Unterminated string starting at": "a text that begins there has no closing quote",
    "Invalid control character at": "a line break or tab in a text must be written as \\n or \\t",
}


def _plain(words):
    return PLAIN.get(words, words[:1].lower() + words[1:])


def _finite(word):
    number = float(word)
    if not math.isfinite(number):
        raise ValueError(word)
    return number


def _check(value, levels):
    """Neither deeper than may be sent, nor with characters that cannot be stored."""
    if isinstance(value, (dict, list)):
        if not levels:
            raise Unreadable(TOO_DEEP)
        for each in [*value, *value.values()] if isinstance(value, dict) else value:
            _check(each, levels - 1)
    elif isinstance(value, str) and ("\0" in value or not _is_unicode(value)):
        raise Unreadable("A text in it has a character that cannot be sent.")


def _is_unicode(text):
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a pair, written as \ud83d
        return False
    return True
