"""Where the studio is to be found from outside a page, such as from a mail."""

from django.conf import settings


def address(path):
    """The whole address of a path."""
    return f"{settings.PUBLIC_URL or f'http://{settings.HOST}:{settings.PORT}'}{path}"
