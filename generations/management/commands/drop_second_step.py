from django.core.management.base import BaseCommand, CommandError

from generations.accounts import drop_second_step
from generations.models import User


class Command(BaseCommand):
    help = "Switch off the two-step sign-in of somebody who is locked out, when no admin can do it in the studio."

    def add_arguments(self, parser):
        parser.add_argument("email", help="with which they sign in")

    def handle(self, *, email, **options):
        person = User.objects.of_team().filter(email__iexact=email).first()
        if person is None or not drop_second_step(person):
            raise CommandError(f"{email} is nobody's who has two-step sign-in.")
        self.stdout.write(f"The password alone signs {person} in now.")
