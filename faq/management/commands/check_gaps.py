"""`manage.py check_gaps`: fails while something that a text promises is still missing."""

from django.core.management.base import BaseCommand, CommandError

from faq.models import Gap
from faq.words import counted


class Command(BaseCommand):
    help = "Nennt die offenen Stellen mit ihren Einträgen; endet mit 1, solange es welche gibt."

    def handle(self, **options):
        gaps = Gap.objects.open().with_places()
        for gap in gaps:
            places = ", ".join(sorted({str(reference.source) for reference in gap.references.all()}))
            self.stdout.write(f"{gap} ({gap.slug}): {places}")
        if gaps:
            raise CommandError(f"{counted(len(gaps), 'offene Stelle', 'offene Stellen')}.")
        self.stdout.write("Es gibt keine offenen Stellen.")
