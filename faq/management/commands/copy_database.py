"""`manage.py copy_database OLD_URL`: from SQLite to PostgreSQL and back. DATABASE_URL names the new, empty database."""

from pathlib import Path

import dj_database_url
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from faq.operations import faults, installation
from faq.operations.backups import copying
from faq.operations.migrations import TooOld

SCHEMES = ("sqlite", "postgres", "postgresql")


class Command(BaseCommand):
    help = "Füllt die leere Datenbank aus DATABASE_URL mit allem aus einer anderen. Das Portal muss angehalten sein."

    def add_arguments(self, parser):
        parser.add_argument("old", metavar="OLD_URL", help="sqlite:////var/lib/portal/portal.sqlite3 oder postgres://…")

    def handle(self, old, **options):
        source = _settings_of(old)
        try:
            installation.begin()
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            rows = copying.copy(source)
        except (copying.NotCopied, TooOld, DatabaseError) as error:
            raise CommandError(f"Nichts wurde kopiert. {faults.line(error)}") from error
        call_command("rebuild_search", stdout=self.stdout)
        self.stdout.write(
            f"{rows} Zeilen kopiert und verglichen. Die alte Datenbank ist unverändert. Alle melden sich neu an."
        )


def _settings_of(url):
    """The settings of the database at an address, as in DATABASES. Raises CommandError where there can be none."""
    scheme = url.partition("://")[0]
    try:
        stored = dj_database_url.parse(url)
    except (ValueError, dj_database_url.ParseError):
        stored = {}
    if scheme not in SCHEMES or not stored.get("NAME"):
        raise CommandError(
            "Nichts wurde kopiert. OLD_URL lässt sich nicht lesen: Es geht sqlite:////pfad/zur/datei "
            "oder postgres://nutzer:passwort@server/name."
        )
    if scheme == "sqlite" and not (file := Path(stored["NAME"]).absolute()).exists():
        raise CommandError(f"{file} gibt es nicht. Ein ganzer Pfad beginnt mit sqlite:////")
    return stored
