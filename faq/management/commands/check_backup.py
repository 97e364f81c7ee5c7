"""`manage.py check_backup`: whether the last backup leads back, tried out beside the portal."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from faq.operations import backups
from faq.words import counted


class Command(BaseCommand):
    help = (
        "Stellt die letzte Sicherung, und die letzte Kopie in BACKUP_COPY, in einer Datenbank daneben wieder her, vergleicht sie mit "
        "ihrem Verzeichnis und wirft sie wieder weg. Das Portal läuft weiter. Ende mit 1, wenn eine nicht zurückführt."
    )

    def handle(self, **options):
        bad = [folder for folder in backups.folders() if not self._leads_back(folder)]
        if bad:
            raise CommandError(
                f"Kein Rückweg aus {', '.join(map(str, bad))}. Der Befehl „backup“ macht eine neue Sicherung."
            )

    def _leads_back(self, folder):
        if (path := backups.newest(folder)) is None:
            self.stdout.write(f"{folder}: Es gibt keine Sicherung dieser Datenbank.")
            return False
        try:
            manifest = backups.try_out(path)
        except (backups.Refused, DatabaseError, OSError, RuntimeError) as error:
            self.stdout.write(f"{path}: {error}")
            return False
        made = timezone.localtime(timezone.datetime.fromisoformat(manifest["made"]))
        self.stdout.write(
            f"{path}: Stand vom {made:%d.%m.%Y, %H:%M:%S} Uhr, probeweise wiederhergestellt und verglichen: "
            f"{sum(manifest['rows'].values())} Zeilen, {manifest['versions']} Fassungen, {counted(len(manifest['files']), 'Datei', 'Dateien')}."
        )
        return True
