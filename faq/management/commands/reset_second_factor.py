"""`manage.py reset_second_factor NAME`: for who has lost the phone, the key and the recovery codes."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from faq import login


class Command(BaseCommand):
    help = (
        "Nimmt einem Konto den zweiten Faktor und beendet seine Sitzungen. Die nächste Anmeldung richtet ihn neu ein."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="Benutzername des Kontos")

    def handle(self, name, **options):
        users = get_user_model().objects
        try:
            user = users.get_by_natural_key(name)
        except users.model.DoesNotExist:
            raise CommandError(f"Es gibt kein Konto „{name}“.") from None
        login.take_second_factor_away(user)
        self.stdout.write(
            f"Der zweite Faktor von „{name}“ ist entfernt, alle Sitzungen sind beendet. "
            "Bei der nächsten Anmeldung wird ein neuer eingerichtet."
        )
