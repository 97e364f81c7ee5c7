"""Says whether the search and the entries agree."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from faq import search
from faq.editing.search_index import search_documents

SHOWN = 50


class Command(BaseCommand):
    help = "Vergleicht die Suche mit den veröffentlichten Einträgen. Ende mit 1, wenn sich etwas unterscheidet."

    @transaction.atomic
    def handle(self, **options):
        differences = search.check(search_documents())
        for difference in differences[:SHOWN]:
            self.stdout.write(difference)
        if differences:
            raise CommandError(f"{len(differences)} Unterschiede. Der Befehl „rebuild_search“ behebt sie.")
        self.stdout.write("Suche und Einträge stimmen überein.")
