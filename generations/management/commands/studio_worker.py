from django.core.management.base import BaseCommand

from generations.engine import worker


class Command(BaseCommand):
    help = "Run the background jobs: sending, watching and saving generations."

    def handle(self, **options):
        worker.run()
