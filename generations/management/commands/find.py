from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from generations.forms.origin import origin
from generations.models import Output, Upload
from generations.views.origin import place


class Command(BaseCommand):
    help = "Tell which generation a file came from: by its content, then by the marks in it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file, **options):
        try:
            with file.open("rb") as opened:
                came = origin(opened, Output.objects.all(), Upload.objects.all())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        if came is None:
            raise CommandError(f"{file} did not come from this studio.")
        self.stdout.write(f"{settings.PUBLIC_URL}{place(came)}\n{came.how}")
