"""`manage.py backup [DIR]`: database and attachments into one file, checked after it was written."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from faq.operations import backups, faults, installation
from faq.words import counted


class Command(BaseCommand):
    help = (
        "Sichert Datenbank und Dateien in eine Datei, prüft sie und löscht ältere Sicherungen. Das Portal läuft weiter."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", metavar="DIR", help="Vorgabe: DATA_DIR/backups")
        parser.add_argument("--days", type=int, default=7, help="Tage, von denen eine bleibt (7).")
        parser.add_argument("--weeks", type=int, default=4, help="Wochen, von denen eine bleibt (4).")

    def handle(self, **options):
        folder = Path(options["folder"] or settings.DATA_DIR / "backups")
        if min(options["days"], options["weeks"]) < 1:
            raise CommandError("Von mindestens einem Tag und einer Woche bleibt eine Sicherung.")
        if lost := installation.lost():
            raise lost
        try:
            path, manifest = backups.write(folder)
            gone = backups.rotate(folder, options["days"], options["weeks"])
            larger = backups.larger(folder, backups.size_of(path))
        except (backups.Refused, OSError, RuntimeError) as error:
            raise CommandError(f"Es gibt keine neue Sicherung. {faults.line(error)}") from error
        self.stdout.write(
            f"{path}: {path.stat().st_size / 1e6:.1f} MB, {manifest['versions']} Fassungen, "
            f"{counted(len(manifest['files']), 'Datei', 'Dateien')}, Stand {manifest['revision']}. Geprüft."
        )
        if larger:
            self.stderr.write(
                self.style.WARNING(
                    f"Achtung: In {larger} ist mehr ({backups.size_of(larger).versions} Fassungen, jetzt {manifest['versions']}), "
                    "oder sie ist von einem anderen Portal. Sie bleibt, und was ihr gleicht, auch. Ging etwas verloren, "
                    "holt „restore“ es zurück; ist es so gewollt, legen Sie diese Sicherungen woanders hin."
                )
            )
        if gone:
            self.stdout.write(f"Ältere Sicherungen gelöscht: {len(gone)}.")
        if settings.BACKUP_COPY:
            self._copy(path, options["days"], options["weeks"])

    def _copy(self, path, days, weeks):
        try:
            backups.copy_to(settings.BACKUP_COPY, path)
            backups.rotate(settings.BACKUP_COPY, days, weeks)
        except (backups.Refused, OSError) as error:
            raise CommandError(
                f"Die Sicherung liegt in {path.parent}, aber eine Kopie gibt es nicht: {error}"
            ) from error
        self.stdout.write(f"Kopie in {settings.BACKUP_COPY}, geprüft.")
