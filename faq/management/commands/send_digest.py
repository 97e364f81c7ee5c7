"""`send_digest`: the weekly summary by mail, for those who want it."""

from django.core.management.base import BaseCommand, CommandError

from faq.models import DigestSubscription
from faq.operations import digest


class Command(BaseCommand):
    help = "Verschickt die Wochenübersicht an alle, die sie bestellt haben, höchstens einmal in der Woche."

    def handle(self, **options):
        if not DigestSubscription.objects.exists():
            self.stdout.write("Niemand hat die Wochenübersicht bestellt.")
            return
        if not digest.is_possible():
            raise CommandError(
                "Es ist kein Mailserver eingestellt. Setzen Sie EMAIL_URL, "
                "zum Beispiel auf smtp+tls://benutzer:kennwort@mail.example:587."
            )
        sent, failed = digest.send()
        self.stdout.write(f"Wochenübersicht verschickt: {len(sent)}.")
        if failed:
            raise CommandError(
                "Nicht verschickt: " + "; ".join(f"an {user.email}: {reason}" for user, reason in failed.items())
            )
