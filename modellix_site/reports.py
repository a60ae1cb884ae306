"""What is written about errors, to the log and in mails: enough to mend them, and nothing that opens a door."""

import logging
import re

from django.views.debug import SafeExceptionReporterFilter

QUERY = re.compile(r"\?[^\s'\"<>()=]+=[^\s'\"<>()]*")


class Line(logging.Formatter):
    """Of addresses, what comes after the question mark is left out: signatures of files, and words looked for.

    Whatever raises an error may have put the address into it, so that it is done with the line as it is written.
    """

    def format(self, record):
        return QUERY.sub("?…", super().format(record))


class Discreet(SafeExceptionReporterFilter):
    """What a report of an error leaves out: secrets of settings and environment, addresses with some; what people sent
    and what the program was working with, such as prompts. Of these it tells the names, and of the latter the types.
    """

    hidden_settings = re.compile("API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE|DATABASE|REDIS|_URL|Q_CLUSTER", re.I)

    def get_post_parameters(self, request):
        return dict.fromkeys(super().get_post_parameters(request), self.cleansed_substitute)

    def get_traceback_frame_variables(self, request, tb_frame):
        if not self.is_active(request):
            return super().get_traceback_frame_variables(request, tb_frame)
        return [(name, type(value)) for name, value in tb_frame.f_locals.items()]
