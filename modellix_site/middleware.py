from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect


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
