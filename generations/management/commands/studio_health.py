from django.core.management.base import BaseCommand

from generations.health.lines import problems


class Command(BaseCommand):
    help = "Tell whether the background work is well: nothing and exit status 0, or a line for each problem and 1."

    def handle(self, **options):
        found = problems()
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise SystemExit(1)
