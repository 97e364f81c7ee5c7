"""Says whether the search and the entries agree."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from faq.editing.search_index import differences
from faq.words import counted

SHOWN = 50


class Command(BaseCommand):
    help = "Vergleicht die Suche mit den veröffentlichten Einträgen. Ende mit 1, wenn sich etwas unterscheidet."

    @transaction.atomic
    def handle(self, **options):
        found = differences()
        for difference in found[:SHOWN]:
            self.stdout.write(difference)
        if found:
            raise CommandError(
                f"{counted(len(found), 'Unterschied', 'Unterschiede')}. Der Befehl „rebuild_search“ behebt sie."
            )
        self.stdout.write("Suche und Einträge stimmen überein.")
