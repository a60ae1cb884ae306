"""Text that is stored so that only who has the SECRET_KEY can read it, and that lies open in no backup.

So are kept the key of each authenticator app, and what recovery codes are made from.
"""

from base64 import urlsafe_b64encode

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

FIELDS = ("secret", "seed")  # of an Authenticator's data


class Unreadable(Exception):
    """It was sealed with a key that we do not have, or changed since."""


def seal(text):
    return box().encrypt(text.encode()).decode()


def unseal(text):
    """What was sealed with the SECRET_KEY or one of the fallbacks. Raises Unreadable."""
    try:
        return box().decrypt(text).decode()
    except InvalidToken as error:
        raise Unreadable from error


@transaction.atomic
def seal_anew():
    """Seal with the SECRET_KEY what a fallback sealed, so that the fallback can go. What cannot be read stays."""
    if not settings.SECRET_KEY_FALLBACKS:
        return
    for row in Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN):
        try:
            row.data |= {name: seal(unseal(row.data[name])) for name in FIELDS if name in row.data}
        except Unreadable:
            continue
        row.save(update_fields=["data"])


def box():
    return MultiFernet([Fernet(derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def derived(key):
    """32 bytes, as Fernet reads them, which tell nothing about the key."""
    return urlsafe_b64encode(salted_hmac("generations.sealed", "", key, algorithm="sha256").digest())
