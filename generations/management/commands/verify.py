from django.core.management.base import BaseCommand

from generations.keeping.verify import verify


class Command(BaseCommand):
    help = "Look whether every saved file is there and intact, and make missing thumbnails again. Exit status 1 if not."

    def handle(self, **options):
        broken = 0
        for name, told, is_well in verify():
            (self.stdout if is_well else self.stderr).write(f"{name}: {told}")
            broken += not is_well
        if broken:
            self.stderr.write(f"{broken} not in order. Bring them back from a backup.")
            raise SystemExit(1)
        self.stdout.write("All saved files are there and intact.")
