import re
from functools import lru_cache
from io import BytesIO

import segno
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.signing import Signer
from django.db.models import Case, Exists, Subquery, When
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from generations import browsers, mail, sealed
from generations.models import Heartbeat, Revision, Task, User
from generations.models.entry import month_of
from generations.models.purse import with_budgets


def has_admin():
    """Whether the studio is set up: somebody can add the others."""
    return User.objects.filter(role=User.Role.ADMIN).exists()


def set_up_path():
    """The address, without host, under which the first admin is made. Only who has the SECRET_KEY can tell it."""
    return reverse("set-up", args=[set_up_token()])


def set_up_token():
    return Signer(salt="set-up").signature("first admin")


def opens_set_up(token):
    """Whether this is the right token, and there is still nobody to add the others."""
    return constant_time_compare(token, set_up_token()) and not has_admin()


class AuthenticationBackend(AllauthBackend):
    """Loads who sends a request together with what nearly every page has to know then, for `present` to read.

    The person has `revision`, the latest one (None before the first change), `last_beat` of a worker, `is_asked`, for
    admins whether an order waits for them to agree, and what is left to spend, for Purse.seen_by.
    """

    def get_user(self, user_id):
        user = known(month_of(timezone.now())).filter(pk=user_id).first()
        return user if self.user_can_authenticate(user) else None


@lru_cache(maxsize=1)
def known(month):
    """People with what the backend above tells of them; shared, as with_budgets is."""
    latest = Subquery(Revision.objects.filter(pk=1).values("number"))
    asked = Case(When(role=User.Role.ADMIN, then=Exists(Task.objects.awaiting_approval())), default=False)
    return with_budgets(month).annotate(revision=latest, last_beat=Subquery(Heartbeat.latest()), is_asked=asked)


def present(request):
    """(the latest revision, whether a worker is alive).

    A request that only reads is told what was so when it began, before it read anything else: what changes later has
    a higher revision. One that may have changed something asks anew.
    """
    if request.method in ("GET", "HEAD") and hasattr(request.user, "revision"):
        return request.user.revision or 0, Heartbeat.is_fresh(request.user.last_beat)
    found = Revision.objects.filter(pk=1).values_list("number", Exists(Heartbeat.fresh())).first()
    return found or (0, Heartbeat.is_any_fresh())


CHANGED = {  # what allauth tells of → a sentence of the mail
    "password_changed": "Your password was changed.",
    "password_set": "A password was chosen.",
    "password_reset": "Your password was changed, by the link of a mail.",
    "totp_activated": "Two-step sign-in was switched on: codes come from an app.",
    "totp_deactivated": "Codes from an app were switched off.",
    "webauthn_added": "A passkey was added.",
    "webauthn_removed": "A passkey was removed.",
    "recovery_codes_generated": "New recovery codes were made, and the old ones ended.",
}


class AccountAdapter(DefaultAccountAdapter):
    """allauth as this studio wants it: nobody signs up by themselves, and no answer tells who has an account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That email and password don’t match. Check for Caps Lock.",  # noqa: RUF001
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "enter_current_password": "That is not your current password.",
        "incorrect_password": "That is not your password.",
        "rate_limited": "Too many tries. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        """What is no address at all is not one to go to either."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_password_change_redirect_url(self, request):
        return reverse("profile")

    def send_mail(self, template_prefix, email, context):
        """Render now, deliver apart: the answer must not take longer, or fail, where there is an account."""
        mail.deliver_apart(self.render_mail(template_prefix, email, context | {"email": email}))

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """A mail, where mail is set up, for each thing that decides who can sign in as this person."""
        if mail.is_set_up():
            browser = browsers.named(self.request.headers.get("User-Agent", ""))
            told = {"user": user, "what": CHANGED[template_prefix.rsplit("/")[-1]], "browser": browser}
            self.send_mail("account/email/sign_in_changed", user.email, told)


def drop_second_step(person):
    """Let them sign in with the password alone, and tell them by mail. False when that was so before."""
    if not person.drop_second_step():
        return False
    get_adapter().send_mail("account/email/second_step_dropped", person.email, {"user": person})
    return True


def takes_passkeys(request):
    """Whether browsers use passkeys at the address that was asked: a name over https, or this machine's own."""
    host, _ = split_domain_port(request.get_host())
    if host == "localhost" or host.endswith(".localhost"):
        return True
    is_number = re.search(r"(^|\.)\d+$|\]$", host)
    return request.is_secure() and not is_number


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right, or it was used already. Try the next one.",
        "unreadable": "This studio cannot read your codes any more, because its SECRET_KEY is another one. An admin of "
        "your team can switch your two-step sign-in off.",
    }

    def build_totp_svg(self, url):
        """The QR code, black on white in the dark too: cameras expect it."""
        drawing = BytesIO()
        segno.make(url, error="m").save(
            drawing, kind="svg", scale=4, border=3, light="white", xmldecl=False, omitsize=True
        )
        return drawing.getvalue().decode()

    def generate_authenticator_name(self, user, type):
        """A passkey is called like the browser that made it."""
        return browsers.named(self.request.headers.get("User-Agent", ""))

    def encrypt(self, text):
        return sealed.seal(text)

    def decrypt(self, encrypted_text):
        """Raises ValidationError, which the form shows that asks for a code."""
        try:
            return sealed.unseal(encrypted_text)
        except sealed.Unreadable as error:
            raise self.validation_error("unreadable") from error
