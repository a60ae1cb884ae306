from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from generations import data_dir
from generations.keeping import restore


class Command(BaseCommand):
    help = "Bring a studio back from a backup, into an empty DATA_DIR, or an empty database and bucket."
    requires_system_checks = ()  # the folder and the tables are made first

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="that `manage.py backup` wrote")

    def handle(self, *, file, **options):
        try:
            data_dir.make_folders()
            lock = data_dir.lock()
            data_dir.ensure_secret_key()
            data_dir.migrate()
            with lock:
                rows, files, unclear = restore.read(file)
        except BlockingIOError as error:
            raise CommandError(
                "A studio is running in this DATA_DIR. Stop it, and restore into an empty one."
            ) from error
        except OSError as error:
            raise CommandError(f"The backup could not be restored: {error}.") from error
        except restore.CannotRestore as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{rows:,} rows and {files:,} files are back.")
        if unclear:
            self.stdout.write(
                f"{unclear} order(s) may have been sent after the backup was made: look before you send any."
            )
