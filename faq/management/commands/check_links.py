"""`check_links`: ask for all links to pages elsewhere whose last check is too long ago."""

from django.core.management.base import BaseCommand, CommandError

from faq.links import checking


class Command(BaseCommand):
    help = "Prüft alle fälligen externen Links; Exit-Code 1, wenn einer gebrochen ist."

    def handle(self, **options):
        summary = checking.check_due(self.say)
        self.stdout.write(
            f"Externe Links geprüft: {summary.fine} in Ordnung, {summary.failed} nicht erreichbar, "
            f"{summary.waiting} auf später verschoben."
        )
        if broken := checking.broken().count():
            raise CommandError(f"Gebrochene Links: {broken}. Sie stehen in der Verwaltung unter „Externe Links“.")

    def say(self, link):
        if link.problem:
            self.stdout.write(f"{link.url}: {link.problem}")
        elif link.moved_to:
            self.stdout.write(f"{link.url}: umgezogen nach {link.moved_to}")
