"""The password of a link: asking for it, and the cookie that whoever knew it keeps for a day.

The cookie is sent to the addresses of its link alone, and ends when the password is changed.
"""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from generations.forms.gallery import PasswordForm
from generations.models import Team

COOKIE = "gallery"
LIFE = timedelta(days=1)
SALT = "generations.views.passwords"


def is_given(request, link):
    """Whether this browser gave the right password, less than a day ago."""
    key = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIFE)
    return constant_time_compare(key, key_to(link))


def ask(request, link):
    """The page that asks for the password, and what becomes of an answer.

    A form on somebody else's site would use up the tries of its reader. Such a form is not read: the header that tells
    is one that no page can set.
    """
    typed = request.POST if request.method == "POST" and is_our_page(request) else None
    form = PasswordForm(link, address_of(request), typed)
    if form.is_valid():
        return let_in(redirect(request.path), link)
    status = 429 if form.is_paused else 422 if form.is_bound else 200
    return render(None, "public/password.html", {"form": form, "team": Team.current()}, status=status)


def is_our_page(request):
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def let_in(response, link):
    """With the key, for a day or until the link ends."""
    ends = min(filter(None, [timezone.now() + LIFE, link.ends_at]))
    response.set_signed_cookie(
        COOKIE,
        key_to(link),
        salt=SALT,
        expires=ends,
        path=reverse("share", args=[link.token]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def key_to(link):
    """The key to this link as long as it has its present password."""
    return salted_hmac(SALT, f"{link.pk} {link.password}", algorithm="sha256").hexdigest()


def address_of(request):
    """Where this request comes from, as a keyed hash that only compares. Of IPv6, one person has a whole /64."""
    address = ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or int(address) >> 64
    return salted_hmac(f"{SALT} address", str(address), algorithm="sha256").hexdigest()
