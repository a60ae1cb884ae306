from django.conf import settings
from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect

NOTHING_OF_THE_MACHINE = ", ".join(
    f"{name}=()"
    for name in (
        *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
        *("idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "serial", "usb"),
        *("screen-wake-lock", "xr-spatial-tracking"),
    )
)


class CompressPages(GZipMiddleware):
    """Compress pages and parts of pages, a tenth of their size, and nothing else: files answer ranges of their bytes.

    BREACH guesses a secret from the length of pages that hold it next to words of the attacker's. The one secret of our
    pages, the CSRF token, is masked anew in each; other sites' requests come without the session, whose cookie is
    SameSite=Lax, but for whole pages opened before the person's eyes; and Django adds a random length to each answer.
    """

    def process_response(self, request, response):
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        return super().process_response(request, response) if is_page else response


def navigate(get_response):
    """A redirect answered to htmx becomes a page navigation; an ended session becomes a notice, so no draft is lost."""

    def middleware(request):
        response = get_response(request)
        if not request.htmx or response.status_code not in (301, 302, 303, 307, 308):
            return response
        if response["Location"].startswith(resolve_url(settings.LOGIN_URL)):
            return render(request, "signed_out.html", {"next": request.htmx.current_url_abs_path or "/"}, status=401)
        return follow(response)

    return middleware


def follow(response: HttpResponse) -> HttpResponse:
    """The same redirect, as htmx understands it; cookies set on the way are kept."""
    redirect = HttpResponseClientRedirect(response["Location"])
    redirect.cookies = response.cookies
    return redirect


def keep_to_ourselves(get_response):
    """Pages use nothing of the machine, share no window with other sites, which embed nothing of ours.

    Static files do without: there are many on a page, and these headers would weigh as much as the files.
    """

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", NOTHING_OF_THE_MACHINE)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def strangers_are_brief(get_response):
    """413 for a body as large as a file, from who is not signed in: forms are read, to disk, before anything else."""

    def middleware(request):
        length = request.headers.get("Content-Length", "")
        is_long = length.isdecimal() and int(length[:18]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if is_long and not request.user.is_authenticated:
            return HttpResponse(status=413)
        return get_response(request)

    return middleware
