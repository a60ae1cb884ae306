"""Viewers look, search, like and rate; they spend and change nothing else. One place holds it for every address."""

from django.core.exceptions import PermissionDenied

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
MAY = {  # names of the addresses to which a viewer may post
    *("favourite", "unfavourite", "rate", "vote", "selection-compare", "zip", "origin", "profile"),
    *("session-end", "sessions-end", "profile-email", "stop-mail"),
    *("share", "share-item"),  # where any visitor gives the password of a gallery
    "invited",
    *("account_login", "account_logout", "account_change_password"),
    *("account_reset_password", "account_reset_password_from_key"),
    *("account_reauthenticate", "mfa_reauthenticate", "mfa_authenticate"),
    *("mfa_login_webauthn", "mfa_reauthenticate_webauthn"),
    *("mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
    *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes"),
}
OF_MAKERS = {  # parts of pages that viewers do not have
    *(
        "composer",
        "draft",
        "presets",
        "preset",
        "prompts",
        "collection-targets",
        "bin",
        "budget-ask",
        "usage",
        "usage-csv",
    ),
}


class ViewersOnlyLook:
    """Middleware: 403 for a viewer who posts to any other address, so that a new one is closed until it is listed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.url_name
        if name in MAY or (request.method in SAFE and name not in OF_MAKERS):
            return
        if request.user.is_authenticated and request.user.is_viewer:
            raise PermissionDenied
