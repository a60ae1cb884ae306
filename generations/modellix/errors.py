"""What can go wrong between us and Modellix, told apart by what the caller does next.

ModellixError                 every failure: .message in plain words, HTTP .status or None, .raw answer text
├── NotSent                   submit: proved that no byte of the request left; send it later
├── OutcomeUnknown            submit: no clear answer, perhaps bought; a person decides, never a machine
├── Refused                   a definite no, nothing bought; tell the person what Modellix says
│   ├── RouteUnknown          submit, 404 or 405: try the next path form, else the model is gone
│   ├── NotFound              read, 404: the record expired, or another key made it
│   ├── KeyRefused            401 or 403: nothing works until the key is mended
│   ├── NoCredit              402: hold all submissions
│   └── SlowDown              429 in the documented envelope: wait .retry_after, then send or ask again
└── Unavailable               read: no useful answer; ask again, after .retry_after if given
    └── BadAnswer             it answered, but not as it should: not JSON, another task's id, no status

No message and no raw text contains the key. The rules are those of Modellix's error table and its official
client.
"""

RAW_LIMIT = 64 * 1024  # characters of an answer kept for people to read


class ModellixError(Exception):
    def __init__(self, message, *, status=None, raw=""):
        super().__init__(message)
        self.message = message
        self.status = status
        self.raw = raw[:RAW_LIMIT]


class NotSent(ModellixError):
    """The name did not resolve, or no connection came about: the request is still ours to send."""


class OutcomeUnknown(ModellixError):
    """A paid request without a clear answer. Sending it again may buy twice."""


class Refused(ModellixError):
    """A definite no. The message is Modellix's own wherever it gave one."""

    @property
    def category(self):
        """The words before the first colon, such as "Value out of range": the best hint for machines."""
        words, colon, _ = self.message.partition(":")
        return words.strip() if colon else ""


class RouteUnknown(Refused):
    """No such path, or no such model behind it."""


class NotFound(Refused):
    """No such task for this key."""


class KeyRefused(Refused):
    """The key is missing, wrong, expired, or may not do this."""


class NoCredit(Refused):
    """The team's balance is too low."""


class SlowDown(Refused):
    """Too many requests a minute (scope "rate"), too much at once ("running"), no more of something ("quota").

    retry_after is in seconds, 1 to 60, or None when no hint was given; limits is an answers.Limits.
    """

    def __init__(self, message, *, status=None, raw="", retry_after=None, scope="rate", limits=None):
        super().__init__(message, status=status, raw=raw)
        self.retry_after = retry_after
        self.scope = scope
        self.limits = limits


class Unavailable(ModellixError):
    """Nothing useful came back from a read. retry_after is in seconds, 1 to 60, or None."""

    def __init__(self, message, *, status=None, raw="", retry_after=None):
        super().__init__(message, status=status, raw=raw)
        self.retry_after = retry_after


class BadAnswer(Unavailable):
    """An answer arrived whose words make no sense."""
