import secrets

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from generations import demo

MOST_DAYS, MOST_PEOPLE = 366, 30


class Command(BaseCommand):
    help = "Fill an empty studio with some weeks of a team's work, to look around in. Nothing is ordered from anybody."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=60, help=f"1 to {MOST_DAYS}")
        parser.add_argument("--people", type=int, default=6, help=f"1 to {MOST_PEOPLE}")

    def handle(self, *, days, people, **options):
        if not (1 <= days <= MOST_DAYS and 1 <= people <= MOST_PEOPLE):
            raise CommandError(f"Choose 1 to {MOST_DAYS} days and 1 to {MOST_PEOPLE} people.")
        if settings.MODELLIX_API_KEY:
            raise CommandError(
                "MODELLIX_API_KEY is set: this studio is for real work. Set another DATA_DIR, without it."
            )
        if not demo.is_empty():
            raise CommandError("Something was generated here already. Set another, empty DATA_DIR.")
        made, password = demo.Demo(days, people), secrets.token_urlsafe(9)
        made.fill(lambda day, days: self.stdout.write(f"Day {day} of {days}"))
        for person in made.people:
            person.set_password(password)
            person.save(update_fields=["password"])
        self.stdout.write(f"Everybody signs in with the password {password}:")
        for person in made.people:
            self.stdout.write(f"  {person}, {person.email}")
