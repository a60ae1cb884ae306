import logging
from threading import Thread

from allauth.account.adapter import DefaultAccountAdapter
from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from generations.models import User

logger = logging.getLogger(__name__)


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


class AccountAdapter(DefaultAccountAdapter):
    """allauth as this studio wants it: nobody signs up by themselves, and no answer tells who has an account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That email and password don’t match. Check for Caps Lock.",  # noqa: RUF001
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "enter_current_password": "That is not your current password.",
    }

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return reverse("profile")

    def send_mail(self, template_prefix, email, context):
        """Render now, deliver in a thread: the answer must not take longer, or fail, where there is an account."""
        message = self.render_mail(template_prefix, email, context | {"email": email})
        Thread(target=deliver, args=[message], name="mail").start()


def deliver(message):
    try:
        message.send()
    except OSError:  # smtplib's errors are its children
        logger.exception("A mail could not be delivered. Check EMAIL_URL.")
