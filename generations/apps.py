from django.apps import AppConfig


class GenerationsConfig(AppConfig):
    name = "generations"
    verbose_name = "Studio"

    def ready(self):
        from generations import checks  # noqa: F401, PLC0415 (registers the startup checks)
