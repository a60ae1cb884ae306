"""How often in a minute one person may ask for what costs much. One place holds it for every address.

Who is not signed in counts by the address they come from. The limits are a few times what a quick person does, and
there to stop a script that asks without end. allauth, which counts tries to sign in, lets every GET pass.
"""

import math
import time
from contextlib import suppress

from django.core.cache import caches

from generations.views import errors
from generations.views.passwords import address_of

MINUTE = 60  # seconds
RATES = {  # name of an address → requests in a minute
    # Searched, counted and priced anew each time: 75 to 150 ms of a core
    **dict.fromkeys(("studio", "find", "facet", "models", "collection", "composer"), 300),
    "usage": 120,  # reads every order of its time
    # A thread and the disk for as long as it lasts; players ask for a film in many parts, and thumbnails do not count
    **dict.fromkeys(("media", "share-media"), 1200),
    **dict.fromkeys(("zip", "collection-zip", "share-zip", "usage-csv"), 30),
    "mfa_login_webauthn": 30,  # begins a session for a visitor
    "origin": 30,  # takes in a whole file and hashes it
    # For whoever has the link, and there may be many behind one address
    **dict.fromkeys(("share", "share-item"), 600),
    "share-preview": 60,  # drawn, when it is not kept any more
}


class NotWithoutEnd:
    """Middleware: 429 for who asks for one of these more often, with the seconds until the minute is over."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.url_name
        if name in RATES and kwargs.get("variant", "original") == "original":
            wait = count(f"{name}:{person(request)}", RATES[name])
            return errors.too_often(request, wait) if wait else None
        return None


def person(request):
    return request.user.pk if request.user.is_authenticated else address_of(request)


def count(key, most):
    """Count a request: 0, or the seconds to wait when there were as many in this minute, which began with its first.

    All processes of a machine count together. Two that count at the same moment may count as one, which is no matter
    here, and spares each page a lock.
    """
    now = time.time()
    began, number = caches["limits"].get(key, (now, 0))
    left = began + MINUTE - now
    if left <= 0:
        began, number, left = now, 0, MINUTE
    if number >= most:
        return math.ceil(left)
    with suppress(OSError):  # a full disk keeps nobody from looking
        caches["limits"].set(key, (began, number + 1), left)
    return 0
