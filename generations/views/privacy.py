"""Private generations: their author and admins alone see them, until they are shown to the team again."""

from django.views.decorators.http import require_POST

from generations.views import live
from generations.views.live import Live
from generations.views.picked import Picked, tell
from generations.views.returning import back

HIDDEN = ("Private: only its author and admins see it now.", "made private")
SHOWN = ("The team sees it again.", "shown to the team again")


@require_POST
def make_private(request):
    """Show what is picked to its author and admins alone."""
    picked = Picked.by(request)
    left, moved = picked.left(), picked.changeable.make_private(request.user)
    tell(request, moved, HIDDEN, left, "make-public")
    return told(request, moved)


@require_POST
def make_public(request):
    """Show what is picked to the team again."""
    picked = Picked.by(request)
    left, moved = picked.left(), picked.changeable.make_public(request.user)
    tell(request, moved, SHOWN, left, "make-private")
    return told(request, moved)


def told(request, moved):
    """What is new since the page last looked, or that page anew."""
    seen = Live.told_by(request.POST)
    return live.answer(request, seen, moved=moved) if request.htmx and seen else back(request)
