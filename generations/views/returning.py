from urllib.parse import urlsplit

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def back(request, gone=()):
    """To the page on which the button was pressed; when the browser does not tell, or it is `gone`, to the feed."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    if not is_ours or urlsplit(page).path in gone:
        return redirect("studio")
    return HttpResponseRedirect(page)  # redirect() would look for a view of the name that somebody made up
