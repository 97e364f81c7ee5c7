"""`manage.py import_content [DIR]`: a content folder into the database."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from faq import importing
from faq.actions import Hindered
from faq.content import folder, kinds
from faq.editing.diff import Effort, compare
from faq.words import counted

WORDS = {
    importing.CREATED: "neu",
    importing.UPDATED: "geändert",
    importing.UNCHANGED: "unverändert",
    importing.KEPT: "behalten",
    importing.DELETED: "gelöscht",
    importing.CONFLICT: "in Konflikt",
}
_SIGNS = {"same": " ", "out": "-", "in": "+", "skipped": "…"}


class Command(BaseCommand):
    help = "Liest einen Ordner mit Inhalten ein. Was in der Verwaltung bearbeitet wurde, bleibt."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", metavar="DIR", help="Vorgabe: CONTENT_DIR")
        parser.add_argument("--force", action="store_true", help="Die Dateien gelten, auch über Bearbeitetes hinweg.")
        parser.add_argument("--prune", action="store_true", help="Löscht, wozu es keine Datei mehr gibt.")
        parser.add_argument(
            "--check", action="store_true", help="Schreibt nichts; Ende mit 1, wenn sich etwas unterscheidet."
        )

        parser.add_argument(
            "--old-texts",
            action="store_true",
            help="Nimmt auch Texte früherer Versionen, die heute abgelehnt würden: Sie bleiben, wie Leser sie sahen.",
        )

    def handle(self, **options):
        root = Path(options["folder"] or settings.CONTENT_DIR)
        try:
            content = importing.read(root)
            if options["check"]:
                return self._check(content)
            report = importing.run(
                content, force=options["force"], prune=options["prune"], take_old=options["old_texts"]
            )
        except folder.FolderError as error:
            count = len(error.problems)
            raise CommandError(f"Nichts wurde eingelesen: {count} Fehler in {root}.\n{error}") from None
        except Hindered as error:
            raise CommandError(f"Nichts wurde eingelesen. {error}") from error
        self._summary(report)
        for sentence in report.said:
            self.stdout.write(f"Achtung: {sentence}")
        if report.warnings:
            self.stderr.write(self.style.WARNING("Übernommen, wie es früher war, bis jemand es ändert:"))
            self.stderr.write("\n".join(map(str, report.warnings)))
        effort = Effort()
        for outcome in report.conflicts:
            self.stdout.write(f"\nKonflikt: {outcome.path}. {outcome.reason}".rstrip())
            self.stdout.write(_difference(outcome, effort))
        if report.conflicts:
            raise CommandError(
                f"{len(report.conflicts)} in Konflikt: Datei und Verwaltung haben beide geändert. Beides blieb, wie es war.\n"
                "Gleichen Sie die Texte an, oder lassen Sie mit --force die Dateien gelten."
            )

    def _summary(self, report):
        for kind in kinds.KINDS:
            count = report.count(kind.name)
            if count:
                self.stdout.write(
                    f"{kind.plural}: "
                    + ", ".join(f"{count[state]} {word}" for state, word in WORDS.items() if count[state])
                )

    def _check(self, content):
        report = importing.compare(content)
        for sentence in report.said:
            self.stdout.write(f"Achtung: {sentence}")
        different = [o for o in report.outcomes if o.state != importing.UNCHANGED]
        effort = Effort()
        for outcome in different:
            self.stdout.write(f"{outcome.path} unterscheidet sich:\n{_difference(outcome, effort)}")
        if different:
            raise CommandError(
                f"{counted(len(different), 'Datei unterscheidet', 'Dateien unterscheiden')} sich von dem, was gespeichert ist."
            )
        self.stdout.write("Dateien und Gespeichertes sind gleich.")


def _difference(outcome, effort):
    """What is stored, with „-“, and what the file says, with „+“."""
    lines = []
    for line in compare(outcome.stored, outcome.file, effort):
        sides = (
            {"-": ("same", "out"), "+": ("same", "in")}
            if line.kind == "changed"
            else {_SIGNS[line.kind]: ("same", "out", "in")}
        )
        lines += [
            f"  {sign}{''.join(text for kind, text in line.pieces if kind in shown)}" for sign, shown in sides.items()
        ]
    return "\n".join(lines)
