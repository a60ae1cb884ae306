"""Telling people: of what is not saved while there is time, and of what the provider does not end.

What is not saved at its deadline, the provider throws away.
"""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from generations import mail
from generations.models import Event, Output, Task, User

logger = logging.getLogger(__name__)

LEVELS = (95, 80, 50)  # percent of the time between the finished task and the deadline


def watch():
    """Each minute: tell people of what is not saved although another part of its time is over. Once for each part.

    And of what is silent: its card says so, and the health command, for as long as somebody watches it.
    """
    for task in Task.objects.silent():
        task.tell_silence()
    unsaved = Output.objects.unsaved().select_related("task").order_by("deadline")
    risen = [output for output in unsaved if rises(output)]
    for task in {output.task for output in risen}:
        task.touch()
    if risen:
        mail_admins(risen)


def rises(output):
    """Whether another part of its time is over, which is now on record. What was slept through is told as one."""
    level = next((level for level in LEVELS if output.time_used >= level), 0)
    with transaction.atomic():
        if level <= output.warned or not output.warn(level):
            return False
        text = f"file {output.position + 1}: {level} % of its time is over. {output.error}".rstrip()
        Event.objects.create(kind=Event.Kind.FILE_AT_RISK, task=output.task, text=text)
    return True


def mail_admins(outputs):
    """One mail about all of them, where mail is set up. A mail server that is away is only logged."""
    if not mail.is_set_up():
        return
    admins = User.objects.admins().values_list("email", flat=True)
    files = f"{len(outputs)} result{'s' if len(outputs) > 1 else ''}"
    lines = [
        f"{files} of Modellix could not be saved yet. We keep trying until the deadline; then Modellix deletes them.",
        *map(line, outputs),
    ]
    try:
        send_mail(f"{files} not saved yet", "\n\n".join(lines), None, list(admins))
    except OSError:  # smtplib's errors are its children
        logger.exception("Admins could not be told by mail of results at risk. Check EMAIL_URL.")


def line(output):
    deadline = f"{timezone.localtime(output.deadline):%Y-%m-%d %H:%M %Z}"
    address = f"{settings.PUBLIC_URL}{output.task.get_absolute_url()}"
    return f"{output.task} file {output.position + 1}, until {deadline}. {output.error}\n{address}"
