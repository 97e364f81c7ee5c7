"""`manage.py copy_database OLD_URL`: from SQLite to PostgreSQL and back. DATABASE_URL names the new, empty database."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from faq.operations import installation
from faq.operations.backups import copying
from faq.operations.migrations import TooOld
from helpdesk import environment


class Command(BaseCommand):
    help = "Füllt die leere Datenbank aus DATABASE_URL mit allem aus einer anderen. Das Portal muss angehalten sein."

    def add_arguments(self, parser):
        parser.add_argument("old", metavar="OLD_URL", help="sqlite:////var/lib/portal/portal.sqlite3 oder postgres://…")

    def handle(self, old, **options):
        try:
            source = environment.database_at(old, "OLD_URL")
            if (file := environment.sqlite_file(source)) and not file.exists():
                raise CommandError(f"{file} gibt es nicht. Ein ganzer Pfad beginnt mit sqlite:////")
            installation.begin()
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            rows = copying.copy(source)
        except (copying.NotCopied, TooOld, ImproperlyConfigured, DatabaseError) as error:
            raise CommandError(f"Nichts wurde kopiert. {error}") from error
        call_command("rebuild_search", stdout=self.stdout)
        self.stdout.write(
            f"{rows} Zeilen kopiert und verglichen. Die alte Datenbank ist unverändert. Alle melden sich neu an."
        )
