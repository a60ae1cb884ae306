"""How much credit is left at Modellix, and whether it took what our ledger says."""

import logging
from datetime import timedelta

from django.utils import timezone

from generations.engine import provider
from generations.modellix.errors import ModellixError
from generations.models import Provider, Statement
from generations.models.entry import exact
from generations.models.statement import quiet

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=10)
WITHOUT_KEY = (Provider.Pause.KEY_MISSING, Provider.Pause.KEY_REFUSED)


def watch():
    """Each minute: ask for the balance when it is due. One request, for which the dispatcher's limit leaves room."""
    known = Provider.current()
    if not provider.has_key() or known.pause in WITHOUT_KEY:
        return
    key, up_to = provider.fingerprint(), quiet()
    if not is_due(known, Statement.latest(key), up_to):
        return
    try:
        balance = exact(provider.client().balance())
    except ModellixError as error:
        logger.info("The balance was not told: %s", type(error).__name__)
        return
    known.learn(balance=balance, balance_at=timezone.now())
    if up_to is not None:
        Statement.draw(balance, up_to, key)


def is_due(known, last, up_to):
    """When it was not told for long; sooner when orders have just ended, so that each can be looked into by itself."""
    if known.balance_at is None or timezone.now() - known.balance_at > EVERY:
        return True
    return up_to is not None and (last is None or last.up_to < up_to)
