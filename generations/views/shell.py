from functools import cache

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from generations import mail
from generations.accounts import has_admin, present
from generations.models import Output, Provider, Purse, Task


def shell(request):
    """What the frame around every page tells: the provider's state, whether a worker is alive, whether
    everything is saved, how many orders wait for an admin to agree, whether this is a demo.

    A context processor. Nothing is asked of the database unless a template uses it.
    """
    return {
        "provider": SimpleLazyObject(Provider.current),
        "worker_alive": SimpleLazyObject(lambda: present(request)[1]),
        "safety": SimpleLazyObject(lambda: Output.objects.safety(request.user)),
        "running_out": SimpleLazyObject(lambda: Purse.seen_by(request.user).running_out(request.user.is_admin)),
        "demo": settings.DEMO,
        "asked": cache(lambda: asked(request.user)),
        "has_admin": SimpleLazyObject(has_admin),
        "sends_mail": mail.is_set_up(),
    }


def asked(user):
    """How many orders wait for this person to agree. Asked for only when some did as the request began."""
    return Task.objects.awaiting_approval().count() if getattr(user, "is_asked", False) else 0
