"""`manage.py reset_second_factor NAME`: for who has lost the phone, the key and the recovery codes."""

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone


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
        Authenticator.objects.filter(user=user).delete()
        for session in Session.objects.filter(expire_date__gt=timezone.now()):
            if session.get_decoded().get(SESSION_KEY) == str(user.pk):
                session.delete()
        self.stdout.write(
            f"Der zweite Faktor von „{name}“ ist entfernt, alle Sitzungen sind beendet. "
            "Bei der nächsten Anmeldung wird ein neuer eingerichtet."
        )
