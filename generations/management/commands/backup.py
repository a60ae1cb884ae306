from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from generations.keeping import backup


class Command(BaseCommand):
    help = "Write everything of this studio into one file: its database and its media. The studio may run meanwhile."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="must not exist yet; a zip file")

    def handle(self, *, file, **options):
        try:
            report = backup.write(file)
        except FileExistsError as error:
            raise CommandError(f"{error} is there already. Choose another name.") from error
        except OSError as error:
            raise CommandError(
                f"The backup could not be written: {error}. Nothing was left behind but a .part."
            ) from error
        self.stdout.write(f"{report.rows:,} rows and {report.files:,} files are in {file}.")
        self.stdout.write("Not in it: SECRET_KEY, keys and passwords from the environment. Keep those elsewhere.")
        for name in report.missing:
            self.stderr.write(f"Missing: {name}")
        for name in report.changed:
            self.stderr.write(f"Not what it was when it was saved: {name}")
        if report.missing or report.changed:
            raise CommandError("All else is in the backup. `manage.py verify` tells more.")
