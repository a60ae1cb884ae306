"""Sending mails, where a mail server is set up. One that is away is only logged."""

import logging
from threading import Thread

from django.conf import settings

logger = logging.getLogger(__name__)


def is_set_up():
    """Whether mails reach anybody, or only the log."""
    return "console" not in settings.EMAIL_BACKEND


def deliver(message):
    try:
        message.send()
    except OSError:  # smtplib's errors are its children
        logger.exception("A mail could not be delivered. Check EMAIL_URL.")


def deliver_apart(message):
    """In a thread: an answer must not take longer, or fail, for a mail that goes out with it."""
    Thread(target=deliver, args=[message], name="mail").start()
