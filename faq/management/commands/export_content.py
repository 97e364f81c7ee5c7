"""`manage.py export_content [DIR]`: the database into a content folder."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from faq.actions import Hindered
from faq.content import exporting, folder
from faq.words import counted


class Command(BaseCommand):
    help = "Schreibt alle Inhalte als Dateien in einen Ordner."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", metavar="DIR", help="Vorgabe: CONTENT_DIR")
        parser.add_argument("--prune", action="store_true", help="Löscht Dateien, zu denen es nichts mehr gibt.")

    def handle(self, **options):
        root = Path(options["folder"] or settings.CONTENT_DIR)
        with transaction.atomic():
            stored = exporting.stored_folder()
        try:
            written, stale = folder.write(stored, root, prune=options["prune"])
        except (folder.FolderError, Hindered) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{counted(len(written), 'Datei', 'Dateien')} geschrieben in {root}.")
        for path in stale:
            self.stdout.write(
                f"{path}: gelöscht." if options["prune"] else f"{path}: dazu ist nichts gespeichert (--prune löscht)."
            )
