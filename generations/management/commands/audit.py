from django.core.management.base import BaseCommand

from generations.models.audit import mistakes


class Command(BaseCommand):
    help = "Check that the ledger says of every order what the order says itself. Silent when it does."

    def handle(self, **options):
        found = mistakes()
        for mistake in found:
            self.stderr.write(mistake)
        if found:
            raise SystemExit(1)
