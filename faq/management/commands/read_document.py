"""`manage.py read_document FILE DIR`: a document into a content folder of drafts."""

import os
import shutil
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from faq import importing, sources
from faq.actions import Hindered
from faq.content import folder
from faq.sources import drafts
from faq.sources.reading import MOST_BYTES
from faq.words import counted


class Command(BaseCommand):
    help = "Liest ein Dokument (.docx, .html, .md, .txt) und schreibt einen Ordner mit Entwürfen für import_content."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="Das Dokument")
        parser.add_argument("folder", metavar="DIR", help="Neuer oder leerer Ordner")

    def handle(self, **options):
        file, root = Path(options["file"]), Path(options["folder"]).absolute()
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise CommandError(f"„{root}“ gibt es schon, und es ist kein leerer Ordner. Nichts wurde geschrieben.")
        if not root.parent.is_dir():
            raise CommandError(f"Den Ordner „{root.parent}“ gibt es nicht.")
        source = _read(file)
        drafted, said = drafts.folder_of(source, file.name)
        self._write(drafted, root)
        walkthroughs = sum(entry.kind == "walkthrough" for _, entry in drafted.entries.values())
        self.stdout.write(
            f"{counted(len(drafted.entries), 'Entwurf', 'Entwürfe')} in {counted(len(drafted.categories), 'Kategorie', 'Kategorien')}"
            f" geschrieben nach {root}, davon {counted(walkthroughs, 'Ablauf', 'Abläufe')}."
        )
        if source.left_out:
            self.stdout.write(f"Nicht übernommen: {source.left_out}.")
        for sentence in said:
            self.stdout.write(f"Nicht übernommen: {sentence}")
        for proposal in source.proposals:
            if proposal.kind == "rest":
                self.stdout.write(f"\nOhne Eintrag, {proposal.place}:\n{proposal.words}")

    def _write(self, drafted, root):
        """All files at once, or none: what is written has been read again."""
        if not drafted.entries:
            raise CommandError(
                "In diesem Dokument steht keine Frage und keine Überschrift mit Text. Nichts wurde geschrieben."
            )
        made = Path(tempfile.mkdtemp(dir=root.parent, prefix=f".{root.name}-"))
        try:
            folder.write(drafted, made)
            importing.compare(importing.read(made))
            made.chmod(0o755)
            os.replace(made, root)
        except (folder.FolderError, Hindered, OSError) as error:
            shutil.rmtree(made, ignore_errors=True)
            raise CommandError(f"Nichts wurde geschrieben. {error}") from error
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise


def _read(file):
    if not file.is_file():
        raise CommandError(f"Das Dokument „{file}“ gibt es nicht.")
    try:
        with file.open("rb") as opened:
            return sources.read(file.name, opened.read(MOST_BYTES + 1))
    except OSError as error:
        raise CommandError(f"Das Dokument „{file}“ ist nicht lesbar: {error.strerror}.") from None
    except sources.Unreadable as error:
        raise CommandError(str(error)) from None
