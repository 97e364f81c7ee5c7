"""`manage.py restore FILE`: back to a backup; what was there is kept."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from faq.operations import backups, faults


class Command(BaseCommand):
    help = "Stellt eine Sicherung wieder her. Das Portal muss angehalten sein; was da war, bleibt aufgehoben."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--foreign",
            action="store_true",
            help="Auch eine ohne die Unterschrift dieses Portals; mit ihr kommen ihre Konten.",
        )

    def handle(self, file, foreign, **options):
        try:
            manifest, told = backups.restore(Path(file), foreign=foreign)
        except backups.Refused as error:
            raise CommandError(f"Nichts wurde verändert. {error}") from error
        except (DatabaseError, OSError, RuntimeError) as error:
            raise CommandError(f"Die Wiederherstellung ist nicht gelungen. {faults.line(error)}") from error
        made = timezone.localtime(timezone.datetime.fromisoformat(manifest["made"]))
        self.stdout.write(f"Wiederhergestellt ist der Stand vom {made:%d.%m.%Y, %H:%M:%S} Uhr.")
        for line in told:
            self.stdout.write(line)
        self.stdout.write("Alle melden sich neu an.")
