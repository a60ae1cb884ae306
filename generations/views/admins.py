"""Pages that exist for admins alone."""

from functools import wraps

from django.http import Http404


def admins_only(view):
    """For everybody else there is nothing at this address."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        if not request.user.is_admin:
            raise Http404
        return view(request, *args, **kwargs)

    return asked
