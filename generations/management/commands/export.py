from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from generations.keeping.export import export


class Command(BaseCommand):
    help = "Write all that the team made into a folder that needs no studio to be read. Run again, it adds what is new."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *, folder, verbosity, **options):
        try:
            written, kept, missing = export(folder, self.stdout.write if verbosity > 1 else lambda name: None)
        except OSError as error:
            raise CommandError(f"The export stopped: {error}. Run it again, and it goes on from here.") from error
        self.stdout.write(f"{written:,} files written, {kept:,} were there.")
        if missing:
            raise CommandError(
                f"{len(missing)} could not be read; the manifest marks them. `manage.py verify` tells more."
            )
