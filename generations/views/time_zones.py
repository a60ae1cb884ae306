"""Days and times as they are where the person is who asks."""

from contextlib import suppress
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone


class WhereThePersonIs:
    """Middleware: the person's time zone for the pages of the team; those that anybody may see keep the studio's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()  # the next request of this thread is somebody else's

    def process_view(self, request, view, args, kwargs):
        is_private = getattr(view, "login_required", True)
        if is_private and request.user.is_authenticated and request.user.time_zone:
            with suppress(ZoneInfoNotFoundError):  # chosen on a machine that knows more of them
                timezone.activate(ZoneInfo(request.user.time_zone))
