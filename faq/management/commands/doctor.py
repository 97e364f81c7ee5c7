"""`manage.py doctor`: what is wrong with this installation, and how to mend it."""

from django.core.management.base import BaseCommand, CommandError

from faq.operations import doctor


class Command(BaseCommand):
    help = (
        "Sieht nach, was an dieser Installation nicht stimmt, und sagt, wie man es behebt. Ende mit 1, wenn etwas ist."
    )
    requires_system_checks = []  # they are a part of what is examined

    def handle(self, **options):
        wrong = 0
        for name, findings in doctor.examine():
            self.stdout.write(f"{name}: {'in Ordnung' if not findings else ''}".rstrip())
            for finding in findings:
                self.stdout.write(self.style.WARNING(f"  {finding.what}") + f"\n    → {finding.how}")
            wrong += len(findings)
        if wrong:
            raise CommandError("Eines ist zu beheben." if wrong == 1 else f"{wrong} Dinge sind zu beheben.")
