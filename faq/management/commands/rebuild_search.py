"""Makes the search anew from the entries."""

from django.core.management.base import BaseCommand
from django.db import transaction

from faq import search
from faq.changes import search_documents
from faq.models import Revision, SearchDocument


class Command(BaseCommand):
    help = "Baut die Suche aus den veröffentlichten Einträgen neu auf."

    @transaction.atomic
    def handle(self, **options):
        Revision.objects.raise_by_one()  # other writers wait, and what was kept of the old search is dropped
        search.rebuild(search_documents())
        self.stdout.write(f"Die Suche kennt {SearchDocument.objects.count()} Einträge.")
