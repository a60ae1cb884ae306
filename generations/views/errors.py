import logging
import secrets

from django.http import HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


def bad_request(request, exception):
    return answer(request, 400)


def forbidden(request, exception):
    return answer(request, 403)


def not_found(request, exception):
    return answer(request, 404)


def server_error(request):
    """Log a code that the person can pass on, below Django's own report of the error."""
    code = f"e-{secrets.token_hex(3)}"
    logger.error("The page told this error as %s: %s", code, request.path)
    return answer(request, 500, {"code": code})


def too_often(request, wait):
    """For who asks for one page without end: come again in `wait` seconds."""
    response = answer(request, 429, {"wait": wait})
    response["Retry-After"] = str(wait)
    return response


def csrf_failure(request, reason=""):
    """A page from before signing in or out. htmx loads it anew, with the draft; a form is asked to be sent again."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    return answer(request, 403, {}, "403_csrf.html")


def answer(request, status, context=None, template=None):
    """A page, or for htmx a toast. Neither uses the database, the session or the user: they may be what is broken."""
    if request.headers.get("HX-Source", "").endswith("#live"):
        return HttpResponse(status=status)  # the poller has a notice of its own, or each beat would add a toast
    if request.headers.get("HX-Request"):
        template = "on_error.html"
    page = render_to_string(template or f"{status}.html", (context or {}) | {"status": status})
    return HttpResponse(page, status=status)
