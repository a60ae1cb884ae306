"""A sign of life from a saver, as a film may take it many minutes: the file stays its own, and its machine is alive."""

import logging
from contextlib import contextmanager
from threading import Event, Thread

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connection

from generations.models import Heartbeat

logger = logging.getLogger(__name__)

TELL_EVERY = 15  # seconds; well within Output.LEASE


@contextmanager
def held(output):
    """Claimed by us for as long as the block runs. Who dies in it is followed by another once the lease is over."""
    over = Event()
    teller = Thread(target=tell, args=[output, over], name="hold", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def tell(output, over):
    """In a thread, since the work waits and computes; with a database connection of its own, made once that is late."""
    while not over.wait(TELL_EVERY):
        try:
            output.hold()
            Heartbeat.beat(settings.HOST_NAME)
        except DatabaseTrouble as error:
            logger.warning("The database does not answer: %s", error)
        finally:
            connection.close()
