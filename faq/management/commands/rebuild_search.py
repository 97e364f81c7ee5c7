"""Makes the search anew from the entries."""

from django.core.management.base import BaseCommand

from faq.editing.rebuild_search import rebuild_search
from faq.models import SearchDocument
from faq.words import counted


class Command(BaseCommand):
    help = "Baut die Suche aus den veröffentlichten Einträgen neu auf."

    def handle(self, **options):
        rebuild_search()
        self.stdout.write(f"Die Suche kennt {counted(SearchDocument.objects.count(), 'Eintrag', 'Einträge')}.")
