"""`manage.py doctor`: what is wrong with this installation, and how to mend it."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from faq.operations import doctor


class Command(BaseCommand):
    help = (
        "Sieht nach, was an dieser Installation nicht stimmt, und sagt, wie man es behebt. Ende mit 1, wenn etwas zu beheben "
        "ist; ein Hinweis allein ist kein Fehler."
    )
    requires_system_checks = []  # they are a part of what is examined

    def handle(self, **options):
        self.stdout.write(f"Stand {timezone.localtime().isoformat(timespec='seconds')}")
        wrong = 0
        for name, findings in doctor.examine():
            self.stdout.write(f"{name}: {'in Ordnung' if not findings else ''}".rstrip())
            for finding in findings:
                what = f"Hinweis: {finding.what}" if finding.advice else self.style.WARNING(finding.what)
                self.stdout.write(f"  {what}\n    → {finding.how}")
                wrong += not finding.advice
        if wrong:
            raise CommandError("Eines ist zu beheben." if wrong == 1 else f"{wrong} Dinge sind zu beheben.")
