import re

from django.views.debug import SafeExceptionReporterFilter


class Discreet(SafeExceptionReporterFilter):
    """What a report of an error leaves out, of settings, environment and forms: secrets, and addresses with some."""

    hidden_settings = re.compile("API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE|DATABASE|REDIS|_URL|Q_CLUSTER", re.I)

    def get_post_parameters(self, request):
        told = super().get_post_parameters(request)
        return {name: self.cleanse_setting(name, value) for name, value in told.items()}
