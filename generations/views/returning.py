from urllib.parse import urlsplit

from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def back(request, gone=()):
    """To the page on which the button was pressed; when the browser does not tell, or it is `gone`, to the feed."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return redirect(page if is_ours and urlsplit(page).path not in gone else "studio")
